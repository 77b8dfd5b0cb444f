//! 5b. Questions to supervisors: asked with a proposal, answered by another person than who proposed.

pub mod list;
pub mod open;
pub mod resolve;

pub use list::{Question, Shown, list};
pub use open::{Open, Opened, Proposal, propose};
pub use resolve::{Resolve, Resolved, resolve};

use crate::decision;
use crate::domain::comment::CommentState;
use crate::domain::id::PersonId;
use crate::store;

/// Why a question was not asked or answered.
#[derive(Debug, Clone)]
pub enum Refused {
    /// There is no such comment or question.
    Absent,
    /// Somebody else holds the comment.
    HeldBy(PersonId),
    /// The comment or the question has another state now.
    State(CommentState),
    /// It is answered already.
    Answered,
    /// Whoever proposed may not approve.
    SecondPerson,
    /// What was given cannot be used; a sentence that says why.
    BadInput(&'static str),
    /// The decision it leads to is refused.
    Decision(decision::Refused),
    /// The database.
    Store(store::Error),
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<decision::Refused> for Refused {
    fn from(refused: decision::Refused) -> Self {
        Self::Decision(refused)
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
