//! What the language model sees of a comment: its words without mentions, links and emoji, and the hashed n-grams of
//! them. Training and telling go through the same two functions. Must not know any language.

use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};

/// Characters of words that are read; what follows says nothing new about the language.
const READ_CHARS: usize = 1_000;
/// Characters of one word that are read.
const WORD_CHARS: usize = 32;
/// Longest n-gram, in characters.
const LONGEST: usize = 5;
/// The border of a word, as a letter of its n-grams.
const BORDER: u32 = 0x5F;

/// The families of letters that have a model of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Latin,
    Arabic,
    Cyrillic,
    Ethiopic,
}

impl Family {
    pub(super) const ALL: [Self; 4] = [Self::Latin, Self::Arabic, Self::Cyrillic, Self::Ethiopic];

    /// ISO 15924.
    pub(super) const fn script(self) -> &'static str {
        match self {
            Self::Latin => "Latn",
            Self::Arabic => "Arab",
            Self::Cyrillic => "Cyrl",
            Self::Ethiopic => "Ethi",
        }
    }

    /// The family of a cleaned letter.
    pub(super) fn of(c: char) -> Option<Self> {
        match c {
            'a'..='z' | 'ª'..='ʯ' | 'ᴀ'..='ỿ' | 'Ⱡ'..='Ɀ' | 'Ꜣ'..='ꟿ' => Some(Self::Latin),
            '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}' => Some(Self::Arabic),
            '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{A640}'..='\u{A69F}' => Some(Self::Cyrillic),
            '\u{1200}'..='\u{139F}' | '\u{2D80}'..='\u{2DDF}' | '\u{AB00}'..='\u{AB2F}' => Some(Self::Ethiopic),
            _ => None,
        }
    }
}

/// The words of a comment, small letters, composed, one space between them.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The words.
    pub(super) text: String,
    /// Letters by [`Family::ALL`]; the last are those of other scripts.
    pub(super) letters: [u32; 5],
    /// Words by [`Family::ALL`], by their first letter.
    pub(super) words: [u32; 5],
    /// Letters that are not laughter.
    pub(super) meant: u32,
}

impl Words {
    /// The words of `stored`; those of hashtags only when there are no others.
    pub(super) fn of(stored: &str) -> Self {
        let mut cleaner = Cleaner::default();
        cleaner.read(stored, false);
        if cleaner.made.text.is_empty() && cleaner.tagged {
            cleaner = Cleaner::default();
            cleaner.read(stored, true);
        }
        cleaner.made
    }
}

#[derive(Default)]
struct Cleaner {
    made: Words,
    /// Where the word that is being read starts in the text.
    start: usize,
    /// Letters, digits and characters in it.
    letters: u32,
    digits: u32,
    length: usize,
    /// The last two characters of it, to cut elongation.
    last: [char; 2],
    cut: bool,
    total: usize,
    tagged: bool,
}

impl Cleaner {
    fn read(&mut self, stored: &str, tags: bool) {
        let mut rest = stored;
        // Whether the character before belongs to a word; mentions and links start only where none is.
        let mut inside = false;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            if inside && matches!(c, 'a'..='z' | 'ء'..='غ' | 'ف'..='ي') {
                self.letter(c);
                rest = after;
                if self.total >= READ_CHARS {
                    break;
                }
                continue;
            }
            if !inside {
                if let Some(length) = address(rest) {
                    self.end();
                    rest = &rest[length..];
                    continue;
                }
                if matches!(c, '#' | '＃') && after.starts_with(|c: char| c.is_alphanumeric()) {
                    self.tagged = true;
                    if !tags {
                        rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
                        continue;
                    }
                }
            }
            if c == '@' && inside {
                // The name before was of a mail address.
                self.forget();
                rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
                inside = false;
                continue;
            }
            inside = c.is_alphanumeric() || (inside && !c.is_whitespace() && !breaks(c));
            self.push(c);
            rest = after;
            if self.total >= READ_CHARS {
                break;
            }
        }
        self.end();
        if self.made.text.ends_with(' ') {
            self.made.text.pop();
        }
    }

    fn push(&mut self, c: char) {
        match c {
            'a'..='z' => self.letter(c),
            'A'..='Z' => self.letter(c.to_ascii_lowercase()),
            '0'..='9' => self.digit(c),
            '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' => self.apostrophe(),
            '\0'..='\u{7F}' => self.end(),
            'À'..='ɏ' | 'Ѐ'..='ԯ' => self.lower(c),
            'ء'..='غ' | 'ف'..='ي' | 'ٱ'..='ە' => self.letter(c),
            _ if hidden(c) => {}
            _ if canonical_combining_class(c) != 0 => self.mark(c),
            _ if c.is_alphabetic() => self.rare(c),
            _ if c.is_numeric() => self.digit('0'),
            _ => self.end(),
        }
    }

    /// Small letter of `c`; of the one that has two, the first.
    fn lower(&mut self, c: char) {
        let lower = c.to_lowercase().next().unwrap_or(c);
        if lower.is_alphabetic() {
            self.letter(lower);
        } else {
            self.end();
        }
    }

    /// A letter of a rarer block: presentation forms, full width and mathematical letters become plain ones.
    fn rare(&mut self, c: char) {
        let mut plain = [c; 4];
        let mut count = 0;
        decompose_compatible(c, |part| {
            if let Some(place) = plain.get_mut(count) {
                *place = part;
                count += 1;
            }
        });
        if count <= 1 {
            self.lower(plain[0]);
            return;
        }
        let mut last = None;
        for &part in &plain[..count] {
            last = match last {
                None => Some(part),
                Some(base) => match compose(base, part) {
                    Some(whole) => Some(whole),
                    None if canonical_combining_class(part) != 0 => Some(base),
                    None => {
                        self.lower(base);
                        Some(part)
                    }
                },
            };
        }
        if let Some(last) = last {
            self.lower(last);
        }
    }

    fn letter(&mut self, c: char) {
        self.letters += 1;
        self.add(c);
    }

    fn digit(&mut self, c: char) {
        self.digits += 1;
        self.add(c);
    }

    fn apostrophe(&mut self) {
        if self.length > 0 {
            self.add('\'');
        }
    }

    /// A combining mark: part of the letter before where such a letter exists, else decoration.
    fn mark(&mut self, c: char) {
        if self.length == 0 {
            return;
        }
        if let Some(whole) = self.last.first().and_then(|&base| compose(base, c))
            && self.made.text.ends_with(self.last[0])
        {
            self.made.text.pop();
            self.made.text.push(whole);
            self.last[0] = whole;
        }
    }

    fn add(&mut self, c: char) {
        if self.length == 0 {
            self.start = self.made.text.len();
            self.last = ['\0'; 2];
            self.cut = false;
        }
        if self.last[0] == c && !c.is_ascii_digit() {
            if self.last[1] == c || self.cut {
                // Three of a letter are one.
                if !self.cut {
                    if self.length <= WORD_CHARS {
                        self.made.text.pop();
                    }
                    self.length -= 1;
                    self.cut = true;
                }
                return;
            }
        } else {
            self.cut = false;
        }
        self.last = [c, self.last[0]];
        self.length += 1;
        if self.length <= WORD_CHARS {
            self.made.text.push(c);
        }
    }

    fn forget(&mut self) {
        if self.length > 0 {
            self.made.text.truncate(self.start);
        }
        self.letters = 0;
        self.digits = 0;
        self.length = 0;
    }

    fn end(&mut self) {
        if self.length == 0 {
            return;
        }
        while self.made.text.ends_with('\'') {
            self.made.text.pop();
        }
        // Digits speak only as letters among letters.
        if self.letters == 0 || self.digits > self.letters.max(2) {
            self.forget();
            return;
        }
        let word = &self.made.text[self.start..];
        let family = word.chars().find(|c| c.is_alphabetic()).and_then(Family::of);
        let place = family.map_or(4, |family| family as usize);
        self.made.letters[place] += self.letters;
        self.made.words[place] += 1;
        self.total += self.length;
        if !laughter(word) {
            self.made.meant += self.letters;
        }
        self.made.text.push(' ');
        self.letters = 0;
        self.digits = 0;
        self.length = 0;
    }
}

/// Bytes of the mention or link that `rest` starts with.
fn address(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    match bytes.first()? {
        b'@' => {
            let name = rest[1..].trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
            (name.len() + 1 < rest.len()).then(|| rest.len() - name.len())
        }
        b'h' | b'H' | b'w' | b'W' => {
            let starts = |with: &[u8]| {
                bytes
                    .get(..with.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(with))
            };
            (starts(b"http://") || starts(b"https://") || starts(b"www."))
                .then(|| rest.find(char::is_whitespace).unwrap_or(rest.len()))
        }
        _ => None,
    }
}

/// Ends a word and what may continue it for a mail address.
fn breaks(c: char) -> bool {
    !matches!(c, '.' | '-' | '_' | '+') && !hidden(c) && canonical_combining_class(c) == 0
}

/// Characters nobody sees, marks of Arabic vowels, and tatweel.
fn hidden(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{61C}'
            | '\u{640}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{E0000}'..='\u{E01EF}'
    )
}

/// Laughter in any script: "haha", "hihi", "xd", "ههه", "ахаха". It is the same in every language.
fn laughter(word: &str) -> bool {
    let mut count = 0;
    let (mut laughs, mut kinds) = (true, ['\0'; 2]);
    for c in word.chars() {
        count += 1;
        laughs &= matches!(
            c,
            'h' | 'a' | 'e' | 'i' | 'o' | 'j' | 'x' | 'd' | 'k' | 'ه' | 'خ' | 'ا' | 'а' | 'х' | 'и' | 'е'
        );
        if !kinds.contains(&c) {
            match kinds.iter_mut().find(|kind| **kind == '\0') {
                Some(free) => *free = c,
                None => laughs = false,
            }
        }
        if !laughs {
            return false;
        }
    }
    match kinds {
        ['x', 'd'] => true,
        ['h' | 'ه' | 'خ' | 'х', '\0'] => true,
        ['h' | 'j' | 'ه' | 'х', 'a' | 'e' | 'i' | 'o' | 'ا' | 'а' | 'и' | 'е'] | ['a' | 'а', 'h' | 'х'] => {
            count >= 4
        }
        _ => false,
    }
}

/// The rows of the n-grams, words and word pairs of those words in `text` that are of `family`, in a table of
/// 2^`bits` rows.
pub(super) fn rows(text: &str, family: Family, bits: u32, rows: &mut Vec<u32>) {
    rows.clear();
    let shift = 32 - bits;
    let mut before = 0_u32;
    let mut symbols = [BORDER; WORD_CHARS + 2];
    for word in text.split(' ') {
        let mut length = 1;
        let mut own = false;
        for c in word.chars().take(WORD_CHARS) {
            own = own || Family::of(c) == Some(family);
            symbols[length] = u32::from(c);
            length += 1;
        }
        if !own {
            before = 0;
            continue;
        }
        symbols[length] = BORDER;
        length += 1;
        let symbols = &symbols[..length];
        let mut whole = 0x811C_9DC5_u32;
        for start in 0..length {
            let mut hash = 0x9747_B28C_u32;
            for (nth, &symbol) in symbols[start..].iter().take(LONGEST).enumerate() {
                hash = mix(hash, symbol);
                // A border alone says nothing.
                if nth > 0 || symbol != BORDER {
                    rows.push(last(hash) >> shift);
                }
            }
            whole = mix(whole, symbols[start]);
        }
        if length > LONGEST {
            rows.push(last(whole) >> shift);
        }
        if before != 0 {
            rows.push(last(mix(before, whole)) >> shift);
        }
        before = whole;
    }
}

fn mix(hash: u32, symbol: u32) -> u32 {
    (hash ^ symbol).wrapping_mul(0x9E37_79B1).rotate_left(13)
}

fn last(hash: u32) -> u32 {
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE35)
}
