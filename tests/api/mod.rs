//! The API for programmes.

mod claim;
mod comments;
mod queue;
mod stories;
