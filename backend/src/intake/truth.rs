//! What is true of every channel now: whether the desk sees it, since when not and why, what is read how often, what is left.

use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::budget::{self, Day, Left};
use super::told::{self, Told};
use crate::app::App;
use crate::connector::registry::Connected;
use crate::store::Error;
use crate::store::entity::{connector, errand};

/// One channel.
pub struct Truth {
    /// The account, as it is kept in memory.
    pub connected: Arc<Connected>,
    /// Its row.
    pub row: connector::Model,
    /// What is read, by key; none where the platform delivers or comments are entered by hand.
    pub errands: Vec<errand::Model>,
    /// What is left of the day's budget, where the platform has one.
    pub left: Option<Left>,
    /// Deliveries held against reading, where the platform delivers and is read besides.
    pub told: Option<Told>,
}

impl Truth {
    /// New comments an hour, of late, by reading.
    #[must_use]
    pub fn per_hour(&self) -> f64 {
        let thousandths: i64 = self.errands.iter().map(|errand| errand.activity).sum();
        thousandths as f64 / 1_000.0
    }

    /// When it was last read whole, in milliseconds.
    #[must_use]
    pub fn last_ok_at(&self) -> Option<i64> {
        self.errands.iter().filter_map(|errand| errand.last_ok_at).max()
    }
}

/// Every channel, by name.
///
/// # Errors
/// Any [`Error`].
pub async fn every(app: &App) -> Result<Vec<Truth>, Error> {
    let rows = connector::Entity::find()
        .order_by_asc(connector::Column::Name)
        .all(app.db.reader())
        .await?;
    let mut errands = errand::Entity::find()
        .filter(errand::Column::DueAt.lt(i64::MAX))
        .order_by_asc(errand::Column::Key)
        .all(app.db.reader())
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(connected) = app.connectors.find(&row.name) else {
            continue;
        };
        let (own, others) = errands.into_iter().partition(|errand| errand.connector == row.name);
        errands = others;
        let left = left(app, &connected).await?;
        let told = match connected.is_told() && !own.is_empty() {
            true => Some(told::day(app, &row).await?),
            false => None,
        };
        all.push(Truth {
            connected,
            row,
            errands: own,
            left,
            told,
        });
    }
    Ok(all)
}

async fn left(app: &App, connected: &Connected) -> Result<Option<Left>, Error> {
    let reader = connected.protocol.and_then(|protocol| protocol.reader());
    let Some(daily) = reader.and_then(|reader| reader.daily(&connected.account)) else {
        return Ok(None);
    };
    let day = Day::of(&daily, app.clock.now());
    budget::left_today(app, &connected.name, &daily, &day).await.map(Some)
}
