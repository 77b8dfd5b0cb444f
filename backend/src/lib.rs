//! Klarsvar: the comment moderation and response desk for public authorities.
//!
//! The module list is in reading order: rules first, then the way of a comment, then what stands around it.

pub mod clock;
pub mod config;
pub mod domain;

pub mod app;
pub mod change;
pub mod writer;

pub mod connector;
pub mod delivery;
pub mod intake;
pub mod lane;
pub mod story;
pub mod tagging;
pub mod wire;

pub mod decision;
pub mod escalation;
pub mod outbox;

pub mod account;
pub mod campaign;
pub mod forecast;
pub mod hourly;
pub mod insight;
pub mod load;
pub mod manual;
pub mod need;
pub mod pack;
pub mod person;
pub mod shift;
pub mod teaching;
pub mod template;
pub mod wave;

pub mod socket;
pub mod store;
pub mod view;

pub mod cli;
pub mod http;
pub mod jobs;
pub mod standin;

#[cfg(test)]
mod practice;
