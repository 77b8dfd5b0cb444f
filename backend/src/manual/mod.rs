//! Comments that people bring: rows of a platform's export, and what a moderator copies out of an app.
//!
//! Reads and checks them; storing is `delivery`'s, the same as for every other comment. Every row is hostile.

pub mod bring;
pub mod decode;
pub mod entry;
pub mod export;
pub mod headings;
mod lines;
pub mod moment;
pub mod paste;
pub mod rows;
