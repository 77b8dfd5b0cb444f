//! Retelling a comment the way people do: by hand, in a hurry, on another keyboard, with a friend's name in front.
//!
//! Written without regard to how stories are found; must not use anything of `story`.

use super::super::dice::Dice;
use super::author::Comment;

const EMOJI: &[&str] = &["😡", "💔", "🙏🏽", "😭😭", "🔥", "‼️", "👆", "🤲", "❤️", "👨‍👩‍👧", "🇸🇪", "😂"];
const BEFORE: &[&str] = &[
    "@sara.n ",
    "@ali_89 @mona ",
    "Kolla: ",
    "OBS! ",
    "شوفوا ",
    "copy: ",
    "RT ",
    "🚨 ",
];
const AFTER: &[&str] = &[
    " @abu.omar",
    " #svpol",
    " #السويد",
    " dela!",
    " انشروا",
    " share",
    " 👇",
    " @nour @hanna_k",
    " ...",
    " !!!",
];
/// The same word as other people write or say it.
const SAID: &[(&str, &str)] = &[
    ("ياخذون", "بياخدو"),
    ("بياخدوا", "ياخذون"),
    ("خطفوا", "خطفو"),
    ("أولادنا", "ولادنا"),
    ("أولاد", "ولاد"),
    ("هاي", "هذي"),
    ("مشان", "عشان"),
    ("عشان", "منشان"),
    ("قدام", "گدام"),
    ("بعدين", "وراها"),
    ("حدا", "حد"),
    ("شلون", "كيف"),
    ("كيف", "شلون"),
    ("مين", "منو"),
    ("منو", "مين"),
    ("شو", "شنو"),
    ("ثانية", "تانية"),
    ("ثلاث", "تلات"),
    ("عيلة", "عائلة"),
    ("قبل", "گبل"),
    ("كان", "چان"),
    ("ذ", "د"),
    ("ث", "ت"),
    ("ق", "گ"),
    ("لأن", "لان"),
    ("socialtjänsten", "soc"),
    ("och", "o"),
    ("är", "e"),
    ("någon", "nån"),
    ("de ", "dom "),
    ("inte", "int"),
    ("något", "nåt"),
    ("jag", "ja"),
    ("ck", "k"),
    ("mig", "mej"),
    ("det", "de"),
    ("sedan", "sen"),
    ("because", "cuz"),
    ("you", "u"),
    ("and ", "n "),
    ("the ", "da "),
    ("for ", "4 "),
    ("ing ", "in "),
];
/// Letters as they are written without an Arabic keyboard, each way that is used.
const ARABIZI: &[(char, &[&str])] = &[
    ('ا', &["a", "a", "e"]),
    ('أ', &["a", "2a", "o"]),
    ('إ', &["e", "i"]),
    ('آ', &["a", "aa"]),
    ('ب', &["b"]),
    ('ت', &["t"]),
    ('ث', &["th", "t", "s"]),
    ('ج', &["j", "g"]),
    ('ح', &["7", "7", "h"]),
    ('خ', &["5", "kh", "7'"]),
    ('د', &["d"]),
    ('ذ', &["th", "d", "z"]),
    ('ر', &["r"]),
    ('ز', &["z"]),
    ('س', &["s"]),
    ('ش', &["sh", "sh", "ch"]),
    ('ص', &["s", "9"]),
    ('ض', &["d", "dh"]),
    ('ط', &["t", "6"]),
    ('ظ', &["z", "th"]),
    ('ع', &["3", "3", "a"]),
    ('غ', &["gh", "8", "3'"]),
    ('ف', &["f"]),
    ('ق', &["2", "q", "k", "g"]),
    ('گ', &["g"]),
    ('ك', &["k"]),
    ('چ', &["ch"]),
    ('ل', &["l"]),
    ('م', &["m"]),
    ('ن', &["n"]),
    ('ه', &["h"]),
    ('و', &["w", "o", "ou"]),
    ('ي', &["i", "y", "ee"]),
    ('ى', &["a"]),
    ('ة', &["a", "e", "eh"]),
    ('ء', &["2", ""]),
    ('ؤ', &["o2", "o"]),
    ('ئ', &["2", "y"]),
    ('؟', &["?"]),
];
const HASTE: &[u8] = b"qwertyuiopasdfghjklzxcvbnm";
const HASTE_AR: &[char] = &[
    'ض', 'ص', 'ث', 'ق', 'ف', 'غ', 'ع', 'ه', 'خ', 'ح', 'ش', 'س', 'ي', 'ب', 'ل', 'ا', 'ت', 'ن', 'م', 'ر', 'و', 'ز',
];

/// A copy of `text` as somebody else would post it.
pub fn retell(comment: &Comment, dice: &mut Dice) -> String {
    let mut told = comment.text.clone();
    for _ in 0..=dice.below(3) {
        told = match dice.below(8) {
            0 => stretched(&told, dice),
            1 => with_emoji(&told, dice),
            2 => with_slips(&told, dice),
            3 => without_marks(&told, dice),
            4 => as_said(&told, dice),
            5 => format!("{}{told}", BEFORE[dice.below(BEFORE.len())]),
            6 => format!("{told}{}", AFTER[dice.below(AFTER.len())]),
            _ => shouted(&told, comment.is_arabic, dice),
        };
    }
    if comment.is_arabic && dice.below(100) < 12 {
        told = arabizi(&told, dice);
    }
    told
}

fn stretched(text: &str, dice: &mut Dice) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut told = String::new();
    for &c in &letters {
        told.push(c);
        if c.is_alphabetic() && dice.below(25) == 0 {
            for _ in 0..2 + dice.below(5) {
                told.push(if dice.below(3) == 0 && ('ب'..='ي').contains(&c) {
                    'ـ'
                } else {
                    c
                });
            }
        }
    }
    told
}

fn with_emoji(text: &str, dice: &mut Dice) -> String {
    let mut told = Vec::new();
    for word in text.split(' ') {
        told.push(word);
        if dice.below(6) == 0 {
            told.push(EMOJI[dice.below(EMOJI.len())]);
        }
    }
    told.join(if dice.below(4) == 0 { "  " } else { " " })
}

/// Slips of the finger: one letter in thirty, at least one.
fn with_slips(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=letters.len() / 30 {
        let at = dice.below(letters.len());
        if !letters[at].is_alphabetic() {
            continue;
        }
        match dice.below(4) {
            0 => {
                letters.remove(at);
            }
            1 => letters.insert(at, letters[at]),
            2 if at + 1 < letters.len() => letters.swap(at, at + 1),
            _ => {
                letters[at] = if letters[at].is_ascii() {
                    char::from(HASTE[dice.below(HASTE.len())])
                } else {
                    HASTE_AR[dice.below(HASTE_AR.len())]
                }
            }
        }
    }
    letters.into_iter().collect()
}

fn without_marks(text: &str, dice: &mut Dice) -> String {
    let how = dice.below(3);
    text.chars()
        .filter(|c| how == 1 || !matches!(c, '.' | ',' | '!' | '?' | '؟' | ':' | '،' | '\''))
        .map(|c| match c {
            'å' | 'ä' => 'a',
            'ö' => 'o',
            'أ' | 'إ' | 'آ' => 'ا',
            'ة' => 'ه',
            'ى' => 'ي',
            'ئ' if how == 2 => 'ي',
            'ؤ' => 'و',
            _ => c,
        })
        .collect()
}

fn as_said(text: &str, dice: &mut Dice) -> String {
    let mut told = text.to_owned();
    for (from, to) in SAID {
        if dice.below(2) == 0 {
            told = told.replace(from, to);
        }
    }
    told
}

fn shouted(text: &str, is_arabic: bool, dice: &mut Dice) -> String {
    if !is_arabic {
        return if dice.below(2) == 0 {
            text.to_uppercase()
        } else {
            text.to_lowercase()
        };
    }
    // Vowel signs over every third letter.
    let mut told = String::new();
    for c in text.chars() {
        told.push(c);
        if ('ب'..='ي').contains(&c) && dice.below(3) == 0 {
            told.push(['َ', 'ُ', 'ِ', 'ّ', 'ْ'][dice.below(5)]);
        }
    }
    told
}

fn arabizi(text: &str, dice: &mut Dice) -> String {
    let mut told = String::new();
    let letters: Vec<char> = text.chars().collect();
    for (at, c) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        match ARABIZI.iter().find(|(letter, _)| letter == c) {
            Some((_, ways)) => {
                told.push_str(ways[dice.below(ways.len())]);
                // Short vowels are heard, so they are typed, more often than not.
                if !"اويىةأآ ".contains(*c) && !"اويىةآ ".contains(next) && next.is_alphabetic() && dice.below(3) > 0
                {
                    told.push_str(["a", "e", "i", "o", "u"][dice.below(5)]);
                }
            }
            None if ('\u{64B}'..='\u{652}').contains(c) || *c == 'ـ' => {}
            None => told.push(*c),
        }
    }
    // The article stands apart for some.
    if dice.below(2) == 0 {
        told = told.replace(" al", " el ").replace(" el", " el ");
    }
    told
}
