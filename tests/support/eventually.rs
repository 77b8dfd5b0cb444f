//! Waiting for a state with a deadline. The only place in the tests that sleeps.

use std::time::{Duration, Instant};

/// Longest wait for something that has to happen.
pub const SOON: Duration = Duration::from_secs(20);

/// Asks again and again until there is an answer; fails the test with `what` when the deadline is past.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    within(SOON, what, &mut ask).await
}

/// The same with another deadline.
pub async fn within<T, F: Future<Output = Option<T>>>(deadline: Duration, what: &str, mut ask: impl FnMut() -> F) -> T {
    let until = Instant::now() + deadline;
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(Instant::now() < until, "not within {deadline:?}: {what}");
        pause(Duration::from_millis(10)).await;
    }
}

/// Lets time pass where passing time is what is tested: a fault that lasts, a process killed at a random moment.
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
