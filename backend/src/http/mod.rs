//! The outside: routes, what they ask for, and how they answer. Handlers extract, look up, act and answer; nothing clever.

pub mod api;
pub mod assets;
pub mod extract;
pub mod hooks;
pub mod idempotency;
pub mod origin;
pub mod pages;
pub mod problem;
pub mod routes;
pub mod server;
pub mod socket;
pub mod topics;
