//! Brings updates to the hooks: batches, signs, retries the same body until it is accepted.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};

use super::Shared;
use super::hook::{Update, envelope};
use super::wire::{escaped, signature};
use crate::domain::platform::Platform;

/// How updates are delivered.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Nothing is delivered; updates gather.
    pub paused: bool,
    /// Most updates in one body.
    pub batch_up_to: usize,
    /// Each body is sent this many times more after it was accepted.
    pub repeats: u32,
    /// What has gathered is delivered in an order drawn from this seed.
    pub shuffle: Option<u64>,
    /// Bodies on their way at once; with 1, first attempts arrive in order.
    pub at_once: usize,
    /// Attempts per body, the first included; then it is lost, as after the platform's 36 hours.
    pub attempts: u32,
    /// Of a thousand updates so many are lost without an attempt, drawn by their number.
    pub lost: u64,
    /// Of a thousand updates so many are delivered once more, after some later ones.
    pub redelivered: u64,
    /// Of a thousand updates so many are held back until some later ones are gone, or the rules change.
    pub reordered: u64,
    /// Another seed draws other updates for the three above.
    pub seed: u64,
    /// Wait before the second attempt; doubled each time up to `longest_wait`.
    pub first_wait: Duration,
    /// Longest wait between attempts.
    pub longest_wait: Duration,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            paused: false,
            batch_up_to: 1,
            repeats: 0,
            shuffle: None,
            at_once: 1,
            attempts: 1_000,
            lost: 0,
            redelivered: 0,
            reordered: 0,
            seed: 0,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
        }
    }
}

/// What has become of the deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Updates not yet accepted, without those held back.
    pub pending: usize,
    /// Bodies answered with 200.
    pub accepted: u64,
    /// Attempts answered otherwise or not at all.
    pub failed: u64,
    /// Bodies given up.
    pub lost: u64,
}

pub(super) struct Parcel {
    pub serial: u64,
    pub update: Update,
    /// Told when the first attempt is over.
    pub tried: Option<oneshot::Sender<()>>,
}

/// Most updates that one held back lets go first.
const MOST_BEFORE: u64 = 5;

/// What goes out later than it could.
struct Held {
    /// Updates still to go first.
    before: u64,
    parcel: Parcel,
}

impl Held {
    /// Counts no longer as pending until it is let go.
    fn back(parcel: Parcel, drawn_by: u64) -> Self {
        Self {
            before: 1 + drawn_by % MOST_BEFORE,
            parcel,
        }
    }
}

/// Puts what waits in the order in which it goes out: without what is lost, what is held back where it comes after others,
/// and some of it twice. `all` lets everything go that is held back.
fn ordered(shared: &Shared, flow: &Flow, waiting: Vec<Parcel>, held: &mut Vec<Held>, all: bool) -> Vec<Parcel> {
    let drawn_for = |parcel: &Parcel, salt: u64| drawn(parcel.serial ^ flow.seed ^ salt);
    let mut out = Vec::with_capacity(waiting.len());
    for mut parcel in waiting {
        if drawn_for(&parcel, 0) % 1_000 < flow.lost {
            shared.count(|tally| {
                tally.pending -= 1;
                tally.lost += 1;
            });
            continue;
        }
        let (again, late) = (drawn_for(&parcel, 1 << 40), drawn_for(&parcel, 1 << 41));
        let copy = (again % 1_000 < flow.redelivered).then(|| Parcel {
            serial: parcel.serial,
            update: parcel.update.clone(),
            tried: None,
        });
        if late % 1_000 < flow.reordered {
            // Nobody waits for what comes late.
            parcel.tried = None;
            shared.count(|tally| tally.pending -= 1);
            held.push(Held::back(parcel, late / 1_000));
        } else {
            out.push(parcel);
            for one in held.iter_mut() {
                one.before = one.before.saturating_sub(1);
            }
            out.extend(let_go(shared, held, false));
        }
        held.extend(copy.map(|copy| Held::back(copy, again / 1_000)));
    }
    out.extend(let_go(shared, held, all));
    out
}

fn let_go(shared: &Shared, held: &mut Vec<Held>, all: bool) -> Vec<Parcel> {
    let gone: Vec<Parcel> = held
        .extract_if(.., |one| all || one.before == 0)
        .map(|one| one.parcel)
        .collect();
    shared.count(|tally| tally.pending += gone.len());
    gone
}

pub(super) async fn run(shared: Arc<Shared>, mut inbox: mpsc::UnboundedReceiver<Parcel>) {
    let Ok(client) = super::client() else { return };
    let mut flow_changes = shared.flow.subscribe();
    let mut waiting: Vec<Parcel> = Vec::new();
    let mut held: Vec<Held> = Vec::new();
    let mut lane = (0, Arc::new(Semaphore::new(0)));
    loop {
        let mut new_rules = false;
        tokio::select! {
            parcel = inbox.recv() => match parcel {
                Some(parcel) => waiting.push(parcel),
                None => return,
            },
            changed = flow_changes.changed() => match changed {
                Ok(()) => new_rules = true,
                Err(_) => return,
            },
        }
        while let Ok(parcel) = inbox.try_recv() {
            waiting.push(parcel);
        }
        let flow = flow_changes.borrow_and_update().clone();
        if flow.paused {
            continue;
        }
        if lane.0 != flow.at_once.max(1) {
            lane = (flow.at_once.max(1), Arc::new(Semaphore::new(flow.at_once.max(1))));
        }
        if let Some(seed) = flow.shuffle {
            waiting.sort_by_key(|parcel| drawn(seed ^ parcel.serial));
        }
        let going = ordered(&shared, &flow, std::mem::take(&mut waiting), &mut held, new_rules);
        for batch in batches(going.into_iter(), flow.batch_up_to.max(1)) {
            let Ok(permit) = Arc::clone(&lane.1).acquire_owned().await else {
                return;
            };
            let (shared, client, flow) = (Arc::clone(&shared), client.clone(), flow.clone());
            actix_web::rt::spawn(async move { deliver(&shared, &client, &flow, batch, permit).await });
        }
    }
}

fn batches(parcels: impl Iterator<Item = Parcel>, up_to: usize) -> Vec<Vec<Parcel>> {
    let mut made: Vec<Vec<Parcel>> = Vec::new();
    for parcel in parcels {
        match made.last_mut() {
            Some(last) if last.len() < up_to && last[0].update.platform == parcel.update.platform => last.push(parcel),
            _ => made.push(vec![parcel]),
        }
    }
    made
}

async fn deliver(
    shared: &Shared,
    client: &reqwest::Client,
    flow: &Flow,
    batch: Vec<Parcel>,
    permit: tokio::sync::OwnedSemaphorePermit,
) {
    let (updates, tried): (Vec<_>, Vec<_>) = batch.into_iter().map(|parcel| (parcel.update, parcel.tried)).unzip();
    let platform = updates[0].platform;
    let body = escaped(&envelope(&updates));
    let (mut tried, mut permit) = (tried, Some(permit));
    let (mut wait, mut copies) = (flow.first_wait, u64::from(flow.repeats) + 1);
    for _ in 0..flow.attempts.max(1) {
        let accepted = attempt(shared, client, platform, &body).await;
        for told in tried.drain(..).flatten() {
            // Whoever waited may have gone.
            let _ = told.send(());
        }
        shared.count(|tally| {
            if accepted {
                tally.accepted += 1
            } else {
                tally.failed += 1
            }
        });
        while accepted && copies > 1 {
            copies -= 1;
            if attempt(shared, client, platform, &body).await {
                shared.count(|tally| tally.accepted += 1);
            }
        }
        // Only first attempts keep the order; a body that is refused must not hold up the others.
        drop(permit.take());
        if accepted {
            shared.count(|tally| tally.pending -= updates.len());
            return;
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(flow.longest_wait);
    }
    shared.count(|tally| {
        tally.lost += 1;
        tally.pending -= updates.len();
    });
}

async fn attempt(shared: &Shared, client: &reqwest::Client, platform: Platform, body: &str) -> bool {
    let Some(hook) = shared.hook(platform) else {
        return false;
    };
    let request = client
        .post(hook)
        .header("content-type", "application/json")
        .header("x-hub-signature-256", signature(&shared.app_secret, body.as_bytes()))
        .body(body.to_owned());
    request.send().await.is_ok_and(|response| response.status() == 200)
}

/// A number drawn from another (splitmix64).
fn drawn(from: u64) -> u64 {
    let mut number = from.wrapping_add(0x9E37_79B9_7F4A_7C15);
    number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
