//! Bluesky, heard on its stream and answered as the payload files have it, and the state the desk ends in.

use chrono::{DateTime, TimeDelta, Utc};
use klarsvar::account::SaveAccount;
use klarsvar::connector::{Action, Place, Sent};
use klarsvar::domain::platform::Platform;
use serde_json::{Value, json};

use super::facebook::holds;
use super::youtube::{acts, after, reads};
use crate::support::TestDesk;
use crate::support::exchanges::Exchanges;
use crate::support::graph::payload;
use crate::support::telling::Telling;

const US: &str = "did:plc:bwo3lvww6gjr4ja72dn53dem";
const REPLY: &str = "Hej Elin! Checklistan finns på vår webbplats. /Maja";

/// A desk that listens to a stream and answers through an account's server.
struct Bench {
    desk: TestDesk,
    server: Exchanges,
    stream: Telling,
    root: String,
}

impl Bench {
    async fn start(root: &str) -> Self {
        let desk = TestDesk::start().await;
        let server = Exchanges::start("bluesky/api/list_notifications_ok.json");
        let stream = Telling::start().await;
        let settings = json!({
            "posts": [root], "langs": ["sv"],
            "stream_url": format!("{}/subscribe", stream.url()),
        });
        let account = SaveAccount {
            account: Some(US.into()),
            api_url: Some(format!("{}/xrpc", server.url)),
            access_token: Some("test-access-jwt-0001".into()),
            settings: Some(settings.to_string()),
            ..SaveAccount::by_hand("")
        };
        reads(&desk, "bluesky", Platform::Bluesky, account).await;
        Self {
            desk,
            server,
            stream,
            root: root.to_owned(),
        }
    }

    /// The desk gets on the line and hears these messages until the platform hangs up. How it called.
    async fn hears(&self, frames: &[Value]) -> String {
        self.stream.hears(&self.desk, frames).await.0
    }

    /// What the account's server answers whenever it is asked, where nothing else is planned.
    fn stands(&self, method: &str, body: &Value) {
        self.server.always_so(json!({
            "request": { "method": "GET", "path": format!("/xrpc/{method}") },
            "response": { "status": 200, "body": body },
        }));
    }

    /// Plans an exchange whose key and time the caller chooses.
    fn plans(&self, file: &str, change: impl FnOnce(&mut Value)) {
        let mut exchange = payload(&format!("bluesky/{file}"));
        if let Some(body) = exchange["request"]["body"].as_object_mut()
            && body["collection"] != "app.bsky.feed.threadgate"
        {
            body.remove("rkey");
            body["record"].as_object_mut().expect("a record").remove("createdAt");
        }
        change(&mut exchange);
        self.server.plan_so(&format!("bluesky/{file}"), exchange);
    }

    fn place(&self) -> Place {
        Place {
            post: Some(self.root.clone()),
            ..Place::default()
        }
    }
}

/// The time of the scenario.
fn at(scenario: &Value, step: &Value) -> DateTime<Utc> {
    let start: DateTime<Utc> = scenario["start"].as_str().unwrap().parse().unwrap();
    start + TimeDelta::seconds(step["at"].as_i64().unwrap())
}

#[tokio::test]
async fn the_scenario_ends_in_the_documented_state() {
    let scenario = payload("bluesky/scenario.json");
    let root = scenario["own_root_posts"][0].as_str().unwrap();
    let bench = Bench::start(root).await;
    let desk = &bench.desk;
    let thread = payload("bluesky/api/get_post_thread_ok.json")["response"]["body"].clone();
    bench.stands(
        "app.bsky.notification.listNotifications",
        &json!({ "notifications": [] }),
    );
    bench.stands(
        "app.bsky.feed.getPosts",
        &json!({ "posts": [thread["thread"]["replies"][0]["post"]] }),
    );
    bench.server.always("bluesky/api/threadgate_get_ok.json");

    let mut told: Vec<Value> = Vec::new();
    let mut files: Vec<&str> = Vec::new();
    let mut last_heard = None;
    let mut replies: Vec<String> = Vec::new();
    for step in scenario["steps"].as_array().unwrap() {
        let behind = at(&scenario, step) - desk.app().clock.now();
        desk.clock.advance(behind.max(TimeDelta::zero()));
        if let Some(file) = step["frame"].as_str() {
            told.push(payload(&format!("bluesky/{file}")));
            files.push(file);
            continue;
        }
        if !told.is_empty() {
            let called = bench.hears(&told).await;
            // Listening goes on a little before the last message heard.
            let from = last_heard.map_or(String::new(), |heard: i64| format!("&cursor={}", heard - 5_000_000));
            assert_eq!(called, format!("/subscribe?wantedCollections=app.bsky.feed.post{from}"));
            last_heard = told.last().and_then(|frame| frame["time_us"].as_i64());
            told.clear();
        }
        let action = &step["action"];
        let Some(exchange) = action["exchange"].as_str() else {
            continue;
        };
        let comment = action["post_uri"].as_str().unwrap().to_owned();
        let place = bench.place();
        match (action["kind"].as_str().unwrap(), exchange) {
            ("reply", _) => {
                bench.plans(exchange, |_| ());
                let text = REPLY.to_owned();
                match acts(desk, "bluesky", Action::Reply { comment, text, place }).await {
                    Sent::Done { external_id: Some(id) } => replies.push(id),
                    other => panic!("{other:?}"),
                }
            }
            // The file repeats the list as it was read; what is sent is that with one more.
            ("hide", "api/hide_error_400_invalid_swap.json") => bench.plans(exchange, |exchange| {
                let sent = payload("bluesky/api/hide_put_threadgate_ok.json");
                exchange["request"]["body"]["record"] = sent["request"]["body"]["record"].clone();
            }),
            ("hide", _) => {
                bench.plans(exchange, |_| ());
                let sent = acts(desk, "bluesky", Action::Hide { comment, place }).await;
                assert_eq!(sent, Sent::Done { external_id: None });
                // The thread as it is read the next time.
                let rules = payload("bluesky/api/hide_put_threadgate_ok.json")["request"]["body"]["record"].clone();
                let mut thread = thread.clone();
                thread["threadgate"]["record"] = rules;
                let edited = payload("bluesky/frames/07_update_edit.json")["commit"]["record"].clone();
                thread["thread"]["replies"][0]["post"]["record"] = edited;
                bench.stands("app.bsky.feed.getPostThread", &thread);
                after(desk, 1).await;
            }
            other => panic!("{other:?}"),
        }
    }
    bench.hears(&told).await;

    let expected = &scenario["expected"];
    for line in expected["comments"].as_array().unwrap() {
        let mut line = line.clone();
        let fields = line.as_object_mut().unwrap();
        let uri = fields.remove("uri").unwrap();
        fields.insert("id".into(), uri);
        fields.entry("state").or_insert("visible".into());
        holds(desk, &line).await;
    }
    let comments = desk.comments().await;
    assert_eq!(comments.len(), expected["comments"].as_array().unwrap().len());
    replies.dedup();
    assert_eq!(
        Some(replies.len()),
        expected["replies_sent"].as_u64().map(|sent| sent as usize)
    );
    assert_eq!(bench.server.met().len(), 4, "{:?}", bench.server.met());
    // What is not of concern leaves no trace; nor does what was heard twice.
    files.sort_unstable();
    files.dedup();
    let posts = files.iter().filter(|file| !file.contains("account")).count();
    let about_authors = 1;
    let pages_read = 1;
    let kept = desk.deliveries().await.len() - about_authors - pages_read;
    assert_eq!(
        Some(posts - kept),
        expected["dropped_frames"].as_u64().map(|dropped| dropped as usize)
    );
}

#[tokio::test]
async fn what_others_lose_on_the_stream_leaves_no_trace() {
    let root = payload("bluesky/scenario.json")["own_root_posts"][0]
        .as_str()
        .unwrap()
        .to_owned();
    let bench = Bench::start(&root).await;
    let frames: Vec<Value> = [
        "08_delete_without_record",
        "24_v2_commit_delete",
        "20_account_deleted",
        "19_identity",
    ]
    .iter()
    .map(|file| payload(&format!("bluesky/frames/{file}.json")))
    .collect();
    bench.hears(&frames).await;
    assert_eq!(bench.desk.comments().await.len(), 0);
    assert_eq!(bench.desk.deliveries().await.len(), 0);
}
