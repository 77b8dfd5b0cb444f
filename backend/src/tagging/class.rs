//! The classes that are not narratives (codebook, section 5), by cues. A first cut: enough to rank replies.

use super::codebook::Codebook;
use super::matcher::{Evidence, Found, Matcher, Section};
use super::narrative;
use super::normal::{Mark, Normal};
use crate::domain::tag::{Class, Tag, Tier};

const SHOWN: f32 = 0.4;

/// Groups of the codebook that speak for classes beyond their own phrases.
pub(super) struct Cues {
    question: Option<usize>,
    topic: Option<usize>,
    first_person: Option<usize>,
    rebuttal: Option<usize>,
    loaded: Option<usize>,
    keys: Vec<Option<Class>>,
}

impl Cues {
    pub(super) fn of(matcher: &Matcher, book: &Codebook) -> Self {
        Self {
            question: matcher.group("question"),
            topic: matcher.group("topic"),
            first_person: matcher.group("first-person"),
            rebuttal: matcher.group("rebuttal"),
            loaded: matcher.group("loaded"),
            keys: book.classes.iter().map(|entry| entry.key.parse().ok()).collect(),
        }
    }

    /// Classes with scores, best first.
    pub(super) fn decide(
        &self,
        normal: &Normal,
        found: &Found,
        judged: &[(Evidence, f32)],
        narratives: &[Tag],
        flags: &[Tag],
    ) -> Vec<(&'static str, f32)> {
        let mut scores = [0.0_f32; Class::ALL.len()];
        for (entry, score) in narrative::scores(judged, Section::Class) {
            if let Some(Some(class)) = self.keys.get(entry) {
                raise(&mut scores, *class, score);
            }
        }
        let claimed = narratives.iter().any(|tag| tag.tier == Some(Tier::Auto));
        let topic = found.has(self.topic) || !narratives.is_empty();
        let asks = normal.marks.iter().any(|&(_, mark)| mark == Mark::Question);
        if !found.has(self.loaded) && !claimed {
            let score = match (asks, found.has(self.question), topic) {
                (true, true, true) => 0.85,
                (true, true, false) | (true, false, true) => 0.6,
                (false, true, true) => 0.5,
                (true, false, false) if normal.words.len() > 2 => 0.4,
                _ => 0.0,
            };
            raise(&mut scores, Class::QuestionAboutServices, score);
        }
        if found.has(self.rebuttal) {
            raise(&mut scores, Class::SupportThanks, 0.6);
        }
        if found.has(self.first_person) && normal.words.len() >= 6 {
            raise(&mut scores, Class::PersonalExperience, if asks { 0.45 } else { 0.6 });
        }
        if scores.iter().all(|&score| score < SHOWN) && narratives.is_empty() && flags.is_empty() {
            raise(&mut scores, Class::OffTopic, if topic { 0.4 } else { 0.55 });
        }
        let mut shown: Vec<(&'static str, f32)> = Class::ALL
            .iter()
            .zip(scores)
            .filter(|&(_, score)| score >= SHOWN)
            .map(|(class, score)| (class.as_str(), score))
            .collect();
        shown.sort_by(|a, b| b.1.total_cmp(&a.1));
        shown
    }
}

fn raise(scores: &mut [f32; Class::ALL.len()], class: Class, score: f32) {
    if let Some(place) = Class::ALL
        .iter()
        .position(|known| *known == class)
        .and_then(|at| scores.get_mut(at))
    {
        *place = place.max(score);
    }
}
