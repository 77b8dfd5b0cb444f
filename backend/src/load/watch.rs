//! How a lane stands against the thresholds, and since when.

use std::sync::{Mutex, PoisonError};

use super::board::Load;
use crate::config;
use crate::domain::lane::Lane;

crate::words! {
    /// How a lane stands.
    pub enum LoadState {
        /// Nothing waits.
        Idle = "idle",
        /// Balanced.
        Ok = "ok",
        /// Something comes close to its deadline, or waits with nobody there.
        Watch = "watch",
        /// Somebody has to act: overdue, many close to it, or one waiting too long.
        Act = "act",
    }
}

impl LoadState {
    /// A lane that stands well but lacks people is to be watched.
    #[must_use]
    pub fn with_missing(self, missing: u32) -> Self {
        if self == Self::Ok && missing > 0 {
            Self::Watch
        } else {
            self
        }
    }
}

/// How a lane with this load and so many people stands.
#[must_use]
pub fn state(config: &config::Load, load: &Load, on_shift: usize) -> LoadState {
    let oldest_min = load.oldest_wait_ms.map_or(0, |ms| ms / 60_000);
    if load.overdue > 0
        || (config.act_near > 0 && load.near >= config.act_near)
        || (config.act_oldest_min > 0 && oldest_min >= i64::from(config.act_oldest_min))
    {
        LoadState::Act
    } else if load.near > 0 || (load.backlog > 0 && on_shift == 0) {
        LoadState::Watch
    } else if load.backlog == 0 {
        LoadState::Idle
    } else {
        LoadState::Ok
    }
}

/// Since when each lane stands as it does. Kept in memory: after a restart it counts from the restart.
#[derive(Debug, Default)]
pub struct Watch(Mutex<[Option<(LoadState, i64)>; 4]>);

impl Watch {
    /// Since when (milliseconds) a lane is in the state it is in now.
    #[must_use]
    pub fn since(&self, lane: Lane, state: LoadState, now: i64) -> i64 {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = &mut lanes[lane.index()];
        match kept {
            Some((known, since)) if *known == state => *since,
            _ => {
                *kept = Some((state, now));
                now
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LoadState, Watch, state};
    use crate::config;
    use crate::domain::lane::Lane;
    use crate::load::board::Load;

    const NOTHING: Load = Load {
        arrivals_per_min: 0.0,
        backlog: 0,
        claimed: 0,
        escalated: 0,
        oldest_wait_ms: None,
        near: 0,
        overdue: 0,
    };

    #[test]
    fn a_lane_calls_for_action_when_something_is_overdue_or_much_is_near() {
        let config = config::Load::default();
        let waiting = Load {
            backlog: 9,
            oldest_wait_ms: Some(60_000),
            ..NOTHING
        };
        assert_eq!(state(&config, &NOTHING, 0), LoadState::Idle);
        assert_eq!(state(&config, &waiting, 1), LoadState::Ok);
        assert_eq!(state(&config, &waiting, 0), LoadState::Watch);
        assert_eq!(state(&config, &Load { near: 4, ..waiting }, 1), LoadState::Watch);
        assert_eq!(state(&config, &Load { near: 5, ..waiting }, 1), LoadState::Act);
        assert_eq!(state(&config, &Load { overdue: 1, ..waiting }, 1), LoadState::Act);
        let old = Some(240 * 60_000);
        assert_eq!(
            state(
                &config,
                &Load {
                    oldest_wait_ms: old,
                    ..waiting
                },
                1
            ),
            LoadState::Act
        );
    }

    #[test]
    fn since_when_counts_from_the_change_and_not_from_the_reading() {
        let watch = Watch::default();
        assert_eq!(watch.since(Lane::Ar, LoadState::Ok, 10), 10);
        assert_eq!(watch.since(Lane::Ar, LoadState::Ok, 20), 10);
        assert_eq!(watch.since(Lane::Ar, LoadState::Act, 30), 30);
        assert_eq!(watch.since(Lane::Sv, LoadState::Act, 40), 40);
        assert_eq!(watch.since(Lane::Ar, LoadState::Act, 50), 30);
    }
}
