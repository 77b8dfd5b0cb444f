//! The accounts this desk is connected as, in memory, by name.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

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
}

impl Connected {
    /// Its platform.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.account.platform
    }
}

/// Every configured connector.
#[derive(Default)]
pub struct Connectors(RwLock<HashMap<Arc<str>, Arc<Connected>>>);

impl Connectors {
    /// The connector of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Connected>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// All of them, by name.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Connected>> {
        let mut all: Vec<_> = self
            .0
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
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name, Arc::new(connected));
    }
}
