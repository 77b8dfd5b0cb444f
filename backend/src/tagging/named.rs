//! Persons who can be recognised by their names (codebook 6.4): a child's name with age and school or home, somebody
//! else's full name given away. Keeps nothing of what it finds but the place.

use std::ops::Range;

use super::identity::digit;

/// Endings and words of places where a child is found again, in lower case.
const PLACES: [&str; 12] = [
    "skolan",
    "skola",
    "förskolan",
    "hvb",
    "boende",
    "jourhem",
    "klass",
    "preschool",
    "class",
    "school",
    "مدرسه",
    "مدرسة",
];
/// Schools that are kinds, not names.
const KINDS: [&str; 12] = [
    "grundskolan",
    "förskolan",
    "högskolan",
    "gymnasieskolan",
    "särskolan",
    "friskolan",
    "koranskolan",
    "skolan",
    "skola",
    "school",
    "class",
    "klass",
];
/// Places of such names, in bytes, unordered; `digits` tells whether the text has any.
pub(super) fn find(text: &str, digits: bool) -> Vec<Range<usize>> {
    if !digits && !text.contains("heter") {
        return Vec::new();
    }
    let words: Vec<(usize, &str)> = super::personal::words(text).take(400).collect();
    let mut found = Vec::new();
    let place = words.iter().position(|(_, word)| is_place(word));
    for (index, (start, word)) in words.iter().enumerate() {
        if let Some(place) = place
            && let Some(end) = age(&words, index + 1)
            && is_name(word)
            && place.abs_diff(index) <= 12
        {
            found.push(*start..end);
        }
        let own = index > 0 && matches!(bare(words[index - 1].1).to_lowercase().as_str(), "jag" | "ja" | "i");
        if !own
            && bare(word) == "heter"
            && let (Some(first), Some(last)) = (words.get(index + 1), words.get(index + 2))
            && is_name(first.1)
            && is_name(last.1)
            && first.1 == bare(first.1)
        {
            found.push(first.0..last.0 + bare(last.1).len());
        }
    }
    found
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_place(word: &str) -> bool {
    let lower = bare(word).to_lowercase();
    PLACES.iter().any(|place| lower.ends_with(place))
        && (!KINDS.contains(&lower.as_str()) || lower == "klass" || lower == "class")
}

/// A word with a capital and small letters after it.
fn is_name(word: &str) -> bool {
    let word = bare(word);
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && word.chars().count() >= 3 && letters.any(char::is_lowercase)
}

/// Where an age of a child ends that begins at word `at`: "7 år", "7,", "7 jir".
fn age(words: &[(usize, &str)], at: usize) -> Option<usize> {
    let (start, word) = words.get(at)?;
    let digits: Vec<u8> = word.chars().map_while(digit).collect();
    let years = digits.iter().fold(0_u32, |sum, &digit| sum * 10 + u32::from(digit));
    let rest: String = word.chars().skip(digits.len()).collect();
    let next = words.get(at + 1).map_or("", |(_, next)| bare(next));
    let counted = matches!(next, "år" | "years" | "year" | "yo" | "jir" | "سنين" | "سنه" | "سنة");
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
