//! `kill -9` at random moments under load. `KILLS` says how often, `KILL_SEED` repeats a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use klarsvar::domain::comment::CommentState;
use klarsvar::domain::lane::Lane;
use klarsvar::store::entity::{comment, delivery, event};
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};
use tokio::sync::Mutex;

use crate::support::Cast;
use crate::support::database::{self, INGEST_TOKEN};
use crate::support::desk::Door;
use crate::support::eventually::{eventually, pause, within};
use crate::support::graph::{APP_SECRET, comment_change, escaped, signature};
use crate::support::process::{Process, free_port};
use crate::support::random::Random;
use crate::support::sample::{SWEDISH, handed};
use crate::support::stream::{Said, Stream};

/// What clients were told is safe.
#[derive(Default)]
struct Told {
    comments: Mutex<BTreeSet<String>>,
    frames: Mutex<Vec<i64>>,
    claims: Mutex<usize>,
    over: AtomicBool,
}

impl Told {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

/// Hands in one comment after the other, each until it is acknowledged, as platforms and programmes do.
async fn hands_in(door: Door, told: Arc<Told>, name: String) {
    for number in 0.. {
        let external_id = format!("{name}-{number}");
        let by_hook = number % 2 == 0;
        loop {
            if told.is_over() {
                return;
            }
            let request = if by_hook {
                let change = comment_change(
                    &external_id,
                    "add",
                    1_795_341_600 + number,
                    serde_json::json!({ "message": SWEDISH }),
                );
                let body = escaped(&change);
                let sign = signature(APP_SECRET, body.as_bytes());
                door.http
                    .post(format!("{}/hooks/facebook", door.url))
                    .header("x-hub-signature-256", sign)
                    .body(body)
            } else {
                door.http
                    .post(format!("{}/api/v1/comments", door.url))
                    .bearer_auth(INGEST_TOKEN)
                    .json(&handed(&external_id, SWEDISH))
            };
            match request.send().await {
                Ok(answer) if answer.status().is_success() => break,
                Ok(answer) => assert_eq!(answer.status().as_u16(), 503, "{external_id}"),
                Err(_) => {}
            }
            pause(Duration::from_millis(5)).await;
        }
        let stored = if by_hook {
            format!("520000000000101_{external_id}")
        } else {
            external_id
        };
        told.comments.lock().await.insert(stored);
    }
}

/// Takes and gives back, as moderators do.
async fn works(door: Door, told: Arc<Told>, cookie: String) {
    while !told.is_over() {
        let next = door
            .http
            .post(format!("{}/api/v1/queue/next", door.url))
            .header("cookie", &cookie)
            .send()
            .await;
        let Ok(answer) = next else {
            pause(Duration::from_millis(5)).await;
            continue;
        };
        if answer.status().as_u16() != 200 {
            pause(Duration::from_millis(5)).await;
            continue;
        }
        *told.claims.lock().await += 1;
        if let Ok(item) = answer.json::<serde_json::Value>().await
            && told.claims.lock().await.is_multiple_of(3)
        {
            let path = format!(
                "{}/api/v1/comments/{}/release",
                door.url,
                item["id"].as_str().expect("an id")
            );
            let _ = door.http.post(path).header("cookie", &cookie).send().await;
        }
    }
}

/// Listens, and comes back after each end with the last number it saw.
async fn listens(door: Door, told: Arc<Told>, cookie: String, since: i64) {
    let mut last = since;
    while !told.is_over() {
        let path = format!("/api/v1/stream?topics=queue.sv&since={last}");
        let Some(mut stream) = Stream::try_open(&door.address, &path, Some(&cookie)).await else {
            pause(Duration::from_millis(10)).await;
            continue;
        };
        while let Some(said) = stream.within(Duration::from_millis(200)).await {
            let Said::Frame(frame) = said else { break };
            assert_ne!(frame["type"], "stale", "the test replays less than the limit");
            last = frame["seq"].as_i64().expect("a number");
            told.frames.lock().await.push(last);
        }
    }
}

async fn events(db: &DatabaseConnection) -> Vec<event::Model> {
    event::Entity::find()
        .order_by_asc(event::Column::Seq)
        .all(db)
        .await
        .expect("events")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_no_event_is_missed_or_repeated() {
    let kills: usize = std::env::var("KILLS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(3);
    let mut random = Random::seeded("KILL_SEED");
    let place = database::fresh().await;
    let db = database::look(&place.url).await;
    database::start_shift(&db, Cast::Signe, Lane::Sv).await;
    let port = free_port();
    let mut process = Process::serves(&place.url, port).await;
    let door = process.door.clone();
    let cookie = door.signs_in(Cast::Signe).await;
    let since = events(&db).await.last().map_or(0, |event| event.seq);

    let told = Arc::new(Told::default());
    let mut load: Vec<_> = (0..4)
        .map(|number| tokio::spawn(hands_in(door.clone(), Arc::clone(&told), format!("c{number}"))))
        .collect();
    load.push(tokio::spawn(works(door.clone(), Arc::clone(&told), cookie.clone())));
    load.push(tokio::spawn(listens(
        door.clone(),
        Arc::clone(&told),
        cookie.clone(),
        since,
    )));
    for _ in 0..kills {
        let before = told.comments.lock().await.len();
        within(Duration::from_secs(30), "work goes on", async || {
            (told.comments.lock().await.len() > before + 20).then_some(())
        })
        .await;
        pause(Duration::from_millis(random.below(400))).await;
        process.killed().await;
        process = Process::serves(&place.url, port).await;
    }
    let before = told.comments.lock().await.len();
    eventually("work goes on after the last start", async || {
        (told.comments.lock().await.len() > before + 20).then_some(())
    })
    .await;
    let deliveries_done = async || {
        let rows = delivery::Entity::find().all(&db).await.expect("deliveries");
        rows.iter().all(|row| row.taken_apart_at.is_some()).then_some(())
    };
    // The stream ends last, when nothing more happens.
    let listening = load.pop().expect("the listener");
    let quiet = Arc::new(Told::default());
    told.over.store(true, Ordering::Relaxed);
    for task in load {
        task.await.expect("the load ran well");
    }
    listening.await.expect("the listener ran well");
    within(
        Duration::from_secs(40),
        "everything kept is taken apart",
        deliveries_done,
    )
    .await;
    let last = told.frames.lock().await.last().copied().unwrap_or(since);
    let end = events(&db).await.last().map_or(0, |event| event.seq);
    let rest = tokio::spawn(listens(door.clone(), Arc::clone(&quiet), cookie.clone(), last));
    pause(Duration::from_millis(500)).await;
    quiet.over.store(true, Ordering::Relaxed);
    rest.await.expect("the listener ran well");
    let mut heard = told.frames.lock().await.clone();
    heard.extend(quiet.frames.lock().await.iter());
    let (code, _) = process.asked_to_stop().await;
    assert_eq!(code, Some(0));

    is_consistent(&db, &*told.comments.lock().await).await;
    let stored: Vec<i64> = events(&db)
        .await
        .into_iter()
        .filter(|event| is_told(event, since, end))
        .map(|event| event.seq)
        .collect();
    heard.retain(|seq| *seq <= end);
    assert_eq!(heard, stored, "a resuming client heard a hole or a repeat");
    assert!(*told.claims.lock().await > 0);
    println!(
        "{kills} kills, {} comments, {} events",
        told.comments.lock().await.len(),
        stored.len()
    );
}

fn is_told(event: &event::Model, since: i64, end: i64) -> bool {
    event.seq > since && event.seq <= end && event.lane == Some(Lane::Sv) && event.kind.as_str().starts_with("comment.")
}

/// Every acknowledged comment is there once, numbers have no hole, and rows agree with their events.
async fn is_consistent(db: &DatabaseConnection, acknowledged: &BTreeSet<String>) {
    let rows = comment::Entity::find().all(db).await.expect("comments");
    let mut copies: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *copies.entry(&row.external_id).or_default() += 1;
    }
    for name in acknowledged {
        assert_eq!(copies.get(name.as_str()), Some(&1), "{name}");
    }
    assert!(copies.values().all(|count| *count == 1));
    let all = events(db).await;
    let numbers: Vec<i64> = all.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..).take(all.len()).collect::<Vec<i64>>());
    for row in &rows {
        let held = row.state == CommentState::Claimed;
        assert_eq!(row.claimed_by.is_some(), held, "{row:?}");
        assert_eq!(row.claimed_until.is_some(), held, "{row:?}");
        let kinds: Vec<&str> = all
            .iter()
            .filter(|event| event.comment_id == Some(row.id))
            .map(|event| event.kind.as_str())
            .collect();
        assert_eq!(
            kinds.iter().filter(|kind| **kind == "comment.open").count(),
            1,
            "{kinds:?}"
        );
        assert_eq!(kinds.last() == Some(&"comment.claimed"), held, "{kinds:?}");
    }
}

#[tokio::test]
async fn asked_to_stop_it_ends_well_within_ten_seconds() {
    let place = database::fresh().await;
    let db = database::look(&place.url).await;
    database::start_shift(&db, Cast::Signe, Lane::Sv).await;
    let process = Process::serves(&place.url, free_port()).await;
    let door = process.door.clone();
    let cookie = door.signs_in(Cast::Signe).await;
    let mut stream = Stream::open(&door.address, "/api/v1/stream?topics=queue.sv", Some(&cookie))
        .await
        .expect("a stream");
    let stopping = tokio::time::timeout(Duration::from_secs(10), process.asked_to_stop());
    let listening = async {
        loop {
            if let Said::Closed(code) = stream.next().await {
                return code;
            }
        }
    };
    let (ended, code) = futures_util::future::join(stopping, listening).await;
    let (exit, printed) = ended.expect("it ends in time");
    assert_eq!(exit, Some(0));
    assert!(printed.is_empty(), "{printed:?}");
    assert_eq!(code, Some(1012));
}
