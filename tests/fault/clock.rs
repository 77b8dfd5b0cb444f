//! Clocks that are days off, the desk's or the sender's.

use chrono::TimeDelta;
use klarsvar::domain::lane::Lane;
use serde_json::json;

use crate::support::graph::{comment_change, payload};
use crate::support::sample::SWEDISH;
use crate::support::{Cast, TestDesk};

#[tokio::test]
async fn a_sender_two_days_off_is_taken_in_and_edits_keep_their_order() {
    let desk = TestDesk::start().await;
    let now = 1_795_341_600;
    for (comment, shift) in [("1", -2 * 86_400), ("2", 2 * 86_400)] {
        let time = now + shift;
        desk.delivers(
            "facebook",
            &comment_change(comment, "add", time, json!({ "message": SWEDISH })),
        )
        .await
        .is(200);
        desk.is_through().await;
        let edit = comment_change(
            comment,
            "edited",
            time + 5,
            json!({ "message": "Ändrad", "edited_time": time + 5 }),
        );
        desk.delivers("facebook", &edit).await.is(200);
        desk.is_through().await;
    }
    let rows = desk.comments().await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.text.as_deref() == Some("Ändrad")));
    assert_eq!(
        rows[0].opened_at, rows[1].opened_at,
        "the desk's own time decides the place in the lane"
    );
}

#[tokio::test]
async fn a_desk_two_days_off_takes_everything_in() {
    for days in [-2, 2] {
        let desk = TestDesk::start().await;
        desk.clock.advance(TimeDelta::days(days));
        desk.delivers("facebook", &payload("facebook/webhooks/02_comment_add_ar.json"))
            .await
            .is(200);
        desk.has_comment("e-1", SWEDISH).await;
        desk.is_through().await;
        assert_eq!(desk.comments().await.len(), 2);
    }
}

#[tokio::test]
async fn a_clock_set_back_two_days_loses_no_claim_and_repeats_no_number() {
    let desk = TestDesk::start().await;
    let id = desk.has_comment("e-1", SWEDISH).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    signe.claims(&id).await.is(200);
    desk.clock.advance(TimeDelta::days(-2));
    desk.runs(|app| async move { klarsvar::jobs::release_expired(&app).await })
        .await
        .unwrap();
    signe.extends(&id).await.is(200);
    let before = desk.last_seq().await;
    let other = desk.has_comment("e-2", SWEDISH).await;
    assert_ne!(other, id);
    assert_eq!(desk.last_seq().await, before + 1);
    signe.releases(&id).await.is(200);
}

#[tokio::test]
async fn a_clock_set_on_two_days_ends_leases_and_sessions() {
    let desk = TestDesk::start().await;
    let id = desk.has_comment("e-1", SWEDISH).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    signe.claims(&id).await.is(200);
    desk.clock.advance(TimeDelta::days(2));
    desk.runs(|app| async move { klarsvar::jobs::release_expired(&app).await })
        .await
        .unwrap();
    assert_eq!(desk.comments().await[0].claimed_by, None);
    signe.gets("/api/v1/me").await.refuses(401, "not-signed-in");
}
