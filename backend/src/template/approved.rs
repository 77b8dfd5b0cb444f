//! The approved versions, in memory: every opened comment asks for suggestions. Read again after a template changed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::likeness::Stems;
use super::{Length, fill};
use crate::campaign::material::{in_use, slots};
use crate::domain::id::VersionId;
use crate::domain::template::{TemplateState, Variant};
use crate::pack::Slot;
use crate::store::Error;
use crate::store::entity::{material, template, template_version};

/// One approved version of one variant.
#[derive(Debug)]
pub struct Entry {
    /// Key of its template.
    pub key: String,
    /// The version.
    pub id: VersionId,
    /// Its number.
    pub version: i32,
    /// Its language.
    pub variant: Variant,
    /// The short text with slots.
    pub short: String,
    /// The long text with slots.
    pub long: String,
    /// Narratives and classes it answers.
    pub answers: Vec<String>,
    /// Flags it answers.
    pub answers_flags: Vec<String>,
    /// Its slots.
    pub slots: Vec<Slot>,
    /// Last day on which it may be sent.
    pub expires_on: Option<NaiveDate>,
    pub(super) stems: Stems,
}

impl Entry {
    /// One version with what its template says.
    #[must_use]
    pub fn of(row: template_version::Model, template: &template::Model) -> Self {
        let list = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self {
            key: row.template_key,
            id: row.id,
            version: row.version,
            variant: row.variant,
            stems: Stems::of(&row.long),
            short: row.short,
            long: row.long,
            answers: list(&template.answers),
            answers_flags: list(&template.answers_flags),
            slots: serde_json::from_str(&template.placeholders).unwrap_or_default(),
            expires_on: row.expires_on.and_then(|day| day.parse().ok()),
        }
    }

    /// Adds the materials that its texts name to its slots.
    fn know(&mut self, materials: &[material::Model]) {
        let named = [&self.short, &self.long].map(|text| fill::slots_of(text)).concat();
        let of_texts: Vec<Slot> = slots(materials, self.variant)
            .into_iter()
            .filter(|slot| named.contains(&slot.name))
            .collect();
        self.slots.extend(of_texts);
        // What a retired material leaves is a slot that nothing fills: the text cannot be sent.
        for name in named {
            if !self.slots.iter().any(|slot| slot.name == name) {
                self.slots.push(Slot {
                    name,
                    budget: 0,
                    rule: String::new(),
                    default: std::collections::BTreeMap::new(),
                });
            }
        }
    }

    /// One of its two texts, with slots.
    #[must_use]
    pub fn text(&self, length: Length) -> &str {
        match length {
            Length::Short => &self.short,
            Length::Long => &self.long,
        }
    }

    /// One of its two texts, filled; a text that cannot be read as it is.
    #[must_use]
    pub fn filled(&self, length: Length, slots: &fill::Slots) -> String {
        let text = self.text(length);
        fill::fill(text, slots, self.variant).unwrap_or_else(|_| text.to_owned())
    }

    /// Whether it may be sent on this day.
    #[must_use]
    pub fn is_current(&self, today: NaiveDate) -> bool {
        self.expires_on.is_none_or(|last| today <= last)
    }
}

/// Every approved version, as read at one time.
#[derive(Debug, Default)]
pub struct Book {
    /// The versions, by key and language.
    pub entries: Vec<Entry>,
    /// What texts can point to.
    pub materials: Vec<material::Model>,
}

impl Book {
    /// Reads them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self, Error> {
        let templates: HashMap<String, template::Model> = template::Entity::find()
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.key.clone(), row))
            .collect();
        let materials = in_use(db).await?;
        let mut entries: Vec<Entry> = template_version::Entity::find()
            .filter(template_version::Column::State.eq(TemplateState::Approved))
            .all(db)
            .await?
            .into_iter()
            .filter_map(|row| {
                let template = templates.get(&row.template_key)?;
                let mut entry = Entry::of(row, template);
                entry.know(&materials);
                Some(entry)
            })
            .collect();
        entries.sort_by(|a, b| (&a.key, a.variant, b.version).cmp(&(&b.key, b.variant, a.version)));
        Ok(Self { entries, materials })
    }

    /// A version by its identifier.
    #[must_use]
    pub fn version(&self, id: VersionId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The approved version of a template in a language.
    #[must_use]
    pub fn of(&self, key: &str, variant: Variant) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.key == key && entry.variant == variant)
    }
}

/// The book kept in memory.
#[derive(Debug, Default)]
pub struct Approved {
    wanted: AtomicU64,
    kept: RwLock<(Option<u64>, Arc<Book>)>,
}

impl Approved {
    /// The kept book is out of date from now on.
    pub fn forget(&self) {
        self.wanted.fetch_add(1, Ordering::AcqRel);
    }

    /// The book as of the last change.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn book(&self, db: &impl ConnectionTrait) -> Result<Arc<Book>, Error> {
        let wanted = self.wanted.load(Ordering::Acquire);
        {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if kept.0 == Some(wanted) {
                return Ok(Arc::clone(&kept.1));
            }
        }
        let book = Arc::new(Book::read(db).await?);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        // A slower reader must not put an older book over a newer one.
        if kept.0.is_none_or(|known| known < wanted) {
            *kept = (Some(wanted), Arc::clone(&book));
        }
        Ok(book)
    }
}
