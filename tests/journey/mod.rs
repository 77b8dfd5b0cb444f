//! Whole ways through the desk.

pub mod answers;
mod escalations;
pub mod teaching;
pub mod templates;
