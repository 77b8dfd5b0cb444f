//! Whole ways through the desk.

mod answers;
mod escalations;
mod templates;
