//! The commands of the program, a file per command.

pub mod tag;
