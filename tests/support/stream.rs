//! A client of the event stream over a real WebSocket handshake.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::eventually::SOON;

/// An open stream.
pub struct Stream {
    socket: WebSocketStream<TcpStream>,
}

/// What a stream says next.
#[derive(Debug, PartialEq)]
pub enum Said {
    /// A frame.
    Frame(Value),
    /// The socket was closed with this code.
    Closed(Option<u16>),
}

impl Stream {
    /// Opens a socket; the status if it is refused.
    pub async fn open(address: &SocketAddr, path: &str, cookie: Option<&str>) -> Result<Self, u16> {
        let mut request = format!("ws://{address}{path}")
            .into_client_request()
            .expect("an address");
        if let Some(cookie) = cookie {
            request
                .headers_mut()
                .insert("cookie", cookie.parse().expect("a header"));
        }
        let tcp = TcpStream::connect(address).await.expect("a connection");
        match tokio_tungstenite::client_async(request, tcp).await {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no handshake: {error}"),
        }
    }

    /// The same where nobody may be listening just now.
    pub async fn try_open(address: &SocketAddr, path: &str, cookie: Option<&str>) -> Option<Self> {
        let mut request = format!("ws://{address}{path}")
            .into_client_request()
            .expect("an address");
        if let Some(cookie) = cookie {
            request
                .headers_mut()
                .insert("cookie", cookie.parse().expect("a header"));
        }
        let tcp = TcpStream::connect(address).await.ok()?;
        let (socket, _) = tokio_tungstenite::client_async(request, tcp).await.ok()?;
        Some(Self { socket })
    }

    /// The next frame or the end, passing over pings.
    pub async fn next(&mut self) -> Said {
        self.within(SOON).await.expect("something is said in time")
    }

    /// The same with a deadline; none when it passes.
    pub async fn within(&mut self, deadline: Duration) -> Option<Said> {
        let until = tokio::time::Instant::now() + deadline;
        loop {
            let said = tokio::time::timeout_at(until, self.socket.next()).await.ok()?;
            return Some(match said {
                Some(Ok(Message::Text(text))) => Said::Frame(serde_json::from_str(&text).expect("a JSON frame")),
                Some(Ok(Message::Close(frame))) => Said::Closed(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => Said::Closed(None),
            });
        }
    }

    /// The next frame; fails if the socket is closed instead.
    pub async fn frame(&mut self) -> Value {
        match self.next().await {
            Said::Frame(frame) => frame,
            Said::Closed(code) => panic!("closed with {code:?} instead of a frame"),
        }
    }

    /// Frames until one of this type about this comment.
    pub async fn until(&mut self, kind: &str, comment: Option<&str>) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind && comment.is_none_or(|id| frame["data"]["comment"]["id"] == id) {
                return frame;
            }
        }
    }

    /// Frames until this comment is said to be open, or a topic to be stale; which of the two.
    pub async fn open_or_stale(&mut self, comment: &str) -> &'static str {
        loop {
            let frame = self.frame().await;
            if frame["type"] == "stale" {
                return "stale";
            }
            if frame["type"] == "comment.open" && frame["data"]["comment"]["id"] == comment {
                return "comment.open";
            }
        }
    }

    /// Frames up to the event with this number.
    pub async fn up_to(&mut self, seq: i64) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.frame().await;
            let number = frame["seq"].as_i64();
            frames.push(frame);
            if number.is_some_and(|number| number >= seq) {
                return frames;
            }
        }
    }

    /// Says something, which clients have no reason to.
    pub async fn says(&mut self, message: Message) -> Result<(), Error> {
        self.socket.send(message).await
    }
}
