//! Which story a text retells: sketches found by their bands (locality-sensitive hashing; Leskovec, Rajaraman and Ullman,
//! "Mining of Massive Datasets", chapter 3), with a bound on memory and on time.
//!
//! Kept are texts that differ from what is kept already: a copy that is nearly the same adds nothing. When the bound is
//! reached the oldest goes, unless it was retold since it was last considered. Pure; it knows no clock and no database.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use super::link;
use super::sketch::{BYTES, Sketch};
use crate::domain::id::StoryId;

/// Bytes in a band. Two texts are compared when one band is equal.
const ROWS: usize = 4;
/// Bands of a sketch.
const BANDS: usize = BYTES / ROWS;
/// Sketches that one place of a band's table keeps, newest first. With [`BANDS`] the most that are compared.
const WAYS: usize = 8;
/// Entries in a chunk of the log.
const CHUNK: usize = 4_096;
/// Of 64 bytes, from this many on two texts tell one story: six of ten shingles in common.
const ALIKE: usize = 38;
/// From this many on a copy adds nothing to what is kept.
const SAME: usize = 54;
/// Retold entries that are kept on when one is to go.
const LEAPS: usize = 4;

/// What is read of a text before the index is asked: the costly part, which needs no lock.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    sketch: Option<Sketch>,
    links: Vec<u64>,
    /// What it means, where a sentence encoder is in use and the text says enough.
    #[cfg(feature = "encoder")]
    pub(super) meaning: Option<std::sync::Arc<[f32]>>,
}

impl Reading {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let sketch = Sketch::of(text);
        Self {
            #[cfg(feature = "encoder")]
            meaning: crate::tagging::encoder::in_use()
                .filter(|_| sketch.is_some())
                .map(|encoder| encoder.vector(text)),
            sketch,
            links: link::links(text).map(|link| digest(&link)).collect(),
        }
    }

    /// Whether the text is too short to be told again, and has no link.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        self.sketch.is_none() && self.links.is_empty()
    }
}

/// FNV-1a, so that the same link is the same in every build.
fn digest(link: &str) -> u64 {
    link.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Where a text belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The story.
    pub story: StoryId,
    /// Whether it was told before.
    pub retold: bool,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    sketch: Sketch,
    story: StoryId,
    retold: bool,
}

/// Texts lately seen, by what they share.
#[derive(Debug)]
pub struct Index {
    /// Most entries; a power of two.
    most: usize,
    /// Entries in the order written, in chunks so that growing copies nothing.
    log: Vec<Vec<Kept>>,
    /// Entries ever written.
    written: usize,
    /// For each band a table of places, each with [`WAYS`] numbers of entries, one added so that 0 is none.
    tables: Vec<u32>,
    /// Places in a band's table; a power of two.
    places: usize,
    links: HashMap<u64, StoryId>,
    link_order: VecDeque<u64>,
}

impl Index {
    /// An empty index of at most `most` texts, at 150 to 220 bytes each.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let mut made = Self {
            most: most.clamp(CHUNK, 1 << 24).next_power_of_two(),
            log: Vec::new(),
            written: 0,
            tables: Vec::new(),
            places: 0,
            links: HashMap::new(),
            link_order: VecDeque::new(),
        };
        made.make_tables(CHUNK);
        made
    }

    /// Texts kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.written.min(self.most)
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written == 0
    }

    /// Most texts that are kept.
    #[must_use]
    pub const fn most(&self) -> usize {
        self.most
    }

    /// Memory taken, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let log: usize = self.log.iter().map(Vec::capacity).sum();
        log * size_of::<Kept>()
            + self.tables.capacity() * size_of::<u32>()
            + self.links.capacity() * (size_of::<(u64, StoryId)>() + 1)
            + self.link_order.capacity() * size_of::<u64>()
    }

    /// The story that a text retells, or a new one; none for a text that says nothing. The text is remembered.
    pub fn place(&mut self, reading: &Reading, fresh: impl FnOnce() -> StoryId) -> Option<Placed> {
        if reading.says_nothing() {
            return None;
        }
        let near = reading.sketch.and_then(|sketch| self.nearest(&sketch));
        let told = near.filter(|near| near.alike >= ALIKE);
        if let Some(near) = told
            && let Some(entry) = self.entry_mut(near.at)
        {
            entry.retold = true;
        }
        let linked = || reading.links.iter().find_map(|link| self.links.get(link).copied());
        let known = told.map(|near| near.story).or_else(linked);
        let story = known.unwrap_or_else(fresh);
        self.remember(reading, story, told);
        Some(Placed {
            story,
            retold: known.is_some(),
        })
    }

    /// Remembers a text that is in a story already.
    pub fn keep(&mut self, reading: &Reading, story: StoryId) {
        let near = reading.sketch.and_then(|sketch| self.nearest(&sketch));
        self.remember(reading, story, near.filter(|near| near.story == story));
    }

    /// What belongs to `from` belongs to `into` from now on.
    pub fn merge(&mut self, from: StoryId, into: StoryId) {
        let entries = self.log.iter_mut().flatten().map(|entry| &mut entry.story);
        for story in entries.chain(self.links.values_mut()) {
            if *story == from {
                *story = into;
            }
        }
    }

    /// A text is of the story `into` from now on, and so are those that are nearer to it than to what it was among:
    /// of texts equally near the newest is taken.
    pub fn part(&mut self, reading: &Reading, into: StoryId) {
        if let Some(sketch) = reading.sketch {
            self.push(Kept {
                sketch,
                story: into,
                retold: false,
            });
        }
    }

    fn remember(&mut self, reading: &Reading, story: StoryId, near: Option<Near>) {
        for &link in &reading.links {
            if let Entry::Vacant(place) = self.links.entry(link) {
                place.insert(story);
                self.link_order.push_back(link);
            }
        }
        while self.link_order.len() > self.most / 8 {
            if let Some(oldest) = self.link_order.pop_front() {
                self.links.remove(&oldest);
            }
        }
        if let Some(sketch) = reading.sketch
            && near.is_none_or(|near| near.alike < SAME)
        {
            self.push(Kept {
                sketch,
                story,
                retold: false,
            });
        }
    }

    fn nearest(&self, sketch: &Sketch) -> Option<Near> {
        let mut best: Option<Near> = None;
        for (band, rows) in sketch.bytes.as_chunks::<ROWS>().0.iter().enumerate() {
            let place = self.place_of(band, *rows);
            for at in self.tables[place..place + WAYS]
                .iter()
                .map_while(|at| at.checked_sub(1))
            {
                let Some(entry) = self.entry(at) else { continue };
                if entry.sketch.bytes.as_chunks::<ROWS>().0.get(band) != Some(rows) {
                    continue;
                }
                let alike = entry.sketch.alike(sketch);
                if best.is_none_or(|best| alike > best.alike) {
                    best = Some(Near {
                        at,
                        story: entry.story,
                        alike,
                    });
                }
            }
        }
        best
    }

    fn entry(&self, at: u32) -> Option<&Kept> {
        let at = at as usize;
        self.log.get(at / CHUNK)?.get(at % CHUNK)
    }

    fn entry_mut(&mut self, at: u32) -> Option<&mut Kept> {
        let at = at as usize;
        self.log.get_mut(at / CHUNK)?.get_mut(at % CHUNK)
    }

    /// Writes an entry over the oldest. One that was retold meanwhile is the newest again.
    fn push(&mut self, entry: Kept) {
        let mut entry = entry;
        for leap in 0..=LEAPS {
            match self.write(entry) {
                Some(oldest) if oldest.retold && leap < LEAPS => {
                    entry = Kept {
                        retold: false,
                        ..oldest
                    };
                }
                _ => return,
            }
        }
    }

    fn write(&mut self, entry: Kept) -> Option<Kept> {
        let room = self.places * WAYS;
        if self.written >= room && room < self.most {
            self.make_tables(room * 2);
        }
        let at = self.written % self.most;
        if at / CHUNK == self.log.len() {
            self.log.push(Vec::with_capacity(CHUNK));
        }
        let chunk = self.log.get_mut(at / CHUNK)?;
        let oldest = match chunk.get_mut(at % CHUNK) {
            Some(old) => Some(std::mem::replace(old, entry)),
            None => {
                chunk.push(entry);
                None
            }
        };
        self.written += 1;
        self.enter(&entry.sketch, at);
        oldest
    }

    /// Tables with room for `room` entries, filled with those there are.
    fn make_tables(&mut self, room: usize) {
        self.places = (room / WAYS).next_power_of_two();
        self.tables = vec![0; BANDS * self.places * WAYS];
        for chunk in 0..self.log.len() {
            for at in 0..self.log[chunk].len() {
                let sketch = self.log[chunk][at].sketch;
                self.enter(&sketch, chunk * CHUNK + at);
            }
        }
    }

    fn enter(&mut self, sketch: &Sketch, at: usize) {
        let number = u32::try_from(at + 1).unwrap_or(0);
        for (band, rows) in sketch.bytes.as_chunks::<ROWS>().0.iter().enumerate() {
            let place = self.place_of(band, *rows);
            let ways = &mut self.tables[place..place + WAYS];
            ways.rotate_right(1);
            ways[0] = number;
        }
    }

    /// Where a band's bytes are kept in the tables.
    fn place_of(&self, band: usize, rows: [u8; ROWS]) -> usize {
        let mut sum = u32::from_le_bytes(rows).wrapping_mul(0x9E37_79B1);
        sum = (sum ^ (sum >> 15)).wrapping_mul(0x85EB_CA6B);
        sum ^= sum >> 13;
        (band * self.places + (sum as usize & (self.places - 1))) * WAYS
    }
}

/// The text kept that is nearest to one asked for.
#[derive(Debug, Clone, Copy)]
struct Near {
    at: u32,
    story: StoryId,
    alike: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: usize) -> StoryId {
        StoryId(Uuid::from_u128(number as u128))
    }

    /// A text like no other with another number.
    fn text(number: usize) -> String {
        let mut state = number as u64 + 1;
        let letter = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(b"bdfghjklmnprstxz"[(state >> 60) as usize])
        };
        std::iter::repeat_with(letter).take(60).collect()
    }

    #[test]
    fn memory_stays_within_its_bound_and_what_is_retold_stays_longest() {
        let mut index = Index::new(CHUNK);
        let retold = Reading::of(&text(0));
        index.place(&retold, || id(0));
        for number in 1..5 * CHUNK {
            index.place(&Reading::of(&text(number)), || id(number));
            if number % 1_000 == 0 {
                let placed = index.place(&retold, || id(usize::MAX)).unwrap();
                assert_eq!((placed.story, placed.retold), (id(0), true), "{number}");
            }
        }
        assert_eq!(index.len(), CHUNK);
        assert!(index.bytes() < 200 * CHUNK, "{}", index.bytes());
        let quiet = index.place(&Reading::of(&text(1)), || id(usize::MAX)).unwrap();
        assert!(!quiet.retold);
        let recent = index
            .place(&Reading::of(&text(5 * CHUNK - 9)), || id(usize::MAX))
            .unwrap();
        assert_eq!(recent.story, id(5 * CHUNK - 9));
    }

    #[test]
    fn copies_take_no_memory() {
        let mut index = Index::new(CHUNK);
        for _ in 0..1_000 {
            index.place(&Reading::of(&text(7)), || id(7));
        }
        assert_eq!(index.len(), 1);
    }

    #[test]
    fn links_stay_within_their_bound() {
        let mut index = Index::new(CHUNK);
        for number in 0..CHUNK {
            index.place(&Reading::of(&format!("https://a.example/{number}")), || id(number));
        }
        assert_eq!((index.links.len(), index.link_order.len()), (CHUNK / 8, CHUNK / 8));
    }

    #[test]
    fn merged_and_parted_stories_are_told_apart_as_people_did() {
        let mut index = Index::new(CHUNK);
        let (one, other) = (Reading::of(&text(1)), Reading::of(&text(2)));
        index.place(&one, || id(1));
        index.place(&other, || id(2));
        index.merge(id(1), id(2));
        assert_eq!(index.place(&one, || id(9)).unwrap().story, id(2));
        index.part(&one, id(3));
        assert_eq!(index.place(&one, || id(9)).unwrap().story, id(3));
        assert_eq!(index.place(&other, || id(9)).unwrap().story, id(2));
    }
}
