//! `klarsvar train`: makes the shipped models again from labelled files. Same files and seed, same bytes.

mod narratives;

use crate::cli::Failed;

/// What to train.
#[derive(Debug, clap::Subcommand)]
pub enum Train {
    /// Narratives, classes and flags
    Narratives(narratives::Narratives),
}

/// Trains.
///
/// # Errors
/// A file cannot be read or written, or is not labelled comments.
pub fn run(train: &Train) -> Result<(), Failed> {
    match train {
        Train::Narratives(narratives) => narratives::run(narratives),
    }
}
