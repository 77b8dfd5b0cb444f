//! What waits, in serving order, by the page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use super::order::{serving, state_is};
use crate::domain::comment::{CommentState, Presence};
use crate::domain::id::CommentId;
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::store::Error;
use crate::store::entity::comment;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The lane.
    pub lane: Lane,
    /// The state.
    pub state: CommentState,
    /// Only with this narrative, class or flag.
    pub label: Option<String>,
    /// Only from this platform.
    pub platform: Option<Platform>,
    /// Only those that came in before this instant (milliseconds).
    pub before: Option<i64>,
    /// Most to give, 1–200.
    pub limit: u64,
    /// Where the last page ended.
    pub after: Option<Cursor>,
}

/// Where a page ended: its last comment. The next page begins behind the place that comment has in the serving order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(CommentId);

impl Cursor {
    /// Behind this comment.
    #[must_use]
    pub const fn of(row: &comment::Model) -> Self {
        Self(row.id)
    }

    /// As an opaque word.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.0.as_bytes())
    }

    /// Back from the opaque word; none if it is not one of ours.
    #[must_use]
    pub fn decode(word: &str) -> Option<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(word).ok()?.try_into().ok()?;
        Some(Self(CommentId(Uuid::from_bytes(bytes))))
    }
}

/// Everything behind a comment in the serving order, spelled so that the index is walked and not the table.
fn behind(last: &comment::Model) -> Condition {
    use comment::Column as C;
    let urgent = || C::Urgent.eq(last.urgent);
    let due = || urgent().and(C::DueAt.eq(last.due_at));
    let severity = || due().and(C::Severity.eq(last.severity));
    Condition::any()
        .add(Condition::all().add(Expr::value(last.urgent)).add(C::Urgent.eq(false)))
        .add(urgent().and(C::DueAt.gt(last.due_at)))
        .add(due().and(C::Severity.lt(last.severity)))
        .add(severity().and(C::OpenedAt.gt(last.opened_at)))
        .add(severity().and(C::OpenedAt.eq(last.opened_at)).and(C::Id.gt(last.id)))
}

/// One page and where the next begins.
#[derive(Debug)]
pub struct Page<T> {
    /// In serving order.
    pub rows: Vec<T>,
    /// For the next page; none at the end.
    pub next: Option<Cursor>,
}

/// Reads a page of a lane with all columns.
///
/// # Errors
/// Any [`Error`].
pub async fn page(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Page<comment::Model>, Error> {
    let rows = select(db, wanted).await?.all(db).await?;
    Ok(cut(rows, wanted, |row| row.id))
}

/// Reads which comments are on a page of a lane; the index `comment_serving` alone can tell.
///
/// # Errors
/// Any [`Error`].
pub async fn page_ids(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Page<CommentId>, Error> {
    let select = select(db, wanted).await?;
    let rows: Vec<CommentId> = select
        .select_only()
        .column(comment::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(cut(rows, wanted, |id| *id))
}

/// One row more than asked for tells whether there is a next page.
fn cut<T>(mut rows: Vec<T>, wanted: &Wanted, id: impl Fn(&T) -> CommentId) -> Page<T> {
    let limit = usize::try_from(wanted.limit.clamp(1, 200)).unwrap_or(200);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more {
        rows.last().map(|row| Cursor(id(row)))
    } else {
        None
    };
    Page { rows, next }
}

async fn select(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Select<comment::Entity>, Error> {
    let mut select = comment::Entity::find()
        .filter(comment::Column::Lane.eq(wanted.lane))
        .filter(state_is(wanted.state));
    if wanted.state != CommentState::Open {
        select = select.filter(comment::Column::Presence.eq(Presence::Known));
    }
    if let Some(label) = &wanted.label {
        select = select.filter(comment::Column::Labels.contains(format!("|{label}|")));
    }
    if let Some(platform) = wanted.platform {
        select = select.filter(comment::Column::Platform.eq(platform));
    }
    if let Some(before) = wanted.before {
        select = select.filter(comment::Column::OpenedAt.lt(before));
    }
    if let Some(Cursor(last)) = wanted.after
        && let Some(last) = comment::Entity::find_by_id(last).one(db).await?
    {
        select = select.filter(behind(&last));
    }
    Ok(serving(select).limit(wanted.limit.clamp(1, 200) + 1))
}

#[cfg(test)]
mod tests {
    use super::Cursor;
    use crate::domain::id::CommentId;
    use uuid::Uuid;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor(CommentId(Uuid::from_u128(u128::MAX - 7)));
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
    }

    #[test]
    fn a_foreign_word_is_no_cursor() {
        for word in ["", "AAAA", "not base64!", &"A".repeat(200)] {
            assert_eq!(Cursor::decode(word), None, "{word}");
        }
    }
}
