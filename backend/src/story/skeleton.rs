//! A text as its consonants: what is left of it when spelling, script, marks and stretching are taken away.
//!
//! Arabic letters and the Latin letters and digits that Arabizi writes them with fall into the same classes, vowels and
//! half vowels into none; so one sentence has nearly one skeleton however it is spelled. Must not decide anything.

use unicode_normalization::UnicodeNormalization;

/// Longest text that is read, in bytes; what repeats past it is found by its beginning.
const READ_BYTES: usize = 8 * 1024;
/// Most classes that are kept.
const MOST: usize = 1_024;

/// What a letter is in a skeleton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sound {
    /// A consonant class; a letter of another script is a class of its own.
    Of(u32),
    /// A vowel, a half vowel, or a sound that is written or not.
    Silent,
    /// The end of a word.
    Border,
    /// Stands on another letter, or is not seen.
    Mark,
}

/// The skeleton of a text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Skeleton {
    /// Consonant classes in order, without borders between words.
    pub sounds: Vec<u32>,
}

impl Skeleton {
    /// Reads `text`; mentions and links are no part of it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let read = &text[..text.floor_char_boundary(READ_BYTES)];
        let mut made = Self::default();
        for token in read.split_whitespace() {
            if is_named(token) {
                continue;
            }
            made.read(token);
            if made.sounds.len() >= MOST {
                made.sounds.truncate(MOST);
                break;
            }
        }
        made
    }

    fn read(&mut self, token: &str) {
        let mut word = Word {
            start: self.sounds.len(),
            latin: token.bytes().any(|b| b.is_ascii_alphabetic()),
        };
        let mut letters = token.chars().flat_map(plain).flat_map(char::to_lowercase).peekable();
        while let Some(letter) = letters.next() {
            let next = letters.peek().copied();
            let (sound, both) = digraph(letter, next).map_or_else(|| (word.sound(letter), false), |of| (of, true));
            if both {
                letters.next();
            }
            match sound {
                Sound::Of(class) => {
                    // Doubled, stretched, or with a vowel between that Arabic would not write.
                    let begun = self.sounds.len() > word.start;
                    if !(begun && self.sounds.last() == Some(&class) && class >= u32::from(b'A')) {
                        self.sounds.push(class);
                    }
                }
                Sound::Border => {
                    word.end(&mut self.sounds);
                    word.start = self.sounds.len();
                }
                Sound::Silent | Sound::Mark => {}
            }
        }
        word.end(&mut self.sounds);
    }
}

/// A word while it is read.
struct Word {
    start: usize,
    latin: bool,
}

impl Word {
    fn sound(&self, letter: char) -> Sound {
        match letter {
            // Digits are letters in Arabizi: ء ع خ ط ح غ ص.
            '2' | '3' if self.latin => Sound::Silent,
            '5' if self.latin => Sound::Of(u32::from(b'X')),
            '6' if self.latin => Sound::Of(u32::from(b'T')),
            '7' if self.latin => Sound::Of(u32::from(b'H')),
            '8' if self.latin => Sound::Of(u32::from(b'G')),
            '9' if self.latin => Sound::Of(u32::from(b'S')),
            '$' if self.latin => Sound::Of(u32::from(b'S')),
            _ => sound(letter),
        }
    }

    /// An article is written together with its word, apart or not at all, and a last h comes and goes.
    fn end(&self, sounds: &mut Vec<u32>) {
        if sounds.len() > self.start && sounds.last() == Some(&u32::from(b'H')) {
            sounds.pop();
        }
        if sounds.get(self.start) == Some(&u32::from(b'L')) {
            sounds.remove(self.start);
        }
    }
}

/// A mention or a link.
fn is_named(token: &str) -> bool {
    token.starts_with('@') || super::link::is_link(token)
}

/// The letters behind one: without marks, presentation forms and styles.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let simple = letter.is_ascii() || matches!(letter, '\u{621}'..='\u{6FF}');
    let composed = (!simple).then(|| std::iter::once(letter).nfkd());
    simple
        .then_some(letter)
        .into_iter()
        .chain(composed.into_iter().flatten().take(8))
}

fn digraph(letter: char, next: Option<char>) -> Option<Sound> {
    let class = match (letter, next?) {
        ('s', 'h') => b'C',
        ('k', 'h') => b'X',
        ('g', 'h') => b'G',
        ('t', 'h') => b'T',
        ('d', 'h') => b'D',
        ('p', 'h') => b'F',
        ('c', 'h' | 'k') => b'K',
        _ => return None,
    };
    Some(Sound::Of(u32::from(class)))
}

fn sound(letter: char) -> Sound {
    let class = match letter {
        'b' | 'p' | 'ب' | 'پ' => b'B',
        'f' | 'v' | 'ف' | 'ڤ' => b'F',
        't' | 'ت' | 'ط' | 'ث' => b'T',
        'd' | 'د' | 'ض' | 'ذ' | 'ظ' => b'D',
        's' | 'س' | 'ص' => b'S',
        'ش' => b'C',
        'z' | 'ز' | 'ژ' => b'Z',
        'j' | 'ج' => b'J',
        'k' | 'c' | 'q' | 'g' | 'ك' | 'ک' | 'ق' | 'گ' | 'چ' => b'K',
        'غ' => b'G',
        'x' | 'خ' => b'X',
        'h' | 'ح' | 'ه' | 'ھ' | 'ہ' => b'H',
        'm' | 'م' => b'M',
        'n' | 'ن' => b'N',
        'r' | 'ر' => b'R',
        'l' | 'ل' => b'L',
        'a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'y' | 'ø' | 'æ' | 'ı' | '\'' | '’' | '`' => return Sound::Silent,
        'ا' | 'و' | 'ي' | 'ى' | 'ی' | 'ة' | 'ء' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ؤ' | 'ئ' | 'ع' | 'ە' | 'ۀ' =>
        {
            return Sound::Silent;
        }
        '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{610}'..='\u{61A}' | '\u{6D6}'..='\u{6ED}' => {
            return Sound::Mark;
        }
        '٠'..='٩' => return digit(letter, '٠'),
        '۰'..='۹' => return digit(letter, '۰'),
        '0'..='9' => return digit(letter, '0'),
        _ => return other(letter),
    };
    Sound::Of(u32::from(class))
}

fn digit(letter: char, zero: char) -> Sound {
    Sound::Of(u32::from('0') + (u32::from(letter) - u32::from(zero)))
}

fn other(letter: char) -> Sound {
    use unicode_normalization::char::is_combining_mark;
    match letter {
        '\u{AD}'
        | '\u{61C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' => Sound::Mark,
        _ if is_combining_mark(letter) => Sound::Mark,
        _ if letter.is_alphanumeric() => Sound::Of(u32::from(letter)),
        _ => Sound::Border,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skeleton(text: &str) -> String {
        Skeleton::of(text)
            .sounds
            .into_iter()
            .filter_map(char::from_u32)
            .collect()
    }

    #[test]
    fn arabic_and_arabizi_meet() {
        assert_eq!(skeleton("خطفوا الاولاد"), skeleton("5atafo el awlad"));
        assert_eq!(skeleton("خطفوا الأولاد"), skeleton("khatafu alwlad"));

        assert_eq!(skeleton("المدرسة"), skeleton("el madraseh"));
    }

    #[test]
    fn mentions_and_links_are_no_part_and_numbers_stay() {
        assert_eq!(skeleton("@sara.n barnen https://x.example/y"), skeleton("barnen"));
        assert_eq!(skeleton("٣ سنين"), skeleton("3 sneen"));
        assert_ne!(skeleton("paragraf 3"), skeleton("paragraf 4"));
    }

    #[test]
    fn other_scripts_keep_their_letters() {
        assert_eq!(skeleton("дети"), "дети");
        assert_eq!(skeleton("ልጆች").chars().count(), 3);
    }
}
