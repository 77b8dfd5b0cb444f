//! An open wave as people see it: what it is, a few neutral examples, and whether an approved reply is there for it.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::note;
use crate::app::App;
use crate::domain::comment::{CommentState, Presence};
use crate::domain::lane::Lane;
use crate::domain::template::Variant;
use crate::hourly::first_of;
use crate::lane::item::tags_of;
use crate::store::Error;
use crate::store::entity::{comment, wave};
use crate::tagging::mask;

/// Examples shown.
const EXAMPLES: usize = 3;
/// Comments looked at for examples that are fit to be shown.
const LOOKED_AT: u64 = 12;

/// A comment of a wave, without personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its masked text.
    pub text: String,
    /// Code of its language.
    pub language: String,
}

/// A wave with what is told of it.
#[derive(Debug, Clone)]
pub struct Told {
    /// The wave.
    pub row: wave::Model,
    /// Whether a reply is approved for it in the lane's language.
    pub has_reply: bool,
    /// Comments of it that carry no flag, the first ones.
    pub examples: Vec<Example>,
}

/// The language that a lane is answered in.
const fn variant(lane: Lane) -> Variant {
    match lane {
        Lane::Ar => Variant::Ar,
        Lane::Sv => Variant::Sv,
        Lane::En | Lane::Other => Variant::En,
    }
}

/// Every open wave, the first opened first.
///
/// # Errors
/// Any [`Error`].
pub async fn open(app: &App) -> Result<Vec<Told>, Error> {
    let mut told = Vec::new();
    for row in note::open(app.db.reader()).await? {
        told.push(tell(app, row).await?);
    }
    Ok(told)
}

/// A wave with its examples.
///
/// # Errors
/// Any [`Error`].
pub async fn tell(app: &App, row: wave::Model) -> Result<Told, Error> {
    let comments = comment::Entity::find()
        .filter(comment::Column::Id.gte(first_of(row.since)))
        .filter(comment::Column::Lane.eq(row.lane))
        .filter(comment::Column::Labels.contains(format!("|{}|", row.narrative)))
        .filter(comment::Column::Own.eq(false))
        .filter(comment::Column::Presence.eq(Presence::Known))
        .filter(comment::Column::State.ne(CommentState::Withdrawn))
        .order_by_asc(comment::Column::Id)
        .limit(LOOKED_AT)
        .all(app.db.reader())
        .await?;
    let examples = comments
        .iter()
        .filter_map(|row| {
            let tags = tags_of(row)?;
            // What carries a flag is heavy or somebody's own; it is read where it is worked on.
            tags.flags.is_empty().then_some(())?;
            Some(Example {
                text: mask(row.text.as_deref()?, &tags),
                language: tags.language.code,
            })
        })
        .take(EXAMPLES)
        .collect();
    let book = app.templates.book(app.db.reader()).await?;
    let today = app.clock.now().date_naive();
    let has_reply = book.entries.iter().any(|entry| {
        entry.variant == variant(row.lane) && entry.is_current(today) && entry.answers.contains(&row.narrative)
    });
    Ok(Told {
        row,
        has_reply,
        examples,
    })
}
