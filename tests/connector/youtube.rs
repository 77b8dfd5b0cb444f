//! YouTube, read over HTTP as the payload files have it, and the state the desk ends in.

use chrono::TimeDelta;
use klarsvar::account::{SaveAccount, save};
use klarsvar::connector::{Action, Place, Sent};
use klarsvar::domain::platform::Platform;
use klarsvar::intake;
use klarsvar::store::entity::errand;
use sea_orm::EntityTrait;
use serde_json::Value;

use super::facebook::holds;
use crate::support::TestDesk;
use crate::support::exchanges::Exchanges;
use crate::support::graph::payload;

/// A desk that reads a platform of exchanges.
pub async fn reads(desk: &TestDesk, name: &str, platform: Platform, step: SaveAccount) {
    let step = SaveAccount {
        name: name.to_owned(),
        platform,
        ..step
    };
    desk.runs(move |app| async move { save(&app, step).await.map(|_| ()) })
        .await
        .expect("a connector");
    desk.runs(|app| async move { intake::plan(&app).await })
        .await
        .expect("a plan");
}

/// Lets time pass and does what is due.
pub async fn after(desk: &TestDesk, seconds: i64) {
    desk.clock.advance(TimeDelta::seconds(seconds));
    desk.runs(|app| async move { intake::work(&app).await })
        .await
        .expect("errands");
}

/// Does something on a platform as the outbox does.
pub async fn acts(desk: &TestDesk, connector: &str, action: Action) -> Sent {
    let connected = desk.app().connectors.find(connector).expect("a connector");
    let protocol = connected.protocol.expect("a protocol");
    desk.runs(move |_| async move { protocol.send(&connected.account, &action).await })
        .await
}

#[tokio::test]
async fn the_scenario_ends_in_the_documented_state() {
    let desk = TestDesk::start().await;
    let platform = Exchanges::start("youtube/api/threads_empty.json");
    let account = SaveAccount {
        account: Some("UCkustberedskapExempel01".into()),
        api_url: Some(format!("{}/youtube/v3", platform.url)),
        app_secret: Some("test-client-secret-0001".into()),
        access_token: Some("test-yt-access-token-0001".into()),
        ..SaveAccount::by_hand("")
    };
    reads(&desk, "youtube", Platform::Youtube, account).await;
    let scenario = payload("youtube/scenario.json");
    let mut replies = 0;
    let mut time = 0;
    let steps = scenario["steps"].as_array().unwrap();
    for (at, step) in steps.iter().enumerate() {
        if let Some(file) = step["poll"].as_str() {
            platform.plan(&format!("youtube/{file}"));
            // What follows within seconds is read in one go.
            let soon = |next: &Value| {
                next["poll"].is_string() && next["at"].as_i64().unwrap() < step["at"].as_i64().unwrap() + 5
            };
            if steps.get(at + 1).is_some_and(soon) {
                continue;
            }
            let now = step["at"].as_i64().unwrap();
            let look_after = file.contains("by_id");
            after(&desk, if look_after { 86_400 } else { (now - time).max(60) }).await;
            time = now;
        } else {
            let action = &step["action"];
            platform.plan(&format!("youtube/{}", action["exchange"].as_str().unwrap()));
            let comment = action["comment_id"].as_str().unwrap().to_owned();
            let place = Place::default();
            match action["kind"].as_str().unwrap() {
                "reply" => {
                    let text = "Hej Elin! Länken finns i beskrivningen. /Maja".to_owned();
                    let sent = acts(&desk, "youtube", Action::Reply { comment, text, place }).await;
                    assert!(matches!(sent, Sent::Done { external_id: Some(_) }), "{sent:?}");
                    replies += 1;
                }
                "hide" => {
                    let sent = acts(&desk, "youtube", Action::Hide { comment, place }).await;
                    assert!(matches!(sent, Sent::Refused { code: "gone", .. }), "{sent:?}");
                }
                "reject" => {
                    let sent = acts(&desk, "youtube", Action::Delete { comment, place }).await;
                    assert_eq!(sent, Sent::Done { external_id: None });
                }
                other => panic!("{other}"),
            }
        }
    }
    assert_eq!(platform.met().len(), steps.len(), "{:?}", platform.met());
    assert_eq!(Some(replies), scenario["expected"]["replies_sent"].as_i64());
    for line in scenario["expected"]["comments"].as_array().unwrap() {
        // What an own action does to the comment is the outbox's business.
        if line.get("by").is_none() {
            holds(&desk, line).await;
        }
    }
    let row = errand::Entity::find_by_id(("youtube".to_owned(), "threads/published".to_owned()));
    let row = row.one(&desk.db).await.unwrap().unwrap();
    assert!(row.last_error.unwrap().starts_with("quota-spent"));
}
