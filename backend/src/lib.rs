//! Klarsvar: the comment moderation and response desk for public authorities.
//!
//! The module list is in reading order: rules first, then the way of a comment, then what stands around it.

pub mod domain;

pub mod connector;

pub mod standin;
