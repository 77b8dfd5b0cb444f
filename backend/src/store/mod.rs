//! Every SQL statement of the desk. Functions that write ask for a [`crate::change::Change`], those that read take
//! any connection, so that a handler cannot write by accident.

mod db;
pub mod entity;
mod error;

pub use db::Db;
pub use error::Error;
