//! WebSockets on a port that serves HTTP: tokio-tungstenite over the request's payload and a streaming 101 answer
//! (decision 0004), so that cookies, rights and middleware work as on any route. Knows nothing of what is said on them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_util::sync::PollSender;

/// Clients only answer pings: anything longer is not theirs.
const LARGEST_MESSAGE: usize = 16 * 1024;

struct Bridge {
    body: web::Payload,
    rest: Bytes,
    out: PollSender<Bytes>,
}

impl AsyncRead for Bridge {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.rest.is_empty() {
            match ready!(self.body.poll_next_unpin(cx)) {
                Some(Ok(bytes)) => self.rest = bytes,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error.to_string()))),
                None => return Poll::Ready(Ok(())),
            }
        }
        let count = self.rest.len().min(into.remaining());
        into.put_slice(&self.rest.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Bridge {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.out.poll_reserve(cx)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        self.out
            .send_item(Bytes::copy_from_slice(bytes))
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.out.close();
        Poll::Ready(Ok(()))
    }
}

/// Upgrades a request; `serve` gets the open socket and runs on the worker that took the request.
/// None when the request is no WebSocket handshake (RFC 6455, section 4.2.1).
pub fn upgrade<F, T>(request: &HttpRequest, body: web::Payload, serve: F) -> Option<HttpResponse>
where
    F: FnOnce(WebSocketStream<Box<dyn Duplex>>) -> T + 'static,
    T: Future<Output = ()> + 'static,
{
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_upgrade = header("upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    let key = header("sec-websocket-key").filter(|_| is_upgrade && header("sec-websocket-version") == Some("13"));
    let accept = derive_accept_key(key?.as_bytes());
    let (out, queue) = mpsc::channel::<Bytes>(8);
    let bridge: Box<dyn Duplex> = Box::new(Bridge {
        body,
        rest: Bytes::new(),
        out: PollSender::new(out),
    });
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(8192)
        .max_write_buffer_size(1 << 20)
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    actix_web::rt::spawn(async move {
        serve(WebSocketStream::from_raw_socket(bridge, Role::Server, Some(config)).await).await;
    });
    let frames = stream::unfold(queue, |mut queue| async move {
        queue
            .recv()
            .await
            .map(|bytes| (Ok::<_, actix_web::Error>(bytes), queue))
    });
    let mut response = HttpResponse::SwitchingProtocols();
    response
        .upgrade("websocket")
        .insert_header(("sec-websocket-accept", accept));
    Some(response.streaming(Box::pin(frames)))
}

/// Both directions of a socket.
pub trait Duplex: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Duplex for T {}
