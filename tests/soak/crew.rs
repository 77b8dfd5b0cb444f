//! The moderators: take what comes, decide about it through the API, and ask again when the desk did not answer.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::desk::Door;
use crate::support::eventually::within;
use crate::support::random::Random;

/// Templates that are approved; several, so that one thread seldom holds the same text twice.
pub const TEMPLATES: [&str; 5] = [
    "who-decides",
    "lvu-what-is",
    "legal-rights",
    "legal-grounds",
    "voluntary-first",
];
/// Comments one moderator takes before the clock goes on.
const AT_ONCE: usize = 12;
/// A desk that lost its power is back well before this.
const BACK_WITHIN: Duration = Duration::from_secs(60);

/// Moderators with their sessions.
pub struct Crew {
    door: Door,
    cookies: Vec<String>,
    random: Random,
    asked: u64,
    /// Decisions that the desk said yes to, by their identifiers.
    pub accepted: Vec<String>,
}

impl Crew {
    /// These work.
    pub const fn new(door: Door, cookies: Vec<String>, random: Random) -> Self {
        Self {
            door,
            cookies,
            random,
            asked: 0,
            accepted: Vec::new(),
        }
    }

    /// Everybody works until nothing is left for them, or for a while.
    pub async fn works(&mut self) {
        for cookie in self.cookies.clone() {
            for _ in 0..AT_ONCE {
                let (status, item) = self.posts(&cookie, "/queue/next", &json!({})).await;
                match status {
                    200 => self.treats(&cookie, &item).await,
                    // Nothing left, or too many that lie about.
                    204 | 409 => break,
                    other => panic!("{other} {item}"),
                }
            }
        }
    }

    async fn treats(&mut self, cookie: &str, item: &Value) {
        let id = item["id"].as_str().expect("an identifier");
        let revision = item["revision"].as_i64().expect("a revision");
        let template = TEMPLATES[usize::try_from(self.random.below(5)).expect("one of five")];
        let decision = match self.random.below(20) {
            0 => {
                let (status, _) = self.posts(cookie, &format!("/comments/{id}/release"), &json!({})).await;
                assert!(matches!(status, 200 | 204 | 409), "{status}");
                return;
            }
            // Gone for coffee: the lease ends by itself.
            1 => return,
            2..=14 => (
                "reply",
                json!({ "template": template, "confirmed": ["same-reply-thrice", "thread-changed"] }),
            ),
            15 | 16 => ("hide", json!({ "ground": "spam" })),
            _ => ("leave", json!({})),
        };
        if !self.decides(cookie, id, revision, decision).await {
            self.decides(cookie, id, revision, ("leave", json!({}))).await;
        }
    }

    /// False when the desk found it not possible.
    async fn decides(
        &mut self,
        cookie: &str,
        id: &str,
        revision: i64,
        (kind, mut body): (&'static str, Value),
    ) -> bool {
        body["kind"] = kind.into();
        body["revision"] = revision.into();
        let (status, answer) = self.posts(cookie, &format!("/comments/{id}/decision"), &body).await;
        match status {
            202 => {
                let decision = answer["decision"].as_str().expect("an identifier").to_owned();
                self.accepted.push(decision);
            }
            // Edited, removed, or taken back meanwhile.
            404 | 409 => {}
            422 if kind != "leave" => return false,
            other => panic!("{other} {answer}"),
        }
        true
    }

    /// Asks until the desk answers, each time with the same key, as a client does that never heard back.
    async fn posts(&mut self, cookie: &str, path: &str, body: &Value) -> (u16, Value) {
        self.asked += 1;
        let key = format!("soak-{}", self.asked);
        let door = &self.door;
        within(BACK_WITHIN, "the desk answers", async || {
            let request = door
                .http
                .post(format!("{}/api/v1{path}", door.url))
                .header("cookie", cookie)
                .header("idempotency-key", &key)
                .json(body);
            let answer = request.send().await.ok()?;
            let status = answer.status().as_u16();
            let text = answer.text().await.ok()?;
            (status != 503).then(|| (status, serde_json::from_str(&text).unwrap_or_default()))
        })
        .await
    }
}
