//! What a draft would change: last week's comments tagged as now, and as they would be. Changes nothing itself.

use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::narrative::Narrative;
use super::taught::Lessons;
use crate::app::App;
use crate::domain::comment::Presence;
use crate::domain::id::CommentId;
use crate::domain::tag::{Flag, Tags, Tier};
use crate::store::Error;
use crate::store::entity::comment;
use crate::tagging::{self, Context, Tagger};

/// How far back comments are looked at, in milliseconds.
const WEEK_MS: i64 = 7 * 24 * 3_600_000;
/// Comments looked at, the latest; a week of more is judged by these.
const MOST: u64 = 5_000;
/// Comments shown of each kind of change.
const SHOWN: usize = 10;
/// Characters shown of one.
const CHARACTERS: usize = 280;

crate::words! {
    /// How sure a narrative tag is, and whether there is one.
    #[derive(Default)]
    pub enum Standing {
        /// Not named.
        #[default]
        None = "none",
        /// Suggested.
        Suggest = "suggest",
        /// Shown as a tag.
        Auto = "auto",
    }
}

/// A comment that would be tagged otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Which.
    pub comment: CommentId,
    /// Its language.
    pub language: String,
    /// As now.
    pub from: Standing,
    /// As it would be.
    pub to: Standing,
    /// Its text with personal data covered; none for one that is heavy to read.
    pub text: Option<String>,
}

/// What would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Comments looked at.
    pub looked_at: usize,
    /// Of these, tagged with the narrative now.
    pub shown_now: usize,
    /// Tagged with it then.
    pub shown_then: usize,
    /// Suggested with it now.
    pub suggested_now: usize,
    /// Suggested with it then.
    pub suggested_then: usize,
    /// That would change in this narrative.
    pub changed: usize,
    /// That would change in some other narrative.
    pub others_changed: usize,
    /// Some that would change, the latest first.
    pub examples: Vec<Changed>,
}

/// Tries a narrative on last week's comments.
///
/// # Errors
/// Any [`Error`]. Phrases that cannot be searched for are an inconsistency: they were checked when written.
pub async fn run(app: &App, narrative: Narrative) -> Result<Outcome, Error> {
    let since = app.now_ms() - WEEK_MS;
    let rows: Vec<(CommentId, Option<String>)> = comment::Entity::find()
        .select_only()
        .columns([comment::Column::Id, comment::Column::Text])
        .filter(comment::Column::Presence.eq(Presence::Known))
        .filter(comment::Column::Own.eq(false))
        .filter(comment::Column::OpenedAt.gte(since))
        .order_by_desc(comment::Column::Number)
        .limit(MOST)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let mut lessons = Lessons::read(&app.db).await?;
    let now = app.taught.tagger();
    let outcome = tokio::task::spawn_blocking(move || {
        let key = narrative.key.clone();
        lessons.published = lessons.published.with(narrative);
        let then = lessons.tagger().ok()?.map_or_else(tagging::shipped, Arc::new);
        Some(compare(&now, &then, &key, &rows))
    });
    outcome
        .await
        .ok()
        .flatten()
        .ok_or_else(|| Error::inconsistent("the narrative cannot be tried"))
}

fn compare(now: &Tagger, then: &Tagger, key: &str, rows: &[(CommentId, Option<String>)]) -> Outcome {
    let mut outcome = Outcome::default();
    for (id, text) in rows {
        let Some(text) = text else { continue };
        let (before, after) = (now.tag(text, &Context::default()), then.tag(text, &Context::default()));
        let (from, to) = (standing(&before, key), standing(&after, key));
        outcome.looked_at += 1;
        outcome.shown_now += usize::from(from == Standing::Auto);
        outcome.shown_then += usize::from(to == Standing::Auto);
        outcome.suggested_now += usize::from(from == Standing::Suggest);
        outcome.suggested_then += usize::from(to == Standing::Suggest);
        outcome.others_changed += usize::from(others(&before, key) != others(&after, key));
        if from == to {
            continue;
        }
        outcome.changed += 1;
        if outcome.examples.len() < SHOWN {
            outcome.examples.push(Changed {
                comment: *id,
                language: after.language.code.clone(),
                from,
                to,
                text: shown(text, &after, &[], CHARACTERS),
            });
        }
    }
    outcome
}

/// A text as it may be shown to who does not work it: personal data covered, nothing of one that is heavy to read. Where
/// people say (`labels`) that it has personal data nothing is shown either: the rules may not cover all of it.
#[must_use]
pub fn shown(text: &str, tags: &Tags, labels: &[String], most: usize) -> Option<String> {
    let private = labels.iter().any(|key| key == Flag::PersonalData.as_str());
    if private || crate::view::model::heavy(Some(tags)).is_some() {
        return None;
    }
    let masked = tagging::mask(text, tags);
    Some(match masked.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", masked.get(..end).unwrap_or_default()),
        None => masked,
    })
}

fn standing(tags: &Tags, key: &str) -> Standing {
    match tags.narratives.iter().find(|tag| tag.key == key) {
        None => Standing::None,
        Some(tag) if tag.tier == Some(Tier::Suggest) => Standing::Suggest,
        Some(_) => Standing::Auto,
    }
}

fn others<'a>(tags: &'a Tags, key: &str) -> Vec<&'a str> {
    let shown = tags.narratives.iter().filter(|tag| tag.tier != Some(Tier::Suggest));
    let mut keys: Vec<&str> = shown
        .map(|tag| tag.key.as_str())
        .filter(|known| *known != key)
        .collect();
    keys.sort_unstable();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagging::{Context, tag};

    #[test]
    fn nothing_is_shown_of_what_a_person_found_personal_data_in() {
        let text = "dom tog maja sjöqvarn från kullsäng, ring 070-174 06 05";
        let tags = tag(text, &Context::default());
        let labels = [Flag::PersonalData.as_str().to_owned()];
        assert_eq!(shown(text, &tags, &labels, 200), None);
        let covered = shown(text, &tags, &[], 200).expect("a text");
        assert!(!covered.contains("070-174"), "{covered}");
    }
}
