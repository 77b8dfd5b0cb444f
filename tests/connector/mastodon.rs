//! Mastodon, heard on its stream, read and answered as the payload files have it, and the state the desk ends in; and a
//! desk that lives with its stand-in.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use klarsvar::account::SaveAccount;
use klarsvar::clock::Clock;
use klarsvar::connector::{Action, Place, Sent};
use klarsvar::domain::platform::Platform;
use klarsvar::intake::listen;
use klarsvar::standin::{MastodonStandin, Standing};
use serde_json::{Value, json};

use super::facebook::holds;
use super::youtube::{acts, after, reads};
use crate::support::exchanges::Exchanges;
use crate::support::graph::payload;
use crate::support::telling::Telling;
use crate::support::{TestDesk, eventually};

const US: &str = "110000000000000001";
const ROOT: &str = "115500000000000001";
const TOKEN: &str = "test-masto-token-0001";
const REPLY: &str = "Byt vatten var sjätte månad. /Maja";
/// Threads are read this often.
const THREADS_S: i64 = 1_801;

fn account(api_url: String, streaming_url: String) -> SaveAccount {
    let settings = json!({ "statuses": [ROOT], "streaming_url": streaming_url });
    SaveAccount {
        account: Some(US.into()),
        api_url: Some(api_url),
        access_token: Some(TOKEN.into()),
        settings: Some(settings.to_string()),
        ..SaveAccount::by_hand("")
    }
}

/// The time of the scenario.
fn at(scenario: &Value, step: &Value) -> DateTime<Utc> {
    let start: DateTime<Utc> = scenario["start"].as_str().unwrap().parse().unwrap();
    start + TimeDelta::seconds(step["at"].as_i64().unwrap())
}

#[tokio::test]
async fn the_scenario_ends_in_the_documented_state() {
    let scenario = payload("mastodon/scenario.json");
    let desk = TestDesk::start().await;
    let server = Exchanges::start("mastodon/api/notifications_gap_fill_empty.json");
    let stream = Telling::start().await;
    let connected = account(server.url.clone(), stream.url());
    reads(&desk, "mastodon", Platform::Mastodon, connected).await;
    let stands = |path: String, body: &Value| {
        server.always_so(json!({
            "request": { "method": "GET", "path": path }, "response": { "status": 200, "body": body },
        }));
    };
    let first = payload("mastodon/frames/01_notification_mention_sv.json");
    let first: Value = serde_json::from_str(first["payload"].as_str().unwrap()).unwrap();
    stands("/api/v1/statuses/115500000000000101".into(), &first["status"]);
    stands(
        format!("/api/v1/statuses/{ROOT}/context"),
        &json!({ "ancestors": [], "descendants": [] }),
    );

    let mut told: Vec<Value> = Vec::new();
    let mut replies: Vec<String> = Vec::new();
    let mut planned = 0;
    for step in scenario["steps"].as_array().unwrap() {
        let behind = at(&scenario, step) - desk.app().clock.now();
        desk.clock.advance(behind.max(TimeDelta::zero()));
        if let Some(file) = step["frame"].as_str() {
            told.push(payload(&format!("mastodon/{file}")));
            continue;
        }
        if !told.is_empty() {
            let (called, token) = stream.hears(&desk, &told).await;
            assert_eq!(called, "/api/v1/streaming?stream=user");
            assert_eq!(token, Some(format!("Bearer {TOKEN}")));
            told.clear();
        }
        if let Some(file) = step["poll"].as_str() {
            server.plan(&format!("mastodon/{file}"));
            planned += 1;
            after(&desk, THREADS_S).await;
            assert_eq!(server.met().len(), planned, "{file}");
        }
        if let Some(file) = step["action"]["exchange"].as_str() {
            server.plan(&format!("mastodon/{file}"));
            planned += 1;
            let reply = Action::Reply {
                comment: step["action"]["status_id"].as_str().unwrap().to_owned(),
                text: REPLY.to_owned(),
                place: Place::default(),
            };
            match acts(&desk, "mastodon", reply).await {
                Sent::Done { external_id: Some(id) } => replies.push(id),
                other => panic!("{other:?}"),
            }
        }
    }
    stream.hears(&desk, &told).await;

    let expected = &scenario["expected"];
    for line in expected["comments"].as_array().unwrap() {
        let mut line = line.clone();
        let fields = line.as_object_mut().unwrap();
        // The desk keeps no word on what kind of account somebody has.
        fields.remove("bot");
        fields.entry("state").or_insert("visible".into());
        holds(&desk, &line).await;
    }
    let comments = desk.comments().await;
    assert_eq!(comments.len(), expected["comments"].as_array().unwrap().len());
    for letter in expected["private"].as_array().unwrap() {
        let letter = letter.as_str().unwrap();
        let kept = desk.deliveries().await;
        assert!(
            kept.iter()
                .all(|delivery| !String::from_utf8_lossy(&delivery.body).contains(letter)),
            "a letter is kept"
        );
    }
    replies.dedup();
    assert_eq!(Some(replies.len() as u64), expected["replies_sent"].as_u64());
}

/// A desk beside a stand-in that holds the account's status.
async fn beside(desk: &TestDesk) -> MastodonStandin {
    let clock = Arc::clone(&desk.clock);
    let standin = MastodonStandin::start(Arc::new(move || clock.now()), US, "kust", TOKEN).expect("a stand-in");
    standin.publish(ROOT, "Vet du var ditt närmaste skyddsrum ligger?");
    let connected = account(standin.url(), standin.streaming_url());
    reads(desk, "mastodon", Platform::Mastodon, connected).await;
    standin
}

/// The states of what was written, oldest first.
async fn texts(desk: &TestDesk) -> Vec<String> {
    let mut comments = desk.comments().await;
    comments.sort_by_key(|comment| comment.number);
    comments.into_iter().filter_map(|comment| comment.text).collect()
}

#[tokio::test]
async fn what_is_missed_between_two_calls_is_read() {
    let desk = TestDesk::start().await;
    let standin = beside(&desk).await;
    let listening = desk.runs(|app| async move {
        for line in listen::dispatch(&app).await.expect("errands") {
            line.await.expect("the line ends");
        }
    });
    let telling = async {
        eventually("the desk is on the line", || async {
            (standin.listeners() > 0).then_some(())
        })
        .await;
        standin.write(ROOT, None, "Elin", "@kust Hur länge håller vatten?");
        eventually("the desk heard it", || async {
            (texts(&desk).await.len() == 1).then_some(())
        })
        .await;
        // The stream says nothing, though its line stands; then it breaks.
        standin.mute(true);
        standin.write(ROOT, None, "Yusuf", "@kust وين أقرب ملجأ؟");
        standin.write_as(Standing::Private, ROOT, None, "Sam", "@kust Ett brev");
        standin.hang_up();
    };
    tokio::join!(listening, telling);
    assert_eq!(texts(&desk).await.len(), 1);
    standin.write(ROOT, None, "Nils", "Utan att nämna er");
    after(&desk, THREADS_S).await;
    let told = texts(&desk).await;
    assert_eq!(told.len(), 3, "{told:?}");
    for text in ["@kust وين أقرب ملجأ؟", "Utan att nämna er"] {
        assert!(told.iter().any(|one| one == text), "{told:?}");
    }
}

#[tokio::test]
async fn what_nobody_told_is_found_missing_or_changed_by_looking_after_it() {
    let desk = TestDesk::start().await;
    let standin = beside(&desk).await;
    let gone = standin.write(ROOT, None, "Elin", "@kust Bort");
    let changed = standin.write(ROOT, None, "Sam", "@kust Förr");
    after(&desk, 1).await;
    assert_eq!(desk.comments().await.len(), 2);
    desk.clock.advance(TimeDelta::minutes(1));
    standin.put(&gone, Standing::Gone);
    standin.edit(&changed, "@kust Nu");
    after(&desk, 86_401).await;
    holds(&desk, &json!({ "id": gone, "state": "removed" })).await;
    holds(
        &desk,
        &json!({ "id": changed, "state": "visible", "last_text": "@kust Nu", "revisions": 2 }),
    )
    .await;
}
