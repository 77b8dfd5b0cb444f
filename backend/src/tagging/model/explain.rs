//! Why: the places of a comment that speak most for a label. Every weight is shared out over the words it stands on.
//! Only explains; decides nothing.

use std::ops::Range;

use super::super::normal::Normal;
use super::{Held, LABELS, Model, Seen};

/// Places shown for one label.
const PLACES: usize = 3;
/// A place must carry this share of the strongest.
const SHARE: f32 = 0.35;

impl Model {
    /// The places in the normal text that speak most for each of `labels`, strongest first.
    #[must_use]
    pub(in crate::tagging) fn places(&self, held: &Held, normal: &Normal, labels: &[usize]) -> Vec<Vec<Range<usize>>> {
        if labels.is_empty() || normal.words.is_empty() {
            return vec![Vec::new(); labels.len()];
        }
        // By word, then label: a feature adds to neighbours.
        let width = labels.len();
        let mut carried = vec![0.0_f32; normal.words.len() * width];
        for feature in &held.features {
            let Some((first, last)) = feature.words() else { continue };
            let Some(row) = self.table.at(feature.row()) else {
                continue;
            };
            let weight = held.weights.get(feature.view()).copied().unwrap_or(0.0);
            let mut put = |word: usize, weight: f32| {
                if let Some(sums) = carried.get_mut(word * width..(word + 1) * width) {
                    for (sum, &label) in sums.iter_mut().zip(labels) {
                        *sum += row.get(label).map_or(0.0, |&step| f32::from(step.cast_signed())) * weight;
                    }
                }
            };
            if first == last {
                put(first, weight);
            } else {
                // What spans several words is shared by the first and the last.
                put(first, weight / 2.0);
                put(last, weight / 2.0);
            }
        }
        let of = |label: usize| carried.iter().skip(label).step_by(width).copied().collect::<Vec<f32>>();
        (0..width).map(|label| strongest(&of(label), normal)).collect()
    }
}

/// The strongest words; neighbours become one place.
pub(super) fn strongest(carried: &[f32], normal: &Normal) -> Vec<Range<usize>> {
    let best = carried.iter().copied().fold(0.0, f32::max);
    if best <= 0.0 {
        return Vec::new();
    }
    let mut places: Vec<(f32, Range<usize>, usize)> = Vec::new();
    for (word, &weight) in carried
        .iter()
        .enumerate()
        .filter(|(_, weight)| **weight >= best * SHARE)
    {
        let (Some(&start), next) = (normal.words.get(word), normal.words.get(word + 1)) else {
            continue;
        };
        let end = next.map_or(normal.text.trim_end().len(), |next| next - 1);
        match places.last_mut() {
            Some((sum, place, last)) if *last + 1 == word => {
                *sum += weight;
                place.end = end;
                *last = word;
            }
            _ => places.push((weight, start..end, word)),
        }
    }
    places.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
    places.into_iter().take(PLACES).map(|(_, place, _)| place).collect()
}

/// How alike two comments are, by the rarer features they share; for the nearest labelled examples.
#[derive(Debug, Default)]
pub struct Nearest {
    /// Which examples have a row, in order.
    holders: std::collections::HashMap<u32, Vec<u32>>,
    sizes: Vec<f32>,
}

impl Nearest {
    /// Makes an index of `texts`, which are known by their place in it.
    #[must_use]
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut made = Self::default();
        for (index, text) in (0..u32::MAX).zip(texts) {
            let rows = rows(text);
            made.sizes.push((rows.len() as f32).sqrt().max(1.0));
            for row in rows {
                made.holders.entry(row).or_default().push(index);
            }
        }
        made
    }

    /// The `most` examples nearest to `text`, best first, with a likeness from 0 to 1.
    #[must_use]
    pub fn find(&self, text: &str, most: usize) -> Vec<(usize, f32)> {
        let all = self.sizes.len() as f32;
        let mut likeness = vec![0.0_f32; self.sizes.len()];
        let own = rows(text);
        let mut size = 0.0;
        for row in &own {
            let Some(holders) = self.holders.get(row) else {
                size += (all + 1.0).ln();
                continue;
            };
            let rare = ((all + 1.0) / holders.len() as f32).ln();
            size += rare;
            for &holder in holders {
                if let Some(sum) = usize::try_from(holder).ok().and_then(|holder| likeness.get_mut(holder)) {
                    *sum += rare;
                }
            }
        }
        let mean = (size / own.len().max(1) as f32).max(1e-6);
        let length = (own.len() as f32).sqrt().max(1.0);
        let mut found: Vec<(usize, f32)> = likeness
            .iter()
            .zip(&self.sizes)
            .map(|(sum, size)| (sum / (mean * length * size)).min(1.0))
            .enumerate()
            .filter(|(_, likeness)| *likeness > 0.0)
            .collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(most);
        found
    }
}

/// Rows of what two comments of one meaning can share: words, skeletons, concepts and pairs.
fn rows(text: &str) -> Vec<u32> {
    let normal = Normal::of(text);
    let mut rows: Vec<u32> = Seen::of(text, &normal).features.meaning().collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

const _: () = assert!(LABELS <= 32, "labels are bits of a u32");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_example_is_the_one_of_the_same_meaning_also_across_languages() {
        let index = Nearest::of([
            "Hur lång tid tar en utredning?",
            "They kidnap our children and sell them",
            "Tack för bra information",
        ]);
        assert_eq!(index.find("de kidnappar våra barn och säljer dem", 1)[0].0, 1);
        assert_eq!(index.find("hur lång tid tar det", 2)[0].0, 0);
        assert!(index.find("", 3).len() <= 3);
    }

    #[test]
    fn an_example_is_nearest_to_itself() {
        let texts = ["خطف الأطفال", "kidnappar barn", "why was my comment deleted"];
        let index = Nearest::of(texts);
        for (at, text) in texts.iter().enumerate() {
            let (found, likeness) = index.find(text, 1)[0];
            assert_eq!(found, at);
            assert!(likeness > 0.9, "{likeness}");
        }
    }
}
