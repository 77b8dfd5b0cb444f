//! What the model sees of a comment: hashed n-grams of letters and words, consonant skeletons, concepts and their pairs,
//! what the codebook's phrases find, and the signs of asking, quoting and shouting. Each with its place in the normal text.
//! Must not know any label.

use super::super::matcher::{Evidence, Found};
use super::super::normal::{Mark, Normal};
use super::hash::{mix, row};
use super::lexicon::{Hit, Lexicon};
use super::skeleton;

/// Number of views.
pub(super) const VIEWS: usize = 7;
/// Weight of each view.
const WEIGHT: [f32; VIEWS] = [1.0, 0.6, 0.5, 0.7, 1.0, 0.7, 0.8];
const LETTERS: u8 = 0;
const WORDS: u8 = 1;
const SKIPS: u8 = 2;
const SKELETON: u8 = 3;
const CONCEPTS: u8 = 4;
const PAIRS: u8 = 5;
const SIGNS: u8 = 6;
/// Short comments must not have their few features blown up.
const SMOOTH: f32 = 4.0;
/// Most letters in an n-gram; the fewest are two.
const LONGEST: usize = 5;
/// Bytes of the normal text that the model reads; platforms allow less, and the rest would only cost time.
const READ: usize = 12_000;
/// Concepts of a comment that are paired: pairs must not cost the square of a long text.
const PAIRED: usize = 40;
/// Concepts of a comment that are looked at one by one.
const LOOKED_AT: usize = 2_000;
/// Furthest concepts, in words, that count as near each other.
const NEAR: usize = 4;

/// Where a feature stands that speaks of the whole comment.
const NOWHERE: u16 = u16::MAX;

/// One feature and the words of the normal text that it stands on; eight bytes, as a comment has some hundreds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Feature {
    /// The row, and the view above its bits.
    packed: u32,
    first: u16,
    last: u16,
}

const _: () = assert!(READ / 2 < NOWHERE as usize, "words are counted in sixteen bits");

impl Feature {
    /// The number of its view.
    pub(super) fn view(self) -> usize {
        usize::from(self.packed.to_le_bytes()[3])
    }

    /// The row of the table that it weighs by.
    pub(super) fn row(self) -> u32 {
        self.packed & 0x00FF_FFFF
    }

    /// The same feature at another row, or at a place in a table.
    pub(super) fn at(self, row: u32) -> Self {
        Self {
            packed: self.packed & 0xFF00_0000 | row,
            ..self
        }
    }

    /// The first and the last word that it stands on; none if it is of the whole comment.
    pub(super) fn words(self) -> Option<(usize, usize)> {
        (self.first != NOWHERE).then_some((usize::from(self.first), usize::from(self.last)))
    }
}

/// All features of a comment.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub(super) all: Vec<Feature>,
    pub(super) counts: [usize; VIEWS],
}

impl Features {
    /// Features of the comment `stored`, whose normal form is `normal`.
    pub(super) fn of(stored: &str, normal: &Normal, lexicon: &Lexicon, found: &Found) -> Self {
        let whole = normal.words.partition_point(|&start| start < READ);
        let texts: Vec<&str> = normal.words().take(whole).collect();
        let mut made = Self {
            all: Vec::with_capacity(normal.text.len().min(READ) * 5),
            counts: [0; VIEWS],
        };
        // Letters come first; their view is the zero above the row.
        made.letters(normal);
        made.words(&texts);
        made.skeletons(&texts);
        made.concepts(normal, &texts, &lexicon.find(&texts));
        made.phrases(found);
        made.signs(stored, normal, texts.len());
        made
    }

    /// What one feature of each view weighs in this comment.
    pub(super) fn weights(&self) -> [f32; VIEWS] {
        std::array::from_fn(|view| WEIGHT[view] / (self.counts[view] as f32 + SMOOTH).sqrt())
    }

    /// Rows of the features that carry meaning rather than spelling, and stand somewhere.
    pub(super) fn meaning(&self) -> impl Iterator<Item = u32> {
        let views = [WORDS, SKELETON, CONCEPTS, PAIRS].map(usize::from);
        self.all
            .iter()
            .filter(move |feature| views.contains(&feature.view()) && feature.words().is_some())
            .map(|feature| feature.row())
    }

    fn put(&mut self, view: u8, hash: u64, first: usize, last: usize) {
        let row = row(mix(hash, u64::from(view)));
        if let Some(count) = self.counts.get_mut(usize::from(view)) {
            *count += 1;
        }
        let word = |index: usize| u16::try_from(index).unwrap_or(NOWHERE);
        self.all.push(Feature {
            packed: u32::from(view) << 24 | row,
            first: word(first),
            last: word(last),
        });
    }

    fn letters(&mut self, normal: &Normal) {
        let text = &normal.text;
        let letters: Vec<u64> = text.chars().map(u64::from).collect();
        let starts = if text.len() <= READ {
            letters.len()
        } else {
            text[..text.ceil_char_boundary(READ)].chars().count()
        };
        let space = u64::from(' ');
        // A run never leaves its word, but for the space before and the space after.
        let mut word = 0_u16;
        for (start, &first) in letters.iter().enumerate().take(starts) {
            word += u16::from(first == space && start > 0);
            let mut hash = mix(11, first);
            for &letter in letters.iter().skip(start + 1).take(LONGEST - 1) {
                hash = mix(hash, letter);
                self.all.push(Feature {
                    packed: row(mix(hash, u64::from(LETTERS))),
                    first: word,
                    last: word,
                });
                // Word pairs have a view of their own.
                if letter == space {
                    break;
                }
            }
        }
        self.counts[usize::from(LETTERS)] = self.all.len();
    }

    fn words(&mut self, words: &[&str]) {
        let hashes: Vec<u64> = words.iter().map(|word| of_bytes(77, word.as_bytes())).collect();
        for (index, &hash) in hashes.iter().enumerate() {
            self.put(WORDS, hash, index, index);
        }
        for (index, &hash) in hashes.iter().enumerate() {
            for (gap, &next) in [1, 2].into_iter().zip(hashes.get(index + 1..).unwrap_or_default()) {
                let last = index + if gap == 1 { 1 } else { 2 };
                self.put(SKIPS, mix(mix(hash, next), gap), index, last);
            }
        }
    }

    fn skeletons(&mut self, words: &[&str]) {
        let arabizi = skeleton::arabizi(words);
        let mut bones = Vec::new();
        let mut before = None;
        for (index, word) in words.iter().enumerate() {
            bones.clear();
            bones.push(b'_');
            if word.chars().any(|c| matches!(c, '\u{600}'..='\u{6FF}')) {
                skeleton::of_arabic(word, &mut bones);
            } else if arabizi {
                skeleton::of_latin(word, &mut bones);
            } else {
                before = None;
                continue;
            }
            bones.push(b'_');
            for length in 3..=4 {
                for gram in bones.windows(length) {
                    self.put(SKELETON, of_bytes(991, gram), index, index);
                }
            }
            let whole = of_bytes(1234, &bones);
            self.put(SKELETON, whole, index, index);
            if let Some(before) = before {
                self.put(SKELETON, mix(before, whole), index - 1, index);
            }
            before = Some(whole);
        }
    }

    fn concepts(&mut self, normal: &Normal, words: &[&str], hits: &[Hit]) {
        let mut seen: Vec<u64> = Vec::new();
        let quotes: Vec<usize> = normal
            .marks
            .iter()
            .filter(|(_, mark)| *mark == Mark::Quote)
            .map(|&(at, _)| at)
            .collect();
        let ends: Vec<(usize, Mark)> = normal
            .marks
            .iter()
            .filter(|(_, mark)| *mark != Mark::Quote)
            .copied()
            .collect();
        for hit in hits.iter().take(LOOKED_AT) {
            let (first, last) = (hit.word, hit.last());
            let start = normal.words.get(first).copied().unwrap_or(0);
            let end = normal.words.get(last).copied().unwrap_or(0) + words.get(last).map_or(0, |word| word.len());
            if !seen.contains(&hit.concept) {
                seen.push(hit.concept);
                self.put(CONCEPTS, mix(5555, hit.concept), first, last);
            }
            let after = ends.partition_point(|&(at, _)| at < end);
            if ends.get(after).is_some_and(|&(_, mark)| mark == Mark::Question) {
                self.put(PAIRS, mix(5556, hit.concept), first, last);
            }
            if quotes.partition_point(|&at| at <= start) % 2 == 1 {
                self.put(PAIRS, mix(5557, hit.concept), first, last);
            }
        }
        self.pairs(&hits[..hits.len().min(PAIRED)]);
    }

    fn pairs(&mut self, hits: &[Hit]) {
        let mut pairs: Vec<(u64, usize, usize)> = Vec::with_capacity(hits.len() * 8);
        for (index, first) in hits.iter().enumerate() {
            for second in &hits[index + 1..] {
                if first.concept == second.concept {
                    continue;
                }
                let low = first.concept.min(second.concept);
                let hash = mix(mix(777, low), first.concept.max(second.concept));
                let (from, to) = (first.word.min(second.word), first.last().max(second.last()));
                pairs.push((mix(hash, 0), from, to));
                if second.word.abs_diff(first.word) <= NEAR {
                    pairs.push((mix(hash, 1), from, to));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup_by_key(|pair| pair.0);
        for (hash, first, last) in pairs {
            self.put(PAIRS, hash, first, last);
        }
    }

    /// What the codebook's phrases and rules find: which word groups there are, and for which entries they speak.
    fn phrases(&mut self, found: &Found) {
        for group in found.groups() {
            self.put(CONCEPTS, mix(6666, group), usize::MAX, usize::MAX);
        }
        let mut entries: Vec<u64> = found.evidence.iter().map(Evidence::number).collect();
        entries.sort_unstable();
        entries.dedup();
        for entry in entries {
            self.put(SIGNS, mix(6667, entry), usize::MAX, usize::MAX);
            self.put(CONCEPTS, mix(6667, entry), usize::MAX, usize::MAX);
        }
    }

    fn signs(&mut self, stored: &str, normal: &Normal, words: usize) {
        let mut put = |kind: u64, value: u64| self.put(SIGNS, mix(mix(4242, kind), value), usize::MAX, usize::MAX);
        let count = |mark: Mark, most: usize| {
            let found = normal.marks.iter().filter(|(_, known)| *known == mark).take(most);
            found.fold(0, |sum, _| sum + 1)
        };
        let last = normal.marks.last().is_some_and(|(_, mark)| *mark == Mark::Question);
        put(1, count(Mark::Question, 2));
        put(2, count(Mark::Quote, 4));
        put(3, u64::from(last));
        put(4, u64::from((words + 1).ilog2()));
        put(15, count(Mark::Stop, 5));
        let (mut capitals, mut letters, mut digit, mut picture, mut shout, mut at, mut dots) =
            (0, 0, false, false, false, false, false);
        let mut pictures = Vec::new();
        let mut dot = 0;
        for c in stored.chars() {
            if matches!(c, 'a'..='z' | 'ء'..='غ' | 'ف'..='ي') {
                letters += 1;
                dot = 0;
                continue;
            }
            if c == ' ' {
                dot = 0;
                continue;
            }
            capitals += usize::from(c.is_uppercase());
            letters += usize::from(c.is_alphabetic());
            digit |= c.is_ascii_digit();
            shout |= c == '!';
            at |= c == '@';
            dot = if c == '.' { dot + 1 } else { 0 };
            dots |= dot == 3 || c == '…';
            picture |= c > '\u{1F000}';
            if c > '\u{2190}' && pictures.len() < 32 && !c.is_alphanumeric() {
                pictures.push(c);
            }
        }
        let first = stored.chars().next();
        put(5, u64::from(shout));
        put(6, u64::from(dots));
        put(8, u64::from(digit));
        put(9, u64::from(stored.contains("http")));
        put(11, u64::from(at));
        put(
            12,
            u64::from(first.is_some_and(|c| matches!(c, '"' | '“' | '”' | '«' | '„'))),
        );
        put(13, u64::from(capitals * 2 > letters));
        put(14, u64::from(first.is_some_and(char::is_lowercase)));
        put(16, u64::from(picture));
        for picture in pictures {
            put(10, u64::from(picture));
        }
    }
}

fn of_bytes(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, &byte| mix(hash, u64::from(byte)))
}
