//! One that listens to a stand-in's stream.

use futures_util::{SinkExt, StreamExt};
use tokio::sync::broadcast::Receiver;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::threads::{Change, Told};
use crate::socket::Duplex;

/// What there is to answer on a line.
pub(super) enum Said<'a> {
    /// The client asks for something.
    Asked(&'a str),
    /// Something happened.
    Told(&'a Told),
}

/// Holds a line until either side hangs up: says `first`, and then whatever `answer` gives for what comes.
pub(super) async fn hold(
    mut socket: WebSocketStream<Box<dyn Duplex>>,
    mut changes: Receiver<Told>,
    first: Vec<Message>,
    mut answer: impl FnMut(Said<'_>) -> Option<Message>,
) {
    for message in first {
        if socket.send(message).await.is_err() {
            return;
        }
    }
    loop {
        let said = tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => answer(Said::Asked(text.as_str())),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => None,
            },
            // Whoever is too slow is hung up on.
            told = changes.recv() => match told {
                Ok(Told { change: Change::HangUp, .. }) | Err(_) => break,
                Ok(told) => answer(Said::Told(&told)),
            },
        };
        if let Some(said) = said
            && socket.send(said).await.is_err()
        {
            return;
        }
    }
    // The line ends either way.
    let _ = socket.close(None).await;
}
