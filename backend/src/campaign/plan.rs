//! When ads run and whom they are to reach: what a forecast has to know of what is planned.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::domain::lane::Lane;
use crate::store::Error;
use crate::store::entity::ad;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: f64 = 86_400_000.0;

/// When an ad runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// From when, in milliseconds.
    pub starts_at: i64,
    /// Until when, in milliseconds.
    pub ends_at: i64,
    /// How many people it is to reach in all.
    pub reach: i64,
}

impl Run {
    /// Thousands of people it reaches per day in an hour (counted from 1970): nothing before and after, and the part of
    /// the hour in which it runs.
    #[must_use]
    pub fn thousands(&self, hour: i64) -> f64 {
        let lasts = self.ends_at - self.starts_at;
        let (from, to) = (hour * HOUR_MS, (hour + 1) * HOUR_MS);
        let within = to.min(self.ends_at) - from.max(self.starts_at);
        if lasts <= 0 || within <= 0 || self.reach <= 0 {
            return 0.0;
        }
        let days = (number(lasts) / DAY_MS).max(1.0);
        number(self.reach) / 1_000.0 / days * (number(within) / number(HOUR_MS))
    }
}

/// Milliseconds and people as numbers to calculate with; beyond that is the end of time.
fn number(value: i64) -> f64 {
    i32::try_from(value / 1_000).map_or(f64::from(i32::MAX), f64::from) * 1_000.0
        + f64::from(i32::try_from(value % 1_000).unwrap_or(0))
}

/// Every ad whose run is known, with the lane of its language; none for an ad in no language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plans(Vec<(Option<Lane>, Run)>);

impl Plans {
    /// Reads them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self, Error> {
        let rows = ad::Entity::find()
            .filter(ad::Column::Reach.is_not_null())
            .all(db)
            .await?;
        Ok(Self::of(rows))
    }

    /// The runs of these ads.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = ad::Model>) -> Self {
        let plan = |row: ad::Model| {
            let run = Run {
                starts_at: row.starts_at?,
                ends_at: row.ends_at?,
                reach: row.reach?,
            };
            Some((row.language.as_deref().map(Lane::of_language), run))
        };
        Self(rows.into_iter().filter_map(plan).collect())
    }

    /// Thousands of people whom the ads running in this hour reach per day, in the language of a lane. An ad in no
    /// language counts for every lane.
    #[must_use]
    pub fn thousands(&self, lane: Lane, hour: i64) -> f64 {
        let speaks = self.0.iter().filter(|(of, _)| of.is_none_or(|of| of == lane));
        speaks.map(|(_, run)| run.thousands(hour)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR_MS, Plans, Run};
    use crate::domain::lane::Lane;

    const RUN: Run = Run {
        starts_at: 48 * HOUR_MS,
        ends_at: 96 * HOUR_MS,
        reach: 200_000,
    };

    #[test]
    fn an_ad_reaches_its_people_while_it_runs() {
        assert!((RUN.thousands(48) - 100.0).abs() < 1e-9, "200,000 in two days");
        assert!(RUN.thousands(47).abs() < 1e-9 && RUN.thousands(96).abs() < 1e-9);
        let half = Run {
            starts_at: RUN.starts_at + HOUR_MS / 2,
            ..RUN
        };
        assert!((half.thousands(48) - half.thousands(49) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_run_without_sense_reaches_nobody() {
        for run in [
            Run {
                ends_at: RUN.starts_at,
                ..RUN
            },
            Run { ends_at: 0, ..RUN },
            Run { reach: -5, ..RUN },
        ] {
            assert!((0..200).all(|hour| run.thousands(hour).abs() < 1e-9), "{run:?}");
        }
        let endless = Run {
            starts_at: 0,
            ends_at: i64::MAX,
            reach: i64::MAX,
        };
        assert!(endless.thousands(5).is_finite());
    }

    #[test]
    fn an_ad_speaks_to_the_lane_of_its_language_and_one_without_to_all() {
        let plans = Plans(vec![(Some(Lane::Ar), RUN), (None, RUN)]);
        assert!((plans.thousands(Lane::Ar, 50) - 200.0).abs() < 1e-9);
        assert!((plans.thousands(Lane::Sv, 50) - 100.0).abs() < 1e-9);
    }
}
