//! The one place that opens sockets to platforms. Redirects are not followed, messages are cut off at a length.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::reading::Untold;
use super::streaming::Subscription;

/// Longest message; the longest comment with everything around it stays far below.
const LONGEST_MESSAGE: usize = 1024 * 1024;
/// Longest wait for the line to stand.
const CONNECT: Duration = Duration::from_secs(10);
/// The other side is asked for a sign of life this often.
const PING_EVERY: Duration = Duration::from_secs(20);
/// No sign of life for this long: the line is dead.
const SILENCE: Duration = Duration::from_secs(60);

/// A line to a platform.
pub struct Line {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard_at: Instant,
    is_asked: bool,
}

impl Line {
    /// Opens a line.
    ///
    /// # Errors
    /// [`Untold`] when there is none, with the code of a reading that fails the same way.
    pub async fn open(subscription: &Subscription) -> Result<Self, Untold> {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let invalid = |_| Untold::new("invalid", "the address of the stream is none");
        let mut request = subscription.url.as_str().into_client_request().map_err(invalid)?;
        if let Some(token) = &subscription.bearer {
            let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| Untold::new("invalid", "the token cannot be sent"))?;
            bearer.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        let limits = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_MESSAGE))
            .max_frame_size(Some(LONGEST_MESSAGE));
        let opened = timeout(CONNECT, connect_async_with_config(request, Some(limits), false)).await;
        let (stream, _) = opened
            .map_err(|_| Untold::new("unavailable", "the platform did not answer in time"))?
            .map_err(untold)?;
        Ok(Self {
            stream,
            heard_at: Instant::now(),
            is_asked: false,
        })
    }

    /// The next message, however long that takes; none when `until` has come first.
    ///
    /// # Errors
    /// [`Untold`] when the line is closed, lost or dead.
    pub async fn next(&mut self, until: Instant) -> Result<Option<String>, Untold> {
        loop {
            let patience = if self.is_asked { SILENCE } else { PING_EVERY };
            let wake = (self.heard_at + patience).min(until);
            match tokio::time::timeout_at(wake, self.stream.next()).await {
                Ok(Some(Ok(message))) => {
                    self.heard_at = Instant::now();
                    self.is_asked = false;
                    match message {
                        Message::Text(text) => return Ok(Some(text.as_str().to_owned())),
                        Message::Close(_) => return Err(Untold::new("unavailable", "the platform closed the stream")),
                        // Answered by the library, or nothing to read.
                        Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {}
                    }
                }
                Ok(Some(Err(error))) => return Err(untold(error)),
                Ok(None) => return Err(Untold::new("unavailable", "the platform closed the stream")),
                Err(_) if Instant::now() >= self.heard_at + SILENCE => {
                    return Err(Untold::new("unavailable", "the stream has fallen silent"));
                }
                Err(_) if Instant::now() >= until => return Ok(None),
                Err(_) => {
                    self.is_asked = true;
                    self.stream
                        .send(Message::Ping(Vec::new().into()))
                        .await
                        .map_err(untold)?;
                }
            }
        }
    }

    /// Hangs up.
    pub async fn close(mut self) {
        // The line ends either way.
        let _ = timeout(Duration::from_secs(1), self.stream.close(None)).await;
    }
}

fn untold(error: Error) -> Untold {
    match error {
        Error::Http(response) => {
            let code = match response.status() {
                StatusCode::UNAUTHORIZED => "token-expired",
                StatusCode::FORBIDDEN => "permission-lost",
                StatusCode::TOO_MANY_REQUESTS => "rate-limited",
                StatusCode::NOT_FOUND | StatusCode::GONE => "gone",
                _ => "unavailable",
            };
            Untold::new(
                code,
                format!("the platform refused the stream ({})", response.status().as_u16()),
            )
        }
        Error::Url(_) => Untold::new("invalid", "the address of the stream is none"),
        Error::Capacity(_) => Untold::new("invalid", "a message of the stream is too long"),
        _ => Untold::new("unavailable", "the stream was lost"),
    }
}
