//! 6. Decisions on their way to a platform.

mod enqueue;

pub use enqueue::{NewAction, enqueue, withdraw};
