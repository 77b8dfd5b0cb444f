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
    /// Of a thousand bodies so many are lost without an attempt, drawn by their number.
    pub lost: u64,
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
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
        }
    }
}

/// What has become of the deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Updates not yet accepted.
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

pub(super) async fn run(shared: Arc<Shared>, mut inbox: mpsc::UnboundedReceiver<Parcel>) {
    let Ok(client) = super::client() else { return };
    let mut flow_changes = shared.flow.subscribe();
    let mut waiting: Vec<Parcel> = Vec::new();
    let mut lane = (0, Arc::new(Semaphore::new(0)));
    loop {
        tokio::select! {
            parcel = inbox.recv() => match parcel {
                Some(parcel) => waiting.push(parcel),
                None => return,
            },
            changed = flow_changes.changed() => if changed.is_err() { return },
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
        let (lost, kept): (Vec<_>, Vec<_>) = waiting
            .drain(..)
            .partition(|parcel| drawn(parcel.serial) % 1_000 < flow.lost);
        shared.count(|tally| {
            tally.pending -= lost.len();
            tally.lost += u64::try_from(lost.len()).unwrap_or(u64::MAX);
        });
        waiting = kept;
        for batch in batches(waiting.drain(..), flow.batch_up_to.max(1)) {
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
