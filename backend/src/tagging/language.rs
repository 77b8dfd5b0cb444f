//! The language of a comment as a whole: scripts, letters that only one language has, frequent words, and whatlang for
//! what they leave open. Arabizi (Arabic in Latin letters and digits) is Arabic. Must not look at anything but the text.

use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::normal::Normal;

/// Code, script and confidence.
pub(super) struct Language {
    pub(super) code: &'static str,
    pub(super) script: &'static str,
    pub(super) confidence: f32,
}

/// Languages by frequent words; `ar-Latn` is Arabizi and `ckb` is Sorani.
const CODES: [&str; 22] = [
    "sv", "en", "ar-Latn", "tr", "so", "ku", "bs", "no", "da", "de", "fr", "es", "fi", "pl", "ro", "sq", "it", "ar",
    "fa", "ckb", "ur", "ps",
];
const SV: usize = 0;
const EN: usize = 1;
const ARABIZI: usize = 2;
const TR: usize = 3;
const KU: usize = 5;
const BS: usize = 6;
const NO: usize = 7;
const DA: usize = 8;
const DE: usize = 9;
const ES: usize = 11;
const AR: usize = 17;
const FA: usize = 18;
const CKB: usize = 19;
const UR: usize = 20;

/// A word and a bit for each language that uses it.
static WORDS: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let lists: HashMap<String, Vec<String>> = serde_json::from_str(include_str!("words.json")).unwrap_or_default();
    let mut words: HashMap<String, u32> = HashMap::new();
    for (index, code) in CODES.iter().enumerate() {
        for word in lists.get(*code).into_iter().flatten() {
            *words.entry(super::normal::phrase(word)).or_default() |= 1 << index;
        }
    }
    words
});

static WHATLANG: LazyLock<Detector> = LazyLock::new(|| {
    Detector::with_allowlist(vec![
        Lang::Swe,
        Lang::Eng,
        Lang::Tur,
        Lang::Fin,
        Lang::Pol,
        Lang::Deu,
        Lang::Fra,
        Lang::Spa,
        Lang::Ron,
        Lang::Hrv,
        Lang::Nob,
        Lang::Dan,
        Lang::Ita,
    ])
});

/// Letters by script and by language, of the stored text.
#[derive(Default)]
struct Letters {
    latin: usize,
    arabic: usize,
    cyrillic: usize,
    other: usize,
    sorani: usize,
    persian: usize,
    urdu: usize,
    swedish: usize,
    danish: usize,
    german: usize,
    spanish: usize,
    turkish: usize,
    kurmanji: usize,
    south_slavic: usize,
}

/// Tells the language of `stored`, whose normal form is `normal`.
pub(super) fn of(stored: &str, normal: &Normal) -> Language {
    let letters = Letters::of(stored);
    let all = letters.latin + letters.arabic + letters.cyrillic + letters.other;
    if all == 0 {
        return Language {
            code: "und",
            script: "Zyyy",
            confidence: 1.0,
        };
    }
    let script = letters.script(all);
    let scored = Scores::of(normal);
    let (code, confidence) = if letters.other > letters.latin + letters.arabic + letters.cyrillic {
        ("other", 0.9)
    } else if letters.cyrillic * 2 > all {
        cyrillic(stored)
    } else if letters.arabic > 0 && (letters.latin == 0 || scored.arabic_frames(&letters)) {
        arabic(&letters, &scored)
    } else {
        latin(stored, &letters, &scored)
    };
    let confidence = if script == "mixed" {
        confidence * 0.85
    } else {
        confidence
    };
    Language {
        code,
        script,
        confidence: (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0,
    }
}

impl Letters {
    fn of(stored: &str) -> Self {
        let mut count = Self::default();
        for word in stored.split(char::is_whitespace) {
            // Addresses and names of accounts are in no language.
            if word.starts_with('@') || word.contains("://") || word.contains('@') || word.starts_with("www.") {
                continue;
            }
            for c in word.chars() {
                count.add(c);
            }
        }
        count
    }

    fn add(&mut self, c: char) {
        match c {
            'a'..='z' | 'A'..='Z' => self.latin += 1,
            'À'..='ɏ' | 'Ḁ'..='ỿ' => {
                self.latin += 1;
                match c {
                    'å' | 'Å' => {
                        self.swedish += 1;
                        self.danish += 1;
                    }
                    'ä' | 'Ä' => {
                        self.swedish += 2;
                        self.german += 1;
                    }
                    'ö' | 'Ö' => {
                        self.swedish += 1;
                        self.german += 1;
                        self.turkish += 1;
                    }
                    'ø' | 'æ' | 'Ø' | 'Æ' => self.danish += 3,
                    'ß' => self.german += 3,
                    'ü' | 'Ü' => {
                        self.german += 1;
                        self.turkish += 1;
                    }
                    'ñ' => self.spanish += 3,
                    'ı' | 'ğ' | 'İ' | 'Ğ' => self.turkish += 3,
                    'ş' | 'ç' | 'Ş' | 'Ç' => {
                        self.turkish += 1;
                        self.kurmanji += 1;
                    }
                    'ê' | 'î' | 'û' | 'Ê' | 'Î' | 'Û' => self.kurmanji += 2,
                    'š' | 'č' | 'ć' | 'ž' | 'đ' | 'Š' | 'Č' | 'Ž' => self.south_slavic += 3,
                    _ => {}
                }
            }
            'ێ' | 'ۆ' | 'ڕ' | 'ڵ' | 'ە' | 'ڤ' => {
                self.arabic += 1;
                self.sorani += 1;
            }
            'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ے' | 'ہ' => {
                self.arabic += 1;
                self.urdu += 1;
            }
            'پ' | 'چ' | 'ژ' | 'گ' | 'ی' | 'ک' => {
                self.arabic += 1;
                self.persian += 1;
            }
            'ء'..='ي' | 'ٮ'..='ۓ' | 'ﭐ'..='ﻼ' => self.arabic += 1,
            'А'..='я' | 'Ѐ'..='џ' => self.cyrillic += 1,
            _ if c.is_alphabetic() => self.other += 1,
            _ => {}
        }
    }

    fn script(&self, all: usize) -> &'static str {
        let most = self.latin.max(self.arabic).max(self.cyrillic).max(self.other);
        // A foreign name or abbreviation does not make a text mixed.
        if (all - most) * 7 >= all {
            "mixed"
        } else if most == self.latin {
            "Latn"
        } else if most == self.arabic {
            "Arab"
        } else if most == self.cyrillic {
            "Cyrl"
        } else {
            "Zzzz"
        }
    }
}

struct Scores {
    by: [f32; CODES.len()],
    known: usize,
    words: usize,
    arabic_words: usize,
    latin_words: usize,
    digits_inside: usize,
}

impl Scores {
    fn of(normal: &Normal) -> Self {
        let mut scores = Self {
            by: [0.0; CODES.len()],
            known: 0,
            words: 0,
            arabic_words: 0,
            latin_words: 0,
            digits_inside: 0,
        };
        for word in normal.words().take(400) {
            scores.words += 1;
            let arabic = word.starts_with(|c: char| matches!(c, '\u{600}'..='\u{6FF}'));
            if arabic {
                scores.arabic_words += 1;
                if word.starts_with("ال") || word.starts_with("وال") {
                    scores.by[AR] += 0.6;
                }
            } else if word.starts_with(|c: char| c.is_alphabetic()) || arabizi_digits(word) {
                scores.latin_words += 1;
                if arabizi_digits(word) {
                    scores.digits_inside += 1;
                    scores.by[ARABIZI] += 1.2;
                }
            }
            if let Some(&languages) = WORDS.get(word) {
                scores.known += 1;
                // A word of two languages speaks half as much for each.
                let weight = match languages.count_ones() {
                    1 => 1.0,
                    2 => 0.5,
                    _ => 0.3,
                };
                for (index, score) in scores.by.iter_mut().enumerate() {
                    if languages & (1 << index) != 0 {
                        *score += weight;
                    }
                }
            }
        }
        scores
    }

    /// Code-switching goes by the frame: more words, and frequent ones count twice.
    fn arabic_frames(&self, letters: &Letters) -> bool {
        let frame = |words: usize, best: f32| words_as(words) + best;
        let latin = self.by[..AR].iter().copied().fold(0.0, f32::max);
        let arabic = self.by[AR..].iter().copied().fold(0.0, f32::max);
        let (latin, arabic) = (frame(self.latin_words, latin), frame(self.arabic_words, arabic));
        if (latin - arabic).abs() < f32::EPSILON {
            letters.arabic >= letters.latin
        } else {
            arabic > latin
        }
    }

    fn best(&self, among: impl Iterator<Item = usize>) -> (usize, f32, f32) {
        let mut best = (usize::MAX, 0.0, 0.0);
        for index in among {
            let score = self.by[index];
            if score > best.1 {
                best = (index, score, best.1);
            } else if score > best.2 {
                best.2 = score;
            }
        }
        best
    }
}

fn words_as(words: usize) -> f32 {
    f32::from(u16::try_from(words).unwrap_or(u16::MAX))
}

/// 2 3 5 6 7 8 9 as letters: between or beside Latin letters, not "5kg" or "12x".
fn arabizi_digits(word: &str) -> bool {
    let bytes = word.as_bytes();
    if !bytes.is_ascii() || bytes.len() < 3 || word == "mp3" || word == "mp4" {
        return false;
    }
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if letters < 2 {
        return false;
    }
    bytes.iter().enumerate().any(|(at, byte)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let after = bytes.get(at + 1);
        matches!(byte, b'2' | b'3' | b'5' | b'6' | b'7' | b'8' | b'9')
            && !before.is_some_and(u8::is_ascii_digit)
            && !after.is_some_and(u8::is_ascii_digit)
            && (before.is_some() || matches!(byte, b'2' | b'3' | b'5' | b'7'))
    })
}

fn arabic(letters: &Letters, scores: &Scores) -> (&'static str, f32) {
    let share = |count: usize| words_as(count) / words_as(letters.arabic.max(1));
    let mut by = [
        (AR, 0.8 + scores.by[AR]),
        (FA, scores.by[FA]),
        (CKB, scores.by[CKB]),
        (UR, scores.by[UR]),
    ];
    by[1].1 += share(letters.persian) * 12.0;
    by[2].1 += share(letters.sorani) * 25.0;
    by[3].1 += share(letters.urdu) * 25.0;
    by.sort_by(|a, b| b.1.total_cmp(&a.1));
    let code = match by[0].0 {
        FA => "fa",
        CKB => "ku",
        UR => "ur",
        _ => "ar",
    };
    (code, certainty(by[0].1, by[1].1))
}

fn cyrillic(stored: &str) -> (&'static str, f32) {
    if stored
        .chars()
        .any(|c| matches!(c, 'ј' | 'љ' | 'њ' | 'ћ' | 'ђ' | 'џ' | 'Ј' | 'Њ' | 'Љ'))
    {
        ("bs", 0.9)
    } else {
        ("other", 0.8)
    }
}

fn latin(stored: &str, letters: &Letters, scores: &Scores) -> (&'static str, f32) {
    let mut by = scores.by;
    for (index, count) in [
        (SV, letters.swedish),
        (DA, letters.danish),
        (NO, letters.danish),
        (DE, letters.german),
        (ES, letters.spanish),
        (TR, letters.turkish),
        (KU, letters.kurmanji),
        (BS, letters.south_slavic),
    ] {
        by[index] += words_as(count.min(12)) * 0.4;
    }
    let scores = Scores { by, ..*scores };
    let (mut index, mut best, second) = scores.best(0..AR);
    let mut sure = certainty(best, second);
    let weak = best < 1.0 || sure < 0.6;
    if weak
        && scores.digits_inside == 0
        && letters.latin >= 12
        && let Some(guess) = WHATLANG.detect(stored)
        && let Some(at) = whatlang_index(guess.lang())
        && (guess.is_reliable() || best < 0.5 || by[at] + 0.3 >= best)
    {
        sure = if guess.is_reliable() { 0.7 } else { 0.45 };
        (index, best) = (at, best.max(0.5));
    }
    if index == usize::MAX || best < 0.3 {
        // Letters without a word we know: a name, a slogan, a language that is not ours.
        return if letters.latin < 3 {
            ("und", 0.5)
        } else {
            ("other", 0.2)
        };
    }
    let code = match index {
        ARABIZI => "ar",
        EN | SV => CODES[index],
        _ => CODES.get(index).copied().unwrap_or("other"),
    };
    (code, sure)
}

fn whatlang_index(lang: Lang) -> Option<usize> {
    let code = match lang {
        Lang::Swe => "sv",
        Lang::Eng => "en",
        Lang::Tur => "tr",
        Lang::Fin => "fi",
        Lang::Pol => "pl",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Ron => "ro",
        Lang::Hrv => "bs",
        Lang::Nob => "no",
        Lang::Dan => "da",
        Lang::Ita => "it",
        _ => return None,
    };
    CODES.iter().position(|known| *known == code)
}

/// From the lead over the second best and the amount of evidence.
fn certainty(best: f32, second: f32) -> f32 {
    if best <= 0.0 {
        return 0.0;
    }
    let lead = (best - second) / (best + second * 0.5);
    let amount = best / (best + 0.6);
    (lead * amount).max(0.05)
}
