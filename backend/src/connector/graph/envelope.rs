//! Takes a delivery's envelope apart into single updates.
//!
//! Three shapes are legal: `changes[]`, `messaging[]`, and `field` with `value` directly on the entry. One odd update
//! never costs the others in the same body.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::connector::ParseError;
use crate::connector::json::Word;

/// Deeper than any delivery met, far from what a stack bears.
const DEEPEST: usize = 100;

/// One update of one account.
pub(in crate::connector) struct Update<'a> {
    /// Page id or professional account id.
    pub account: String,
    /// When the notification was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// The subscribed field: `feed`, `comments`.
    pub field: String,
    /// What it says, not yet read.
    pub value: &'a RawValue,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    object: Word,
    #[serde(borrow)]
    entry: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    time: Word,
    #[serde(borrow, default)]
    changes: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    messaging: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    changed_fields: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    field: Word,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(default)]
    field: Word,
    #[serde(borrow)]
    value: &'a RawValue,
}

/// The updates in a body in the order written, and how many parts were of no concern.
pub(in crate::connector) fn open<'a>(body: &'a [u8], object: &str) -> Result<(Vec<Update<'a>>, usize), ParseError> {
    let text = std::str::from_utf8(body).map_err(|e| ParseError::Unreadable(format!("not UTF-8: {e}")))?;
    if depth(text) > DEEPEST {
        return Err(ParseError::Unreadable(format!("nested deeper than {DEEPEST}")));
    }
    // The whole body is checked before any of it is believed: a truncated batch must not come in by half.
    let whole: &RawValue = serde_json::from_str(text).map_err(|e| ParseError::Unreadable(e.to_string()))?;
    let envelope: Envelope<'a> =
        serde_json::from_str(whole.get()).map_err(|_| ParseError::Foreign("no envelope with entries".into()))?;
    if envelope.object.0.as_deref() != Some(object) {
        return Err(ParseError::Foreign(format!("object is not {object}")));
    }
    let (mut updates, mut ignored) = (Vec::new(), 0);
    for raw in envelope.entry {
        let Ok(entry) = serde_json::from_str::<Entry<'a>>(raw.get()) else {
            ignored += 1;
            continue;
        };
        ignored += entry.messaging.map_or(0, |m| m.len()) + entry.changed_fields.map_or(0, |f| f.len());
        let mut changes: Vec<(Word, &'a RawValue)> = Vec::new();
        for raw in entry.changes.unwrap_or_default() {
            match serde_json::from_str::<Change<'a>>(raw.get()) {
                Ok(change) => changes.push((change.field, change.value)),
                Err(_) => ignored += 1,
            }
        }
        if let (Some(_), Some(value)) = (&entry.field.0, entry.value) {
            changes.push((entry.field, value));
        }
        let sent_at = entry.time.instant();
        let account = entry.id.filled();
        for (field, value) in changes {
            match (&account, field.filled()) {
                (Some(account), Some(field)) => {
                    updates.push(Update {
                        account: account.clone(),
                        sent_at,
                        field,
                        value,
                    });
                }
                _ => ignored += 1,
            }
        }
    }
    Ok((updates, ignored))
}

/// How deep brackets nest outside strings; counted before parsing, so that no parser has to be trusted with it.
fn depth(text: &str) -> usize {
    let (mut now, mut deepest, mut inside, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' if !inside => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreadable(body: &[u8]) -> bool {
        matches!(open(body, "page"), Err(ParseError::Unreadable(_)))
    }

    #[test]
    fn all_three_shapes_of_an_entry_are_opened() {
        let body = br#"{"object":"page","entry":[
            {"id":"1","time":1795341600,"changes":[{"field":"feed","value":{}},{"value":{},"field":"feed"},7]},
            {"id":2,"field":"feed","value":{"a":1}},
            {"id":"3","messaging":[{},{}]},{"id":"4","changed_fields":["feed"]},
            {"changes":[{"field":"feed","value":{}}]},"odd"]}"#;
        let (updates, ignored) = open(body, "page").unwrap();
        let accounts: Vec<_> = updates.iter().map(|u| u.account.as_str()).collect();
        assert_eq!(accounts, ["1", "1", "2"]);
        assert_eq!(updates[0].sent_at.unwrap().timestamp(), 1_795_341_600);
        assert_eq!(ignored, 1 + 2 + 1 + 1 + 1);
    }

    #[test]
    fn other_envelopes_are_foreign() {
        for body in [
            "{}",
            "[]",
            "1",
            "\"x\"",
            "null",
            r#"{"object":"instagram","entry":[]}"#,
            r#"{"object":"page"}"#,
        ] {
            assert!(
                matches!(open(body.as_bytes(), "page"), Err(ParseError::Foreign(_))),
                "{body}"
            );
        }
    }

    #[test]
    fn broken_bodies_are_unreadable_without_a_panic() {
        assert!(unreadable(b""));
        assert!(unreadable(b"\xff\xfe{}"));
        assert!(unreadable(b"{\"object\":\"p\xc3\"}"));
        assert!(unreadable(br#"{"object":"page","entry":[]} x"#));
        for bracket in ["[", "{\"a\":", "]"] {
            assert!(unreadable(bracket.repeat(200_000).as_bytes()));
        }
        let deep = format!(
            r#"{{"object":"page","entry":[],"x":{}{}}}"#,
            "[".repeat(5_000),
            "]".repeat(5_000)
        );
        assert!(unreadable(deep.as_bytes()));
        let brackets_in_text = format!(r#"{{"object":"page","entry":[],"x":"\"{}"}}"#, "[".repeat(5_000));
        assert!(open(brackets_in_text.as_bytes(), "page").is_ok());
    }
}
