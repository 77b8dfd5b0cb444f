//! One file per table, as the migrations made it.

pub mod ad;
pub mod blind;
pub mod campaign;
pub mod comment;
pub mod connector;
pub mod counter;
pub mod decision;
pub mod delivery;
pub mod draft;
pub mod escalation;
pub mod event;
pub mod example;
pub mod handover;
pub mod handover_read;
pub mod idempotency;
pub mod narrative_version;
pub mod outbox;
pub mod person;
pub mod post;
pub mod revision;
pub mod session;
pub mod shift;
pub mod story;
pub mod template;
pub mod template_version;
pub mod token;
