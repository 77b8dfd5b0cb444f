//! From phrases and model together to tags: what is shown, what is only suggested, which places say so. Knows nothing of
//! language and of personal data.

use super::Tagger;
use super::codebook;
use super::matcher::{Evidence, Section};
use super::model::learn::{Desk, OWN_SUGGEST};
use super::model::{Held, LABELS, Model, Seen};
use super::narrative;
use super::normal::Normal;
use crate::domain::tag::{Span, Tag, TagSource, Tier};

/// Flags are recall first: half a sign of a phrase is enough.
const FLAG: f32 = 0.45;
/// What the model must say at least where a phrase carries a flag.
const BESIDE_PHRASE: f32 = 0.01;
/// A class by its phrases alone is shown from here.
const CLASS: f32 = 0.4;
/// How far a phrase is believed beside the model: phrases are right in their words and wrong in what is meant.
const PHRASES: f32 = 0.5;
/// What is left of the model's word where the claim's own phrase is quoted, asked or denied.
const TAKEN_BACK: f32 = 0.5;
/// A narrative of the desk's own is shown as a tag from here; from few examples nothing is sure.
const OWN_AUTO: f32 = 0.8;
/// Narratives that are named for a comment, shown and suggested.
const MOST: usize = 3;

impl Tagger {
    fn entries(&self, section: Section) -> &[codebook::Entry] {
        match section {
            Section::Narrative => &self.book.narratives,
            Section::Class => &self.book.classes,
            Section::Flag => &self.book.flags,
        }
    }

    /// The model's label of an entry.
    fn label(&self, section: Section, entry: usize) -> Option<usize> {
        self.labels.get(section as usize)?.get(entry).copied().flatten()
    }

    /// What phrases and model say together of every entry of a section, best first.
    fn weigh(&self, section: Section, judged: &[(Evidence, f32)], said: &Said) -> Vec<Weighed> {
        let phrases = narrative::scores(judged, section);
        let mut weighed: Vec<Weighed> = self
            .entries(section)
            .iter()
            .enumerate()
            .map(|(entry, known)| {
                let taken_back = taken_back(judged, section, entry);
                let by_phrase = phrases
                    .iter()
                    .find(|(of, _)| *of == entry)
                    .map_or(0.0, |(_, score)| *score);
                let label = said.model.and(self.label(section, entry));
                let own = said.own(&known.key);
                let by_model = label.map(|label| said.probabilities[label]).or(own).unwrap_or(0.0);
                let by_model = if taken_back { by_model * TAKEN_BACK } else { by_model };
                let score = match label {
                    // What a class is by its phrases alone, the model knows better.
                    Some(_) if taken_back || section == Section::Class => by_model,
                    Some(_) => 1.0 - (1.0 - by_model) * (1.0 - by_phrase * PHRASES),
                    None => by_phrase.max(by_model),
                };
                Weighed {
                    section,
                    entry,
                    label,
                    is_own: own.is_some(),
                    by_phrase,
                    by_model,
                    score: (score.clamp(0.0, 0.99) * 100.0).round() / 100.0,
                }
            })
            .collect();
        weighed.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
        weighed
    }

    pub(super) fn narratives(&self, judged: &[(Evidence, f32)], said: &Said, named: &mut Vec<Weighed>) -> Vec<Tag> {
        let mut tags = Vec::new();
        let mut left = MOST;
        for weighed in self.weigh(Section::Narrative, judged, said) {
            // The desk's own stand beside the shipped ones and push none of them out before it is known which are named.
            if !weighed.is_own {
                if left == 0 {
                    continue;
                }
                left -= 1;
            }
            let (auto, suggest) = match weighed.label.and_then(|label| said.model?.labels().get(label)) {
                Some(known) => (known.auto, known.suggest),
                None if weighed.is_own && weighed.by_phrase < narrative::AUTO => (OWN_AUTO, OWN_SUGGEST),
                None => (narrative::AUTO, narrative::SUGGEST),
            };
            if weighed.score < suggest {
                continue;
            }
            let tier = if weighed.score >= auto {
                Tier::Auto
            } else {
                Tier::Suggest
            };
            if tags.len() < MOST {
                tags.extend(self.tagged(&weighed, Some(tier), said));
                named.push(weighed);
            }
        }
        tags
    }

    pub(super) fn decide(
        &self,
        section: Section,
        judged: &[(Evidence, f32)],
        said: &Said,
        named: &mut Vec<Weighed>,
    ) -> Vec<Tag> {
        let alone = if section == Section::Flag { FLAG } else { CLASS };
        let mut tags = Vec::new();
        for weighed in self.weigh(section, judged, said) {
            let shown = match weighed.label.and_then(|label| said.model?.labels().get(label)) {
                // The model knows the phrases; one that carries a flag needs little beside it: flags are recall first.
                Some(known) if section == Section::Flag => {
                    weighed.by_model >= known.auto || (weighed.by_phrase >= FLAG && weighed.by_model >= BESIDE_PHRASE)
                }
                Some(known) => weighed.score >= known.auto,
                None => weighed.by_phrase >= alone,
            };
            if shown {
                tags.extend(self.tagged(&weighed, None, said));
                named.push(weighed);
            }
        }
        tags
    }

    fn tagged(&self, weighed: &Weighed, tier: Option<Tier>, said: &Said) -> Option<Tag> {
        let key = self.entries(weighed.section).get(weighed.entry)?.key.clone();
        let known = weighed.label.is_some() || weighed.is_own;
        let (source, version) = match said.model.filter(|_| known) {
            Some(model) if weighed.by_model >= weighed.by_phrase * PHRASES => {
                (TagSource::Model, self.model_version(model))
            }
            _ => (TagSource::Rule, self.book.version.clone()),
        };
        Some(Tag {
            key,
            score: weighed.score,
            tier,
            source,
            version,
        })
    }

    /// The places of what is named: the phrases found, or else the words that weigh most in the model.
    pub(super) fn mark(
        &self,
        named: &[Weighed],
        judged: &[(Evidence, f32)],
        said: &Said,
        normal: &Normal,
        spans: &mut Vec<Span>,
    ) {
        let silent: Vec<&Weighed> = named.iter().filter(|weighed| weighed.by_phrase == 0.0).collect();
        let labels: Vec<usize> = silent.iter().filter_map(|weighed| weighed.label).collect();
        let places = said
            .model
            .zip(said.held.as_ref())
            .map_or_else(Vec::new, |(model, held)| model.places(held, normal, &labels));
        let mut put = |weighed: &Weighed, start: usize, end: usize| {
            if let Some(known) = self.entries(weighed.section).get(weighed.entry)
                && let Some((start, end)) = normal.stored(start, end)
            {
                spans.push(Span {
                    key: known.key.clone(),
                    start,
                    end,
                });
            }
        };
        for (weighed, places) in silent.iter().filter(|weighed| weighed.label.is_some()).zip(places) {
            for place in places {
                put(weighed, place.start, place.end);
            }
        }
        for weighed in silent.iter().filter(|weighed| weighed.is_own) {
            let key = self.entries(weighed.section).get(weighed.entry).map(|entry| &entry.key);
            if let (Some(learnt), Some(key)) = (&self.learnt, key) {
                for place in learnt.desk.places(&said.seen, normal, key) {
                    put(weighed, place.start, place.end);
                }
            }
        }
        for weighed in named {
            let own = judged
                .iter()
                .filter(|(piece, _)| piece.section == weighed.section && piece.entry == weighed.entry);
            for (piece, _) in own.take(32) {
                put(weighed, piece.start, piece.end);
            }
        }
    }
}

/// What the model says of a comment.
pub(super) struct Said {
    model: Option<&'static Model>,
    seen: Seen,
    held: Option<Held>,
    probabilities: [f32; LABELS],
    /// Of the narratives that only this desk has.
    own: Vec<(String, f32)>,
}

impl Said {
    /// Asks the model, and what the desk has learnt on top of it.
    pub(super) fn of(seen: Seen, model: Option<&'static Model>, desk: Option<&Desk>) -> Self {
        let held = model.map(|model| model.held(&seen));
        let (probabilities, own) = match (model.zip(held.as_ref()), desk) {
            (Some((model, held)), Some(desk)) => {
                let said = desk.probable(model, &seen, held);
                (said.shipped, said.own)
            }
            (Some((model, held)), None) => (model.probable(held), Vec::new()),
            (None, _) => ([0.0; LABELS], Vec::new()),
        };
        Self {
            model,
            seen,
            held,
            probabilities,
            own,
        }
    }

    fn own(&self, key: &str) -> Option<f32> {
        let own = self.own.iter().find(|(known, _)| known == key)?;
        Some(own.1)
    }
}

/// An entry of the codebook with what speaks for it.
pub(super) struct Weighed {
    section: Section,
    entry: usize,
    label: Option<usize>,
    /// A narrative of the desk's own, of which the desk has learnt something.
    is_own: bool,
    by_phrase: f32,
    by_model: f32,
    score: f32,
}

/// Whether the phrases of an entry are there, but none stands as it is.
fn taken_back(judged: &[(Evidence, f32)], section: Section, entry: usize) -> bool {
    let mut own = judged
        .iter()
        .filter(|(piece, _)| piece.section == section && piece.entry == entry)
        .peekable();
    own.peek().is_some() && own.all(|(piece, keeps)| *keeps < piece.score * 0.5)
}
