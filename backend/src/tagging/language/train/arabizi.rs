//! Arabic as it is typed with Latin letters and digits, made from Arabic words: there is far less of it to learn from
//! than is written. Knows letters, spellings and how dialects build verbs; must not know what a comment says.

use super::corpus::Material;
use super::random::Chance;

/// How frequent words sound, by dialect: Levantine, Iraqi, Gulf, Egyptian, Maghrebi, or all of them (`A`).
const SPOKEN: &str = include_str!("arabizi.tsv");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Levant,
    Iraq,
    Gulf,
    Egypt,
    Maghreb,
}

impl Dialect {
    const fn letter(self) -> &'static str {
        match self {
            Self::Levant => "L",
            Self::Iraq => "I",
            Self::Gulf => "G",
            Self::Egypt => "E",
            Self::Maghreb => "M",
        }
    }
}

/// Spellings of one writer.
struct Writer {
    dialect: Dialect,
    letters: Vec<(char, &'static str)>,
    vowels: &'static [&'static str],
    article: &'static str,
}

/// Makes Arabizi.
pub(super) struct Maker {
    spoken: Vec<(&'static str, Vec<&'static str>)>,
    roots: Vec<[char; 3]>,
}

impl Maker {
    /// With roots found among the words of `arabic`.
    pub(super) fn of(arabic: &Material) -> Self {
        let spoken = SPOKEN
            .lines()
            .filter_map(|line| {
                let mut fields = line.split('\t');
                let (dialect, _, said) = (fields.next()?, fields.next()?, fields.next()?);
                Some((dialect, said.split(' ').collect()))
            })
            .collect();
        let roots = arabic
            .words
            .iter()
            .filter_map(|word| {
                let letters: Vec<char> = word.chars().collect();
                let root: [char; 3] = letters.try_into().ok()?;
                root.iter()
                    .all(|c| "بتثجحخدذرزسشصضطظعغفقكلمنه".contains(*c))
                    .then_some(root)
            })
            .take(1_500)
            .collect();
        Self { spoken, roots }
    }

    /// `text` of Arabic letters as one writer would type it.
    pub(super) fn transliterate(&self, text: &str, chance: &mut Chance) -> String {
        let writer = Writer::any(chance);
        let words: Vec<String> = text.split_whitespace().map(|word| writer.word(word, chance)).collect();
        words.join(" ")
    }

    /// A run of one to nine words: frequent ones of a dialect, verbs, and words of `arabic`.
    pub(super) fn run(&self, arabic: &Material, chance: &mut Chance) -> String {
        let writer = Writer::any(chance);
        let own: Vec<&[&'static str]> = self
            .spoken
            .iter()
            .filter(|(dialect, _)| matches!(*dialect, "A") || *dialect == writer.dialect.letter())
            .map(|(_, said)| said.as_slice())
            .collect();
        let count = 1 + chance.place(3) * (1 + chance.place(2)) + chance.place(4);
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            words.push(match chance.below(100) {
                0..45 => chance
                    .one(&own)
                    .and_then(|said| chance.one(said))
                    .unwrap_or_default()
                    .to_owned(),
                45..72 => self.verb(&writer, chance),
                _ => writer.word(arabic.word(chance), chance),
            });
        }
        words.join(" ")
    }

    /// A verb or participle of some root in the writer's dialect.
    fn verb(&self, writer: &Writer, chance: &mut Chance) -> String {
        let Some(root) = self.roots.get(chance.place(self.roots.len())) else {
            return String::new();
        };
        let [one, two, three] = root.map(|c| writer.letter(c));
        let mut vowel = || chance.one(&["a", "e", "i", "o", "u", "a"]).unwrap_or("a");
        let (v, w) = (vowel(), vowel());
        let stem = match chance.below(12) {
            0..5 => {
                let prefixes: &[&str] = match writer.dialect {
                    Dialect::Levant => &[
                        "b", "by", "bt", "mn", "bi", "bye", "bte", "bti", "ye", "te", "ne", "y", "t", "n", "3am y",
                        "3am t", "3am by", "ra7 y", "ra7 n", "ra7 t", "ma b", "ma bt", "3am bi", "byi", "mne",
                    ],
                    Dialect::Iraq => &[
                        "y", "t", "n", "a", "yi", "ti", "ni", "da y", "da t", "da a", "ra7 y", "ra7 n", "ma y", "ma a",
                        "7a", "day", "dat", "la t",
                    ],
                    Dialect::Gulf => &[
                        "y", "t", "n", "a", "ye", "te", "ma y", "ma a", "ra7 y", "bi", "b", "la t",
                    ],
                    Dialect::Egypt => &[
                        "b", "by", "bt", "bn", "bey", "bet", "7a", "ha", "hay", "7ay", "hat", "7at", "y", "t", "mabi",
                        "maby",
                    ],
                    Dialect::Maghreb => &[
                        "ka", "kay", "kat", "kan", "ki", "kte", "ghadi n", "gha y", "gha t", "y", "t", "n", "maka",
                        "ta", "tay",
                    ],
                };
                let prefix = chance.one(prefixes).unwrap_or("y");
                format!("{prefix}{one}{two}{w}{three}")
            }
            5..8 => format!("{one}{v}{two}{w}{three}"),
            8 => format!("{one}{v}{two}{two}{w}{three}"),
            9 => format!(
                "m{v}{one}{two}{}{three}",
                chance.one(&["oo", "ou", "u", "o"]).unwrap_or("u")
            ),
            10 => format!("{one}{}{two}{w}{three}", chance.one(&["a", "aa"]).unwrap_or("a")),
            _ => format!("t{one}{v}{two}{two}{w}{three}"),
        };
        let suffixes: &[&str] = match writer.dialect {
            Dialect::Levant => &[
                "", "", "", "", "", "o", "ou", "u", "i", "na", "t", "et", "ak", "ek", "ik", "ha", "a", "on", "hon",
                "kon", "kun", "hom", "kom", "ni", "to", "lo", "le", "lak", "lkon", "een", "in", "eh",
            ],
            Dialect::Iraq => &[
                "", "", "", "", "", "oon", "un", "on", "een", "in", "na", "t", "it", "ak", "ich", "ik", "ha", "hum",
                "kum", "ni", "tu", "ah", "oha", "ohum",
            ],
            Dialect::Gulf => &[
                "", "", "", "", "oon", "on", "een", "na", "t", "ak", "ich", "ik", "ha", "hom", "hum", "kum", "ni",
            ],
            Dialect::Egypt => &[
                "", "", "", "", "o", "u", "na", "t", "et", "ak", "ek", "ha", "hom", "ko", "kom", "ni", "sh", "osh",
                "een",
            ],
            Dialect::Maghreb => &[
                "", "", "", "", "o", "ou", "na", "t", "ti", "ak", "ek", "ha", "hom", "kom", "ni", "ch", "ich", "in",
            ],
        };
        format!("{stem}{}", chance.one(suffixes).unwrap_or(""))
    }
}

fn is_vowel_letter(c: char) -> bool {
    matches!(c, 'ا' | 'و' | 'ي' | 'ى' | 'آ')
}

impl Writer {
    fn any(chance: &mut Chance) -> Self {
        let dialect = match chance.below(100) {
            0..38 => Dialect::Levant,
            38..64 => Dialect::Iraq,
            64..76 => Dialect::Gulf,
            76..91 => Dialect::Egypt,
            _ => Dialect::Maghreb,
        };
        let mut pick = |options: &[&'static str]| -> &'static str { chance.one(options).unwrap_or("") };
        let letters = vec![
            ('ع', pick(&["3", "3", "3", "3", "3", "a", "aa", "'"])),
            ('ح', pick(&["7", "7", "7", "h", "h"])),
            ('خ', pick(&["kh", "kh", "5", "5", "7'", "5"])),
            ('غ', pick(&["gh", "gh", "gh", "3'", "8", "g"])),
            (
                'ق',
                match dialect {
                    Dialect::Levant => pick(&["2", "2", "q", "k", "a", "9"]),
                    Dialect::Iraq => pick(&["q", "g", "g", "8", "k"]),
                    Dialect::Gulf => pick(&["g", "q", "8", "g"]),
                    Dialect::Egypt => pick(&["2", "2", "2", "q", "k"]),
                    Dialect::Maghreb => pick(&["9", "9", "q", "k", "g"]),
                },
            ),
            (
                'ش',
                match dialect {
                    Dialect::Maghreb => pick(&["ch", "ch", "sh", "x"]),
                    Dialect::Levant => pick(&["sh", "sh", "sh", "ch"]),
                    _ => "sh",
                },
            ),
            (
                'ج',
                match dialect {
                    Dialect::Egypt => pick(&["g", "g", "g", "j"]),
                    _ => pick(&["j", "j", "j", "g"]),
                },
            ),
            ('ث', pick(&["th", "t", "s", "th"])),
            ('ذ', pick(&["th", "d", "z", "dh"])),
            ('ض', pick(&["d", "d", "th", "dh", "9'"])),
            ('ظ', pick(&["z", "th", "dh", "6'", "z"])),
            ('ط', pick(&["t", "t", "6", "6"])),
            ('ص', pick(&["s", "s", "s", "9"])),
            (
                'ك',
                match dialect {
                    Dialect::Iraq => pick(&["k", "k", "k", "ch"]),
                    _ => "k",
                },
            ),
            ('ء', pick(&["2", "2", "", "'"])),
            ('ئ', pick(&["2", "2", "y", "2"])),
            ('ؤ', pick(&["2", "2", "o2", "w"])),
            ('و', pick(&["o", "ou", "u", "oo", "o"])),
            ('ي', pick(&["i", "ee", "i", "y", "e"])),
            ('ا', pick(&["a", "a", "a", "aa", "e"])),
            ('ة', pick(&["a", "e", "eh", "ah", "i", "a"])),
            ('ى', pick(&["a", "a", "aa", "i"])),
            ('ه', pick(&["h", "h", "h", "h"])),
        ];
        let vowels: &[&str] = match dialect {
            Dialect::Levant => &["a", "e", "i", "a", "o", "e"],
            Dialect::Iraq => &["a", "i", "u", "a", "i"],
            Dialect::Gulf => &["a", "e", "i", "a", "u"],
            Dialect::Egypt => &["a", "e", "e", "o", "a"],
            Dialect::Maghreb => &["a", "e", "", "", "o", "i"],
        };
        let article = pick(&["el ", "el", "al", "l", "il", "al ", "el-", "al-", "il "]);
        Self {
            dialect,
            letters,
            vowels,
            article,
        }
    }

    fn letter(&self, c: char) -> &'static str {
        if let Some(&(_, latin)) = self.letters.iter().find(|(arabic, _)| *arabic == c) {
            return latin;
        }
        match c {
            'ب' | 'پ' => "b",
            'ت' => "t",
            'د' => "d",
            'ر' => "r",
            'ز' => "z",
            'س' => "s",
            'ف' => "f",
            'ڤ' => "v",
            'ل' => "l",
            'م' => "m",
            'ن' => "n",
            'أ' => "a",
            'إ' => "e",
            'آ' => "a",
            'گ' | 'ڭ' => "g",
            'چ' => "ch",
            'ژ' => "j",
            _ => "",
        }
    }

    fn word(&self, word: &str, chance: &mut Chance) -> String {
        if !word.starts_with(|c| matches!(c, '\u{621}'..='\u{64A}' | '\u{671}'..='\u{6D3}')) {
            return word.to_owned();
        }
        let mut rest = word;
        let mut made = String::new();
        if word.chars().count() > 3 {
            if let Some(after) = rest.strip_prefix('و') {
                made.push_str(chance.one(&["w", "wa", "w ", "wi", "u "]).unwrap_or("w"));
                rest = after;
            }
            for (prefix, said) in [("بال", "bel"), ("لل", "lel"), ("فال", "fel")] {
                if let Some(after) = rest.strip_prefix(prefix) {
                    made.push_str(said);
                    rest = after;
                }
            }
            if let Some(after) = rest.strip_prefix("ال") {
                made.push_str(self.article);
                rest = after;
            }
        } else if word == "و" {
            return chance.one(&["w", "wa", "o", "u", "we"]).unwrap_or("w").to_string();
        }
        let letters: Vec<char> = rest
            .chars()
            .filter(|c| !matches!(c, '\u{64B}'..='\u{65F}' | '\u{640}'))
            .collect();
        let mut open = false;
        for (at, &c) in letters.iter().enumerate() {
            let next = letters.get(at + 1).copied();
            let glide =
                at == 0 || next.is_some_and(|next| matches!(next, 'ا' | 'ة')) || (at > 0 && letters[at - 1] == 'ا');
            match c {
                'و' if glide => made.push('w'),
                'ي' if glide => made.push('y'),
                'ة' | 'ه' if next.is_none() && c == 'ة' => made.push_str(self.letter('ة')),
                _ => made.push_str(self.letter(c)),
            }
            let consonant = !is_vowel_letter(c) && !matches!(c, 'ة' | 'أ' | 'إ') || (glide && matches!(c, 'و' | 'ي'));
            let closes = next.is_some_and(|next| !is_vowel_letter(next) && next != 'ة');
            if consonant && closes {
                let likely = if at == 0 {
                    85
                } else if open {
                    40
                } else {
                    75
                };
                open = chance.percent(likely);
                if open {
                    made.push_str(chance.one(self.vowels).unwrap_or("a"));
                }
            } else {
                open = !consonant;
            }
        }
        made
    }
}
