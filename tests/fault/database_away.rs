//! The database is away for a while (`AWAY_S` seconds): PostgreSQL behind a way that is cut, SQLite locked by somebody else.

use std::time::Duration;

use klarsvar::domain::lane::Lane;
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::pages::form;
use crate::support::database::{self, Place};
use crate::support::eventually::{eventually, pause};
use crate::support::graph::payload;
use crate::support::proxy::Proxy;
use crate::support::sample::{SWEDISH, handed};
use crate::support::{Cast, TestDesk};

/// What keeps the desk from its database.
enum Outage {
    Cut(Proxy),
    Locked(DatabaseConnection),
}

impl Outage {
    async fn begins(&self) {
        match self {
            Self::Cut(proxy) => proxy.cuts(),
            Self::Locked(other) => {
                other.execute_unprepared("BEGIN EXCLUSIVE").await.expect("the lock");
            }
        }
    }

    async fn ends(&self) {
        match self {
            Self::Cut(proxy) => proxy.mends(),
            Self::Locked(other) => {
                other
                    .execute_unprepared("ROLLBACK")
                    .await
                    .expect("the lock is given back");
            }
        }
    }
}

async fn start() -> (TestDesk, Outage) {
    let place: Place = database::fresh().await;
    if database::postgres().is_none() {
        let mut options = sea_orm::ConnectOptions::new(&place.url);
        options.max_connections(1).sqlx_logging(false);
        let other = sea_orm::Database::connect(options)
            .await
            .expect("another program opens it");
        return (TestDesk::on(place, |_| {}, None).await, Outage::Locked(other));
    }
    let (before, rest) = place.url.split_once('@').expect("postgres://user@host:port/name");
    let (server, name) = rest.split_once('/').expect("a name");
    let proxy = Proxy::to(server.to_owned());
    let url = format!("{before}@{}/{name}", proxy.address);
    (TestDesk::on(place, |_| {}, Some(url)).await, Outage::Cut(proxy))
}

#[tokio::test]
async fn hooks_and_writes_are_answered_with_503_and_work_goes_on_after() {
    // Never less than connections are kept waiting for.
    let away_s: u64 = std::env::var("AWAY_S")
        .ok()
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(4);
    let (desk, outage) = start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let id = desk.has_comment("before", SWEDISH).await;
    let body = payload("facebook/webhooks/01_comment_add_sv_dark_post.json");

    outage.begins().await;
    let refusals = futures_util::future::join_all((0..12).map(async |number| {
        let answer = match number % 3 {
            0 => desk.delivers("facebook", &body).await,
            1 => desk.hands_in(&handed(&format!("away-{number}"), SWEDISH)).await,
            _ => signe.claims(&id).await,
        };
        answer.refuses(503, "unavailable");
        assert!(
            answer
                .header("retry-after")
                .parse::<u32>()
                .is_ok_and(|seconds| (1..=60).contains(&seconds)),
            "{answer:?}"
        );
    }));
    tokio::time::timeout(Duration::from_secs(25), refusals)
        .await
        .expect("nobody waits for the database for long");
    desk.nobody().gets("/healthz").await.is(200);
    let shown = form(&desk, &signe, &format!("/desk/{id}/claim"), "", false).await;
    shown.is(503);
    assert!(shown.header("content-type").starts_with("text/html"), "{shown:?}");
    assert!(!shown.header("retry-after").is_empty(), "{shown:?}");
    assert!(
        shown.text.contains("Systemet når inte sin databas just nu"),
        "{shown:?}"
    );
    pause(Duration::from_secs(away_s)).await;
    desk.delivers("facebook", &body).await.refuses(503, "unavailable");
    outage.ends().await;

    eventually("the desk takes deliveries again", async || {
        (desk.delivers("facebook", &body).await.status == 200).then_some(())
    })
    .await;
    for number in [1, 4, 7, 10] {
        let answer = desk.hands_in(&handed(&format!("away-{number}"), SWEDISH)).await;
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
    }
    desk.is_through().await;
    assert_eq!(desk.comments().await.len(), 1 + 1 + 4);
    signe.claims(&id).await.is(200);
    desk.nobody().gets("/readyz").await.is(200);
}

#[tokio::test]
async fn what_was_acknowledged_just_before_is_taken_apart_after() {
    let (desk, outage) = start().await;
    for file in [
        "01_comment_add_sv_dark_post",
        "02_comment_add_ar",
        "03_comment_add_en_reply",
    ] {
        desk.delivers("facebook", &payload(&format!("facebook/webhooks/{file}.json")))
            .await
            .is(200);
    }
    outage.begins().await;
    pause(Duration::from_millis(200)).await;
    outage.ends().await;
    desk.clock.advance(chrono::TimeDelta::minutes(1));
    eventually("the leftovers are taken apart", async || {
        // The job of the desk that does so; it may meet the outage's last moments.
        let _ = desk
            .runs(|app| async move { klarsvar::delivery::take_apart::take_apart_waiting(&app).await })
            .await;
        desk.deliveries()
            .await
            .iter()
            .all(|row| row.taken_apart_at.is_some())
            .then_some(())
    })
    .await;
    assert_eq!(desk.comments().await.len(), 3);
}

#[tokio::test]
async fn a_stream_that_was_open_goes_on_after() {
    let (desk, outage) = start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let mut stream = signe.listens("topics=queue.sv").await;
    outage.begins().await;
    desk.hands_in(&handed("e-1", SWEDISH)).await.refuses(503, "unavailable");
    outage.ends().await;
    let answer = eventually("the desk takes comments again", async || {
        let answer = desk.hands_in(&handed("e-1", SWEDISH)).await;
        (answer.status < 300).then_some(answer)
    })
    .await;
    let id = answer.json(answer.status)["id"].as_str().unwrap().to_owned();
    stream.until("comment.open", Some(&id)).await;
}
