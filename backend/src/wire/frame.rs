//! JSON frames of the API's stream: one object an event and topic.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::topic::Topic;
use crate::lane::item::rfc3339;

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
    pub comment: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Written<'a> {
    seq: i64,
    at: String,
    topic: String,
    r#type: &'a str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    said: Option<&'a Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a RawValue>,
}

/// The frame of an event on a topic.
#[must_use]
pub fn json(topic: Topic, told: &Told<'_>) -> String {
    let written = Written {
        seq: told.seq,
        at: rfc3339(told.at),
        topic: topic.to_string(),
        r#type: told.kind,
        data: Data {
            said: told.data.as_object(),
            comment: told.comment,
        },
    };
    serde_json::to_string(&written).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;
    use serde_json::{Value, json};

    use super::{Told, json as frame};
    use crate::domain::lane::Lane;
    use crate::wire::topic::Topic;

    #[test]
    fn a_frame_says_what_the_contract_says() {
        let comment = RawValue::from_string("{\"id\":\"x\"}".to_owned()).expect("JSON");
        let data = json!({ "by": "AR-1" });
        let told = Told {
            seq: 7,
            at: 0,
            kind: "comment.claimed",
            data: &data,
            comment: Some(&comment),
        };
        let written: Value = serde_json::from_str(&frame(Topic::Queue(Lane::Ar), &told)).expect("JSON");
        assert_eq!(
            written,
            json!({ "seq": 7, "at": "1970-01-01T00:00:00.000Z", "topic": "queue.ar", "type": "comment.claimed",
                "data": { "by": "AR-1", "comment": { "id": "x" } } })
        );
    }
}
