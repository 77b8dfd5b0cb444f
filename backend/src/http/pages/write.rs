//! The composer as the holder of a comment sees it: suggestions, the draft, what the guard says.

use std::collections::BTreeMap;

use super::list::Ask as Address;
use super::{locale_of, sentence};
use crate::app::App;
use crate::decision::draft::{self, Draft};
use crate::decision::guard::{Finding, Level};
use crate::decision::prepare::{Ask, Version};
use crate::decision::{Prepared, prepare};
use crate::domain::decision::DecisionKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::platform::Platform;
use crate::domain::template::Variant;
use crate::http::api::decisions::decider;
use crate::http::extract::Who;
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::store::Error;
use crate::store::entity::{comment, draft as draft_table};
use crate::template::suggest::length_for;
use crate::template::{Entry, Length, Limit, fill, suggest, variant_for};
use crate::view::LocaleKey;
use crate::view::model::composer::{Check, Composer, Guard, Pick, Preview, Slot, Suggestion};

/// Templates shown for a search.
const FOUND: usize = 12;
/// Characters of a text by which a template is recognised.
const TITLE: usize = 60;

/// What the holder has written so far, from a draft, a form or a template.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// As in [`Draft`].
    pub draft: Draft,
    /// When it was kept.
    pub saved_at: Option<i64>,
}

impl Written {
    /// What the person has written about a comment, or the template the address names.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn read(app: &App, row: &comment::Model, person: PersonId, address: &Address) -> Result<Self, Error> {
        if !address.template.is_empty()
            && let Some(picked) = picked(app, row, &address.template).await?
        {
            return Ok(Self {
                draft: picked,
                saved_at: None,
            });
        }
        Self::kept(app, row.id, person).await
    }

    /// The kept draft.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn kept(app: &App, comment: CommentId, person: PersonId) -> Result<Self, Error> {
        use sea_orm::EntityTrait;
        let Some(draft) = draft::find(app.db.reader(), comment, person).await? else {
            return Ok(Self::default());
        };
        let row = draft_table::Entity::find_by_id((comment, person))
            .one(app.db.reader())
            .await?;
        Ok(Self {
            draft,
            saved_at: row.map(|row| row.updated_at),
        })
    }

    /// What is asked of the platform with it.
    #[must_use]
    pub fn ask(&self) -> Ask {
        Ask {
            template: self.draft.template.clone(),
            version: self.draft.version.map(Version::Id),
            variant: self.draft.variant,
            length: self.draft.length,
            slots: self.draft.slots.clone(),
            text: Some(self.draft.text.clone()),
            ..Ask::plain(DecisionKind::Reply)
        }
    }
}

/// A template as the beginning of a draft.
async fn picked(app: &App, row: &comment::Model, key: &str) -> Result<Option<Draft>, Error> {
    let book = app.templates.book(app.db.reader()).await?;
    let variant = variant_for(tags_of(row).as_ref(), row.lane);
    let today = app.clock.now().date_naive();
    Ok(book
        .of(key, variant)
        .filter(|entry| entry.is_current(today))
        .map(|entry| {
            let slots = fill::defaults(&entry.slots, entry.variant, row.author_name.as_deref());
            let length = length_for(entry, row.platform, &slots);
            Draft {
                text: entry.filled(length, &slots),
                template: Some(entry.key.clone()),
                version: Some(entry.id),
                variant: Some(entry.variant),
                length: Some(length),
                slots: BTreeMap::new(),
                started_at: 0,
            }
        }))
}

/// Fills in what only the holder sees.
///
/// # Errors
/// 503.
pub async fn open(
    app: &App,
    who: &Who,
    row: &comment::Model,
    address: &Address,
    written: &Written,
    composer: &mut Composer,
) -> Result<(), Problem> {
    let draft = &written.draft;
    let spoken = variant_for(tags_of(row).as_ref(), row.lane);
    let variant = draft.variant.unwrap_or(spoken);
    let limit = Limit::to(row.platform, row.author_handle.as_deref());
    let book = app.templates.book(app.db.reader()).await?;
    let entry = draft.version.and_then(|version| book.version(version));
    composer.lang = variant.as_str().to_owned();
    composer.template = draft.template.clone().unwrap_or_default();
    composer.template_title = entry.map(title);
    composer.version = draft.version.map(|version| version.to_string()).unwrap_or_default();
    composer.variant = match (draft.variant, draft.length) {
        (Some(variant), Some(length)) => format!("{variant}-{length}"),
        (Some(variant), None) => variant.to_string(),
        (None, _) => String::new(),
    };
    composer.slots = entry.map_or_else(Vec::new, |entry| open_slots(entry, &draft.text, &draft.slots));
    composer.text.clone_from(&draft.text);
    composer.length = limit.count(&draft.text);
    composer.limit = limit.most;
    composer.count_by = limit.counting.as_str();
    composer.saved_at = written.saved_at;
    composer.pick = pick(app, row, address).await?;
    if !draft.text.trim().is_empty()
        && let Ok(prepared) = prepare(app, row, decider(who)?, written.ask()).await
    {
        composer.guard = guard(app, locale_of(who), row.id, row.platform, &prepared.findings);
    }
    Ok(())
}

/// The guard's findings as a part.
#[must_use]
pub fn guard(app: &App, locale: LocaleKey, id: CommentId, platform: Platform, findings: &[Finding]) -> Guard {
    let platform = sentence(app, locale, &format!("platform-{platform}"));
    Guard {
        id,
        level: findings
            .iter()
            .map(|finding| finding.level)
            .min()
            .map_or("clear", Level::as_str),
        checks: findings
            .iter()
            .map(|finding| Check {
                level: finding.level.as_str(),
                code: finding.code.as_str().to_owned(),
                n: finding.n,
                word: finding.word.clone(),
                slot: finding.word.clone(),
                platform: platform.clone(),
            })
            .collect(),
    }
}

/// How the text will look.
#[must_use]
pub fn preview(app: &App, row: &comment::Model, prepared: &Prepared) -> Option<Preview> {
    let wording = prepared.wording.as_ref()?;
    let limit = Limit::to(row.platform, row.author_handle.as_deref());
    let signed_by = app.connectors.find(&row.connector).map_or_else(
        || row.connector.clone(),
        |connector| connector.account.external_id.clone(),
    );
    Some(Preview {
        id: row.id,
        platform: row.platform,
        signed_by,
        text: wording.text.clone(),
        lang: wording.variant.map_or_else(String::new, |variant| variant.to_string()),
        length: limit.count(&wording.text),
        limit: limit.most,
    })
}

/// The suggestions for a comment, or what a search finds.
async fn pick(app: &App, row: &comment::Model, address: &Address) -> Result<Pick, Error> {
    let find: String = address.find.trim().chars().take(80).collect();
    let suggestions = if find.is_empty() {
        let book = app.templates.book(app.db.reader()).await?;
        suggest(&app.templates, app.db.reader(), row, app.clock.now())
            .await?
            .into_iter()
            .filter_map(|one| {
                let entry = book.version(one.version_id)?;
                Some((entry, one.length, one.text))
            })
            .enumerate()
            .map(|(place, (entry, length, text))| shown(place + 1, row, entry, length, text))
            .collect()
    } else {
        search(app, row, &find).await?
    };
    Ok(Pick {
        id: row.id,
        find,
        suggestions,
    })
}

async fn search(app: &App, row: &comment::Model, find: &str) -> Result<Vec<Suggestion>, Error> {
    let book = app.templates.book(app.db.reader()).await?;
    let variant = variant_for(tags_of(row).as_ref(), row.lane);
    let today = app.clock.now().date_naive();
    let words: Vec<String> = find.split_whitespace().map(str::to_lowercase).collect();
    Ok(book
        .entries
        .iter()
        .filter(|entry| entry.variant == variant && entry.is_current(today))
        .filter(|entry| {
            let text = format!("{} {}", entry.key, entry.long).to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
        .take(FOUND)
        .enumerate()
        .map(|(place, entry)| {
            let slots = fill::defaults(&entry.slots, entry.variant, row.author_name.as_deref());
            let length = length_for(entry, row.platform, &slots);
            shown(place + 1, row, entry, length, entry.filled(length, &slots))
        })
        .collect())
}

fn shown(n: usize, row: &comment::Model, entry: &Entry, length: Length, text: String) -> Suggestion {
    Suggestion {
        n,
        key: entry.key.clone(),
        href: format!("/desk/{}?template={}", row.id, entry.key),
        template: entry.key.clone(),
        version: entry.id,
        version_no: entry.version.to_string(),
        variant: format!("{}-{length}", entry.variant),
        lang: entry.variant.as_str().to_owned(),
        length: length.as_str(),
        title: title(entry),
        chars: text.chars().count(),
        slots: open_slots(entry, &text, &BTreeMap::new()),
        text,
    }
}

/// What a template is recognised by: how its text begins, without the greeting.
fn title(entry: &Entry) -> String {
    let text = entry.filled(Length::Short, &fill::defaults(&entry.slots, entry.variant, None));
    let end = text
        .char_indices()
        .find(|(_, c)| matches!(c, '.' | '?' | '!' | '؟' | '\n'))
        .map_or(text.len(), |(at, c)| at + c.len_utf8());
    let first = text.get(..end).unwrap_or(&text).trim();
    if first.chars().count() <= TITLE {
        first.to_owned()
    } else {
        let cut: String = first.chars().take(TITLE).collect();
        format!("{}…", cut.trim_end())
    }
}

/// The slots whose tokens stand in a text.
fn open_slots(entry: &Entry, text: &str, filled: &fill::Slots) -> Vec<Slot> {
    entry
        .slots
        .iter()
        .map(|slot| Slot {
            token: fill::token(entry.variant, &slot.name),
            value: filled.get(&slot.name).cloned().unwrap_or_default(),
            name: slot.name.clone(),
        })
        .filter(|slot| text.contains(&slot.token))
        .collect()
}

/// A language and which of its texts, as forms name them (`ar-short`).
#[must_use]
pub fn variant_word(word: &str) -> (Option<Variant>, Option<Length>) {
    let (variant, length) = word.split_once('-').unwrap_or((word, ""));
    (variant.parse().ok(), length.parse().ok())
}
