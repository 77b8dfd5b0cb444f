//! The only place that asks for the time.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// Something that knows what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until somebody moves it.
#[derive(Debug)]
pub struct HandClock(Mutex<DateTime<Utc>>);

impl HandClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub const fn at(start: DateTime<Utc>) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Milliseconds since 1970, as instants are stored.
#[must_use]
pub const fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The instant of stored milliseconds; 1970 for a value no calendar holds.
#[must_use]
pub fn from_ms(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or(DateTime::UNIX_EPOCH)
}
