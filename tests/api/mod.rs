//! The API for programmes.

mod claim;
mod comments;
mod openapi;
mod queue;
mod stories;
