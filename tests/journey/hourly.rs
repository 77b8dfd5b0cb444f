//! What is counted by the hour is what a recount of the comments gives, whatever happened to them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use klarsvar::domain::comment::CommentState;
use klarsvar::domain::decision::DecisionKind;
use klarsvar::domain::lane::Lane;
use klarsvar::hourly::{HOUR_MS, WITHIN_MIN, daily as daily_counts, hour_of, keep, narratives};
use klarsvar::store::entity::{daily, decision, hourly};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::answers::{decides, on_facebook};
use crate::support::graph::comment_change;
use crate::support::sample::{ARABIC, ENGLISH, SWEDISH};
use crate::support::{Cast, TestDesk};

/// Hour, lane, language, platform, narrative, campaign.
type Key = (i64, String, String, String, String, String);
/// Arrived, urgent, answered, hidden, let be, withdrawn, and the nine kinds of waits.
type Counts = [i32; 15];

/// Counted from every comment and every decision, one by one, in another way than the desk does.
async fn recount(desk: &TestDesk) -> BTreeMap<Key, Counts> {
    let mut decisions = decision::Entity::find().all(&desk.db).await.unwrap();
    decisions.retain(|one| one.undone_at.is_none() && one.kind != DecisionKind::Escalate);
    decisions.sort_by_key(|one| (one.made_at, one.id));
    let mut counts: BTreeMap<Key, Counts> = BTreeMap::new();
    for row in desk.comments().await {
        if row.own || row.presence.as_str() != "known" {
            continue;
        }
        let tags: serde_json::Value = serde_json::from_str(&row.tags).unwrap();
        let language = tags["language"]["code"].as_str().unwrap_or("und").to_owned();
        let campaign = row.campaign_id.map(|id| id.to_string()).unwrap_or_default();
        for narrative in [""].into_iter().chain(narratives(&row.labels)) {
            let key = (
                hour_of(row.id),
                row.lane.to_string(),
                language.clone(),
                row.platform.to_string(),
                narrative.to_owned(),
                campaign.clone(),
            );
            let counts = counts.entry(key).or_default();
            counts[0] += 1;
            counts[1] += i32::from(row.urgent);
            if row.state == CommentState::Withdrawn {
                counts[5] += 1;
            }
            if row.state == CommentState::Decided {
                let last = decisions.iter().rfind(|one| one.comment_id == row.id);
                match last.map(|one| one.kind) {
                    Some(DecisionKind::Reply | DecisionKind::PrivateReply) => counts[2] += 1,
                    Some(DecisionKind::Hide | DecisionKind::Delete) => counts[3] += 1,
                    _ => counts[4] += 1,
                }
                let waited = row.decided_at.unwrap() - row.opened_at;
                let kind = WITHIN_MIN.iter().position(|min| waited <= min * 60_000).unwrap_or(8);
                counts[6 + kind] += 1;
            }
        }
    }
    counts
}

async fn kept(desk: &TestDesk) -> BTreeMap<Key, Counts> {
    let rows = hourly::Entity::find().all(&desk.db).await.unwrap();
    let kept: BTreeMap<Key, Counts> = rows
        .iter()
        .map(|row| {
            let key = (
                row.hour,
                row.lane.to_string(),
                row.language.clone(),
                row.platform.to_string(),
                row.narrative.clone(),
                row.campaign.clone(),
            );
            let counts = [
                row.arrived,
                row.urgent,
                row.answered,
                row.hidden,
                row.let_be,
                row.withdrawn,
                row.in_5,
                row.in_15,
                row.in_30,
                row.in_60,
                row.in_120,
                row.in_240,
                row.in_480,
                row.in_1440,
                row.in_more,
            ];
            (key, counts)
        })
        .collect();
    assert_eq!(kept.len(), rows.len(), "one row a key");
    kept
}

/// The sums by the local day, as the database holds them.
async fn kept_by_day(desk: &TestDesk) -> BTreeMap<Key, Counts> {
    let rows = daily::Entity::find().all(&desk.db).await.unwrap();
    let of_hour = |row: daily::Model| {
        let counts = [
            row.arrived,
            row.urgent,
            row.answered,
            row.hidden,
            row.let_be,
            row.withdrawn,
            row.in_5,
            row.in_15,
            row.in_30,
            row.in_60,
            row.in_120,
            row.in_240,
            row.in_480,
            row.in_1440,
            row.in_more,
        ];
        let (lane, platform) = (row.lane.to_string(), row.platform.to_string());
        (
            (row.day, lane, row.language, platform, row.narrative, row.campaign),
            counts,
        )
    };
    rows.into_iter().map(of_hour).collect()
}

fn by_day(hours: &BTreeMap<Key, Counts>) -> BTreeMap<Key, Counts> {
    let mut days: BTreeMap<Key, Counts> = BTreeMap::new();
    for (key, counts) in hours {
        let mut key = key.clone();
        key.0 = daily_counts::day_of(key.0);
        for (sum, more) in days.entry(key).or_default().iter_mut().zip(counts) {
            *sum += more;
        }
    }
    days
}

async fn equals_a_recount(desk: &TestDesk) {
    desk.runs(|app| async move { keep::keep(&app).await }).await.unwrap();
    let counted = recount(desk).await;
    assert_eq!(kept_by_day(desk).await, by_day(&counted));
    assert_eq!(kept(desk).await, counted);
}

#[tokio::test]
async fn hourly_counts_equal_a_recount_after_everything_that_can_happen() {
    let desk = TestDesk::start().await;
    equals_a_recount(&desk).await;
    for (at, text) in [
        ARABIC,
        SWEDISH,
        ENGLISH,
        "Soc kidnappar muslimska barn och säljer dem!",
        "الضمان الاجتماعي يخطف أطفال المسلمين",
    ]
    .into_iter()
    .enumerate()
    {
        desk.has_comments(&format!("early-{at}"), 5, text).await;
    }
    equals_a_recount(&desk).await;
    assert!(
        kept(&desk).await.keys().any(|key| !key.4.is_empty()),
        "some tell a narrative"
    );

    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    desk.clock.advance(TimeDelta::minutes(50));
    let late = [
        on_facebook(&desk, "1", "Vem beslutar om LVU, är det en domstol?").await,
        on_facebook(&desk, "2", "Soc kidnappar muslimska barn").await,
        on_facebook(&desk, "3", "Hur söker man jobb hos er?").await,
        on_facebook(&desk, "4", "Finns broschyren på finska?").await,
    ];
    for (id, kind) in late.iter().zip(["leave", "hide", "leave", "escalate"]) {
        signe.claims(id).await.is(200);
        desk.clock.advance(TimeDelta::minutes(4));
        let body = match kind {
            "hide" => json!({ "kind": kind, "revision": 1, "ground": "hate", "reason": "hets mot folkgrupp" }),
            "escalate" => json!({ "kind": kind, "revision": 1, "reason": "osäker" }),
            _ => json!({ "kind": kind, "revision": 1 }),
        };
        let made = decides(&signe, id, body).await;
        equals_a_recount(&desk).await;
        if id == &late[2] {
            let undo = format!("/api/v1/decisions/{}", made.json(202)["decision"].as_str().unwrap());
            signe.asks(reqwest::Method::DELETE, &undo, None).await.is(200);
            equals_a_recount(&desk).await;
        }
    }
    let ends: i32 = kept(&desk)
        .await
        .values()
        .map(|counts| counts[2] + counts[3] + counts[4])
        .sum();
    assert!(ends >= 2, "some were decided");

    let time = desk.app().clock.now().timestamp();
    desk.delivers("facebook", &comment_change("1", "remove", time, json!({})))
        .await
        .is(200);
    desk.is_through().await;
    let edited = json!({ "message": "Is there an English version of the brochure?" });
    desk.delivers("facebook", &comment_change("3", "edited", time, edited))
        .await
        .is(200);
    desk.is_through().await;
    equals_a_recount(&desk).await;
    assert!(
        kept(&desk).await.values().any(|counts| counts[5] > 0),
        "one was withdrawn"
    );
}

#[tokio::test]
async fn comments_that_learn_of_their_campaign_later_are_counted_in_it() {
    let desk = TestDesk::start().await;
    for hour in 0..30 {
        desk.has_comments(&format!("h{hour}"), 1, SWEDISH).await;
        desk.clock.advance(TimeDelta::hours(1));
    }
    equals_a_recount(&desk).await;
    let lars = desk.signs_in(Cast::Lars).await;
    let campaign = json!({ "name": "Vi svarar", "posts": [{ "connector": "manual", "external_id": "p1" }] });
    lars.posts("/api/v1/campaigns", campaign).await.is(201);
    equals_a_recount(&desk).await;
    let kept = kept(&desk).await;
    assert!(kept.len() == 30 && kept.keys().all(|key| !key.5.is_empty()), "{kept:?}");
}

#[tokio::test]
async fn hours_are_counted_again_only_when_something_happened_in_them() {
    let desk = TestDesk::start().await;
    desk.has_comments("a", 3, SWEDISH).await;
    let first = desk.runs(|app| async move { keep::keep(&app).await }).await.unwrap();
    let again = desk.runs(|app| async move { keep::keep(&app).await }).await.unwrap();
    assert_eq!((first, again), (1, 0));
    desk.clock.advance(TimeDelta::hours(2));
    desk.has_comments("b", 3, SWEDISH).await;
    let later = desk.runs(|app| async move { keep::keep(&app).await }).await.unwrap();
    assert_eq!(later, 1, "the first hour is left alone");
    let now = desk.app().now_ms() / HOUR_MS;
    let hours: Vec<i64> = kept(&desk).await.into_keys().map(|key| key.0).collect();
    assert_eq!(hours, [now - 2, now]);
}

#[tokio::test]
async fn two_instances_count_the_same_and_put_right_what_was_wrong() {
    let desk = TestDesk::start().await;
    desk.has_comments("a", 4, ARABIC).await;
    let other = desk.another().await;
    let (one, two) = tokio::join!(
        desk.runs(|app| async move { keep::keep(&app).await }),
        keep::keep(&other)
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(kept(&desk).await, recount(&desk).await);
    let row = hourly::Entity::find().one(&desk.db).await.unwrap().unwrap();
    let mut wrong = row.into_active_model();
    wrong.arrived = Set(99);
    wrong.update(&desk.db).await.unwrap();
    desk.has_comments("b", 1, ARABIC).await;
    equals_a_recount(&desk).await;
}
