//! One normal form of a comment for all matching, with the way back to the stored bytes.
//!
//! NFKC, lower case, Arabic letter forms folded, marks and hidden characters dropped, elongation cut, everything that
//! is neither letter nor digit made one space. Must not decide anything about the text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A punctuation mark that rules care about, at a byte of the normal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `?` in any script.
    Question,
    /// The end of a sentence or line.
    Stop,
    /// A quotation mark that opens, closes, or may do either.
    Quote,
}

struct Piece {
    at: usize,
    start: usize,
    end: usize,
}

/// The normal form; it starts and ends with a space, and so do all of its words.
pub(super) struct Normal {
    pub(super) text: String,
    pieces: Vec<Piece>,
    /// Marks by place in `text`.
    pub(super) marks: Vec<(usize, Mark)>,
    /// Where each word starts in `text`.
    pub(super) words: Vec<usize>,
}

impl Normal {
    /// Normalises `stored`.
    pub(super) fn of(stored: &str) -> Self {
        let mut made = Self {
            text: String::with_capacity(stored.len() + 2),
            pieces: Vec::with_capacity(stored.len()),
            marks: Vec::new(),
            words: Vec::with_capacity(stored.len() / 5 + 1),
        };
        made.text.push(' ');
        let mut run = Run::default();
        let mut chars = stored.char_indices().peekable();
        while let Some((start, c)) = chars.next() {
            let mut end = start + c.len_utf8();
            let next = chars.peek().map_or(' ', |&(_, next)| next);
            if simple(c) && !needs_composing(next) {
                made.push(c, start, end, &mut run);
                continue;
            }
            while let Some(&(at, mark)) = chars.peek() {
                if canonical_combining_class(mark) == 0 {
                    break;
                }
                end = at + mark.len_utf8();
                chars.next();
            }
            // Past a few marks it is decoration: composing all of them would only cost time.
            for composed in stored[start..end].chars().take(8).nfkc() {
                made.push(composed, start, end, &mut run);
            }
        }
        if !made.text.ends_with(' ') {
            made.text.push(' ');
        }
        made
    }

    fn push(&mut self, c: char, start: usize, end: usize, run: &mut Run) {
        if let Some(letter) = plain(c) {
            self.letter(letter, start, end, run);
            return;
        }
        match fold(c) {
            Folded::Hidden => {
                // A mark belongs to the letter it stands on, also in a highlighted span.
                if let Some(last) = self.pieces.last_mut()
                    && last.end == start
                    && !self.text.ends_with(' ')
                {
                    last.end = end;
                }
            }
            Folded::Border => {
                run.clear();
                if let Some(mark) = mark(c) {
                    self.marks.push((self.text.len(), mark));
                }
                if !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
            }
            Folded::Letter(letter) => {
                for lower in letter.to_lowercase() {
                    let lower = refold(lower);
                    if canonical_combining_class(lower) == 0 {
                        self.letter(lower, start, end, run);
                    }
                }
            }
        }
    }

    fn letter(&mut self, letter: char, start: usize, end: usize, run: &mut Run) {
        if run.elongates(letter, &mut self.text, &mut self.pieces, end) {
            return;
        }
        let at = self.text.len();
        if self.text.as_bytes().last() == Some(&b' ') {
            self.words.push(at);
        }
        self.pieces.push(Piece { at, start, end });
        self.text.push(letter);
    }

    /// The bytes of the stored text behind `start..end` of the normal text.
    pub(super) fn stored(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = self.pieces.partition_point(|piece| piece.at < start);
        let past = self.pieces.partition_point(|piece| piece.at < end);
        if first >= past {
            return None;
        }
        Some((self.pieces.get(first)?.start, self.pieces.get(past - 1)?.end))
    }

    /// The number of the word at byte `at` of the normal text.
    pub(super) fn word_at(&self, at: usize) -> usize {
        self.words.partition_point(|&start| start <= at).saturating_sub(1)
    }

    /// The words, in order.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split(' ').filter(|word| !word.is_empty())
    }
}

/// The normal form of a phrase of the codebook.
pub(super) fn phrase(text: &str) -> String {
    Normal::of(text).text.trim().to_owned()
}

#[derive(Default)]
struct Run {
    last: Option<char>,
    length: usize,
}

impl Run {
    fn clear(&mut self) {
        self.last = None;
        self.length = 0;
    }

    /// Three of a letter are one: the second is taken back when the third comes.
    fn elongates(&mut self, c: char, text: &mut String, pieces: &mut Vec<Piece>, end: usize) -> bool {
        if self.last != Some(c) || c.is_ascii_digit() {
            self.last = Some(c);
            self.length = 1;
            return false;
        }
        self.length += 1;
        if self.length < 3 {
            return false;
        }
        if self.length == 3 {
            text.pop();
            pieces.pop();
        }
        if let Some(last) = pieces.last_mut() {
            last.end = end;
        }
        true
    }
}

enum Folded {
    Letter(char),
    Border,
    Hidden,
}

fn simple(c: char) -> bool {
    c.is_ascii() || matches!(c, 'À'..='ɏ' | '\u{600}'..='\u{6FF}')
}

fn needs_composing(next: char) -> bool {
    matches!(next, '\u{300}'..='\u{36F}')
}

/// The folded small letter or digit of the characters that most texts are made of.
fn plain(c: char) -> Option<char> {
    match c {
        'a'..='z' | '0'..='9' => Some(c),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        'ء'..='غ' | 'ف'..='ي' => Some(refold(c)),
        'å' | 'ä' | 'ö' | 'é' => Some(refold(c)),
        _ => None,
    }
}

fn fold(c: char) -> Folded {
    if c.is_ascii_alphanumeric() {
        return Folded::Letter(c);
    }
    match c {
        ' ' | ',' => Folded::Border,
        '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E8}'
        | '\u{6EA}'..='\u{6ED}'
        | '\u{640}'
        | '\u{610}'..='\u{61A}' => Folded::Hidden,
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{61C}'
        | '\u{E0000}'..='\u{E01EF}'
        | '\u{180B}'..='\u{180F}' => Folded::Hidden,
        '\'' | '’' | '‘' | '`' => Folded::Hidden,
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        _ if c.is_alphanumeric() => Folded::Letter(refold(c)),
        _ if canonical_combining_class(c) != 0 => Folded::Hidden,
        _ => Folded::Border,
    }
}

fn digit(c: char, zero: char) -> Folded {
    char::from_digit(u32::from(c).saturating_sub(u32::from(zero)), 10).map_or(Folded::Border, Folded::Letter)
}

fn refold(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' | 'ې' => 'ي',
        'ؤ' => 'و',
        'ة' | 'ہ' | 'ھ' | 'ۀ' | 'ە' => 'ه',
        'ک' | 'ڪ' => 'ك',
        'è' | 'ê' | 'ë' | 'é' => 'e',
        'á' | 'à' | 'â' | 'ã' => 'a',
        'í' | 'ì' | 'ï' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' => 'u',
        _ => c,
    }
}

fn mark(c: char) -> Option<Mark> {
    match c {
        '?' | '؟' | '？' => Some(Mark::Question),
        '.' | '!' | '\n' | '…' | '۔' | ';' | '؛' => Some(Mark::Stop),
        '"' | '“' | '”' | '„' | '«' | '»' => Some(Mark::Quote),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_arabic_letters_marks_and_tatweel_become_one() {
        assert_eq!(phrase("خَطْفُ الأطفـــال"), phrase("خطف الاطفال"));
        assert_eq!(phrase("مدرسة"), phrase("مدرسه"));
        assert_eq!(phrase("ﻛﻠﺒ"), phrase("كلب"));
        assert_eq!(phrase("٢٠٢٥ ۲۰۲۵ 2025"), "2025 2025 2025");
    }

    #[test]
    fn elongation_is_cut_and_double_letters_stay() {
        assert_eq!(phrase("NEEEEJ! Kidnappar"), "nej kidnappar");
        assert_eq!(phrase("1000000"), "1000000");
    }

    #[test]
    fn way_back_covers_elongation_and_marks_of_the_stored_text() {
        let stored = "🙈 Kidnaaaaappa\u{301}r!";
        let normal = Normal::of(stored);
        let at = normal.text.find("kidnap").unwrap();
        let end = normal.text.trim_end().len();
        let (start, end) = normal.stored(at, end).unwrap();
        assert_eq!(&stored[start..end], "Kidnaaaaappa\u{301}r");
        let stored = "قال خَطَفُوااا هم";
        let normal = Normal::of(stored);
        let at = normal.text.find("خطفوا").unwrap();
        let (start, end) = normal.stored(at, at + "خطفوا".len()).unwrap();
        assert_eq!(&stored[start..end], "خَطَفُوااا");
    }
}
