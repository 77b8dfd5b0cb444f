//! The account's repository: records under their keys with a hash of what they say, and what was counted against limits.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{CALLS, CALLS_SECONDS, Failed, POINTS, POINTS_SECONDS, failed};

const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
/// Keys are numbered from here: some day in 2026, in microseconds.
pub(super) const FIRST_KEY: u64 = 1_795_000_000_000_000;

/// RFC 4648, section 6, in lower case.
const BASE32: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Records that are not comments: rules of threads and likes; and the counters.
pub(super) struct Repo {
    records: BTreeMap<(String, String), Value>,
    pub(super) password: String,
    pub(super) refresh: String,
    /// The one before, and until when it still gives the same again.
    pub(super) before: Option<(String, DateTime<Utc>)>,
    /// What other clients of the account are signed in with: token, and the one it is renewed with.
    pub(super) sessions: Vec<(String, String)>,
    pub(super) calls: u64,
    window: i64,
    points: u64,
    hour: i64,
    /// Somebody else is about to change a thread's rules.
    pub(super) race: bool,
}

impl Repo {
    pub(super) fn new(password: &str) -> Self {
        Self {
            password: password.to_owned(),
            records: BTreeMap::new(),
            refresh: "refresh-0".into(),
            before: None,
            sessions: Vec::new(),
            calls: 0,
            window: 0,
            points: 0,
            hour: 0,
            race: false,
        }
    }

    pub(super) fn get(&self, collection: &str, key: &str) -> Option<&Value> {
        self.records.get(&(collection.to_owned(), key.to_owned()))
    }

    pub(super) fn put(&mut self, collection: &str, key: &str, value: Value) {
        self.records.insert((collection.to_owned(), key.to_owned()), value);
    }

    pub(super) fn remove(&mut self, collection: &str, key: &str) {
        self.records.remove(&(collection.to_owned(), key.to_owned()));
    }

    pub(super) fn count(&self, collection: &str) -> usize {
        self.records.keys().filter(|(of, _)| of == collection).count()
    }

    pub(super) fn allow(&mut self, key: &str, root: &str, allow: Value) {
        let kind = "app.bsky.feed.threadgate";
        let mut rules = self.get(kind, key).cloned().unwrap_or_else(
            || json!({ "$type": kind, "post": root, "createdAt": "2026-11-21T10:00:00.000Z", "hiddenReplies": [] }),
        );
        rules["allow"] = allow;
        self.put(kind, key, rules);
    }

    /// Counts a call; the refusal, if there were too many.
    pub(super) fn count_call(&mut self, now: DateTime<Utc>, limited: bool) -> Option<HttpResponse> {
        let window = now.timestamp() / CALLS_SECONDS;
        if window != self.window {
            self.window = window;
            self.calls = 0;
        }
        self.calls += 1;
        (limited || self.calls > CALLS).then(|| refusal(now, CALLS, CALLS_SECONDS))
    }

    /// Counts a write: 3 points for a new record, 2 for a changed one, 1 for a removed one.
    pub(super) fn count_write(&mut self, now: DateTime<Utc>, points: u64) -> Result<(), Failed> {
        let hour = now.timestamp() / POINTS_SECONDS;
        if hour != self.hour {
            self.hour = hour;
            self.points = 0;
        }
        if self.points + points > POINTS {
            return Err(failed(429, "RateLimitExceeded", "Rate Limit Exceeded"));
        }
        self.points += points;
        Ok(())
    }
}

/// Second at which a window ends.
pub(super) fn end_of(now: DateTime<Utc>, seconds: i64) -> i64 {
    (now.timestamp() / seconds + 1) * seconds
}

fn refusal(now: DateTime<Utc>, limit: u64, seconds: i64) -> HttpResponse {
    let end = end_of(now, seconds);
    HttpResponse::TooManyRequests()
        .insert_header(("ratelimit-limit", limit.to_string()))
        .insert_header(("ratelimit-remaining", "0"))
        .insert_header(("ratelimit-reset", end.to_string()))
        .insert_header(("ratelimit-policy", format!("{limit};w={seconds}")))
        .insert_header(("retry-after", (end - now.timestamp()).to_string()))
        .json(json!({ "error": "RateLimitExceeded", "message": "Rate Limit Exceeded" }))
}

/// Hash of what a record says: version 1, dag-cbor, SHA-256, in lower-case base32 (Multiformats, "CID"; AT Protocol, "Data
/// Model"). The bytes hashed are the JSON, since nobody looks inside.
pub(super) fn cid(value: &Value) -> String {
    let hash = Sha256::digest(value.to_string());
    let bytes: Vec<u8> = [0x01, 0x71, 0x12, 0x20].into_iter().chain(hash).collect();
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let letter = |first: usize| (first..first + 5).fold(0, |value, at| value << 1 | bit(at));
    let letters = (0..bytes.len() * 8).step_by(5).map(letter);
    let text: String = letters
        .filter_map(|value| BASE32.get(usize::from(value)))
        .map(|letter| char::from(*letter))
        .collect();
    format!("b{text}")
}

/// A key in the order of time.
pub(super) fn key(number: u64) -> String {
    let number = (FIRST_KEY + number) << 10;
    (0..13)
        .rev()
        .filter_map(|place| DIGITS.get(usize::try_from(number >> (5 * place) & 31).ok()?))
        .map(|digit| char::from(*digit))
        .collect()
}

/// Whether a key is one in the order of time, as posts and likes have.
pub(super) fn is_key(key: &str) -> bool {
    key.len() == 13 && key.bytes().all(|byte| DIGITS.contains(&byte)) && key.as_bytes().first() <= Some(&b'j')
}
