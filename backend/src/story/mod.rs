//! Stories: comments that retell the same thing, found as they come in and kept as people put them.
//!
//! What is kept in memory is a reading of stored comments, made again at start in the background ([`gather`]); a comment
//! carries its story in its own row from the first. Figures are counted beside intake ([`tally`]). Must not hold up
//! intake, and never sets an intent.

pub mod gather;
pub mod index;
mod link;
pub mod list;
pub mod shape;
mod skeleton;
mod sketch;
pub mod tally;

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::change::Event;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, StoryId};
use index::{Index, Placed, Reading};

/// Most texts kept in memory: 40 MB when full. A desk with fewer takes less.
const TEXTS: usize = 1 << 18;
/// Most stories that wait to be counted; the busiest come up again.
const WAITING: usize = 50_000;

/// Comments that a person made a story of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Split {
    into: StoryId,
    comments: Vec<CommentId>,
}

#[derive(Debug)]
struct Kept {
    index: Index,
    /// Number of the last stored comment that was read.
    read_to: Option<i64>,
    /// Since when all stored comments are read (milliseconds). Before that nothing is placed at arrival.
    ready_at: Option<i64>,
    /// Stories whose figures changed.
    changed: HashSet<StoryId>,
    split: Vec<Split>,
}

/// The stories that come in again.
#[derive(Debug)]
pub struct Stories(Mutex<Kept>);

impl Default for Stories {
    fn default() -> Self {
        Self(Mutex::new(Kept {
            index: Index::new(TEXTS),
            read_to: None,
            ready_at: None,
            changed: HashSet::new(),
            split: Vec::new(),
        }))
    }
}

impl Stories {
    /// The story that a text retells or begins; none for one that says too little, and while stored comments are still
    /// being read.
    pub fn place(&self, text: &str, fresh: impl FnOnce() -> StoryId) -> Option<StoryId> {
        self.kept().ready_at?;
        let reading = Reading::of(text);
        let mut kept = self.kept();
        let placed = kept.index.place(&reading, fresh)?;
        kept.note(placed);
        Some(placed.story)
    }

    /// Follows what a person did.
    pub fn follow(&self, event: &Event) {
        let of = |field: &str| -> Option<StoryId> { event.data.get(field)?.as_str()?.parse().ok() };
        let (Some(from), Some(into)) = (of("story"), of("into")) else {
            return;
        };
        let mut kept = self.kept();
        kept.changed.extend([from, into]);
        if event.kind == EventKind::StoryMerged {
            kept.index.merge(from, into);
            return;
        }
        let comments = event.data.get("comments").and_then(|all| all.as_array());
        let comments = comments
            .into_iter()
            .flatten()
            .filter_map(|id| id.as_str()?.parse().ok());
        let comments = comments.collect();
        kept.split.push(Split { into, comments });
    }

    /// Memory taken by what is kept, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.kept().index.bytes()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// A story that was told again is to be counted.
    fn note(&mut self, placed: Placed) {
        if placed.retold && self.changed.len() < WAITING {
            self.changed.insert(placed.story);
        }
    }
}
