//! Instagram deliveries over HTTP, and the state the desk ends in.

use serde_json::Value;

use super::facebook::{holds, plays};
use crate::support::TestDesk;
use crate::support::graph::{payload, payloads};

/// Known only from reading the thread: Instagram delivers no edits, removals or hides.
fn is_from_reading(expected: &Value) -> bool {
    expected["found_by"] == "poll" || expected["note"].is_string() || expected["id"] == "18020000000000016"
}

#[tokio::test]
async fn the_scenario_s_deliveries_end_in_the_documented_state() {
    let desk = TestDesk::start().await;
    let scenario = payload("instagram/scenario.json");
    plays(&desk, "instagram", &scenario).await;
    let expected: Vec<&Value> = scenario["expected"]["comments"].as_array().unwrap().iter().collect();
    let (read, delivered): (Vec<&Value>, Vec<&Value>) = expected.into_iter().partition(|line| is_from_reading(line));
    assert_eq!((read.len(), delivered.len()), (3, 5));
    for line in delivered {
        holds(&desk, line).await;
    }
    let copies = |id: &str, rows: &[klarsvar::store::entity::comment::Model]| {
        rows.iter().filter(|row| row.external_id == id).count()
    };
    let rows = desk.comments().await;
    for line in read {
        assert!(copies(line["id"].as_str().unwrap(), &rows) <= 1, "{line}");
    }
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
