//! Consonant skeletons: the same Arabic word in Arabic letters and in Arabizi, in whatever dialect's vowels, gives
//! nearly the same few signs. Must not be used for Latin text of other languages: there it only confuses.

/// Words that are frequent in Arabizi and rare in the other languages of the desk.
const ARABIZI: [&str; 78] = [
    "el", "al", "l", "w", "ya", "bas", "bs", "ma", "mish", "msh", "mesh", "mush", "mo", "mu", "machi", "mashi", "la2",
    "fi", "fe", "3ala", "3al", "3an", "min", "men", "mn", "kol", "koll", "kolhom", "kollon", "kolhon", "wlad", "awlad",
    "atfal", "wallah", "walla", "wlh", "allah", "ana", "ani", "enta", "enti", "ento", "intu", "ntouma", "homa", "huma",
    "hiye", "huwe", "hada", "hadi", "hay", "had", "hal", "shu", "sho", "chno", "chnou", "shlon", "eh", "esh", "leh",
    "leish", "lesh", "3lach", "wen", "win", "fin", "ba3d", "3and", "lli", "elli", "illi", "yalli", "dyal", "dyalna",
    "kan", "ka", "fel",
];

/// Whether `words` look like Arabic in Latin letters. Decides features only, never the language of a comment.
pub(super) fn arabizi(words: &[&str]) -> bool {
    let signs = words
        .iter()
        .filter(|word| is_listed(word) || digit_letter(word))
        .count();
    signs > 0 && signs * 6 >= words.len().min(600)
}

/// The words as numbers, in order; none has more than eight bytes.
const LISTED: [u64; ARABIZI.len()] = {
    let mut keys = [0; ARABIZI.len()];
    let mut count = 0;
    while count < keys.len() {
        let key = key(ARABIZI[count].as_bytes());
        let mut at = count;
        while at > 0 && keys[at - 1] > key {
            keys[at] = keys[at - 1];
            at -= 1;
        }
        keys[at] = key;
        count += 1;
    }
    keys
};

const fn key(word: &[u8]) -> u64 {
    assert!(word.len() <= 8, "a word has more bytes than its key");
    let mut bytes = [0; 8];
    let (start, _) = bytes.split_at_mut(word.len());
    start.copy_from_slice(word);
    u64::from_le_bytes(bytes)
}

fn is_listed(word: &str) -> bool {
    word.len() <= 8 && LISTED.binary_search(&key(word.as_bytes())).is_ok()
}

/// Whether a digit stands for a letter inside the word, as in "5atf" or "ma7kame".
fn digit_letter(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() < 30
        && bytes.windows(2).any(|pair| {
            let digit = |byte: u8| matches!(byte, b'2' | b'3' | b'5' | b'6' | b'7' | b'8' | b'9');
            (digit(pair[0]) && pair[1].is_ascii_lowercase()) || (pair[0].is_ascii_lowercase() && digit(pair[1]))
        })
}

/// Writes the skeleton of an Arabic-script word to `out`.
pub(super) fn of_arabic(word: &str, out: &mut Vec<u8>) {
    for letter in word.chars() {
        let sign = match letter {
            'ب' | 'پ' => b'b',
            'ت' | 'ث' | 'ط' => b't',
            'ج' | 'چ' | 'گ' => b'j',
            'ح' | 'ه' => b'h',
            'خ' => b'x',
            'د' | 'ذ' | 'ض' | 'ظ' => b'd',
            'ر' => b'r',
            'ز' => b'z',
            'س' | 'ص' => b's',
            'ش' => b'S',
            'ع' => b'3',
            'غ' => b'G',
            'ف' | 'ڤ' => b'f',
            'ق' => b'q',
            'ك' => b'k',
            'ل' => b'l',
            'م' => b'm',
            'ن' => b'n',
            _ => continue,
        };
        push(out, sign);
    }
}

/// Writes the skeleton of a word in Latin letters to `out`.
pub(super) fn of_latin(word: &str, out: &mut Vec<u8>) {
    let mut bytes = word.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let pair = match (byte, bytes.peek()) {
            (b's' | b'c', Some(b'h')) => b'S',
            (b'k', Some(b'h')) => b'x',
            (b't', Some(b'h')) => b't',
            (b'd', Some(b'h')) => b'd',
            (b'g', Some(b'h')) => b'G',
            _ => 0,
        };
        if pair != 0 {
            bytes.next();
            push(out, pair);
            continue;
        }
        let sign = match byte {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w' | b'2' => continue,
            b'5' => b'x',
            b'7' => b'h',
            b'8' => b'G',
            b'9' => b'q',
            b'6' => b't',
            b'4' => b'd',
            b'v' => b'f',
            b'p' => b'b',
            b'g' => b'j',
            b'c' => b'k',
            other => other,
        };
        push(out, sign);
    }
}

fn push(out: &mut Vec<u8>, sign: u8) {
    if out.last() != Some(&sign) {
        out.push(sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_arabic_letters_and_in_arabizi_has_one_skeleton() {
        for (arabic, latin) in [
            ("خطف", "5atf"),
            ("خطف", "khatf"),
            ("محكمه", "ma7kameh"),
            ("اطفال", "atfal"),
        ] {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            of_arabic(arabic, &mut left);
            of_latin(latin, &mut right);
            assert_eq!(left, right, "{arabic} {latin}");
        }
    }

    #[test]
    fn swedish_and_english_are_not_taken_for_arabizi() {
        for text in [
            "jag bodde tre år i ett familjehem",
            "they took the kids at 5 in the morning",
            "",
        ] {
            assert!(!arabizi(&text.split(' ').collect::<Vec<_>>()), "{text}");
        }
        assert!(arabizi(&["3anjad", "byekhdo", "el", "wlad"]));
    }
}
