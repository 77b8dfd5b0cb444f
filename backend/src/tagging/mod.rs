//! What the desk says about a comment: language, narratives, classes, flags, with the places that say so.
//!
//! [`tag`] is pure: same text, context and codebook, same tags. It reads no clock, no database and no id, and never
//! sets an intent. Everything that varies with the desk comes in as a [`Codebook`].

pub mod codebook;
#[cfg(feature = "encoder")]
pub mod encoder;
pub mod identity;
pub mod language;
pub mod model;

mod matcher;
mod named;
mod narrative;
mod normal;
mod personal;
mod weigh;

#[cfg(test)]
mod measured;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use crate::domain::lane::Lane;
use crate::domain::tag::{Flag, LanguageTag, Narrative, Span, Tag, TagSource, Tags};

pub use codebook::Codebook;
use codebook::Error;
use matcher::{Evidence, Found, Matcher, Section};
use model::learn::{Correction, Desk};
use model::{Model, Seen};
use narrative::Near;
use normal::Normal;
use weigh::Said;

/// Version of the rules that are code: normalisation, numbers, near misses.
pub const VERSION: &str = "rules-1";

/// From this confidence the comment's own language chooses the lane. The confidence is a probability that holds, so
/// below a half the lane is likelier wrong than right.
const SURE: f32 = 0.5;
/// What stands in the place of personal data in lists, logs and exports.
const MASK: &str = "▮▮▮";
/// Longest text that is read; platforms allow far less, and the rest of such a text says nothing new.
const READ_BYTES: usize = 64 * 1024;

/// What is known about a comment besides its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Context<'a> {
    /// Code of the language of the ad that it stands under.
    pub ad_language: Option<&'a str>,
    /// Code that the platform or the sender declares for it.
    pub declared_language: Option<&'a str>,
}

/// A codebook made ready to tag with, and what the desk has learnt. Made once, shared by all threads.
pub struct Tagger {
    matcher: Matcher,
    near: Near,
    book: Codebook,
    /// Whether the codebook is the shipped one, which the model has learnt with.
    is_shipped: bool,
    /// The shipped model's label of each entry, by section.
    labels: [Vec<Option<usize>>; 3],
    learnt: Option<Learnt>,
}

/// What one desk has learnt from people's corrections, with the number that its tags carry.
pub struct Learnt {
    /// The fit.
    pub desk: Desk,
    /// Number of changes of what it is learnt from; rises, and the same number is the same desk.
    pub number: u64,
}

impl Learnt {
    /// The desk that these corrections make, in their order; none where there is nothing to learn from.
    #[must_use]
    pub fn of(corrections: &[Correction], number: u64) -> Option<Self> {
        let model = in_use().filter(|_| !corrections.is_empty())?;
        Some(Self {
            desk: Desk::of(model, corrections),
            number,
        })
    }
}

/// The model that comes with the program; a desk must take in comments even without it, and a test holds that it is good.
static MODEL: LazyLock<Option<Model>> = LazyLock::new(|| Model::shipped().ok());

/// The model that is tagged with.
#[cfg(not(feature = "encoder"))]
#[must_use]
pub fn in_use() -> Option<&'static Model> {
    MODEL.as_ref()
}

/// The model that is tagged with: the one trained with the encoder in use, if there is one.
#[cfg(feature = "encoder")]
#[must_use]
pub fn in_use() -> Option<&'static Model> {
    encoder::model().or(MODEL.as_ref())
}

static SHIPPED: LazyLock<Arc<Tagger>> = LazyLock::new(|| {
    // A test holds that the shipped codebook is good; a desk must take in comments even if it were not.
    let tagger = Codebook::shipped()
        .and_then(|book| Tagger::build(book, true))
        .or_else(|_| Tagger::build(Codebook::empty(), false))
        .unwrap_or_else(|error| panic!("the empty codebook is refused: {error}"));
    Arc::new(tagger)
});

/// Builds what the first comment would otherwise wait for.
pub fn warm() {
    LazyLock::force(&SHIPPED);
    language::warm();
    LazyLock::force(&MODEL);
    model::warm();
}

/// The tagger of the shipped codebook and model.
#[must_use]
pub fn shipped() -> Arc<Tagger> {
    Arc::clone(&SHIPPED)
}

/// Tags `text` by the shipped codebook.
#[must_use]
pub fn tag(text: &str, context: &Context<'_>) -> Tags {
    SHIPPED.tag(text, context)
}

/// What the shipped codebook finds.
fn shipped_phrases(normal: &Normal) -> Found {
    SHIPPED.matcher.find(normal)
}

/// Probabilities of a model's labels for `text`, in the model's order.
#[must_use]
pub fn model_probabilities(model: &Model, text: &str) -> [f32; model::LABELS] {
    model.probabilities(&model::Seen::of(text, &Normal::of(text)))
}

/// The same as a desk sees them, with those of its own labels.
#[must_use]
pub fn desk_probabilities(model: &Model, desk: &Desk, text: &str) -> model::learn::Probabilities {
    desk.probabilities(model, &model::Seen::of(text, &Normal::of(text)))
}

/// The lane that serves a comment: by its own language when that is sure, else by the ad's.
#[must_use]
pub fn lane(tags: &Tags, context: &Context<'_>) -> Lane {
    let own = &tags.language;
    if own.code != "und" && own.confidence >= SURE {
        return Lane::of_language(&own.code);
    }
    match context.ad_language.or(context.declared_language) {
        Some(code) => Lane::of_language(code.split(['-', '_']).next().unwrap_or(code)),
        None => Lane::of_language(&own.code),
    }
}

/// `text` with every place of personal data that `tags` names replaced by "▮▮▮".
///
/// Places that do not fit the text (tags of another revision) are widened to character borders or cut, never a panic.
#[must_use]
pub fn mask(text: &str, tags: &Tags) -> String {
    let mut places: Vec<Range<usize>> = tags
        .spans
        .iter()
        .filter(|span| span.key == Flag::PersonalData.as_str())
        .map(|span| text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end))
        .filter(|place| place.start < place.end)
        .collect();
    places.sort_by_key(|place| place.start);
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        if place.start >= from {
            masked.push_str(&text[from..place.start]);
            masked.push_str(MASK);
        }
        from = from.max(place.end);
    }
    masked.push_str(&text[from..]);
    masked
}

/// Where an outgoing `text` uses claim words of `narrative`, in bytes, by position (codebook 7: never repeat the claim).
#[must_use]
pub fn claim_words(narrative: Narrative, text: &str) -> Vec<Range<usize>> {
    SHIPPED.claim_words(narrative, text)
}

impl Tagger {
    /// Makes a codebook ready.
    ///
    /// # Errors
    /// A rule names no group, or the phrases cannot be compiled.
    pub fn new(book: Codebook) -> Result<Self, Error> {
        let is_shipped = SHIPPED.book == book;
        Self::build(book, is_shipped)
    }

    fn build(book: Codebook, is_shipped: bool) -> Result<Self, Error> {
        let matcher = Matcher::new(&book)?;
        let label = |entry: &codebook::Entry| in_use()?.label(&entry.key);
        let labels = [&book.narratives, &book.classes, &book.flags].map(|entries| entries.iter().map(label).collect());
        Ok(Self {
            labels,
            near: Near::of(&matcher),
            matcher,
            book,
            is_shipped,
            learnt: None,
        })
    }

    /// A codebook with what the desk has learnt.
    ///
    /// # Errors
    /// See [`Tagger::new`].
    pub fn taught(book: Codebook, learnt: Option<Learnt>) -> Result<Self, Error> {
        Ok(Self {
            learnt,
            ..Self::new(book)?
        })
    }

    /// The codebook it tags by.
    #[must_use]
    pub const fn book(&self) -> &Codebook {
        &self.book
    }

    /// Version of the trained model with that of what the desk has learnt on top.
    #[must_use]
    pub fn version(&self) -> String {
        in_use().map_or_else(String::new, |model| self.model_version(model))
    }

    fn model_version(&self, model: &Model) -> String {
        let version = &model.head().version;
        match &self.learnt {
            Some(learnt) => format!("{version}+desk-{}", learnt.number),
            None => version.clone(),
        }
    }

    /// See [`tag`].
    #[must_use]
    pub fn tag(&self, text: &str, _context: &Context<'_>) -> Tags {
        let read = &text[..text.floor_char_boundary(READ_BYTES)];
        let normal = Normal::of(read);
        let language = language::of(read);
        let found = self.matcher.find(&normal);
        let judged = self.judge(&normal, &found);
        // The model has learnt with the shipped codebook, whatever the desk's own says.
        let seen = if self.is_shipped {
            Seen::with(read, &normal, &found)
        } else {
            Seen::of(read, &normal)
        };
        let desk = self.learnt.as_ref().map(|learnt| &learnt.desk);
        let said = Said::of(seen, in_use(), desk);
        let mut spans = Vec::new();
        let mut flags = personal_data(text, &mut spans);
        let mut named = Vec::new();
        let narratives = self.narratives(&judged, &said, &mut named);
        let classes = self.decide(Section::Class, &judged, &said, &mut named);
        flags.extend(self.decide(Section::Flag, &judged, &said, &mut named));
        self.mark(&named, &judged, &said, &normal, &mut spans);
        spans.sort_by(|a: &Span, b| (a.start, a.end, &a.key).cmp(&(b.start, b.end, &b.key)));
        spans.dedup();
        Tags {
            language: LanguageTag {
                code: language.code.to_owned(),
                script: language.script.to_owned(),
                confidence: language.confidence,
                source: TagSource::Model,
                version: language::VERSION.to_owned(),
            },
            narratives,
            classes,
            flags,
            spans,
            intent: None,
        }
    }

    /// See [`claim_words`].
    #[must_use]
    pub fn claim_words(&self, narrative: Narrative, text: &str) -> Vec<Range<usize>> {
        let normal = Normal::of(text);
        let Some(entry) = self
            .book
            .narratives
            .iter()
            .position(|entry| entry.key == narrative.as_str())
        else {
            return Vec::new();
        };
        let mut places: Vec<Range<usize>> = self
            .matcher
            .find(&normal)
            .evidence
            .iter()
            .filter(|piece| {
                piece.section == Section::Narrative && piece.entry == entry && (!piece.ruled || piece.score >= 0.75)
            })
            .filter_map(|piece| normal.stored(piece.start, piece.end))
            .map(|(start, end)| start..end)
            .collect();
        places.sort_by_key(|place| (place.start, place.end));
        places.dedup();
        places
    }

    fn judge(&self, normal: &Normal, found: &Found) -> Vec<(Evidence, f32)> {
        found
            .evidence
            .iter()
            .map(|piece| {
                let keeps = if piece.section == Section::Narrative {
                    self.near.keeps(normal, found, piece)
                } else {
                    1.0
                };
                (*piece, piece.score * keeps)
            })
            .collect()
    }
}

/// The flag that is code: numbers, phones, addresses.
fn personal_data(text: &str, spans: &mut Vec<Span>) -> Vec<Tag> {
    let runs = if text.chars().any(|c| identity::digit(c).is_some()) {
        identity::digit_runs(text)
    } else {
        Vec::new()
    };
    let numbers = identity::among(text, &runs);
    let mut others = personal::find(text, &runs);
    others.extend(named::find(text, !runs.is_empty()));
    if numbers.is_empty() && others.is_empty() {
        return Vec::new();
    }
    let score = if numbers.is_empty() { 0.9 } else { 0.99 };
    let key = Flag::PersonalData.as_str().to_owned();
    spans.extend(numbers.into_iter().chain(others).map(|place| Span {
        key: key.clone(),
        start: place.start,
        end: place.end,
    }));
    vec![Tag {
        key,
        score,
        tier: None,
        source: TagSource::Rule,
        version: VERSION.to_owned(),
    }]
}

#[cfg(test)]
mod tests;
