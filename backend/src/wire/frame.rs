//! JSON frames of the API's stream: one object an event and topic.

use serde_json::{Value, json};

use super::topic::Topic;
use crate::lane::item::{Item, rfc3339};

/// What a frame is made of, from a live or a stored event.
#[derive(Debug)]
pub struct Told<'a> {
    /// Number of the event.
    pub seq: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// Its kind's word.
    pub kind: &'a str,
    /// What else the event says.
    pub data: &'a Value,
    /// The comment as it is now.
    pub comment: Option<&'a Item>,
}

/// The frame of an event on a topic.
#[must_use]
pub fn json(topic: Topic, told: &Told<'_>) -> String {
    let mut data = match told.data {
        Value::Object(fields) => fields.clone(),
        _ => serde_json::Map::new(),
    };
    if let Some(comment) = told.comment {
        data.insert("comment".to_owned(), serde_json::to_value(comment).unwrap_or_default());
    }
    json!({ "seq": told.seq, "at": rfc3339(told.at), "topic": topic.to_string(), "type": told.kind, "data": data })
        .to_string()
}

/// Tells a client to read the topic again.
#[must_use]
pub fn stale(topic: Topic) -> String {
    json!({ "type": "stale", "topic": topic.to_string() }).to_string()
}

/// Tells a client that the topic is closed to it.
#[must_use]
pub fn closed(topic: Topic) -> String {
    json!({ "type": "closed", "topic": topic.to_string() }).to_string()
}
