//! A platform that tells over a socket, and a desk that listens.

use chrono::TimeDelta;
use futures_util::{SinkExt, StreamExt};
use klarsvar::intake::listen;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

use super::TestDesk;

/// The platform's side of the line.
pub struct Telling {
    stream: TcpListener,
}

impl Telling {
    /// Waits for a call on a free port of this machine.
    pub async fn start() -> Self {
        Self {
            stream: TcpListener::bind("127.0.0.1:0").await.expect("a port"),
        }
    }

    /// Where to call.
    pub fn url(&self) -> String {
        format!("ws://{}", self.stream.local_addr().expect("an address"))
    }

    /// The desk gets on the line and hears these messages until the platform hangs up. How it called: address and token.
    pub async fn hears(&self, desk: &TestDesk, frames: &[Value]) -> (String, Option<String>) {
        desk.clock.advance(TimeDelta::seconds(10));
        let listening = desk.runs(|app| async move {
            for line in listen::dispatch(&app).await.expect("errands") {
                line.await.expect("the line ends");
            }
        });
        let telling = async {
            let (stream, _) = self.stream.accept().await.expect("a call");
            let mut called = (String::new(), None);
            #[expect(clippy::result_large_err, reason = "the socket library's own form of a refusal")]
            let greet = |request: &Request, response: Response| {
                let token = request.headers().get("authorization");
                let token = token.map(|token| token.to_str().expect("text").to_owned());
                called = (request.uri().to_string(), token);
                Ok(response)
            };
            let mut line = tokio_tungstenite::accept_hdr_async(stream, greet)
                .await
                .expect("a line");
            for frame in frames {
                line.send(Message::text(frame.to_string())).await.expect("heard");
            }
            line.close(None).await.expect("hung up");
            // Until the desk has hung up as well.
            while let Some(Ok(_)) = line.next().await {}
            called
        };
        tokio::join!(listening, telling).1
    }
}
