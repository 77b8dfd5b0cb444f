//! Persons who can be recognised by their names (codebook 6.4): a child's name with age and school or home, somebody
//! else's full name given away. Keeps nothing of what it finds but the place.

mod words;

use std::ops::Range;

use super::identity::digit;
use words::{AFTER, ARABIC_ROLES, COMMON, KIN, KINDS, OFFICES, PLACES, ROLES};

/// Words of a text that are looked at.
const LOOKED_AT: usize = 400;
/// How far from the name, in words, the place of a child may stand.
const NEAR: usize = 12;

type Word<'a> = (usize, &'a str);

/// Places of such names, in bytes, unordered; `digits` tells whether the text has any.
pub(super) fn find(text: &str, digits: bool) -> Vec<Range<usize>> {
    let arabic = !text.is_ascii() && text.contains("اسمه");
    if !digits && !arabic && !has_two_capitals(text) {
        return Vec::new();
    }
    let words: Vec<Word<'_>> = super::personal::words(text).take(LOOKED_AT).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    // A child is found again by an age or a name that is told, with a place.
    let places: Vec<usize> = if digits || text.contains("heter") {
        (0..words.len()).filter(|&at| is_place(&words, at)).collect()
    } else {
        Vec::new()
    };
    let near = |at: usize| places.iter().any(|place| place.abs_diff(at) <= NEAR);
    let thanks = || {
        words
            .iter()
            .any(|(_, word)| matches!(bare(word).to_lowercase().as_str(), "tack" | "thanks" | "thank" | "شكرا"))
    };
    for (index, (start, word)) in words.iter().enumerate() {
        if near(index)
            && let Some(end) = age(&words, index + 1)
            && found.last().is_none_or(|last| last.end < end)
            && (is_name(word)
                || is_short_name(&words, index)
                || (is_first_name(word) && near_named(&words, &places, index)))
        {
            found.push(*start..end);
        }
        if word.ends_with("heter") && !is_own(&words, index) && near(index) {
            found.extend(words.get(index + 1).filter(|next| is_name(next.1)).map(whole));
        }
        if arabic && matches!(bare(word), "اسمه" | "اسمها" | "واسمه" | "واسمها") {
            found.extend(arabic_name(&words, index + 1));
        }
        if let Some(last) = full_name(&words, index)
            && (is_called(&words, index)
                || ((introduced(&words, index) || described(&words, index, last)) && !thanks()))
        {
            found.push(inner(words[index]).start..inner(words[last]).end);
        }
    }
    found
}

/// Whether two words begin with a capital of Latin letters.
fn has_two_capitals(text: &str) -> bool {
    let mut before = b' ';
    let mut count = 0;
    for pair in text.as_bytes().windows(2) {
        let capital = pair[0].is_ascii_uppercase() || (pair[0] == 0xC3 && (0x80..=0x9E).contains(&pair[1]));
        count += usize::from(capital && before.is_ascii() && !before.is_ascii_alphanumeric());
        before = pair[0];
    }
    count >= 2
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The place of a word without the marks around it.
fn inner((start, word): Word<'_>) -> Range<usize> {
    let from = start + word.len() - word.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    from..from + bare(word).len()
}

fn whole(word: &Word<'_>) -> Range<usize> {
    inner(*word)
}

/// Whether the name at `at` and the words after it are given and family name; gives the last of them.
fn full_name(words: &[Word<'_>], at: usize) -> Option<usize> {
    let first = words.get(at)?.1.trim_start_matches(['"', '“', '”', '\'', '(']);
    let initial = first.chars().count() == 2 && first.ends_with('.') && first.starts_with(char::is_uppercase);
    let given = is_name(first) && first.ends_with(char::is_alphanumeric);
    if !given && !initial {
        return None;
    }
    let mut last = at;
    for (next, (_, word)) in words.iter().enumerate().skip(at + 1).take(3) {
        if is_name(word) && !word.starts_with(|c: char| !c.is_alphanumeric()) {
            last = next;
            if !word.ends_with(char::is_alphanumeric) {
                break;
            }
        } else if !matches!(*word, "von" | "af" | "de" | "al" | "el" | "abu" | "abo" | "bin" | "ben") {
            break;
        }
    }
    (last > at).then_some(last)
}

/// Whether "heter" stands before a name that is not the author's own.
fn is_called(words: &[Word<'_>], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| bare(words[before].1) == "heter" && !is_own(words, before))
}

fn introduced(words: &[Word<'_>], at: usize) -> bool {
    let Some((_, word)) = at.checked_sub(1).and_then(|before| words.get(before)) else {
        return false;
    };
    if !word.ends_with(char::is_alphanumeric) && *word != "mr." && *word != "Mr." {
        return false;
    }
    let before = bare(word).to_lowercase();
    // "Led by" gives a person away as much as a title.
    let led = before == "av"
        && at >= 2
        && words.get(at - 2).is_some_and(|(_, word)| {
            matches!(
                *word,
                "leds" | "styrs" | "drivs" | "utreds" | "hotad" | "slagen" | "misshandlad"
            )
        });
    led || ROLES.contains(&before.as_str())
}

fn described(words: &[Word<'_>], at: usize, last: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    if before.is_some_and(|(_, word)| matches!(*word, "i" | "in" | "från" | "from" | "till" | "vid")) {
        // What one is in or comes from is a place.
        return false;
    }
    let Some((_, next)) = words.get(last + 1) else {
        return false;
    };
    let next = bare(next).to_lowercase();
    let office = || {
        words
            .get(last + 2)
            .is_some_and(|(_, word)| OFFICES.iter().any(|end| bare(word).to_lowercase().ends_with(end)))
    };
    AFTER.contains(&next.as_str()) || (matches!(next.as_str(), "på" | "at") && office())
}

/// Whether "heter" at `at` speaks of the author.
fn is_own(words: &[Word<'_>], at: usize) -> bool {
    at > 0
        && words
            .get(at - 1)
            .is_some_and(|(_, word)| matches!(bare(word).to_lowercase().as_str(), "jag" | "ja" | "i"))
}

/// Two or more words after "her name is" that are no adjectives, and a word near that tells who it is.
fn arabic_name(words: &[Word<'_>], at: usize) -> Option<Range<usize>> {
    let is_part = |word: &str| {
        let inside = bare(word);
        inside.starts_with(|c| matches!(c, '\u{600}'..='\u{6FF}'))
            && !inside.starts_with("ال")
            && inside.chars().count() > 1
    };
    let mut last = at;
    while words.get(last).is_some_and(|(_, word)| is_part(word)) && last < at + 4 {
        last += 1;
        if words[last - 1].1.ends_with(['،', ',', '.', '"']) {
            break;
        }
    }
    if last < at + 2 || words[last - 1].1.ends_with([':', '؟', '?']) {
        return None;
    }
    let told = words.get(last..)?.iter().take(5).any(|(_, word)| {
        let word = bare(word);
        ARABIC_ROLES.contains(&word) || ARABIC_ROLES.contains(&word.strip_prefix("ال").unwrap_or(word))
    });
    told.then(|| inner(words[at]).start..inner(words[last - 1]).end)
}

fn is_place(words: &[Word<'_>], at: usize) -> bool {
    let Some((_, word)) = words.get(at) else { return false };
    let short = bare(word);
    if !short.ends_with(['a', 'n', 'b', 'B', 'e', 'm', 's', 'l', 't', 'ه', 'ة']) {
        return false;
    }
    let lower = short.to_lowercase();
    let kind = KINDS.contains(&lower.as_str());
    let named = || word.ends_with(char::is_alphanumeric) && words.get(at + 1).is_some_and(|(_, next)| is_name(next));
    PLACES.iter().any(|place| lower.ends_with(place)) && (!kind || lower == "klass" || lower == "class" || named())
}

/// Whether a place that has a name of its own stands near.
fn near_named(words: &[Word<'_>], places: &[usize], at: usize) -> bool {
    places.iter().any(|&place| {
        let named = words.get(place).is_some_and(|(_, word)| {
            let lower = bare(word).to_lowercase();
            !KINDS.contains(&lower.as_str()) && (lower.ends_with("skolan") || lower.ends_with("school"))
        });
        named && place.abs_diff(at) <= NEAR
    })
}

/// A word with a capital and small letters after it.
fn is_name(word: &str) -> bool {
    let word = bare(word);
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && word.chars().count() >= 3 && letters.any(char::is_lowercase)
}

/// "Ek" after "Maja".
fn is_short_name(words: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    words
        .get(at)
        .is_some_and(|(_, word)| bare(word).chars().count() == 2 && word.starts_with(char::is_uppercase))
        && before.is_some_and(|(_, before)| is_name(before))
}

/// A word in small letters, or of a script without capitals, that may be a name.
fn is_first_name(word: &str) -> bool {
    word.chars().count() >= 3
        && word.chars().all(char::is_alphabetic)
        && !COMMON.contains(&word)
        && !KIN.contains(&word)
}

/// Where an age of a child ends that begins at word `at`: "7 år", "7,", "7 jir", "född 2016", "عمرها ٧ سنين".
fn age(words: &[Word<'_>], at: usize) -> Option<usize> {
    let (start, word) = words.get(at)?;
    if matches!(
        bare(word),
        "född" | "född:" | "born" | "عمره" | "عمرها" | "وعمره" | "وعمرها"
    ) {
        let year = words.get(at + 1)?;
        let number = bare(year.1);
        let digits = number.chars().filter(|&c| digit(c).is_some()).count();
        return (digits == number.chars().count() && matches!(digits, 1 | 2 | 4)).then(|| inner(*year).end);
    }
    let digits: Vec<u8> = word.chars().map_while(digit).collect();
    let years = digits.iter().fold(0_u32, |sum, &digit| sum * 10 + u32::from(digit));
    let rest: String = word.chars().skip(digits.len()).collect();
    let next = words.get(at + 1).map_or("", |(_, next)| bare(next));
    let counted = matches!(
        next,
        "år" | "åring" | "years" | "year" | "yo" | "jir" | "سنين" | "سنه" | "سنة" | "سنوات"
    );
    let aside = rest.starts_with(',') && words.get(at.checked_sub(1)?)?.1.ends_with(',');
    let is_age = (1..=2).contains(&digits.len()) && years < 18 && (counted || aside) && rest.chars().count() <= 1;
    is_age.then_some(start + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(text: &str) -> Vec<&str> {
        let digits = text.chars().any(|c| digit(c).is_some());
        find(text, digits).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_childs_name_with_age_and_school_is_data() {
        assert_eq!(slices("Min dotter Tuva, 11, går på Kärrhöksskolan i 5B"), ["Tuva, 11,"]);
        assert_eq!(slices("det var Tuva Granbarr, 9, klass 3A"), ["Granbarr, 9,"]);
        assert_eq!(slices("Yonas Tegelvik, 12, på Furuhagens boende"), ["Tegelvik, 12,"]);
    }

    #[test]
    fn a_childs_name_is_data_in_small_letters_by_year_of_birth_and_in_arabic() {
        assert_eq!(slices("soc var hos elin 8 år som går på vitmossaskolan"), ["elin 8"]);
        assert_eq!(slices("Leo, född 2016, på Myrkullens HVB"), ["Leo, född 2016"]);
        assert_eq!(
            slices("Leo, född \u{200b}🏴(2016), på Myrkullens HVB"),
            ["Leo, född \u{200b}🏴(2016"]
        );
        assert_eq!(slices("Maja Ek, 6 år, på förskolan Tallkotten"), ["Ek, 6"]);
        assert_eq!(slices("Min dotter heter Soraya, går på Tallhavreskolan"), ["Soraya"]);
        assert_eq!(slices("بنتي الاء عمرها ٧ سنين بمدرسة Björkhyddeskolan"), ["الاء عمرها ٧"]);
        assert!(slices("ابني عمره ٧ سنين بمدرسة Björkhyddeskolan").is_empty());
        assert!(slices("min dotter 8 år går på vitmossaskolan").is_empty());
    }

    #[test]
    fn a_full_name_with_what_somebody_does_is_data() {
        assert_eq!(
            slices("Det leds av Anette Furuskog-Wall på mottagningen"),
            ["Anette Furuskog-Wall"]
        );
        assert_eq!(slices("handläggaren Bodil Ekesträng ljuger"), ["Bodil Ekesträng"]);
        assert_eq!(slices("Bodil Ekesträng, handläggare, har hund"), ["Bodil Ekesträng"]);
        assert_eq!(slices("hon heter S. Påhittlund och bor där"), ["S. Påhittlund"]);
        assert_eq!(
            slices("اسمها غونيلا بيركستام تال، موظفة في البلدية"),
            ["غونيلا بيركستام تال"]
        );
        for text in [
            "Tack till handläggaren Bodil Ekesträng",
            "Vi bor i Hisings Kärra på kontoret",
            "Lex Sarah och Rädda Barnen",
            "Livets Ord eller Harry Potter",
            "هذا القانون اسمه حماية وفعله استبداد: الموظف هو المدعي",
        ] {
            assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
        }
    }

    #[test]
    fn an_age_or_a_school_alone_is_not() {
        for text in [
            "Min dotter är 11 år och går i grundskolan",
            "Tuva, 11, är min dotter",
            "vi bor nära Kärrhöksskolan",
            "I Malmö 12 år senare, samma skola",
            "",
        ] {
            assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
        }
    }

    #[test]
    fn the_full_name_of_somebody_else_is_data_and_ones_own_is_not() {
        assert_eq!(
            slices("mannen heter Göran Lindbladsfors i Torsmo"),
            ["Göran Lindbladsfors"]
        );
        assert!(slices("Jag heter Samir Haddad och är stolt").is_empty());
        assert!(slices("Vad heter Offentligt biträde på arabiska?").is_empty());
    }
}
