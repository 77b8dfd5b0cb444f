//! What platforms deliver, and what becomes of it.

mod facebook;
mod instagram;
mod signature;
mod tiktok;
mod youtube;
