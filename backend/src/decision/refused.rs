//! Why a decision was not made.

use super::guard::Finding;
use crate::domain::comment::CommentState;
use crate::domain::id::PersonId;
use crate::store;

/// Why a decision was not made, or not undone.
#[derive(Debug, Clone)]
pub enum Refused {
    /// There is no such comment, decision or version.
    Absent,
    /// The comment was edited since; this is its revision now.
    StaleRevision(i32),
    /// The person does not hold the comment: who does, and how it stands.
    ClaimLost(Option<PersonId>, CommentState),
    /// Something blocks it, or was not confirmed.
    Guard(Vec<Finding>),
    /// The platform does not let the desk do this.
    Impossible,
    /// What was given cannot be used; a sentence that says why.
    BadInput(&'static str),
    /// It has left, or its window is over.
    AlreadySent,
    /// Only who made it may undo it.
    OthersDecision,
    /// The database.
    Store(store::Error),
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<crate::change::Failure<Self>> for Refused {
    fn from(failure: crate::change::Failure<Self>) -> Self {
        match failure {
            crate::change::Failure::Refused(refused) => refused,
            crate::change::Failure::Store(error) => Self::Store(error),
        }
    }
}
