//! Waves as they are kept: opened, grown, closed, each with its event.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::detect::Stretch;
use super::usual::Key;
use crate::app::App;
use crate::change::{Actor, Change, Event, Failure, Step};
use crate::domain::comment::Presence;
use crate::domain::event::EventKind;
use crate::domain::id::WaveId;
use crate::domain::platform::Platform;
use crate::hourly::first_of;
use crate::store::Error;
use crate::store::entity::{comment, wave};

/// Share of a wave's comments that stand on one platform or under one ad for it to be named.
const MOSTLY_PERCENT: i64 = 80;

/// Waves that are open.
///
/// # Errors
/// Any [`Error`].
pub async fn open(db: &impl ConnectionTrait) -> Result<Vec<wave::Model>, Error> {
    Ok(wave::Entity::find()
        .filter(Expr::cust("\"closed_at\" IS NULL"))
        .order_by_asc(wave::Column::OpenedAt)
        .all(db)
        .await?)
}

/// The last waves, the latest first.
///
/// # Errors
/// Any [`Error`].
pub async fn latest(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<wave::Model>, Error> {
    Ok(wave::Entity::find()
        .order_by_desc(wave::Column::OpenedAt)
        .order_by_desc(wave::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// A wave to be opened, with the platform and the ad that most of it stands under.
#[derive(Debug, Clone)]
pub struct Narrowed {
    key: Key,
    stretch: Stretch,
    platform: Option<Platform>,
    ad: Option<String>,
}

/// Where most of a wave stands.
///
/// # Errors
/// Any [`Error`].
pub(super) async fn narrowed(app: &App, key: &Key, stretch: Stretch) -> Result<Narrowed, Error> {
    let places: Vec<(Platform, Option<String>, i64)> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Platform)
        .column(comment::Column::Ad)
        .column_as(comment::Column::Id.count(), "count")
        .filter(comment::Column::Id.gte(first_of(stretch.since)))
        .filter(comment::Column::Lane.eq(key.0))
        .filter(comment::Column::Labels.contains(format!("|{}|", key.1)))
        .filter(comment::Column::Own.eq(false))
        .filter(comment::Column::Presence.eq(Presence::Known))
        .group_by(comment::Column::Platform)
        .group_by(comment::Column::Ad)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let all: i64 = places.iter().map(|(_, _, count)| count).sum();
    let mostly = |count: i64| all > 0 && count * 100 >= all * MOSTLY_PERCENT;
    let on = |platform: Platform| -> i64 {
        let there = places.iter().filter(|(on, _, _)| *on == platform);
        there.map(|(_, _, count)| count).sum()
    };
    let platform = places.iter().map(|(on, _, _)| *on).find(|one| mostly(on(*one)));
    let ad = places
        .iter()
        .find(|(_, _, count)| mostly(*count))
        .and_then(|(_, ad, _)| ad.clone());
    Ok(Narrowed {
        key: key.clone(),
        stretch,
        platform,
        ad,
    })
}

/// What became of waves in one look.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// To be opened.
    pub opened: Vec<Narrowed>,
    /// Larger than before.
    pub grown: Vec<(Key, Stretch)>,
    /// Over.
    pub closed: Vec<(Key, Stretch)>,
}

impl Note {
    /// Whether there is nothing to note.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.opened.is_empty() && self.grown.is_empty() && self.closed.is_empty()
    }
}

/// Expected comments in thousandths, as they are stored.
fn milli(expected: f64) -> i32 {
    format!("{:.0}", (expected * 1_000.0).clamp(0.0, 2e9))
        .parse()
        .unwrap_or(i32::MAX)
}

/// A wave as events and the API tell it.
#[must_use]
pub fn view(row: &wave::Model) -> Value {
    let at = crate::lane::item::rfc3339;
    let expected = f64::from(row.expected_milli) / 1_000.0;
    json!({
        "id": row.id,
        "lane": row.lane,
        "narrative": row.narrative,
        "platform": row.platform,
        "ad": row.ad,
        "state": if row.closed_at.is_none() { "open" } else { "closed" },
        "since": at(row.since),
        "opened_at": at(row.opened_at),
        "closed_at": row.closed_at.map(at),
        "came": row.came,
        "expected": expected,
        "times": times(row),
    })
}

/// How many times the expected number came; none where not one comment was expected, since that says nothing.
#[must_use]
pub fn times(row: &wave::Model) -> Option<f64> {
    let times = f64::from(row.came) / (f64::from(row.expected_milli) / 1_000.0);
    (row.expected_milli >= 1_000).then(|| (times * 10.0).round() / 10.0)
}

impl Step for Note {
    type Out = (usize, usize);
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(usize, usize), Failure<Self::Refusal>> {
        let known = open(change.read()).await?;
        let find = |key: &Key| known.iter().find(|row| (row.lane, &row.narrative) == (key.0, &key.1));
        let (mut opened, mut closed) = (0, 0);
        // Another instance may have seen the same: what is open is not opened again.
        for one in self.opened.iter().filter(|one| find(&one.key).is_none()) {
            let row = wave::Model {
                id: change.id::<WaveId>(),
                lane: one.key.0,
                narrative: one.key.1.clone(),
                platform: one.platform,
                ad: one.ad.clone(),
                story: None,
                since: one.stretch.since,
                opened_at: change.now_ms(),
                closed_at: None,
                came: i32::try_from(one.stretch.came).unwrap_or(i32::MAX),
                expected_milli: milli(one.stretch.expected),
            };
            tell(change, &row);
            change.later(&wave::Entity::insert(row.into_active_model()));
            opened += 1;
        }
        for (ends, (key, stretch)) in self
            .grown
            .iter()
            .map(|one| (false, one))
            .chain(self.closed.iter().map(|one| (true, one)))
        {
            let Some(row) = find(key) else { continue };
            let mut row = row.clone();
            row.came = i32::try_from(stretch.came).unwrap_or(i32::MAX);
            row.expected_milli = milli(stretch.expected);
            row.closed_at = ends.then(|| change.now_ms());
            let update = wave::Entity::update_many()
                .col_expr(wave::Column::Came, Expr::value(row.came))
                .col_expr(wave::Column::ExpectedMilli, Expr::value(row.expected_milli))
                .col_expr(wave::Column::ClosedAt, Expr::value(row.closed_at))
                .filter(wave::Column::Id.eq(row.id))
                .filter(Expr::cust("\"closed_at\" IS NULL"));
            if ends && change.execute(&update).await? > 0 {
                tell(change, &row);
                closed += 1;
            } else if !ends {
                change.later(&update);
            }
        }
        Ok((opened, closed))
    }
}

fn tell(change: &mut Change, row: &wave::Model) {
    let at = change.now_ms();
    change.event(Event {
        seq: 0,
        at,
        kind: EventKind::Wave,
        comment: None,
        lane: Some(row.lane),
        actor: Actor::Desk,
        data: view(row),
        moved: None,
    });
}
