//! A desk that reads a platform: what it learns, what it spends, and when it says that it is blind.

use std::sync::Arc;

use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::account::{self, SaveAccount};
use crate::clock::Clock;
use crate::domain::comment::{CommentState, Visibility};
use crate::domain::event::EventKind;
use crate::domain::platform::{ConnectorState, Platform};
use crate::intake;
use crate::practice::Practice;
use crate::standin::{Standing, Trouble, YoutubeStandin};
use crate::store::entity::{comment, connector, delivery, errand, event, revision, spent};

const CHANNEL: &str = "UCexempel";
const TOKEN: &str = "access-first";
const VIDEO: &str = "kExempel001";

struct Bench {
    desk: Practice,
    standin: YoutubeStandin,
}

impl Bench {
    async fn start() -> Self {
        let desk = Practice::start().await;
        let clock = Arc::clone(&desk.clock);
        let standin = YoutubeStandin::start(Arc::new(move || clock.now()), CHANNEL, TOKEN).expect("a stand-in");
        let step = SaveAccount {
            name: "youtube".into(),
            platform: Platform::Youtube,
            account: Some(CHANNEL.into()),
            api_url: Some(standin.api_url()),
            app_secret: Some("client-secret".into()),
            access_token: Some(TOKEN.into()),
            refresh_token: Some("refresh-first".into()),
            settings: Some(json!({ "client_id": "client", "token_url": standin.token_url() }).to_string()),
            ..SaveAccount::by_hand("")
        };
        account::save(&desk.app, step).await.expect("a connector");
        intake::plan(&desk.app).await.expect("a plan");
        Self { desk, standin }
    }

    /// Lets time pass and does what is due, as the jobs do.
    async fn after(&self, seconds: i64) {
        self.desk.clock.advance(TimeDelta::seconds(seconds));
        intake::work(&self.desk.app).await.expect("errands");
        intake::sight::look(&self.desk.app).await.expect("a look");
    }

    async fn comments(&self) -> Vec<comment::Model> {
        comment::Entity::find()
            .all(self.desk.app.db.reader())
            .await
            .expect("comments")
    }

    async fn comment(&self, id: &str) -> comment::Model {
        let all = self.comments().await;
        all.into_iter().find(|row| row.external_id == id).expect("the comment")
    }

    async fn connector(&self) -> connector::Model {
        connector::Entity::find_by_id("youtube")
            .one(self.desk.app.db.reader())
            .await
            .expect("a read")
            .expect("the connector")
    }

    /// The token that calls are made with.
    fn token(&self) -> String {
        let connected = self.desk.app.connectors.find("youtube").expect("the connector");
        connected.account.access_token.clone()
    }

    async fn told(&self, what: &str) -> usize {
        let rows = event::Entity::find()
            .filter(event::Column::Kind.eq(EventKind::Connector))
            .all(self.desk.app.db.reader())
            .await
            .expect("events");
        rows.iter()
            .filter(|row| row.data.contains(&format!("\"{what}\"")))
            .count()
    }
}

#[actix_web::test]
async fn what_stands_there_comes_in_once_and_what_follows_when_it_follows() {
    let bench = Bench::start().await;
    let first = bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    let below = bench.standin.write(VIDEO, Some(&first), "yusuf", "نفس السؤال");
    bench.after(1).await;
    bench.after(60).await;
    let second = bench.standin.write(VIDEO, None, "sam", "Is there an English version?");
    bench.after(60).await;
    bench.after(60).await;
    let mut ids: Vec<String> = bench.comments().await.into_iter().map(|row| row.external_id).collect();
    let mut expected = vec![first.clone(), below.clone(), second];
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    assert_eq!(bench.comment(&below).await.parent, Some(first));
    let kept = delivery::Entity::find().all(bench.desk.app.db.reader()).await.unwrap();
    assert_eq!(kept.len(), 2, "a page that tells nothing new is not kept");
    assert!(
        kept.iter()
            .all(|row| row.taken_apart_at.is_some() && row.error.is_none())
    );
}

#[actix_web::test]
async fn a_backlog_of_many_pages_and_long_threads_comes_in_whole() {
    let bench = Bench::start().await;
    let mut tops = Vec::new();
    for n in 0..230 {
        tops.push(bench.standin.write(VIDEO, None, "elin", &format!("fråga {n}")));
        bench.desk.clock.advance(TimeDelta::seconds(1));
    }
    for n in 0..120 {
        bench.standin.write(VIDEO, Some(&tops[3]), "sam", &format!("svar {n}"));
    }
    bench.after(1).await;
    assert_eq!(bench.comments().await.len(), 350);
    let calls = bench.standin.calls();
    bench.after(60).await;
    assert_eq!(
        bench.standin.calls() - calls,
        1,
        "the thread is not read again where nothing came to it"
    );
    bench.standin.write(VIDEO, Some(&tops[3]), "sam", "ett till");
    // The thread stands on the third page, and an answer does not move it to the front.
    bench.after(60).await;
    assert_eq!(bench.comments().await.len(), 350);
    bench.after(3_600).await;
    assert_eq!(bench.comments().await.len(), 351);
}

#[actix_web::test]
async fn a_page_that_fails_between_two_others_leaves_no_hole() {
    let bench = Bench::start().await;
    for n in 0..10 {
        bench.standin.write(VIDEO, None, "elin", &format!("tidig {n}"));
    }
    bench.after(1).await;
    bench.desk.clock.advance(TimeDelta::seconds(30));
    for n in 0..150 {
        bench.standin.write(VIDEO, None, "elin", &format!("sen {n}"));
    }
    bench.desk.clock.advance(TimeDelta::seconds(30));
    bench.standin.next(Trouble::LoseAnswer);
    bench.after(1).await;
    assert_eq!(bench.comments().await.len(), 10);
    // The first page arrives, the second does not.
    let row = errand::Entity::find_by_id(("youtube".to_owned(), "threads/published".to_owned()));
    let failed = row.one(bench.desk.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(failed.failures, 1);
    assert!(failed.last_error.unwrap().starts_with("unavailable"));
    bench.after(120).await;
    assert_eq!(bench.comments().await.len(), 160);
}

#[actix_web::test]
async fn edits_holds_and_removals_are_found_by_reading() {
    let bench = Bench::start().await;
    let edited = bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    let held = bench.standin.write(VIDEO, None, "sam", "Köp nu");
    let gone = bench.standin.write(VIDEO, None, "yusuf", "سؤال");
    bench.after(1).await;
    bench.desk.clock.advance(TimeDelta::seconds(30));
    bench.standin.edit(&edited, "Vad betyder LVU, och vem bestämmer?");
    bench.standin.put(&held, Standing::Hidden);
    bench.standin.put(&gone, Standing::Gone);
    bench.after(30).await;
    let row = bench.comment(&edited).await;
    assert_eq!(
        (row.revision, row.text.as_deref()),
        (2, Some("Vad betyder LVU, och vem bestämmer?"))
    );
    let earlier = revision::Entity::find().all(bench.desk.app.db.reader()).await.unwrap();
    assert_eq!(earlier[0].text.as_deref(), Some("Vad betyder LVU?"));
    assert_eq!(
        bench.comment(&gone).await.state,
        CommentState::Open,
        "absence alone is no removal"
    );
    bench.after(600).await;
    assert_eq!(bench.comment(&held).await.visibility, Visibility::Hidden);
    bench.after(86_400).await;
    assert_eq!(bench.comment(&gone).await.state, CommentState::Withdrawn);
    assert_eq!(
        bench.comment(&held).await.state,
        CommentState::Open,
        "held back is not gone"
    );
    bench.standin.put(&held, Standing::Public);
    bench.after(60).await;
    assert_eq!(bench.comment(&held).await.visibility, Visibility::Visible);
}

#[actix_web::test]
async fn a_platform_that_stays_away_is_called_blind_within_two_readings_and_seen_again() {
    let bench = Bench::start().await;
    bench.after(1).await;
    bench.standin.set_down(true);
    let went = bench.desk.app.now_ms();
    let mut noticed = None;
    for _ in 0..60 {
        bench.after(5).await;
        if noticed.is_none() && bench.connector().await.blind_since.is_some() {
            noticed = Some(bench.desk.app.now_ms());
        }
    }
    let every = 60_000;
    assert!(
        noticed.expect("noticed") - went <= 2 * every + 5_000,
        "{noticed:?} {went}"
    );
    assert_eq!(bench.connector().await.blind_since, Some(went));
    assert_eq!(bench.told("blind").await, 1);
    assert!(bench.connector().await.last_error.unwrap().starts_with("unavailable"));
    bench.standin.set_down(false);
    let id = bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    bench.after(900).await;
    assert_eq!(bench.connector().await.blind_since, None);
    assert_eq!(bench.told("sees-again").await, 1);
    assert_eq!(bench.comment(&id).await.state, CommentState::Open);
}

#[actix_web::test]
async fn a_void_token_is_renewed_and_one_that_cannot_be_asks_for_a_person() {
    let bench = Bench::start().await;
    bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    bench.standin.next(Trouble::TokenVoid);
    bench.after(1).await;
    assert_eq!(bench.comments().await.len(), 0);
    let row = bench.connector().await;
    let token = bench.token();
    assert!(token.starts_with("access-") && token != TOKEN && !row.access_token.contains(&token));
    assert_eq!(row.token_expires_at, Some(bench.desk.app.now_ms() + 3_599_000));
    bench.after(60).await;
    assert_eq!(bench.comments().await.len(), 1);
    // Before it runs out it is renewed without anything failing.
    bench.desk.clock.advance(TimeDelta::seconds(3_400));
    intake::token::renew_soon(&bench.desk.app).await.unwrap();
    assert_ne!(bench.token(), token);
    let spoilt = SaveAccount {
        name: "youtube".into(),
        platform: Platform::Youtube,
        refresh_token: Some("spoilt".into()),
        ..SaveAccount::by_hand("")
    };
    account::save(&bench.desk.app, spoilt).await.unwrap();
    bench.standin.next(Trouble::TokenVoid);
    bench.after(60).await;
    let row = bench.connector().await;
    assert_eq!(row.state, ConnectorState::SignInNeeded);
    assert!(row.blind_since.is_some());
    assert!(row.last_error.is_some_and(|said| !said.contains("spoilt")));
}

#[actix_web::test]
async fn reading_stops_before_the_units_of_answers_and_begins_again_at_midnight_there() {
    let bench = Bench::start().await;
    bench.after(1).await;
    let units = bench.standin.units();
    let row = spent::Entity::find()
        .one(bench.desk.app.db.reader())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.day.as_str(), u64::try_from(row.units).unwrap()),
        ("2026-11-22", units),
        "counted as the platform does"
    );
    // 08:00 in Sweden is 23:00 the day before on the Pacific coast: an hour is left.
    let mut last = 0;
    for _ in 0..58 {
        bench.after(60).await;
        last = bench.standin.units();
    }
    assert!(last <= 5_000, "{last}");
    bench.standin.set_units(10_000);
    bench.after(60).await;
    let row = errand::Entity::find_by_id(("youtube".to_owned(), "threads/published".to_owned()))
        .one(bench.desk.app.db.reader())
        .await
        .unwrap()
        .unwrap();
    assert!(row.last_error.unwrap().starts_with("quota-spent"));
    assert_eq!(
        row.due_at,
        "2026-11-23T08:00:00Z"
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
            .timestamp_millis()
    );
    bench.standin.set_units(0);
    bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    bench.after(60).await;
    assert_eq!(bench.comments().await.len(), 1);
}

#[actix_web::test]
async fn a_page_of_nonsense_is_kept_counted_and_read_again() {
    let bench = Bench::start().await;
    let id = bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    for _ in 0..4 {
        bench.standin.next(Trouble::Nonsense);
    }
    bench.after(1).await;
    let kept = delivery::Entity::find().all(bench.desk.app.db.reader()).await.unwrap();
    assert_eq!(kept.len(), 1, "the same nonsense is kept once");
    assert!(kept[0].error.is_some() && kept[0].taken_apart_at.is_some());
    bench.after(900).await;
    assert_eq!(bench.comment(&id).await.state, CommentState::Open);
}

#[actix_web::test]
async fn what_is_looked_after_once_a_day_and_fails_is_looked_after_again_within_a_quarter_of_an_hour() {
    let bench = Bench::start().await;
    let id = bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    bench.after(60).await;
    bench.standin.put(&id, Standing::Gone);
    bench.standin.set_down(true);
    bench.after(86_400).await;
    assert_eq!(bench.comment(&id).await.state, CommentState::Open);
    bench.standin.set_down(false);
    bench.after(900).await;
    assert_eq!(bench.comment(&id).await.state, CommentState::Withdrawn);
}

#[actix_web::test]
async fn what_is_kept_of_youtube_is_asked_for_again_within_thirty_days() {
    let bench = Bench::start().await;
    let old = bench.standin.write(VIDEO, None, "elin", "Vad betyder LVU?");
    bench.after(1).await;
    bench.after(10 * 86_400).await;
    for n in 0..110 {
        bench
            .standin
            .write(VIDEO, None, "sam", &format!("En annan fråga, nummer {n}"));
    }
    bench.after(60).await;
    // Threads are swept for two days.
    bench.after(3 * 86_400).await;
    bench.standin.edit(&old, "Vad betyder LVU egentligen?");
    let mut days = 13;
    while bench.comment(&old).await.revision == 1 {
        bench.after(86_400).await;
        days += 1;
        assert!(days <= 30, "not asked for again");
    }
    assert!(days > 20, "only what is new is read every day, not day {days}");
}
