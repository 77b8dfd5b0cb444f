//! What is usual of each narrative in each lane, hour by hour, from the hourly counts.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::app::App;
use crate::domain::lane::Lane;
use crate::forecast::{Ahead, LOOKED_AT, Past, WEEK, outlook};
use crate::hourly::{ALL, HOUR_MS, of_week};
use crate::store::Error;
use crate::store::entity::{hourly, wave};
use crate::wave::detect::{LEAST_PER_H, limit, shares};

/// A narrative in a lane.
pub type Key = (Lane, String);

/// False alarms that a lane may give in a week, all its narratives together.
pub const ALARMS: f64 = 1.0;

/// What is usual of one narrative in one lane.
#[derive(Debug, Clone)]
pub struct Usual {
    /// Comments expected in each hour, from the one it was made in.
    per_h: Vec<f64>,
    /// Variance of counts over their mean.
    pub dispersion: f64,
    /// The sum that opens a wave.
    pub limit: f64,
}

impl Usual {
    /// Comments expected in the hour that lies so many after the one this was made in.
    #[must_use]
    pub fn per_h(&self, after: usize) -> f64 {
        self.per_h.get(after % WEEK).copied().unwrap_or(LEAST_PER_H)
    }
}

/// What is usual of a narrative never seen before, in a lane of so many others.
#[must_use]
pub fn of_new(others: usize) -> Usual {
    let alarms = ALARMS / f64::from(u32::try_from(others + 1).unwrap_or(u32::MAX));
    Usual {
        per_h: Vec::new(),
        dispersion: 1.0,
        limit: limit(0.0, alarms),
    }
}

/// What is usual from `hour` on (counted from 1970). Hours in which a wave was on teach nothing.
///
/// # Errors
/// Any [`Error`].
pub async fn read(app: &App, hour: i64) -> Result<HashMap<Key, Usual>, Error> {
    let first = hour - i64::try_from(LOOKED_AT).unwrap_or(0);
    let counted: Vec<(Lane, String, i64, i64)> = hourly::Entity::find()
        .select_only()
        .column(hourly::Column::Lane)
        .column(hourly::Column::Narrative)
        .column(hourly::Column::Hour)
        .column_as(Expr::cust("CAST(SUM(\"arrived\") AS BIGINT)"), "count")
        .filter(hourly::Column::Hour.gte(first))
        .filter(hourly::Column::Hour.lt(hour))
        .group_by(hourly::Column::Lane)
        .group_by(hourly::Column::Narrative)
        .group_by(hourly::Column::Hour)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let waves = wave::Entity::find()
        .filter(wave::Column::OpenedAt.gte(first * HOUR_MS))
        .all(app.db.reader())
        .await?;
    // Comments before the desk was there are unknown, not none.
    let begins = counted.iter().map(|(_, _, hour, _)| *hour).min().unwrap_or(hour);
    let mut series: HashMap<Key, HashMap<i64, u32>> = HashMap::new();
    for (lane, narrative, hour, count) in counted {
        if narrative != ALL {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            series.entry((lane, narrative)).or_default().insert(hour, count);
        }
    }
    Ok(
        tokio::task::spawn_blocking(move || learn(&series, &waves, begins, hour))
            .await
            .unwrap_or_default(),
    )
}

fn learn(
    series: &HashMap<Key, HashMap<i64, u32>>,
    waves: &[wave::Model],
    begins: i64,
    hour: i64,
) -> HashMap<Key, Usual> {
    let ahead: Vec<Ahead> = (hour..)
        .take(WEEK)
        .map(|hour| Ahead {
            of_week: of_week(hour),
            reach: 0.0,
        })
        .collect();
    let mut found: HashMap<Key, Usual> = HashMap::new();
    for (key, counts) in series {
        let in_wave = |hour: i64| {
            let (from, to) = (hour * HOUR_MS, (hour + 1) * HOUR_MS);
            waves.iter().any(|wave| {
                (wave.lane, &wave.narrative) == (key.0, &key.1)
                    && wave.since < to
                    && wave.closed_at.is_none_or(|at| at > from)
            })
        };
        let past: Vec<Past> = (begins..hour)
            .map(|hour| Past {
                of_week: of_week(hour),
                count: (!in_wave(hour)).then(|| counts.get(&hour).copied().unwrap_or(0)),
                reach: 0.0,
            })
            .collect();
        let outlook = outlook(&past, &ahead);
        let usual = Usual {
            per_h: outlook.hours.iter().map(|hour| hour.mean).collect(),
            dispersion: outlook.dispersion,
            limit: f64::INFINITY,
        };
        found.insert(key.clone(), usual);
    }
    for lane in Lane::ALL {
        let keys: Vec<Key> = found.keys().filter(|key| key.0 == *lane).cloned().collect();
        let per_week: Vec<f64> = keys
            .iter()
            .map(|key| found.get(key).map_or(0.0, |usual| usual.per_h.iter().sum()))
            .collect();
        for ((key, per_week), alarms) in keys.iter().zip(&per_week).zip(shares(&per_week, ALARMS)) {
            if let Some(usual) = found.get_mut(key) {
                usual.limit = limit(*per_week, alarms);
            }
        }
    }
    found
}
