//! What is true of every channel now: whether the desk sees it, since when not and why, what is read how often, what is left.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Stockholm;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::budget::{self, Day, Left};
use super::told::{self, Told};
use crate::app::App;
use crate::connector::registry::Connected;
use crate::hourly;
use crate::store::Error;
use crate::store::entity::{comment, connector, errand};

/// Weeks whose same hour says what is usual.
const WEEKS: i64 = 4;

/// Comments of the last sixty minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LastHour {
    /// How many came.
    pub came: u64,
    /// How many came on average at this time of the week, of up to four weeks; none in a channel's first.
    pub usual: Option<f64>,
}

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
    /// What came of late, beside what usually does.
    pub last_hour: LastHour,
}

impl Truth {
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
    let weeks = weeks(app).await?;
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
            errands: own,
            left,
            told,
            last_hour: last_hour(&weeks, &row),
            row,
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

/// The sixty minutes before a moment, and what came in them by connector.
struct Week {
    from: DateTime<Utc>,
    came: HashMap<String, i64>,
}

/// The last hour, and the same time of the weeks before by the clock on the wall.
async fn weeks(app: &App) -> Result<Vec<Week>, Error> {
    let now = app.clock.now();
    let mut all = Vec::new();
    for back in 0..=WEEKS {
        let on_the_wall = now.with_timezone(&Stockholm).naive_local() - TimeDelta::weeks(back);
        let to = Stockholm.from_local_datetime(&on_the_wall).earliest();
        // In the hour that is skipped in spring there is no such time.
        let to = to.map_or(now - TimeDelta::weeks(back), |to| to.to_utc());
        let from = to - TimeDelta::hours(1);
        let came: Vec<(String, i64)> = comment::Entity::find()
            .select_only()
            .column(comment::Column::Connector)
            .column_as(comment::Column::Id.count(), "came")
            .filter(comment::Column::Id.gte(hourly::first_of(from.timestamp_millis())))
            .filter(comment::Column::Id.lt(hourly::first_of(to.timestamp_millis())))
            .group_by(comment::Column::Connector)
            .into_tuple()
            .all(app.db.reader())
            .await?;
        all.push(Week {
            from,
            came: came.into_iter().collect(),
        });
    }
    Ok(all)
}

fn last_hour(weeks: &[Week], row: &connector::Model) -> LastHour {
    let came = |week: &Week| week.came.get(&row.name).copied().unwrap_or(0);
    let there = |week: &&Week| row.created_at <= week.from.timestamp_millis();
    let before: Vec<i64> = weeks.iter().skip(1).filter(there).map(came).collect();
    LastHour {
        came: weeks.first().map_or(0, |now| came(now).unsigned_abs()),
        usual: (!before.is_empty()).then(|| before.iter().sum::<i64>() as f64 / before.len() as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::platform::Platform;

    #[test]
    fn what_is_usual_is_of_the_weeks_that_the_channel_was_there() {
        let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let week = |back: i64, came: i64| Week {
            from: now - TimeDelta::weeks(back) - TimeDelta::hours(1),
            came: HashMap::from([("youtube".to_owned(), came), ("tiktok".to_owned(), 7)]),
        };
        let weeks = [week(0, 3), week(1, 10), week(2, 31), week(3, 90)];
        let since = |days: i64| {
            let created = (now - TimeDelta::days(days)).timestamp_millis();
            last_hour(&weeks, &connector::Model::new("youtube", Platform::Youtube, created))
        };
        let hour = |came, usual| LastHour { came, usual };
        assert_eq!(since(15), hour(3, Some(20.5)));
        assert_eq!(since(8), hour(3, Some(10.0)));
        assert_eq!(since(2), hour(3, None));
        let other = connector::Model::new("mastodon", Platform::Mastodon, 0);
        assert_eq!(last_hour(&weeks, &other), hour(0, Some(0.0)));
    }
}
