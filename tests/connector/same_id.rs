//! One id of the platform on two connectors, and a platform whose clock is not the desk's.

use chrono::TimeDelta;
use klarsvar::account::SaveAccount;
use klarsvar::clock::Clock;
use klarsvar::domain::comment::CommentState;
use klarsvar::domain::platform::Platform;
use serde_json::json;

use super::youtube::reads;
use crate::support::TestDesk;
use crate::support::graph::{APP_SECRET, FACEBOOK_PAGE, comment_change, comment_id};

const OTHER: &str = "facebook-2";

#[tokio::test]
async fn an_id_on_two_connectors_is_two_comments() {
    let desk = TestDesk::start().await;
    let account = SaveAccount {
        account: Some(FACEBOOK_PAGE.into()),
        api_url: Some("https://graph.facebook.com/v26.0".into()),
        app_secret: Some(APP_SECRET.into()),
        verify_token: Some("desk-verify-token".into()),
        access_token: Some("test-page-token-0002".into()),
        ..SaveAccount::by_hand("")
    };
    reads(&desk, OTHER, Platform::Facebook, account).await;
    let time = desk.clock.now().timestamp();
    let added = comment_change("1", "add", time, json!({ "message": "Stämmer det?" }));
    for connector in ["facebook", OTHER] {
        desk.delivers(connector, &added).await.is(200);
        desk.is_through().await;
    }
    let removed = comment_change("1", "remove", time + 1, json!({}));
    desk.delivers(OTHER, &removed).await.is(200);
    desk.is_through().await;
    let mut rows = desk.comments().await;
    rows.sort_by(|one, other| one.connector.cmp(&other.connector));
    let stand: Vec<_> = rows
        .iter()
        .map(|row| (row.connector.as_str(), row.external_id.as_str(), row.state))
        .collect();
    let id = comment_id("1");
    assert_eq!(
        stand,
        [
            ("facebook", id.as_str(), CommentState::Open),
            (OTHER, id.as_str(), CommentState::Withdrawn)
        ]
    );
    assert!(desk.deliveries().await.iter().all(|row| row.error.is_none()));
}

#[tokio::test]
async fn a_platform_ahead_of_the_desk_or_behind_it_is_heard_all_the_same() {
    for skew in [TimeDelta::days(2), TimeDelta::days(-2)] {
        let desk = TestDesk::start().await;
        let time = (desk.clock.now() + skew).timestamp();
        let added = comment_change("1", "add", time, json!({ "message": "Stämmer det?" }));
        let text = json!({ "message": "Stämmer det verkligen?", "edited_time": time + 60 });
        let edited = comment_change("1", "edited", time + 60, text);
        // The older state comes again after the newer one.
        for body in [&added, &edited, &added] {
            desk.delivers("facebook", body).await.is(200);
            desk.is_through().await;
        }
        let row = desk.comment(&comment_id("1")).await.expect("it is there");
        assert_eq!(row.text.as_deref(), Some("Stämmer det verkligen?"));
        assert_eq!((row.revision, row.state), (2, CommentState::Open));
        assert!(row.opened_at <= desk.clock.now().timestamp_millis());
        assert_eq!(desk.comments().await.len(), 1);
    }
}
