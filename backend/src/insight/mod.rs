//! What was said over time and what became of it: the figures of the insight pages and of the reports, read from the
//! counts by hour and day, never from comments.

pub mod figures;
pub mod outcome;
pub mod read;
pub mod report;
pub mod span;
pub mod summary;
pub mod table;
