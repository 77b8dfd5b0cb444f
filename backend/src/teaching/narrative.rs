//! Narratives as the desk writes them, version by version, and the codebook they make together with the shipped one.
//! Rules, word groups, classes and flags are the shipped codebook's; the desk writes titles, phrases and examples.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::domain::narrative::NarrativeState;
use crate::store::Error;
use crate::store::entity::narrative_version;
use crate::tagging::codebook::{Codebook, Entry};
use crate::tagging::model::learn::Correction;

/// Lists by language, dialect or script.
pub type ByLanguage = BTreeMap<String, Vec<String>>;

/// What a narrative is, as people write it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrative {
    /// Stable key.
    pub key: String,
    /// Title by language of the interface.
    pub titles: BTreeMap<String, String>,
    /// What is claimed, what counts and what does not.
    #[serde(default)]
    pub definition: String,
    /// Phrases that carry it alone.
    #[serde(default)]
    pub phrases: ByLanguage,
    /// Phrases that only suggest it.
    #[serde(default)]
    pub hints: ByLanguage,
    /// Comments that tell it.
    #[serde(default)]
    pub examples: ByLanguage,
    /// Comments that look like it and are not.
    #[serde(default)]
    pub counter_examples: ByLanguage,
    /// Out of use: nothing is tagged with it any more.
    #[serde(default)]
    pub retired: bool,
}

impl Narrative {
    /// A narrative of the shipped codebook that the desk has not touched.
    #[must_use]
    pub fn shipped(entry: &Entry) -> Self {
        Self {
            key: entry.key.clone(),
            titles: entry.titles.clone(),
            phrases: entry.phrases.clone(),
            hints: entry.hints.clone(),
            ..Self::default()
        }
    }

    /// A version as written.
    #[must_use]
    pub fn of(row: &narrative_version::Model) -> Self {
        let lists = |stored: &str| serde_json::from_str(stored).unwrap_or_default();
        Self {
            key: row.narrative.clone(),
            titles: serde_json::from_str(&row.titles).unwrap_or_default(),
            definition: row.definition.clone(),
            phrases: lists(&row.phrases),
            hints: lists(&row.hints),
            examples: lists(&row.examples),
            counter_examples: lists(&row.counter_examples),
            retired: row.retired,
        }
    }

    fn put_into(&self, book: &mut Codebook) {
        let at = book.narratives.iter().position(|entry| entry.key == self.key);
        match (at, self.retired) {
            (Some(at), true) => {
                book.narratives.remove(at);
            }
            (None, true) => {}
            (Some(at), false) => {
                if let Some(entry) = book.narratives.get_mut(at) {
                    entry.titles.clone_from(&self.titles);
                    entry.phrases.clone_from(&self.phrases);
                    entry.hints.clone_from(&self.hints);
                }
            }
            (None, false) => book.narratives.push(Entry {
                key: self.key.clone(),
                titles: self.titles.clone(),
                phrases: self.phrases.clone(),
                hints: self.hints.clone(),
                rules: Vec::new(),
            }),
        }
    }

    /// Its examples and counter-examples, as they are learnt from: they speak of this narrative alone.
    fn corrections(&self) -> impl Iterator<Item = Correction> + '_ {
        let of = |lists: &'_ ByLanguage, has: bool| -> Vec<Correction> {
            let texts = lists.values().flatten().filter(|_| !self.retired);
            texts
                .map(|text| Correction {
                    id: 0,
                    text: text.clone(),
                    keys: if has { vec![self.key.clone()] } else { Vec::new() },
                    looked_at: Some(vec![self.key.clone()]),
                })
                .collect()
        };
        let (examples, others) = (of(&self.examples, true), of(&self.counter_examples, false));
        examples.into_iter().chain(others)
    }
}

/// A narrative with everything that was ever written of it.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its key.
    pub key: String,
    /// As it was shipped; none for one of the desk's own.
    pub shipped: Option<Narrative>,
    /// The versions the desk wrote, the newest first.
    pub versions: Vec<narrative_version::Model>,
}

impl Document {
    /// The text that holds: the last published, else the shipped one; none while there are only drafts.
    #[must_use]
    pub fn holds(&self) -> Option<Narrative> {
        let published = self.published().map(Narrative::of);
        published.or_else(|| self.shipped.clone())
    }

    /// The version that holds, if the desk wrote it.
    #[must_use]
    pub fn published(&self) -> Option<&narrative_version::Model> {
        self.versions.iter().find(|row| row.state == NarrativeState::Published)
    }

    /// The draft, if there is one.
    #[must_use]
    pub fn draft(&self) -> Option<&narrative_version::Model> {
        self.versions.iter().find(|row| row.state == NarrativeState::Draft)
    }

    /// What is to be shown and worked on: the draft, else what holds.
    #[must_use]
    pub fn latest(&self) -> Narrative {
        let draft = self.draft().map(Narrative::of);
        draft.or_else(|| self.holds()).unwrap_or_else(|| {
            let put_aside = self.versions.first().map(Narrative::of);
            put_aside.unwrap_or_default()
        })
    }
}

/// Every narrative, those shipped first; the desk's own by key.
///
/// # Errors
/// Any [`Error`].
pub async fn documents(db: &impl ConnectionTrait) -> Result<Vec<Document>, Error> {
    let book = Codebook::shipped().map_err(|_| Error::inconsistent("the shipped codebook"))?;
    let mut all: Vec<Document> = book
        .narratives
        .iter()
        .map(|entry| Document {
            key: entry.key.clone(),
            shipped: Some(Narrative::shipped(entry)),
            versions: Vec::new(),
        })
        .collect();
    let rows = narrative_version::Entity::find()
        .order_by_asc(narrative_version::Column::Narrative)
        .order_by_desc(narrative_version::Column::Version)
        .all(db)
        .await?;
    for row in rows {
        match all.iter_mut().find(|document| document.key == row.narrative) {
            Some(document) => document.versions.push(row),
            None => all.push(Document {
                key: row.narrative.clone(),
                shipped: None,
                versions: vec![row],
            }),
        }
    }
    Ok(all)
}

/// One narrative.
///
/// # Errors
/// Any [`Error`].
pub async fn document(db: &impl ConnectionTrait, key: &str) -> Result<Option<Document>, Error> {
    Ok(documents(db).await?.into_iter().find(|document| document.key == key))
}

/// The narratives that the desk has published, in the version that holds, by key.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Their texts.
    pub narratives: BTreeMap<String, Narrative>,
    /// Versions ever published; rises with each.
    pub count: u64,
}

impl Published {
    /// Reads them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self, Error> {
        let rows = narrative_version::Entity::find()
            .filter(narrative_version::Column::State.eq(NarrativeState::Published))
            .order_by_asc(narrative_version::Column::Narrative)
            .order_by_asc(narrative_version::Column::Version)
            .all(db)
            .await?;
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        // The later version of a key replaces the earlier one.
        let narratives = rows
            .iter()
            .map(|row| (row.narrative.clone(), Narrative::of(row)))
            .collect();
        Ok(Self { narratives, count })
    }

    /// The same with one more version published.
    #[must_use]
    pub fn with(mut self, narrative: Narrative) -> Self {
        self.narratives.insert(narrative.key.clone(), narrative);
        self.count += 1;
        self
    }

    /// The codebook they make of the shipped one.
    #[must_use]
    pub fn codebook(&self, shipped: &Codebook) -> Codebook {
        let mut book = shipped.clone();
        for narrative in self.narratives.values() {
            narrative.put_into(&mut book);
        }
        if self.count > 0 {
            book.version = format!("{}+{}", shipped.version, self.count);
        }
        book
    }

    /// What their examples teach.
    pub fn corrections(&self) -> impl Iterator<Item = Correction> + '_ {
        self.narratives.values().flat_map(Narrative::corrections)
    }

    /// Titles by key and language, also of those out of use: comments keep their tags.
    #[must_use]
    pub fn titles(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        self.narratives
            .iter()
            .map(|(key, narrative)| (key.clone(), narrative.titles.clone()))
            .collect()
    }
}
