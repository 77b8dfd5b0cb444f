//! `/api/v1`: the same desk for programmes. JSON in and out; refusals as problem details.

pub mod audit;
pub mod blind;
pub mod campaigns;
pub mod comments;
pub mod connectors;
pub mod decisions;
pub mod escalations;
pub mod examples;
pub mod load;
pub mod narratives;
pub mod openapi;
pub mod outbox;
pub mod queue;
pub mod session;
pub mod shifts;
pub mod staffing;
pub mod status;
pub mod stories;
pub mod stream;
pub mod tags;
pub mod templates;
pub mod tokens;
pub mod users;
pub mod waves;
pub mod why;
