//! Stories: comments that retell the same thing, found as they come in and kept as people put them.
//!
//! What is kept in memory is a reading of stored comments, made again at start in the background ([`gather`]); a comment
//! carries its story in its own row from the first. Figures are counted beside intake ([`tally`]). Must not hold up
//! intake, and never sets an intent.

pub mod gather;
pub mod index;
mod link;
pub mod list;
#[cfg(feature = "encoder")]
mod meaning;
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
    #[cfg(feature = "encoder")]
    meanings: meaning::Meanings,
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
            #[cfg(feature = "encoder")]
            meanings: meaning::Meanings::default(),
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
        let placed = kept.place(&reading, fresh)?;
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
            kept.merge(from, into);
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

#[cfg(not(feature = "encoder"))]
impl Kept {
    /// See [`Index::place`].
    fn place(&mut self, reading: &Reading, fresh: impl FnOnce() -> StoryId) -> Option<Placed> {
        self.index.place(reading, fresh)
    }

    /// See [`Index::keep`].
    fn keep(&mut self, reading: &Reading, story: StoryId) {
        self.index.keep(reading, story);
    }

    /// See [`Index::part`].
    fn part(&mut self, reading: &Reading, into: StoryId) {
        self.index.part(reading, into);
    }

    /// See [`Index::merge`].
    fn merge(&mut self, from: StoryId, into: StoryId) {
        self.index.merge(from, into);
    }
}

/// The same, with what a text means as the second way to know a story again.
#[cfg(feature = "encoder")]
impl Kept {
    fn place(&mut self, reading: &Reading, fresh: impl FnOnce() -> StoryId) -> Option<Placed> {
        let meaning = reading.meaning.as_deref();
        let mut near = false;
        let meanings = &self.meanings;
        let placed = self.index.place(reading, || {
            let known = meaning.and_then(|meaning| meanings.nearest(meaning));
            near = known.is_some();
            known.unwrap_or_else(fresh)
        })?;
        // Copies add nothing: they are known by their words.
        if let Some(meaning) = meaning.filter(|_| !placed.retold) {
            self.meanings.keep(meaning, placed.story);
        }
        Some(Placed {
            retold: placed.retold || near,
            ..placed
        })
    }

    fn keep(&mut self, reading: &Reading, story: StoryId) {
        self.index.keep(reading, story);
        if let Some(meaning) = &reading.meaning {
            self.meanings.keep(meaning, story);
        }
    }

    fn part(&mut self, reading: &Reading, into: StoryId) {
        self.index.part(reading, into);
        if let Some(meaning) = &reading.meaning {
            self.meanings.part(meaning, into);
        }
    }

    fn merge(&mut self, from: StoryId, into: StoryId) {
        self.index.merge(from, into);
        self.meanings.merge(from, into);
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

#[cfg(all(test, feature = "encoder"))]
mod tests {
    use super::*;
    use crate::tagging::encoder;

    #[test]
    fn a_story_told_in_another_language_is_known_by_what_it_means() {
        let folder = encoder::tests::folder();
        encoder::put_in_use(folder.path()).unwrap();
        let stories = Stories::default();
        stories.kept().ready_at = Some(0);
        let id = |number| StoryId(uuid::Uuid::from_u128(number));
        let place = |number, text: &str| stories.place(text, || id(number));
        // Words that the encoder does not know are in both, for the sketches to have something to tell apart.
        let (swedish, arabic) = (
            "barn barn barn barn barn svqwzjkbrtnmp",
            "طفل طفل طفل طفل طفل خذضغثصقفعهم",
        );
        assert_eq!(place(1, swedish), Some(id(1)));
        assert_eq!(place(2, "taxi taxi taxi taxi taxi glpqvnrsdkbm"), Some(id(2)));
        assert_eq!(place(3, arabic), Some(id(1)));
        stories.kept().merge(id(1), id(2));
        assert_eq!(place(4, "child child child child child mzxqwrtpldkv"), Some(id(2)));
    }
}
