//! The load under which a desk is killed: programmes and a platform hand in, a moderator answers, a client listens.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use klarsvar::standin::{Fault, Scope, Standin};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::support::database::INGEST_TOKEN;
use crate::support::desk::Door;
use crate::support::eventually::pause;
use crate::support::graph::{APP_SECRET, comment_change, comment_id, escaped, signature};
use crate::support::platform;
use crate::support::random::Random;
use crate::support::sample::{SWEDISH, handed};
use crate::support::stream::{Said, Stream};

/// A question that the template `who-decides` answers.
const QUESTION: &str = "Vem beslutar om LVU, är det en domstol?";

/// What clients were told is safe.
#[derive(Default)]
pub struct Told {
    /// Comments acknowledged, by their identifier on the platform.
    pub comments: Mutex<BTreeSet<String>>,
    /// Numbers of the events heard, in order.
    pub frames: Mutex<Vec<i64>>,
    /// Claims granted.
    pub claims: AtomicUsize,
    /// Replies accepted.
    pub replies: AtomicUsize,
    /// The load is to end.
    pub over: AtomicBool,
}

impl Told {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

/// Hands in one comment after the other, each until it is acknowledged, as platforms and programmes do.
pub async fn hands_in(door: Door, told: Arc<Told>, standin: Arc<Standin>, name: i64) {
    for number in name * 1_000_000.. {
        let by_hook = number % 2 == 0;
        let external_id = number.to_string();
        if by_hook {
            platform::has(&standin, &external_id, QUESTION);
        }
        loop {
            if told.is_over() {
                return;
            }
            let request = if by_hook {
                let written = 1_795_341_600 + number % 1_000_000;
                let change = comment_change(&external_id, "add", written, json!({ "message": QUESTION }));
                let body = escaped(&change);
                let sign = signature(APP_SECRET, body.as_bytes());
                door.http
                    .post(format!("{}/hooks/facebook", door.url))
                    .header("x-hub-signature-256", sign)
                    .body(body)
            } else {
                door.http
                    .post(format!("{}/api/v1/comments", door.url))
                    .bearer_auth(INGEST_TOKEN)
                    .json(&handed(&external_id, SWEDISH))
            };
            match request.send().await {
                Ok(answer) if answer.status().is_success() => break,
                Ok(answer) => assert_eq!(answer.status().as_u16(), 503, "{external_id}"),
                Err(_) => {}
            }
            pause(Duration::from_millis(5)).await;
        }
        let stored = if by_hook { comment_id(&external_id) } else { external_id };
        told.comments.lock().await.insert(stored);
    }
}

/// Takes, gives back and answers, as moderators do. What was not acknowledged may have happened or not.
pub async fn works(door: Door, told: Arc<Told>, cookie: String) {
    let post = async |path: &str, body: Value| {
        let request = door.http.post(format!("{}/api/v1{path}", door.url)).json(&body);
        request.header("cookie", &cookie).send().await
    };
    while !told.is_over() {
        let item = match post("/queue/next", json!({})).await {
            Ok(answer) if answer.status().as_u16() == 200 => answer.json::<Value>().await.ok(),
            Ok(_) | Err(_) => None,
        };
        let Some(item) = item else {
            pause(Duration::from_millis(5)).await;
            continue;
        };
        let nth = told.claims.fetch_add(1, Ordering::Relaxed);
        let id = item["id"].as_str().expect("an id");
        let decide = format!("/comments/{id}/decision");
        let revision = &item["revision"];
        let answer = match (nth % 4, item["connector"].as_str()) {
            (0, _) => post(&format!("/comments/{id}/release"), json!({})).await,
            (_, Some("facebook")) => {
                let reply = json!({ "kind": "reply", "revision": revision, "template": "who-decides", "confirmed": ["same-reply-thrice"] });
                let answer = post(&decide, reply).await;
                if answer.as_ref().is_ok_and(|answer| answer.status().as_u16() == 202) {
                    told.replies.fetch_add(1, Ordering::Relaxed);
                }
                answer
            }
            _ => post(&decide, json!({ "kind": "leave", "revision": revision })).await,
        };
        if let Ok(answer) = answer {
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap_or_default();
            assert!(matches!(status, 200 | 202 | 503), "{status} {text}");
        }
    }
}

/// Makes the platform slow, deaf and forgetful, so that a kill meets calls in every state.
pub async fn troubles(standin: Arc<Standin>, told: Arc<Told>, mut random: Random) {
    while !told.is_over() {
        let slow = Duration::from_millis(random.below(150));
        let fault = match random.below(5) {
            0 => Fault::EffectThenDrop,
            1 => Fault::Drop,
            _ => Fault::Slow(slow),
        };
        standin.fail_next(3, Scope::Writes, fault);
        pause(Duration::from_millis(100)).await;
    }
    standin.heal();
}

/// Listens, and comes back after each end with the last number it saw.
pub async fn listens(door: Door, told: Arc<Told>, cookie: String, since: i64) {
    let mut last = since;
    while !told.is_over() {
        let path = format!("/api/v1/stream?topics=queue.sv&since={last}");
        let Some(mut stream) = Stream::try_open(&door.address, &path, Some(&cookie)).await else {
            pause(Duration::from_millis(10)).await;
            continue;
        };
        while let Some(said) = stream.within(Duration::from_millis(200)).await {
            let Said::Frame(frame) = said else { break };
            assert_ne!(frame["type"], "stale", "the test replays less than the limit");
            last = frame["seq"].as_i64().expect("a number");
            told.frames.lock().await.push(last);
        }
    }
}
