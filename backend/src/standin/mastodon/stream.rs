//! The stream: what happens to the account, as long as somebody is on the line. Nothing is told again
//! (docs.joinmastodon.org, methods, streaming).

use std::collections::BTreeSet;
use std::sync::Mutex;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{Book, Change, Shared, bearer, held, show};
use crate::socket::upgrade;
use crate::standin::line::{Said, hold};

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
    let mut line = Line {
        shared: shared.clone(),
        book: book.clone(),
        streams: BTreeSet::new(),
    };
    let first: Vec<Message> = find("stream")
        .and_then(|stream| line.follow(&stream))
        .into_iter()
        .collect();
    let said = move |said: Said<'_>| match said {
        Said::Asked(text) => line.asked(text),
        Said::Told(told) => line.told(&told.change),
    };
    let answer = upgrade(&request, body, move |socket| hold(socket, changes, first, said));
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
