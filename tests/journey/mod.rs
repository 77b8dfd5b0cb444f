//! Whole ways through the desk.

mod answers;
mod escalations;
pub mod templates;
