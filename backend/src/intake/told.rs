//! Deliveries held against reading: what a platform that tells did not tell, or told late, and whether it stopped telling.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};

use super::row::change;
use crate::app::App;
use crate::change::{Change, Failure, Step};
use crate::clock;
use crate::store::Error;
use crate::store::entity::unheard::{Column, Entity};
use crate::store::entity::{comment, connector};

/// A delivery that comes within this after reading found its comment was on its way.
const ON_ITS_WAY_MS: i64 = 2 * 60_000;
/// What is counted over.
const DAY: TimeDelta = TimeDelta::hours(24);
/// Rows are kept as long as this.
const KEPT: TimeDelta = TimeDelta::days(7);
/// Deliveries have stopped when at least as many comments were found that none told of.
const SILENT_FROM: u64 = 3;
/// … and for as long at least.
const SILENCE: TimeDelta = TimeDelta::minutes(15);
/// … and as many usual gaps between comments.
const GAPS: i64 = 10;

/// What came in a day, and how much of it deliveries did not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Comments of the public that came in.
    pub came: u64,
    /// Of these found by reading, and told by no delivery so far.
    pub missed: u64,
    /// Of these found by reading, and told only later.
    pub late: u64,
}

/// The last day of a connector.
///
/// # Errors
/// Any [`Error`].
pub async fn day(app: &App, row: &connector::Model) -> Result<Told, Error> {
    let now = app.clock.now();
    let since = clock::ms(now - DAY);
    let found = Entity::find()
        .filter(Column::Connector.eq(&row.name))
        .filter(Column::FoundAt.gte(since))
        // What was written before the desk was connected nobody could have told it.
        .filter(Column::WrittenAt.gte(row.created_at));
    let missed = found.clone().filter(missed(now)).count(app.db.reader()).await?;
    let late = found.filter(Expr::cust(format!("\"told_at\" - \"found_at\" > {ON_ITS_WAY_MS}")));
    Ok(Told {
        came: came(app, &row.name, since).await?,
        missed,
        late: late.count(app.db.reader()).await?,
    })
}

fn missed(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::ToldAt.is_null())
        .add(Column::FoundAt.lte(clock::ms(now) - ON_ITS_WAY_MS))
}

async fn came(app: &App, name: &str, since: i64) -> Result<u64, Error> {
    Ok(comment::Entity::find()
        .filter(comment::Column::Connector.eq(name))
        .filter(comment::Column::OpenedAt.gte(since))
        .filter(comment::Column::Own.eq(false))
        .count(app.db.reader())
        .await?)
}

/// Since when a platform that tells has told nothing though there was something to tell, and how much.
///
/// # Errors
/// Any [`Error`].
pub async fn silent_since(app: &App, row: &connector::Model) -> Result<Option<(i64, u64)>, Error> {
    let now = app.clock.now();
    let last = row.last_event_at.unwrap_or(row.created_at);
    if clock::from_ms(last) > now - SILENCE {
        return Ok(None);
    }
    let count = Entity::find()
        .filter(Column::Connector.eq(&row.name))
        .filter(Column::WrittenAt.gt(last))
        .filter(missed(now))
        .count(app.db.reader())
        .await?;
    if count < SILENT_FROM {
        return Ok(None);
    }
    let came = came(app, &row.name, clock::ms(now - DAY)).await?;
    let gap = DAY.num_milliseconds() / i64::try_from(came.max(1)).unwrap_or(i64::MAX);
    let is_long = clock::ms(now) - last > GAPS.saturating_mul(gap).min(DAY.num_milliseconds());
    Ok(is_long.then_some((last, count)))
}

/// Writes down when deliveries came last, as far as this instance knows, and forgets what is old.
///
/// # Errors
/// Any [`Error`].
pub async fn keep(app: &App, row: &mut connector::Model) -> Result<(), Error> {
    let Some(at) = app.connectors.last_delivery(&row.name) else {
        return Ok(());
    };
    if row.last_event_at.is_none_or(|known| known < at) {
        let connector = row.name.clone();
        change(app, Delivered { connector, at }).await?;
        row.last_event_at = Some(at);
    }
    Ok(())
}

struct Delivered {
    connector: String,
    at: i64,
}

impl Step for Delivered {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let newer = Condition::any()
            .add(connector::Column::LastEventAt.is_null())
            .add(connector::Column::LastEventAt.lt(self.at));
        change.later(
            &connector::Entity::update_many()
                .col_expr(connector::Column::LastEventAt, Expr::value(self.at))
                .filter(connector::Column::Name.eq(&self.connector))
                .filter(newer),
        );
        let old = clock::ms(change.now() - KEPT);
        change.later(
            &Entity::delete_many()
                .filter(Column::Connector.eq(&self.connector))
                .filter(Column::FoundAt.lt(old)),
        );
        Ok(())
    }
}
