//! Which approved replies fit a comment best. Ranks only; a person picks.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::likeness::{Stems, likeness, spread};
use super::{Approved, Book, Entry, Length, Limit, fill, variant_for};
use crate::domain::id::VersionId;
use crate::domain::platform::Platform;
use crate::domain::tag::{Tags, Tier};
use crate::domain::template::Variant;
use crate::lane::item::tags_of;
use crate::store::Error;
use crate::store::entity::comment;

/// Most replies suggested: as many as have a key.
const MOST: usize = 5;

/// One reply that fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// Key of the template.
    pub key: String,
    /// The approved version.
    pub version_id: VersionId,
    /// Its number.
    pub version: i32,
    /// Its language.
    pub variant: Variant,
    /// Which of its two texts.
    pub length: Length,
    /// The text, with default slots filled and tokens for the others.
    pub text: String,
    /// What stands in the slots.
    pub slots: fill::Slots,
    /// Its length in the platform's unit.
    pub count: usize,
    /// Whether it keeps to the platform's limit.
    pub fits: bool,
    /// How well it fits; only the order matters.
    pub score: f32,
    /// The tags it answers.
    pub reason: Vec<String>,
}

/// At most five approved replies to a comment, best first.
///
/// # Errors
/// Any [`Error`].
pub async fn suggest(
    approved: &Approved,
    db: &impl ConnectionTrait,
    row: &comment::Model,
    now: DateTime<Utc>,
) -> Result<Vec<Suggestion>, Error> {
    Ok(rank(&*approved.book(db).await?, row, now))
}

/// The same from a book at hand.
#[must_use]
pub fn rank(book: &Book, row: &comment::Model, now: DateTime<Utc>) -> Vec<Suggestion> {
    let tags = tags_of(row);
    let variant = variant_for(tags.as_ref(), row.lane);
    let (today, limit) = (now.date_naive(), Limit::to(row.platform, row.author_handle.as_deref()));
    let entries: Vec<&Entry> = book
        .entries
        .iter()
        .filter(|entry| entry.variant == variant && entry.is_current(today))
        .collect();
    let spread = spread(entries.iter().map(|entry| &entry.stems));
    let words = Stems::of(row.text.as_deref().unwrap_or_default());
    let untagged = tags.as_ref().is_none_or(|tags| tags.keys().next().is_none());
    #[expect(clippy::cast_precision_loss, reason = "there are some hundreds of templates")]
    let texts = entries.len() as f32;
    let mut ranked: Vec<(f32, Vec<String>, &Entry)> = entries
        .into_iter()
        .filter_map(|entry| {
            let (score, reason) = tags.as_ref().map(|tags| answered(entry, tags)).unwrap_or_default();
            let like = likeness(&words, &entry.stems, &spread, texts);
            // Likeness orders what the tags chose; alone it chooses only where there are no tags at all.
            (score > 0.0 || (untagged && like > 0.3)).then_some((score + 1.5 * like, reason, entry))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.key.cmp(&b.2.key)));
    ranked
        .into_iter()
        .take(MOST)
        .map(|(score, reason, entry)| suggestion(entry, row, &limit, score, reason))
        .collect()
}

/// How much of what a comment says an entry answers. Flags come first, then what somebody asks or tells, then narratives
/// (codebook, section 7).
fn answered(entry: &Entry, tags: &Tags) -> (f32, Vec<String>) {
    let (mut score, mut reason) = (0.0, Vec::new());
    for tag in &tags.flags {
        if entry.answers_flags.contains(&tag.key) {
            score += 6.0 * tag.score;
            reason.push(tag.key.clone());
        }
    }
    for tag in &tags.classes {
        if entry.answers.contains(&tag.key) {
            score += 2.0 * tag.score;
            reason.push(tag.key.clone());
        }
    }
    for tag in &tags.narratives {
        if entry.answers.contains(&tag.key) {
            let weight = if tag.tier == Some(Tier::Suggest) { 0.6 } else { 1.8 };
            score += weight * tag.score;
            reason.push(tag.key.clone());
        }
    }
    (score, reason)
}

fn suggestion(entry: &Entry, row: &comment::Model, limit: &Limit, score: f32, reason: Vec<String>) -> Suggestion {
    let slots = fill::defaults(&entry.slots, entry.variant, row.author_name.as_deref());
    let length = length_for(entry, row.platform, &slots);
    let text = entry.filled(length, &slots);
    Suggestion {
        key: entry.key.clone(),
        version_id: entry.id,
        version: entry.version,
        variant: entry.variant,
        length,
        count: limit.count(&text),
        fits: limit.over(&text) == 0,
        text,
        slots,
        score,
        reason,
    }
}

/// The long text where it fits, else the short one.
#[must_use]
pub fn length_for(entry: &Entry, platform: Platform, slots: &fill::Slots) -> Length {
    if Limit::of(platform).over(&entry.filled(Length::Long, slots)) == 0 {
        Length::Long
    } else {
        Length::Short
    }
}
