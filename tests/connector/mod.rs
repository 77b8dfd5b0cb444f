//! What platforms deliver, and what becomes of it.

mod bluesky;
mod documented;
mod facebook;
mod instagram;
mod mastodon;
mod mutated;
mod reconcile;
mod same_id;
mod signature;
mod ties;
mod tiktok;
mod youtube;
