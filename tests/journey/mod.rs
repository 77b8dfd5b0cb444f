//! Whole ways through the desk.

pub mod answers;
mod campaigns;
mod escalations;
mod hourly;
pub mod teaching;
pub mod templates;
pub mod waves;
