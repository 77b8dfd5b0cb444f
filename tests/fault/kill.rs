//! `kill -9` at random moments under load. `KILLS` says how often, `SEED` repeats a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use klarsvar::domain::comment::CommentState;
use klarsvar::domain::decision::OutboxState;
use klarsvar::domain::id::CommentId;
use klarsvar::domain::lane::Lane;
use klarsvar::standin::Standin;
use klarsvar::store::entity::{comment, delivery, event, outbox};
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};

use super::load::{Told, hands_in, listens, troubles, works};
use crate::journey::templates::approved_by;
use crate::support::eventually::{pause, within};
use crate::support::process::{Process, free_port};
use crate::support::random::Random;
use crate::support::stream::{Said, Stream};
use crate::support::{Cast, database, platform};

async fn events(db: &DatabaseConnection) -> Vec<event::Model> {
    event::Entity::find()
        .order_by_asc(event::Column::Seq)
        .all(db)
        .await
        .expect("events")
}

/// Settings under which a kill meets replies on their way: no time to undo, and a call that is given up soon.
const SETTINGS: [(&str, &str); 4] = [
    ("KLARSVAR_OUTBOX__UNDO_S", "0"),
    ("KLARSVAR_OUTBOX__ANSWER_WITHIN_S", "1"),
    // Two calls of five go wrong here: eight in a row are seen, and the desk would rightly give up.
    ("KLARSVAR_OUTBOX__MOST_TRIES", "1000"),
    // What was claimed when the power went stays claimed.
    ("KLARSVAR_LANE__MOST_CLAIMS", "1000"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_nothing_is_sent_twice_and_no_event_is_missed_or_repeated() {
    let kills: usize = std::env::var("KILLS")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(3);
    let mut random = Random::seeded("SEED");
    let place = database::fresh().await;
    let db = database::look(&place.url).await;
    database::start_shift(&db, Cast::Signe, Lane::Sv).await;
    let port = free_port();
    let standin = Arc::new(platform::facebook(&db, &format!("http://127.0.0.1:{port}/hooks/facebook")).await);
    let mut process = Process::serves_with(&place.url, port, &SETTINGS).await;
    let door = process.door.clone();
    approved_by(&door, &["who-decides"]).await;
    let cookie = door.signs_in(Cast::Signe).await;
    let since = events(&db).await.last().map_or(0, |event| event.seq);

    let told = Arc::new(Told::default());
    let mut load: Vec<_> = (1..=4)
        .map(|name| tokio::spawn(hands_in(door.clone(), Arc::clone(&told), Arc::clone(&standin), name)))
        .collect();
    load.push(tokio::spawn(works(door.clone(), Arc::clone(&told), cookie.clone())));
    load.push(tokio::spawn(troubles(
        Arc::clone(&standin),
        Arc::clone(&told),
        random.another(),
    )));
    let listening = tokio::spawn(listens(door.clone(), Arc::clone(&told), cookie.clone(), since));
    // Both directions move on before the next kill, so that none of them is met at rest only.
    let goes_on = async || {
        let before = told.comments.lock().await.len();
        let replied = told.replies.load(Ordering::Relaxed);
        within(Duration::from_secs(60), "work goes on", async || {
            let handed_in = told.comments.lock().await.len() > before + 20;
            (handed_in && told.replies.load(Ordering::Relaxed) > replied + 3).then_some(())
        })
        .await;
    };
    for _ in 0..kills {
        goes_on().await;
        pause(Duration::from_millis(random.below(400))).await;
        process.loses_power().await;
        process = Process::serves_with(&place.url, port, &SETTINGS).await;
    }
    goes_on().await;
    told.over.store(true, Ordering::Relaxed);
    for task in load {
        task.await.expect("the load ran well");
    }
    listening.await.expect("the listener ran well");
    within(Duration::from_secs(60), "everything kept is taken apart", async || {
        let rows = delivery::Entity::find().all(&db).await.expect("deliveries");
        rows.iter().all(|row| row.taken_apart_at.is_some()).then_some(())
    })
    .await;
    within(Duration::from_secs(120), "every reply is settled", async || {
        let rows = outgoing(&db).await;
        rows.iter()
            .all(|row| {
                !matches!(
                    row.state,
                    OutboxState::Pending | OutboxState::Sending | OutboxState::Unknown
                )
            })
            .then_some(())
    })
    .await;
    tokio::time::timeout(Duration::from_secs(120), standin.settled())
        .await
        .expect("the platform could tell everything");
    let last = told.frames.lock().await.last().copied().unwrap_or(since);
    let end = events(&db).await.last().map_or(0, |event| event.seq);
    let quiet = Arc::new(Told::default());
    let rest = tokio::spawn(listens(door.clone(), Arc::clone(&quiet), cookie.clone(), last));
    pause(Duration::from_millis(500)).await;
    quiet.over.store(true, Ordering::Relaxed);
    rest.await.expect("the listener ran well");
    let mut heard = told.frames.lock().await.clone();
    heard.extend(quiet.frames.lock().await.iter());
    let (code, _) = process.stops_when_asked().await;
    assert_eq!(code, Some(0));

    is_consistent(&db, &*told.comments.lock().await).await;
    let (sent, repeated) = is_sent_once(&db, &standin).await;
    let stored: Vec<i64> = events(&db)
        .await
        .into_iter()
        .filter(|event| is_told(event, since, end))
        .map(|event| event.seq)
        .collect();
    heard.retain(|seq| *seq <= end);
    assert_eq!(heard, stored, "a resuming client heard a hole or a repeat");
    println!(
        "{kills} kills, {} comments, {} claims, {sent} replies ({repeated} tried more than once), {} events",
        told.comments.lock().await.len(),
        told.claims.load(Ordering::Relaxed),
        stored.len()
    );
}

async fn outgoing(db: &DatabaseConnection) -> Vec<outbox::Model> {
    outbox::Entity::find().all(db).await.expect("the outbox")
}

/// Every reply the desk calls sent is on the platform once, none is there that it does not call sent, and none twice.
/// Gives how many there are, and how many of them needed more than one call.
async fn is_sent_once(db: &DatabaseConnection, standin: &Standin) -> (usize, usize) {
    let names: BTreeMap<CommentId, String> = comment::Entity::find()
        .all(db)
        .await
        .expect("comments")
        .into_iter()
        .map(|row| (row.id, row.external_id))
        .collect();
    let seen = platform::replies(standin);
    let mut called_sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut repeated = 0;
    for row in outgoing(db).await {
        assert_eq!(row.state, OutboxState::Delivered, "{row:?}");
        let action: serde_json::Value = serde_json::from_str(&row.action).expect("an action");
        let text = action["text"].as_str().expect("a text").to_owned();
        let name = names[&row.comment_id].clone();
        repeated += usize::from(standin.reply_posts(&name) > 1);
        called_sent.entry(name).or_default().push(text);
    }
    assert_eq!(
        called_sent, seen,
        "sent according to the desk, and seen on the platform"
    );
    assert!(seen.values().all(|replies| replies.len() == 1));
    assert!(!seen.is_empty());
    (seen.len(), repeated)
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
    let mut why: BTreeMap<CommentId, Vec<String>> = BTreeMap::new();
    for row in outgoing(db).await {
        let said = format!(
            "{} after {} tries: {:?} {:?}",
            row.state, row.tries, row.code, row.message
        );
        why.entry(row.comment_id).or_default().push(said);
    }
    // Our own replies are rows too, so that threads can be shown; nobody works them.
    for row in rows.iter().filter(|row| !row.own) {
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
            "{kinds:?} {:?}",
            why.get(&row.id)
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
    let stopping = tokio::time::timeout(Duration::from_secs(10), process.stops_when_asked());
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
