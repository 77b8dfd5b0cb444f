//! How much a comment and a template speak of the same things: shared word beginnings, the rarer the better.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

/// Letters kept of a word: enough to tell words apart, few enough to pass over endings.
const LETTERS: usize = 5;
/// Words shorter than this carry grammar, not matter.
const SHORTEST: usize = 4;

/// The beginnings of the words of a text.
#[derive(Debug, Default)]
pub(super) struct Stems(HashSet<String>);

impl Stems {
    pub(super) fn of(text: &str) -> Self {
        // Slots are no words.
        let plain: String = text
            .split("{{")
            .enumerate()
            .map(|(index, part)| match index {
                0 => part,
                _ => part.split_once("}}").map_or("", |(_, after)| after),
            })
            .collect();
        let folded: String = plain
            .nfkc()
            .filter(|c| !is_mark(*c))
            .flat_map(char::to_lowercase)
            .collect();
        Self(
            folded
                .split(|c: char| !c.is_alphanumeric())
                .map(|word| word.trim_start_matches("وال").trim_start_matches("ال"))
                .filter(|word| word.chars().count() >= SHORTEST)
                .map(|word| word.chars().take(LETTERS).collect())
                .collect(),
        )
    }
}

/// Arabic vowel signs and the stretching of letters.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{640}')
}

/// In how many texts each beginning occurs.
pub(super) fn spread<'a>(texts: impl Iterator<Item = &'a Stems>) -> HashMap<&'a str, f32> {
    let mut spread = HashMap::new();
    for stems in texts {
        for stem in &stems.0 {
            *spread.entry(stem.as_str()).or_insert(0.0) += 1.0;
        }
    }
    spread
}

/// 0 (nothing shared) towards 1.
pub(super) fn likeness(comment: &Stems, text: &Stems, spread: &HashMap<&str, f32>, texts: f32) -> f32 {
    let sum: f32 = comment
        .0
        .iter()
        .filter(|stem| text.0.contains(*stem))
        .map(|stem| (1.0 + texts / spread.get(stem.as_str()).copied().unwrap_or(1.0)).ln())
        .sum();
    sum / (sum + 3.0)
}

#[cfg(test)]
mod tests {
    use super::{Stems, likeness, spread};

    #[test]
    fn a_rare_shared_word_weighs_more_than_a_common_one() {
        let appeal = Stems::of("Beslutet kan överklagas till kammarrätten. {{link}}");
        let meeting = Stems::of("Beslutet fattas vid ett sammanträde. {{link}}");
        let spread = spread([&appeal, &meeting].into_iter());
        let asked = Stems::of("Hur överklagar man beslutet?");
        let like = |text| likeness(&asked, text, &spread, 2.0);
        assert!(like(&appeal) > like(&meeting));
        assert!(like(&meeting) > 0.0);
        assert!(like(&Stems::of("link")).abs() < f32::EPSILON);
    }
}
