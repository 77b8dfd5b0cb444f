//! Pure rules and types of the desk, a file per noun. Uses nothing else of ours, knows no database and no clock.

pub mod comment;
pub mod decision;
pub mod escalation;
pub mod event;
pub mod id;
pub mod lane;
pub mod material;
pub mod narrative;
pub mod outbox;
pub mod person;
pub mod platform;
pub mod role;
pub mod shift;
pub mod tag;
pub mod template;
pub mod word;
