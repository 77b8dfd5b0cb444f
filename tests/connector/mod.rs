//! What platforms deliver, and what becomes of it.

mod bluesky;
mod documented;
mod facebook;
mod instagram;
mod mastodon;
mod mutated;
mod reconcile;
mod signature;
mod ties;
mod tiktok;
mod youtube;
