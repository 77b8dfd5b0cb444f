//! The accounts this desk is connected as, in memory, by name.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Semaphore;

use super::{Account, Connector};
use crate::domain::platform::{ConnectorState, Platform};

/// One configured connector.
pub struct Connected {
    /// Its name, which is also its address under `/hooks/`.
    pub name: Arc<str>,
    /// The account with its secrets.
    pub account: Account,
    /// The protocol; none where comments are entered by hand or programme.
    pub protocol: Option<&'static dyn Connector>,
    /// Whether it works.
    pub state: ConnectorState,
    /// Whether its secrets are sealed with another key than the desk has: until the key is back or they are given anew,
    /// nothing of it is believed and nothing is sent.
    pub is_locked: bool,
    /// Since when the desk sees nothing of it, in milliseconds; none while it does.
    pub blind_since: Option<i64>,
}

impl Connected {
    /// Its platform.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.account.platform
    }

    /// Whether new comments come in by deliveries, and reading only makes sure.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.protocol.is_some_and(|protocol| {
            let errands = protocol.reader().map(|reader| reader.errands(&self.account));
            protocol.listener().is_none() && errands.is_none_or(|errands| errands.iter().all(|one| !one.is_live))
        })
    }
}

/// Calls that may be on their way to one platform at once: one that hangs holds no more than these.
const AT_ONCE: usize = 4;

/// Every configured connector.
#[derive(Default)]
pub struct Connectors {
    connected: RwLock<HashMap<Arc<str>, Arc<Connected>>>,
    gates: RwLock<HashMap<Arc<str>, Arc<Semaphore>>>,
    /// When each last delivered something to this instance, in milliseconds.
    delivered: RwLock<HashMap<Arc<str>, i64>>,
}

impl Connectors {
    /// The connector of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Connected>> {
        self.connected
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    /// All of them, by name.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Connected>> {
        let mut all: Vec<_> = self
            .connected
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// Adds or replaces one.
    pub fn put(&self, connected: Connected) {
        let name = Arc::clone(&connected.name);
        self.connected
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name, Arc::new(connected));
    }

    /// Notes whether one works. Only after that is committed.
    pub fn set_state(&self, name: &str, state: ConnectorState) {
        let mut connected = self.connected.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = connected.get_mut(name) {
            *known = Arc::new(Connected {
                name: Arc::clone(&known.name),
                account: known.account.clone(),
                protocol: known.protocol,
                state: if known.is_locked { known.state } else { state },
                is_locked: known.is_locked,
                blind_since: known.blind_since,
            });
        }
    }

    /// Notes that one delivered something that was proven to be the platform's.
    pub fn delivered(&self, name: &Arc<str>, at: i64) {
        let mut delivered = self.delivered.write().unwrap_or_else(PoisonError::into_inner);
        delivered.insert(Arc::clone(name), at);
    }

    /// When one last delivered something to this instance, in milliseconds.
    #[must_use]
    pub fn last_delivery(&self, name: &str) -> Option<i64> {
        let delivered = self.delivered.read().unwrap_or_else(PoisonError::into_inner);
        delivered.get(name).copied()
    }

    /// What limits the calls on their way to one platform at once.
    #[must_use]
    pub fn gate(&self, name: &Arc<str>) -> Arc<Semaphore> {
        let mut gates = self.gates.write().unwrap_or_else(PoisonError::into_inner);
        let gate = gates
            .entry(Arc::clone(name))
            .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
        Arc::clone(gate)
    }
}
