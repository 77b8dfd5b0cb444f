//! The stories of comments lately tagged, by what they mean: the second way to know one again, across languages, where a
//! sentence encoder is in use. A ring of vectors, each number in a byte; the nearest is found by looking at all. Pure.

use crate::domain::id::StoryId;

/// Vectors kept: of 384 numbers, some 6 MB.
const MOST: usize = 16_384;
/// From this cosine on two texts tell one story. Chosen above what unlike sentences have in the multilingual E5 models,
/// whose cosines begin at some 0.7; to be measured anew with each encoder.
const ALIKE: f32 = 0.93;

/// From this cosine on it is the very same text to the encoder.
const SAME: f32 = 0.999;

#[derive(Debug)]
struct Kept {
    story: StoryId,
    steps: Vec<i8>,
    length: f32,
}

/// What is kept.
#[derive(Debug, Default)]
pub struct Meanings {
    ring: Vec<Kept>,
    next: usize,
}

impl Meanings {
    /// The story of the nearest text that is near enough; of equally near ones that of the first in memory.
    #[must_use]
    pub fn nearest(&self, vector: &[f32]) -> Option<StoryId> {
        let asked = steps(vector)?;
        let mut best: Option<(f32, StoryId)> = None;
        for kept in &self.ring {
            let cosine = dot(&asked.0, &kept.steps) / (asked.1 * kept.length);
            if cosine >= ALIKE && best.is_none_or(|(most, _)| cosine > most) {
                best = Some((cosine, kept.story));
            }
        }
        best.map(|(_, story)| story)
    }

    /// Remembers a text of `story`; the oldest goes when there is no more room.
    pub fn keep(&mut self, vector: &[f32], story: StoryId) {
        let Some((steps, length)) = steps(vector) else { return };
        let kept = Kept { story, steps, length };
        if let Some(oldest) = self.ring.get_mut(self.next) {
            *oldest = kept;
        } else {
            self.ring.push(kept);
        }
        self.next = (self.next + 1) % MOST;
    }

    /// A text is of the story `into` from now on, wherever it was; those that mean the very same with it.
    pub fn part(&mut self, vector: &[f32], into: StoryId) {
        let Some((asked, length)) = steps(vector) else { return };
        let same = |kept: &&mut Kept| dot(&asked, &kept.steps) / (length * kept.length) >= SAME;
        for kept in self.ring.iter_mut().filter(same) {
            kept.story = into;
        }
        self.keep(vector, into);
    }

    /// What belongs to `from` belongs to `into` from now on.
    pub fn merge(&mut self, from: StoryId, into: StoryId) {
        for kept in self.ring.iter_mut().filter(|kept| kept.story == from) {
            kept.story = into;
        }
    }
}

/// The vector in bytes, and how long it is so; none for one that says nothing.
fn steps(vector: &[f32]) -> Option<(Vec<i8>, f32)> {
    let largest = vector.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    if !largest.is_finite() || largest <= 0.0 {
        return None;
    }
    let steps: Vec<i8> = vector.iter().map(|value| step(value / largest * 127.0)).collect();
    let length = dot(&steps, &steps).sqrt();
    Some((steps, length))
}

fn dot(one: &[i8], other: &[i8]) -> f32 {
    let sum: i32 = one
        .iter()
        .zip(other)
        .map(|(one, other)| i32::from(*one) * i32::from(*other))
        .sum();
    sum as f32
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range just before")]
fn step(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: u128) -> StoryId {
        StoryId(Uuid::from_u128(number))
    }

    #[test]
    fn what_means_the_same_is_one_story_and_merged_ones_stay_so() {
        let mut meanings = Meanings::default();
        meanings.keep(&[1.0, 0.1, 0.0], id(1));
        meanings.keep(&[0.0, 1.0, 0.0], id(2));
        assert_eq!(meanings.nearest(&[0.9, 0.1, 0.1]), Some(id(1)));
        assert_eq!(meanings.nearest(&[0.6, 0.6, 0.0]), None);
        assert_eq!(meanings.nearest(&[0.0; 3]), None);
        assert_eq!(meanings.nearest(&[f32::NAN, 1.0, 0.0]), Some(id(2)));
        meanings.merge(id(1), id(3));
        assert_eq!(meanings.nearest(&[1.0, 0.1, 0.0]), Some(id(3)));
        meanings.part(&[1.0, 0.1, 0.0], id(4));
        assert_eq!(meanings.nearest(&[1.0, 0.1, 0.0]), Some(id(4)));
        assert_eq!(meanings.nearest(&[0.0, 1.0, 0.0]), Some(id(2)));
    }

    #[test]
    fn the_ring_stays_within_its_bound() {
        let mut meanings = Meanings::default();
        meanings.keep(&[1.0, 0.0], id(1));
        for _ in 0..MOST {
            meanings.keep(&[0.0, 1.0], id(2));
        }
        assert_eq!(meanings.ring.len(), MOST);
        assert_eq!(meanings.nearest(&[1.0, 0.0]), None);
    }
}
