//! When something is tried again. Pure: the same action and try give the same pause.

use std::time::Duration;

use crate::config;
use crate::domain::id::OutboxId;

/// Longest pause that the desk chooses by itself.
const LONGEST: Duration = Duration::from_secs(3_600);

/// The pause after a try: doubles with each, is spread by up to a quarter so that actions that failed together do not
/// come back together, and is never shorter than what the platform asked for.
#[must_use]
pub fn pause(settings: &config::Outbox, id: OutboxId, tries: i32, at_least: Option<Duration>) -> Duration {
    let doubled = u32::try_from(tries.saturating_sub(1).clamp(0, 20)).unwrap_or(0);
    let first = Duration::from_secs(settings.first_pause_s.into());
    let plain = first.saturating_mul(1 << doubled).min(LONGEST);
    // The last bytes of a version 7 identifier are random.
    let spread = u32::from(id.0.as_bytes()[15]);
    let pause = (plain + plain / 4 * spread / 255).min(LONGEST);
    pause.max(at_least.unwrap_or_default())
}

/// Milliseconds for adding to stored instants.
#[must_use]
pub fn ms(pause: Duration) -> i64 {
    i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(last: u8) -> OutboxId {
        OutboxId(Uuid::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]))
    }

    #[test]
    fn pauses_double_and_end_at_an_hour() {
        let settings = config::Outbox::default();
        let pauses: Vec<u64> = (1..=12)
            .map(|tries| pause(&settings, id(0), tries, None).as_secs())
            .collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600]);
        assert_eq!(pause(&settings, id(255), i32::MAX, None), LONGEST);
    }

    #[test]
    fn actions_that_failed_together_come_back_apart() {
        let settings = config::Outbox::default();
        let [one, other] = [1, 200].map(|last| pause(&settings, id(last), 5, None));
        assert_ne!(one, other);
        assert!(other <= Duration::from_secs(100), "{other:?}");
    }

    #[test]
    fn what_the_platform_asks_for_is_kept_however_long() {
        let asked = Duration::from_secs(7_200);
        assert_eq!(pause(&config::Outbox::default(), id(0), 1, Some(asked)), asked);
    }
}
