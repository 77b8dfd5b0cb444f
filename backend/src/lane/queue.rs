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

/// The place of one comment in the serving order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    urgent: bool,
    due_at: i64,
    severity: i32,
    opened_at: i64,
    id: CommentId,
}

impl Cursor {
    fn of(row: &comment::Model) -> Self {
        Self {
            urgent: row.urgent,
            due_at: row.due_at,
            severity: row.severity,
            opened_at: row.opened_at,
            id: row.id,
        }
    }

    /// As an opaque word.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(37);
        bytes.push(u8::from(self.urgent));
        bytes.extend(self.due_at.to_be_bytes());
        bytes.extend(self.severity.to_be_bytes());
        bytes.extend(self.opened_at.to_be_bytes());
        bytes.extend(self.id.0.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Back from the opaque word; none if it is not one of ours.
    #[must_use]
    pub fn decode(word: &str) -> Option<Self> {
        let bytes: [u8; 37] = URL_SAFE_NO_PAD.decode(word).ok()?.try_into().ok()?;
        let part = |from: usize| bytes.get(from..from + 8)?.try_into().ok().map(i64::from_be_bytes);
        Some(Self {
            urgent: bytes[0] == 1,
            due_at: part(1)?,
            severity: i32::from_be_bytes(bytes.get(9..13)?.try_into().ok()?),
            opened_at: part(13)?,
            id: CommentId(Uuid::from_slice(bytes.get(21..37)?).ok()?),
        })
    }

    /// Everything behind this place, spelled so that the index is walked and not the table.
    fn rest(&self) -> Condition {
        use comment::Column as C;
        Condition::any()
            .add(Condition::all().add(Expr::value(self.urgent)).add(C::Urgent.eq(false)))
            .add(C::Urgent.eq(self.urgent).and(C::DueAt.gt(self.due_at)))
            .add(
                C::Urgent
                    .eq(self.urgent)
                    .and(C::DueAt.eq(self.due_at))
                    .and(C::Severity.lt(self.severity)),
            )
            .add(
                C::Urgent
                    .eq(self.urgent)
                    .and(C::DueAt.eq(self.due_at))
                    .and(C::Severity.eq(self.severity))
                    .and(C::OpenedAt.gt(self.opened_at)),
            )
            .add(
                C::Urgent
                    .eq(self.urgent)
                    .and(C::DueAt.eq(self.due_at))
                    .and(C::Severity.eq(self.severity))
                    .and(C::OpenedAt.eq(self.opened_at))
                    .and(C::Id.gt(self.id)),
            )
    }
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
    let rows = select(wanted).all(db).await?;
    Ok(cut(rows, wanted, Cursor::of))
}

/// The place of a comment, as the index `comment_serving` alone can tell it.
type Placed = (bool, i64, i32, i64, CommentId);

/// Reads which comments are on a page of a lane.
///
/// # Errors
/// Any [`Error`].
pub async fn page_ids(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Page<CommentId>, Error> {
    let rows: Vec<Placed> = select(wanted)
        .select_only()
        .columns([
            comment::Column::Urgent,
            comment::Column::DueAt,
            comment::Column::Severity,
            comment::Column::OpenedAt,
            comment::Column::Id,
        ])
        .into_tuple()
        .all(db)
        .await?;
    let page = cut(rows, wanted, |&(urgent, due_at, severity, opened_at, id)| Cursor {
        urgent,
        due_at,
        severity,
        opened_at,
        id,
    });
    Ok(Page {
        rows: page.rows.into_iter().map(|(.., id)| id).collect(),
        next: page.next,
    })
}

/// One row more than asked for tells whether there is a next page.
fn cut<T>(mut rows: Vec<T>, wanted: &Wanted, place: impl Fn(&T) -> Cursor) -> Page<T> {
    let limit = usize::try_from(wanted.limit.clamp(1, 200)).unwrap_or(200);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(place) } else { None };
    Page { rows, next }
}

fn select(wanted: &Wanted) -> Select<comment::Entity> {
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
    if let Some(after) = &wanted.after {
        select = select.filter(after.rest());
    }
    serving(select).limit(wanted.limit.clamp(1, 200) + 1)
}

#[cfg(test)]
mod tests {
    use super::Cursor;
    use crate::domain::id::CommentId;
    use uuid::Uuid;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor {
            urgent: true,
            due_at: -5,
            severity: 3,
            opened_at: i64::MAX,
            id: CommentId(Uuid::from_u128(7)),
        };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
    }

    #[test]
    fn a_foreign_word_is_no_cursor() {
        for word in ["", "AAAA", "not base64!", &"A".repeat(200)] {
            assert_eq!(Cursor::decode(word), None, "{word}");
        }
    }
}
