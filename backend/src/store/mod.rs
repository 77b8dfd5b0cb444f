//! Every SQL statement of the desk.

pub mod entity;
