//! The labelled examples nearest to a comment: people's corrections at this desk, the narratives' examples, and every
//! so many-th comment the shipped model was trained on. Made when somebody first asks why; never in the way of tagging.

use serde::Serialize;

use super::taught::Lessons;
use super::trial::shown;
use crate::domain::id::ExampleId;
use crate::tagging::model::explain::Nearest;
use crate::tagging::model::learn::shipped_examples;
use crate::tagging::{Context, Tagger};

/// Examples shown.
pub const SHOWN: usize = 5;
/// Less alike than this is not alike.
const ALIKE: f32 = 0.12;
/// Characters shown of one.
const CHARACTERS: usize = 200;

crate::words! {
    /// Where a labelled example is from.
    pub enum Origin {
        /// A person's correction at this desk.
        Desk = "desk",
        /// An example of a narrative as the desk wrote it.
        Codebook = "codebook",
        /// What the shipped model was trained on.
        Shipped = "shipped",
    }
}

/// A labelled text.
#[derive(Debug, Clone)]
struct Labelled {
    origin: Origin,
    example: Option<ExampleId>,
    text: String,
    labels: Vec<String>,
}

/// One near example, as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Near {
    /// Where it is from.
    pub origin: Origin,
    /// Which correction, where it is one.
    pub example: Option<ExampleId>,
    /// What people say it is.
    pub labels: Vec<String>,
    /// 0–1.
    pub likeness: f32,
    /// Its language.
    pub language: String,
    /// Its text with personal data covered; none for one that is heavy to read or that people say has personal data.
    pub text: Option<String>,
}

/// Labelled examples, ready for search.
#[derive(Debug)]
pub struct Index {
    nearest: Nearest,
    all: Vec<Labelled>,
}

impl Index {
    fn new(all: Vec<Labelled>) -> Self {
        Self {
            nearest: Nearest::of(all.iter().map(|labelled| labelled.text.as_str())),
            all,
        }
    }

    /// Of what the shipped model was trained on; takes some tenths of a second and 10 MiB.
    #[must_use]
    pub fn shipped() -> Self {
        let labelled = |(text, labels)| Labelled {
            origin: Origin::Shipped,
            example: None,
            text,
            labels,
        };
        Self::new(shipped_examples().into_iter().map(labelled).collect())
    }

    /// Of what this desk was taught.
    #[must_use]
    pub fn of(lessons: &Lessons) -> Self {
        let mut all: Vec<Labelled> = Vec::new();
        for example in lessons.examples.iter().rev() {
            all.extend(example.text.clone().map(|text| Labelled {
                origin: Origin::Desk,
                example: Some(example.row.id),
                labels: example.labels(),
                text,
            }));
        }
        all.extend(lessons.published.corrections().map(|correction| Labelled {
            origin: Origin::Codebook,
            example: None,
            text: correction.text,
            labels: correction.keys,
        }));
        Self::new(all)
    }

    fn find(&self, text: &str, most: usize) -> impl Iterator<Item = (f32, &Labelled)> {
        let found = self.nearest.find(text, most).into_iter();
        found
            .filter(|(_, likeness)| *likeness >= ALIKE)
            .filter_map(|(at, likeness)| Some((likeness, self.all.get(at)?)))
    }
}

/// The examples nearest to a text, the nearest first; `without`: corrections of the comment itself say nothing new.
#[must_use]
pub fn near(indexes: [&Index; 2], tagger: &Tagger, text: &str, without: &[ExampleId]) -> Vec<Near> {
    let mut found: Vec<_> = indexes
        .iter()
        .flat_map(|index| index.find(text, SHOWN + without.len()))
        .filter(|(_, labelled)| labelled.example.is_none_or(|id| !without.contains(&id)))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(SHOWN);
    found
        .into_iter()
        .map(|(likeness, labelled)| {
            let tags = tagger.tag(&labelled.text, &Context::default());
            Near {
                origin: labelled.origin,
                example: labelled.example,
                labels: labelled.labels.clone(),
                likeness: (likeness * 100.0).round() / 100.0,
                text: shown(&labelled.text, &tags, &labelled.labels, CHARACTERS),
                language: tags.language.code,
            }
        })
        .collect()
}
