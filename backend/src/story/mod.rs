//! Stories: comments that retell the same thing, found as they come in and kept as people put them.
//!
//! `skeleton`, `sketch` and `index` are pure. Must not hold up intake, and never set an intent.

pub mod index;
mod link;
mod skeleton;
mod sketch;
