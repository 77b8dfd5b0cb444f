//! What Facebook and Instagram share: signature, handshake, envelope, errors, calls.
//!
//! Knows Meta's protocol and neither of the two platforms' comments; what one platform alone does belongs in its folder.

mod check;
mod client;
mod connector;
mod envelope;
mod failure;
mod handshake;
mod page;
mod read;
mod readback;
mod row;
mod signature;
mod thread;
mod usage;

pub use client::Client;
pub use connector::{Graph, Platform};
pub use read::{Carriers, Lists};
pub use readback::Shape;
pub use usage::Usage;

pub(super) use client::Trouble;
pub(super) use envelope::{Update, open};
pub(super) use failure::Meaning;
pub(super) use thread::Listed;

#[cfg(test)]
pub(super) mod sample;
