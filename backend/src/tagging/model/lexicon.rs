//! Words of one meaning in all languages: "kidnappar", "خطف", "by5atfo" and "kidnap" are one concept, so that what the
//! model learns from comments of one language holds in the others. Finds concepts; must not weigh them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::super::normal::phrase;
use super::hash::mix;

/// What may stand before an Arabic word without being another word.
const BEFORE: [&str; 30] = [
    "و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "ع", "عال", "هال", "د", "س", "ي", "بي",
    "وب", "ول", "ت", "ن", "بت", "كي", "كت", "حي", "هي", "بهال", "م",
];
/// A start of a word as a number, so that a word is compared with all of them in no time.
#[derive(Clone, Copy)]
struct Before {
    key: u64,
    mask: u64,
    length: usize,
}

const BEFORES: [Before; BEFORE.len()] = {
    let mut made = [Before {
        key: 0,
        mask: 0,
        length: 0,
    }; BEFORE.len()];
    let mut count = 0;
    while count < made.len() {
        let length = BEFORE[count].len();
        made[count] = Before {
            key: key(BEFORE[count]),
            mask: if length == 8 { u64::MAX } else { (1 << (length * 8)) - 1 },
            length,
        };
        assert!(length <= 8, "a start has more bytes than its key");
        count += 1;
    }
    made
};

/// The first eight bytes of a word.
const fn key(word: &str) -> u64 {
    let word = word.as_bytes();
    if let Some(first) = word.first_chunk() {
        return u64::from_le_bytes(*first);
    }
    let mut bytes = [0; 8];
    let (start, _) = bytes.split_at_mut(word.len());
    start.copy_from_slice(word);
    u64::from_le_bytes(bytes)
}

/// Longest start of a word, in bytes, that is looked up.
const LONGEST: usize = 40;

/// A concept at a place: words `word..word + length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) word: usize,
    pub(super) length: usize,
    /// Hash of the concept's name: stays the same when others are added.
    pub(super) concept: u64,
}

impl Hit {
    /// Its last word.
    pub(super) fn last(&self) -> usize {
        self.word + self.length - 1
    }
}

/// Keys are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, &byte| mix(hash, u64::from(byte)));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

type Map<T> = HashMap<u64, T, BuildHasherDefault<Same>>;

struct Phrase {
    rest: Vec<String>,
    open: bool,
    concept: u64,
}

/// All concepts, ready for search.
#[derive(Default)]
pub(super) struct Lexicon {
    whole: Map<Vec<u64>>,
    open: Map<Vec<u64>>,
    /// A bit for what may be in `open`: most starts of words are not.
    maybe: Vec<u64>,
    phrases: Map<Vec<Phrase>>,
}

const SEED: u64 = 77;
/// Bits of a number of the bits that say what may be there: 8 KiB, one in twelve set.
const MAYBE: u32 = 16;

/// The word of the bits that a key has its bit in.
fn word_of(key: u64) -> usize {
    usize::try_from(key >> 6 & ((1 << (MAYBE - 6)) - 1)).unwrap_or(0)
}

fn of_bytes(text: &str) -> u64 {
    text.bytes().fold(SEED, |hash, byte| mix(hash, u64::from(byte)))
}

impl Lexicon {
    /// Reads lines `concept: word, open*, two words`; a line without a colon says nothing.
    pub(super) fn read(text: &str) -> Self {
        let mut made = Self {
            maybe: vec![0; 1 << (MAYBE - 6)],
            ..Self::default()
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, words)) = line.split_once(':') else {
                continue;
            };
            let concept = of_bytes(name.trim());
            for word in words.split([',', '،']) {
                made.add(word.trim(), concept);
            }
        }
        made
    }

    fn add(&mut self, written: &str, concept: u64) {
        let open = written.ends_with('*');
        let normal = phrase(written);
        let mut parts = normal.split(' ').map(str::to_owned);
        let Some(first) = parts.next().filter(|first| !first.is_empty()) else {
            return;
        };
        let key = of_bytes(&first);
        let rest: Vec<String> = parts.collect();
        if rest.is_empty() {
            let map = if open { &mut self.open } else { &mut self.whole };
            if open && let Some(bits) = self.maybe.get_mut(word_of(key)) {
                *bits |= 1 << (key % 64);
            }
            map.entry(key).or_default().push(concept);
        } else {
            self.phrases
                .entry(key)
                .or_default()
                .push(Phrase { rest, open, concept });
        }
    }

    /// The concepts in `words`, by place.
    pub(super) fn find(&self, words: &[&str]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut here: Vec<u64> = Vec::new();
        for (word, text) in words.iter().enumerate() {
            here.clear();
            let whole = self.starts(text, &mut here);
            if text.starts_with(|c| matches!(c, '\u{600}'..='\u{6FF}')) {
                let start = key(text);
                for before in BEFORES {
                    if start & before.mask == before.key
                        && let Some(rest) = text.get(before.length..)
                        && rest.chars().nth(2).is_some()
                    {
                        self.starts(rest, &mut here);
                    }
                }
            }
            here.sort_unstable();
            here.dedup();
            hits.extend(here.iter().map(|&concept| Hit {
                word,
                length: 1,
                concept,
            }));
            for phrase in self.phrases.get(&whole).into_iter().flatten() {
                if phrase.follows(words.get(word + 1..).unwrap_or_default()) {
                    hits.push(Hit {
                        word,
                        length: phrase.rest.len() + 1,
                        concept: phrase.concept,
                    });
                }
            }
        }
        hits
    }

    /// Puts the concepts of `word` and of its starts into `found`; gives the hash of the whole.
    fn starts(&self, word: &str, found: &mut Vec<u64>) -> u64 {
        let mut hash = SEED;
        for (index, byte) in word.bytes().enumerate() {
            hash = mix(hash, u64::from(byte));
            if (1..LONGEST).contains(&index)
                && self
                    .maybe
                    .get(word_of(hash))
                    .is_some_and(|bits| bits >> (hash % 64) & 1 == 1)
                && word.is_char_boundary(index + 1)
                && let Some(concepts) = self.open.get(&hash)
            {
                found.extend(concepts);
            }
        }
        if let Some(concepts) = self.whole.get(&hash) {
            found.extend(concepts);
        }
        hash
    }
}

impl Phrase {
    fn follows(&self, words: &[&str]) -> bool {
        let last = self.rest.len() - 1;
        words.len() > last
            && self.rest.iter().zip(words).enumerate().all(|(index, (part, word))| {
                if self.open && index == last {
                    word.starts_with(part.as_str())
                } else {
                    word == part
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(lexicon: &Lexicon, text: &str) -> usize {
        let normal = phrase(text);
        lexicon.find(&normal.split(' ').collect::<Vec<_>>()).len()
    }

    #[test]
    fn open_ends_whole_words_and_phrases_are_told_apart() {
        let lexicon = Lexicon::read("# note\ntake: kidnapp*, tar, ge tillbaka*, خطف*\n");
        assert_eq!(count(&lexicon, "kidnappar"), 1);
        assert_eq!(count(&lexicon, "target"), 0);
        assert_eq!(count(&lexicon, "ge tillbakat dem"), 1);
        assert_eq!(count(&lexicon, "ge dem tillbaka"), 0);
        assert_eq!(count(&lexicon, "ge"), 0);
        assert_eq!(count(&lexicon, "والخطف"), 1);
    }
}
