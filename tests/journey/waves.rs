//! A narrative that comes much more often than it did opens a wave; the wall and the API tell it, and it closes by itself.

use std::sync::Arc;

use chrono::TimeDelta;
use klarsvar::app::App;
use klarsvar::domain::event::EventKind;
use klarsvar::domain::lane::Lane;
use klarsvar::hourly::keep;
use klarsvar::load::outlook::look_ahead;
use klarsvar::store::entity::wave;
use klarsvar::wave::look::Look;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;
use tokio::sync::Mutex;

use crate::support::sample::SWEDISH;
use crate::support::{Cast, TestDesk};

/// Tells a narrative of the codebook, without a flag.
const TOLD: &str = "Soc kidnappar muslimska barn";

async fn look(desk: &TestDesk, job: &Arc<Mutex<Look>>) -> (usize, usize) {
    let job = Arc::clone(job);
    desk.runs(|app: Arc<App>| async move { job.lock().await.look(&app).await })
        .await
        .unwrap()
}

/// A minute passes, with so many comments that tell it and one that does not.
async fn minute(desk: &TestDesk, number: usize, told: usize) {
    for one in 0..told {
        desk.has_comment(&format!("w-{number}-{one}"), &format!("{TOLD}! {number} {one}"))
            .await;
    }
    desk.has_comment(&format!("q-{number}"), &format!("{SWEDISH} {number}"))
        .await;
    desk.clock.advance(TimeDelta::minutes(1));
}

/// An open wave that nobody had to find.
pub async fn is_on(desk: &TestDesk) {
    let app = desk.app();
    let row = wave::Model {
        id: app.ids.make(app.clock.now()),
        lane: Lane::Sv,
        narrative: "abuse-in-care".to_owned(),
        platform: None,
        ad: None,
        story: None,
        since: app.now_ms(),
        opened_at: app.now_ms(),
        closed_at: None,
        came: 7,
        expected_milli: 900,
    };
    row.into_active_model().insert(&desk.db).await.expect("a wave");
}

async fn waves(desk: &TestDesk) -> Vec<wave::Model> {
    wave::Entity::find().all(&desk.db).await.unwrap()
}

#[tokio::test]
async fn a_narrative_that_comes_in_a_stream_opens_a_wave_that_closes_by_itself() {
    let desk = TestDesk::start().await;
    let job = Arc::new(Mutex::new(Look::default()));
    for number in 0..3 {
        minute(&desk, number, 0).await;
        assert_eq!(look(&desk, &job).await, (0, 0), "questions are no wave");
    }
    let mut opened = None;
    for number in 3..20 {
        minute(&desk, number, 1).await;
        if look(&desk, &job).await.0 > 0 {
            opened = Some(number);
            break;
        }
    }
    let opened = opened.expect("a wave opens");
    assert!(opened <= 13, "within ten minutes: {opened}");
    let rows = waves(&desk).await;
    assert!(!rows.is_empty());
    let row = &rows[0];
    assert_eq!((row.lane.as_str(), row.closed_at), ("sv", None));
    assert_eq!(row.platform.map(|on| on.to_string()).as_deref(), Some("manual"));
    assert!(
        row.came >= 4 && desk.app().now_ms() - row.since <= 15 * 60_000,
        "{row:?}"
    );

    let lars = desk.signs_in(Cast::Lars).await;
    let told = lars.gets("/api/v1/waves").await.json(200);
    let told = &told["waves"][0];
    assert_eq!((&told["state"], &told["has_reply"]), (&"open".into(), &false.into()));
    assert!(told["times"].is_null(), "not one was expected: {told}");
    assert!(
        told["came"].as_f64().unwrap() > 3.0 * told["expected"].as_f64().unwrap(),
        "{told}"
    );
    let event = desk.events().await;
    let event = event
        .iter()
        .find(|event| event.kind == EventKind::Wave)
        .expect("it is told");
    assert!(!event.data.contains("muslimska"), "events tell no text");

    // A second instance and a restart take it over and open nothing.
    let other = desk.another().await;
    let mut fresh = Look::default();
    assert_eq!(fresh.look(&other).await.unwrap().0, 0);
    minute(&desk, 50, 3).await;
    assert_eq!(look(&desk, &job).await, (0, 0));
    let grown = waves(&desk).await;
    assert!(grown.len() == rows.len() && grown[0].came > row.came, "{grown:?}");

    let mut closed = 0;
    for number in 60..72 {
        desk.clock.advance(TimeDelta::minutes(14));
        minute(&desk, number, 0).await;
        closed += look(&desk, &job).await.1;
    }
    assert_eq!(closed, rows.len());
    assert!(waves(&desk).await.iter().all(|row| row.closed_at.is_some()));
    // Hours have passed: sessions end.
    let lars = desk.signs_in(Cast::Lars).await;
    let told = lars.gets("/api/v1/waves").await.json(200);
    assert_eq!(told["waves"][0]["state"], "closed");
}

#[tokio::test]
async fn the_wall_shows_waves_and_people_needed_and_why() {
    let desk = TestDesk::start().await;
    let lars = desk.signs_in(Cast::Lars).await;
    let none = lars.gets("/need?lane=sv").await;
    none.is(200);
    lars.gets("/api/v1/staffing?lane=sv").await.refuses(503, "no-outlook");
    desk.has_comments("old", 40, SWEDISH).await;
    desk.clock.advance(TimeDelta::hours(1));
    let job = Arc::new(Mutex::new(Look::default()));
    for number in 0..8 {
        minute(&desk, number, 2).await;
    }
    assert!(look(&desk, &job).await.0 >= 1);
    desk.runs(|app| async move {
        keep::keep(&app).await?;
        look_ahead(&app).await
    })
    .await
    .unwrap();

    let staffing = lars.gets("/api/v1/staffing?lane=sv").await.json(200);
    assert_eq!(staffing["half_hours"].as_array().unwrap().len(), 16);
    assert_eq!(staffing["inputs"]["waiting"], 64);
    assert_eq!(staffing["inputs"]["history_hours"], 1);
    let first = &staffing["half_hours"][0];
    assert!(first["needed"].as_u64().unwrap() >= 1, "{first}");
    assert!(first["low80"].as_f64().unwrap() <= first["expected"].as_f64().unwrap());
    lars.gets("/api/v1/staffing?lane=sv&from=2026-11-22T12:00:00Z&to=2026-11-22T11:00:00Z")
        .await
        .refuses(400, "bad-input");
    lars.gets("/api/v1/staffing?lane=xx").await.is(400);

    let load = lars.gets("/api/v1/load").await.json(200);
    let lane = load["lanes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|lane| lane["lane"] == "sv")
        .unwrap();
    assert_eq!(lane["needed"], first["needed"]);
    for path in ["/load", "/load?wall=1", "/need?lane=sv", "/need?lane=nonsense"] {
        lars.gets(path).await.is(200);
    }
    // Half an hour later nobody has looked ahead: no figure is shown, not an old one.
    desk.clock.advance(TimeDelta::minutes(31));
    let load = lars.gets("/api/v1/load").await.json(200);
    assert!(
        load["lanes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|lane| lane["needed"].is_null())
    );
}

#[tokio::test]
async fn an_ad_that_is_planned_raises_what_is_expected_in_its_language_while_it_runs() {
    let desk = TestDesk::start().await;
    let lars = desk.signs_in(Cast::Lars).await;
    desk.has_comment("first", SWEDISH).await;
    desk.clock.advance(TimeDelta::hours(1));
    desk.runs(|app| async move { keep::keep(&app).await }).await.unwrap();
    let ahead = async || {
        desk.runs(|app| async move { look_ahead(&app).await }).await.unwrap();
        lars.gets("/api/v1/staffing?lane=sv").await.json(200)["half_hours"].clone()
    };
    let of = |halves: &serde_json::Value, at: usize| halves[at]["expected"].as_f64().unwrap();
    let before = ahead().await;
    assert!((0..16).all(|at| of(&before, at) < 1.5), "{before}");
    let ad = |ends: &str| {
        json!({ "connector": "manual", "external_id": "ad-1", "language": "sv", "starts_at": "2026-11-22T12:00:00Z",
            "ends_at": ends, "reach": 400_000 })
    };
    lars.posts(
        "/api/v1/campaigns",
        json!({ "name": "Fel", "ads": [ad("2026-11-22T11:00:00Z")] }),
    )
    .await
    .refuses(400, "bad-input");
    lars.posts(
        "/api/v1/campaigns",
        json!({ "name": "Vi svarar", "ads": [ad("2026-11-24T12:00:00Z")] }),
    )
    .await
    .is(201);
    desk.clock.advance(TimeDelta::minutes(6));
    let after = ahead().await;
    let more = |at: usize| of(&after, at) - of(&before, at);
    assert!(more(0) < 0.1 && more(4) > 1.0, "from noon on: {before} {after}");
    let told = lars.gets("/api/v1/campaigns").await.json(200);
    assert_eq!(told["campaigns"][0]["ads"][0]["reach"], 400_000);
}
