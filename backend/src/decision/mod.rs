//! 5. What a person decides about a comment: guarded, made, carried out after the undo window, undone within it.

pub mod correct;
pub mod draft;
pub mod guard;
pub mod make;
pub mod prepare;
pub mod refused;
pub mod rule;
pub mod thread;
pub mod undo;

mod likeness;

pub use make::{Made, Make, plan};
pub use prepare::{Ask, Prepared, Wording, prepare};
pub use refused::Refused;
pub use undo::{Undo, Undone};
