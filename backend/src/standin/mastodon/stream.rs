//! The stream: what happens to the account, as long as somebody is on the line. Nothing is told again
//! (docs.joinmastodon.org, methods, streaming).

use std::collections::BTreeSet;
use std::sync::Mutex;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::{Book, Change, Shared, bearer, held, show};
use crate::socket::{Duplex, upgrade};
use crate::standin::threads::Told;

/// Streams of an account, of which two tell of its notifications.
const STREAMS: [&str; 2] = ["user", "user:notification"];

#[derive(Deserialize)]
struct Ask {
    r#type: String,
    stream: String,
}

/// Opens a line for whoever shows the token: in the header, as protocol, or in the address.
pub(super) async fn open(
    shared: web::Data<Shared>,
    book: web::Data<Mutex<Book>>,
    request: HttpRequest,
    query: web::Query<Vec<(String, String)>>,
    body: web::Payload,
) -> HttpResponse {
    let find = |name: &str| {
        query
            .iter()
            .find(|(one, _)| one == name)
            .map(|(_, value)| value.clone())
    };
    let protocol = request.headers().get("sec-websocket-protocol").cloned();
    let as_protocol = protocol.as_ref().and_then(|token| token.to_str().ok());
    let shown = bearer(&request).or(as_protocol).map(str::to_owned);
    let (token, down, changes) = {
        let world = shared.world();
        (world.token.clone(), world.down, world.lines.subscribe())
    };
    if down {
        return HttpResponse::ServiceUnavailable().finish();
    }
    if shown.or_else(|| find("access_token")) != Some(token) {
        return HttpResponse::Unauthorized().json(json!({ "error": "Error: Invalid access token" }));
    }
    let line = Line {
        shared: shared.clone(),
        book: book.clone(),
        streams: BTreeSet::new(),
    };
    let first = find("stream");
    let answer = upgrade(&request, body, move |socket| line.hold(socket, changes, first));
    let Some(mut answer) = answer else {
        return HttpResponse::BadRequest().finish();
    };
    if let Some(protocol) = protocol.and_then(|name| HeaderValue::from_bytes(name.as_bytes()).ok()) {
        let name = HeaderName::from_static("sec-websocket-protocol");
        answer.headers_mut().insert(name, protocol);
    }
    answer
}

/// One that listens.
struct Line {
    shared: web::Data<Shared>,
    book: web::Data<Mutex<Book>>,
    streams: BTreeSet<String>,
}

impl Line {
    async fn hold(
        mut self,
        mut socket: WebSocketStream<Box<dyn Duplex>>,
        mut changes: Receiver<Told>,
        first: Option<String>,
    ) {
        if let Some(stream) = first
            && let Some(refused) = self.follow(&stream)
            && socket.send(refused).await.is_err()
        {
            return;
        }
        loop {
            let said = tokio::select! {
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.asked(&text),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                    Some(Ok(_)) => None,
                },
                // Whoever is too slow is hung up on.
                told = changes.recv() => match told {
                    Ok(Told { change: Change::HangUp, .. }) | Err(_) => break,
                    Ok(told) => self.told(&told.change),
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

    /// What a client asks for on its line; the refusal, if it cannot have it.
    fn asked(&mut self, text: &str) -> Option<Message> {
        let ask: Ask = serde_json::from_str(text).ok()?;
        match ask.r#type.as_str() {
            "subscribe" => self.follow(&ask.stream),
            "unsubscribe" => {
                self.streams.remove(&ask.stream);
                None
            }
            _ => None,
        }
    }

    fn follow(&mut self, stream: &str) -> Option<Message> {
        if STREAMS.contains(&stream) {
            self.streams.insert(stream.to_owned());
            return None;
        }
        let refusal = json!({ "error": "Unknown stream type", "status": 400 });
        Some(Message::text(refusal.to_string()))
    }

    /// What is said of a change on this line, if anything.
    fn told(&self, change: &Change) -> Option<Message> {
        let (world, book) = (self.shared.world(), held(&self.book));
        if book.muted {
            return None;
        }
        let account = &self.shared.account;
        let status = |entry| show::status(&world, &book, account, entry).to_string();
        let concerns = |entry: &super::Entry| entry.author == *account || show::names(&book, &entry.text);
        let (event, payload, streams): (&str, String, &[&str]) = match change {
            Change::Written(entry) if entry.author == *account => ("update", status(entry), &["user"]),
            Change::Written(entry) if concerns(entry) => {
                let mention = show::mention(&world, &book, account, entry);
                ("notification", mention.to_string(), &STREAMS)
            }
            Change::Edited(entry) if concerns(entry) => ("status.update", status(entry), &["user"]),
            Change::Gone(entry) if concerns(entry) => ("delete", entry.id.clone(), &["user"]),
            Change::Written(_) | Change::Edited(_) | Change::Gone(_) | Change::HangUp => return None,
        };
        let streams: Vec<&&str> = streams
            .iter()
            .filter(|stream| self.streams.contains(**stream))
            .collect();
        (!streams.is_empty()).then(|| {
            let frame: Value = json!({ "stream": streams, "event": event, "payload": payload });
            Message::text(frame.to_string())
        })
    }
}
