//! What the model sees of a comment: hashed n-grams of letters and words, consonant skeletons, concepts and their pairs,
//! and the signs of asking, quoting and shouting. Each with its place in the normal text. Must not know any label.

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
/// Letters in an n-gram.
const GRAM: std::ops::RangeInclusive<usize> = 2..=5;
/// Bytes of the normal text that the model reads; platforms allow less, and the rest would only cost time.
const READ: usize = 12_000;
/// Concepts of a comment that are paired: pairs must not cost the square of a long text.
const PAIRED: usize = 40;
/// Concepts of a comment that are looked at one by one.
const LOOKED_AT: usize = 2_000;
/// Furthest concepts, in words, that count as near each other.
const NEAR: usize = 4;

/// One feature and its place in the normal text (empty: of the whole comment).
#[derive(Debug, Clone, Copy)]
pub(super) struct Feature {
    pub(super) view: u8,
    pub(super) row: u32,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// All features of a comment.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub(super) all: Vec<Feature>,
    pub(super) counts: [usize; VIEWS],
}

impl Features {
    /// Features of the comment `stored`, whose normal form is `normal`.
    pub(super) fn of(stored: &str, normal: &Normal, lexicon: &Lexicon) -> Self {
        let whole = normal.words.partition_point(|&start| start < READ);
        let words: Vec<&str> = normal.words().take(whole).collect();
        let mut made = Self {
            all: Vec::with_capacity(normal.text.len().min(READ) * 5),
            counts: [0; VIEWS],
        };
        let words = Words {
            starts: &normal.words,
            texts: &words,
        };
        made.letters(normal);
        made.words(&words);
        made.skeletons(&words);
        made.concepts(normal, &words, &lexicon.find(words.texts));
        made.signs(stored, normal, words.texts.len());
        made
    }

    /// What one feature of each view weighs in this comment.
    pub(super) fn weights(&self) -> [f32; VIEWS] {
        std::array::from_fn(|view| WEIGHT[view] / (self.counts[view] as f32 + SMOOTH).sqrt())
    }

    /// Rows of the features that carry meaning rather than spelling.
    pub(super) fn meaning(&self) -> impl Iterator<Item = u32> {
        let views = [WORDS, SKELETON, CONCEPTS, PAIRS];
        self.all
            .iter()
            .filter(move |feature| views.contains(&feature.view))
            .map(|feature| feature.row)
    }

    fn put(&mut self, view: u8, hash: u64, start: usize, end: usize) {
        let row = row(mix(hash, u64::from(view)));
        self.counts[usize::from(view)] += 1;
        self.all.push(Feature { view, row, start, end });
    }

    fn letters(&mut self, normal: &Normal) {
        let text = &normal.text;
        for (start, _) in text.char_indices().take_while(|&(start, _)| start < READ) {
            let mut hash = 11;
            for (length, (at, letter)) in text[start..].char_indices().enumerate().take(*GRAM.end()) {
                hash = mix(hash, u64::from(letter));
                if GRAM.contains(&(length + 1)) {
                    self.put(LETTERS, hash, start, start + at + letter.len_utf8());
                }
                // Words pairs have a view of their own.
                if length > 0 && letter == ' ' {
                    break;
                }
            }
        }
    }

    fn words(&mut self, words: &Words<'_>) {
        let hashes: Vec<u64> = words.texts.iter().map(|word| of_bytes(77, word.as_bytes())).collect();
        for (index, &hash) in hashes.iter().enumerate() {
            self.put(WORDS, hash, words.start(index), words.end(index));
            for gap in 1..=2 {
                if let Some(&next) = hashes.get(index + gap) {
                    let pair = mix(mix(hash, next), if gap == 1 { 1 } else { 2 });
                    self.put(SKIPS, pair, words.start(index), words.end(index + gap));
                }
            }
        }
    }

    fn skeletons(&mut self, words: &Words<'_>) {
        let arabizi = skeleton::arabizi(words.texts);
        let mut bones = Vec::new();
        let mut before = None;
        for (index, word) in words.texts.iter().enumerate() {
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
            let (start, end) = (words.start(index), words.end(index));
            for length in 3..=4 {
                for gram in bones.windows(length) {
                    self.put(SKELETON, of_bytes(991, gram), start, end);
                }
            }
            let whole = of_bytes(1234, &bones);
            self.put(SKELETON, whole, start, end);
            if let Some(before) = before {
                self.put(SKELETON, mix(before, whole), words.start(index - 1), end);
            }
            before = Some(whole);
        }
    }

    fn concepts(&mut self, normal: &Normal, words: &Words<'_>, hits: &[Hit]) {
        let place = |hit: &Hit| (words.start(hit.word), words.end(hit.word + hit.length - 1));
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
            let (start, end) = place(hit);
            if !seen.contains(&hit.concept) {
                seen.push(hit.concept);
                self.put(CONCEPTS, mix(5555, hit.concept), start, end);
            }
            let after = ends.partition_point(|&(at, _)| at < end);
            if ends.get(after).is_some_and(|&(_, mark)| mark == Mark::Question) {
                self.put(PAIRS, mix(5556, hit.concept), start, end);
            }
            if quotes.partition_point(|&at| at <= start) % 2 == 1 {
                self.put(PAIRS, mix(5557, hit.concept), start, end);
            }
        }
        self.pairs(&hits[..hits.len().min(PAIRED)], place);
    }

    fn pairs(&mut self, hits: &[Hit], place: impl Fn(&Hit) -> (usize, usize)) {
        let mut pairs: Vec<(u64, usize, usize)> = Vec::with_capacity(hits.len() * 8);
        for (index, first) in hits.iter().enumerate() {
            for second in &hits[index + 1..] {
                if first.concept == second.concept {
                    continue;
                }
                let low = first.concept.min(second.concept);
                let hash = mix(mix(777, low), first.concept.max(second.concept));
                let (from, to) = (place(first), place(second));
                let (start, end) = (from.0.min(to.0), from.1.max(to.1));
                pairs.push((mix(hash, 0), start, end));
                if second.word.abs_diff(first.word) <= NEAR {
                    pairs.push((mix(hash, 1), start, end));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup_by_key(|pair| pair.0);
        for (hash, start, end) in pairs {
            self.put(PAIRS, hash, start, end);
        }
    }

    fn signs(&mut self, stored: &str, normal: &Normal, words: usize) {
        let mut put = |kind: u64, value: u64| self.put(SIGNS, mix(mix(4242, kind), value), 0, 0);
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

struct Words<'a> {
    starts: &'a [usize],
    texts: &'a [&'a str],
}

impl Words<'_> {
    fn start(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(0)
    }

    fn end(&self, index: usize) -> usize {
        self.start(index) + self.texts.get(index).map_or(0, |word| word.len())
    }
}

fn of_bytes(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, &byte| mix(hash, u64::from(byte)))
}
