//! Instagram, delivered and read over HTTP as the payload files have it, and the state the desk ends in.

use klarsvar::account::SaveAccount;
use klarsvar::connector::{Action, Place, Sent};
use klarsvar::domain::platform::Platform;
use serde_json::{Value, json};

use super::facebook::holds;
use super::youtube::{acts, after, reads};
use crate::support::TestDesk;
use crate::support::exchanges::Exchanges;
use crate::support::graph::{INSTAGRAM_ACCOUNT, payload, payloads};

const MEDIUM: &str = "17990000000000001";

/// A desk with the account of the payload files, which hears deliveries and reads one medium besides.
async fn account(desk: &TestDesk, platform: &Exchanges) {
    let account = SaveAccount {
        account: Some(INSTAGRAM_ACCOUNT.into()),
        api_url: Some(format!("{}/v26.0", platform.url)),
        access_token: Some("test-page-token-0001".into()),
        settings: Some(json!({ "posts": [MEDIUM] }).to_string()),
        ..SaveAccount::by_hand("")
    };
    reads(desk, "instagram", Platform::Instagram, account).await;
}

/// What a delivery tells of is there for whoever reads it by its id.
fn shows(platform: &Exchanges, delivery: &Value) {
    let changes = delivery["entry"].as_array().unwrap().iter();
    for value in changes.flat_map(|entry| entry["changes"].as_array().unwrap().iter().map(|one| &one["value"])) {
        if value["text"].is_string() {
            platform.shows(json!({ "id": value["id"], "text": value["text"], "from": value["from"],
                "parent_id": value["parent_id"], "media": { "id": value["media"]["id"] }, "hidden": false,
                "timestamp": "2026-11-22T10:00:00+0000" }));
        }
    }
}

#[tokio::test]
async fn the_scenario_ends_in_the_documented_state() {
    let desk = TestDesk::start().await;
    let platform = Exchanges::start("facebook/api/comments_user_token_empty.json");
    account(&desk, &platform).await;
    let scenario = payload("instagram/scenario.json");
    let (mut exchanges, mut replies) = (0, 0);
    let steps = scenario["steps"].as_array().unwrap();
    for step in steps {
        if let Some(file) = step["deliver"].as_str() {
            let body = payload(&format!("instagram/{file}"));
            shows(&platform, &body);
            desk.delivers("instagram", &body).await.is(200);
            desk.is_through().await;
        } else if let Some(file) = step["poll"].as_str() {
            if file.contains("error") {
                platform.misses("18020000000000016", &format!("instagram/{file}"));
                // Once a day every known comment is asked for by its id.
                after(&desk, 86_400).await;
            } else {
                platform.plan(&format!("instagram/{file}"));
                exchanges += 1;
                // The pages of one reading follow each other at once.
                if file.ends_with("_2.json") {
                    after(&desk, 600).await;
                }
            }
        } else {
            let action = &step["action"];
            platform.plan(&format!("instagram/{}", action["exchange"].as_str().unwrap()));
            exchanges += 1;
            let comment = action["comment_id"].as_str().unwrap().to_owned();
            let place = Place {
                ad: Some("120210000000000301".into()),
                ..Place::default()
            };
            let sent = if action["kind"] == "reply" {
                let text = "Räkna med minst en vecka. Läs mer på vår webbplats. /Maja".to_owned();
                replies += 1;
                acts(&desk, "instagram", Action::Reply { comment, text, place }).await
            } else {
                acts(&desk, "instagram", Action::Hide { comment, place }).await
            };
            assert!(matches!(sent, Sent::Done { .. }), "{sent:?}");
        }
    }
    assert_eq!(platform.met().len(), exchanges, "{:?}", platform.met());
    assert_eq!(scenario["expected"]["replies_sent"], replies);
    let expected = scenario["expected"]["comments"].as_array().unwrap();
    for line in expected {
        holds(&desk, line).await;
    }
    let known: Vec<String> = desk.comments().await.into_iter().map(|row| row.external_id).collect();
    assert_eq!(known.len(), expected.len(), "{known:?}");
}

#[tokio::test]
async fn every_payload_is_acknowledged_and_leaves_nothing_half_taken_apart() {
    let desk = TestDesk::start().await;
    let files = payloads("instagram/webhooks");
    for file in &files {
        desk.delivers("instagram", &payload(file)).await.is(200);
    }
    desk.is_through().await;
    let deliveries = desk.deliveries().await;
    assert_eq!(deliveries.len(), files.len());
    for row in deliveries {
        assert_eq!(row.error, None);
        assert!(row.events + row.ignored > 0);
    }
}

#[tokio::test]
async fn a_delivery_for_the_other_platform_s_connector_changes_nothing() {
    let desk = TestDesk::start().await;
    desk.delivers("instagram", &payload("facebook/webhooks/02_comment_add_ar.json"))
        .await
        .is(200);
    desk.is_through().await;
    assert!(desk.comments().await.is_empty());
    assert!(desk.deliveries().await[0].error.is_some());
}
