//! Whole ways through the desk.

pub mod answers;
mod escalations;
mod hourly;
pub mod teaching;
pub mod templates;
pub mod waves;
