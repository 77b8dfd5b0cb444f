//! Keeps the hourly counts in step with the event table, beside intake.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::daily::{self, day_of};
use super::{count, hour_of};
use crate::app::App;
use crate::change::{Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{CampaignId, CommentId};
use crate::store::Error;
use crate::store::entity::{comment, counter, event, hourly};

/// The row of the counter table that says up to which event the counts go.
const COUNTER: &str = "hourly";
/// Events looked at in one reading.
const EVENTS: u64 = 20_000;
/// Hours replaced in one change.
const HOURS: usize = 24;
/// Counting rests so many times as long as it took: it never takes more than a fortieth of a core.
const RESTS: u32 = 40;

/// When counting may go on.
#[derive(Debug, Default)]
pub struct Pace(Option<Instant>);

impl Pace {
    /// Counts what changed, if it has rested long enough. The number of hours replaced.
    ///
    /// # Errors
    /// Any [`Error`]; what was not counted is counted when it is run again.
    pub async fn keep(&mut self, app: &App) -> Result<usize, Error> {
        if self.0.is_some_and(|until| Instant::now() < until) {
            return Ok(0);
        }
        let begun = Instant::now();
        let done = keep(app).await;
        let took = begun.elapsed();
        self.0 = Some(Instant::now() + (took * RESTS).min(Duration::from_secs(3_600)));
        done
    }
}

/// Counts every hour in which something changed since the last time. The number of hours replaced.
///
/// # Errors
/// Any [`Error`]; what was not counted is counted when it is run again.
pub async fn keep(app: &App) -> Result<usize, Error> {
    let mut replaced = 0;
    while let Some(changed) = changed(app).await? {
        let all: Vec<i64> = changed.hours.into_iter().collect();
        let parts = all.chunks(HOURS).count().max(1);
        for part in 0..parts {
            let mut hours = BTreeMap::new();
            for hour in all.iter().skip(part * HOURS).take(HOURS) {
                // Read after the events were: whatever they did is in it, and what comes later has events of its own.
                hours.insert(*hour, count(app.db.reader(), *hour).await?);
            }
            replaced += hours.len();
            let step = Replace {
                from: changed.from,
                // Only with the last part are the events done with.
                to: if part + 1 == parts { changed.to } else { changed.from },
                hours,
            };
            match app.writer.change(step).await {
                Ok(true) => {}
                // Another instance was there first.
                Ok(false) => return Ok(replaced),
                Err(Failure::Store(error)) => return Err(error),
                Err(Failure::Refused(never)) => match never {},
            }
        }
    }
    Ok(replaced)
}

struct Changed {
    from: i64,
    to: i64,
    hours: BTreeSet<i64>,
}

/// The hours of comments with events not looked at yet; none when there are no such events.
async fn changed(app: &App) -> Result<Option<Changed>, Error> {
    let db = app.db.reader();
    let from = counter::Entity::find_by_id(COUNTER)
        .one(db)
        .await?
        .ok_or_else(|| Error::inconsistent("the counter of the hourly counts is missing"))?
        .value;
    let events: Vec<(i64, Option<CommentId>)> = event::Entity::find()
        .select_only()
        .column(event::Column::Seq)
        .column(event::Column::CommentId)
        .filter(event::Column::Seq.gt(from))
        .order_by_asc(event::Column::Seq)
        .limit(EVENTS)
        .into_tuple()
        .all(db)
        .await?;
    let mut found = Changed {
        from,
        to: from,
        hours: BTreeSet::new(),
    };
    for (seq, comment) in events {
        let hour = comment.map(hour_of);
        if hour.is_some_and(|hour| !found.hours.contains(&hour)) && found.hours.len() >= HOURS {
            break;
        }
        found.hours.extend(hour);
        found.to = seq;
    }
    found.hours.extend(of_campaigns(app, found.from, found.to).await?);
    Ok((found.to > from).then_some(found))
}

/// The hours of comments that learnt of their campaign by an event of the campaign: comments have none of their own then.
async fn of_campaigns(app: &App, from: i64, to: i64) -> Result<Vec<i64>, Error> {
    let told: Vec<String> = event::Entity::find()
        .select_only()
        .column(event::Column::Data)
        .filter(event::Column::Seq.gt(from))
        .filter(event::Column::Seq.lte(to))
        .filter(event::Column::Kind.eq(EventKind::CampaignChanged))
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let mut campaigns: Vec<CampaignId> = Vec::new();
    for data in told {
        let data: serde_json::Value = serde_json::from_str(&data).unwrap_or_default();
        campaigns.extend(data["campaign"].as_str().and_then(|id| id.parse::<CampaignId>().ok()));
    }
    if campaigns.is_empty() {
        return Ok(Vec::new());
    }
    let comments: Vec<CommentId> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::CampaignId.is_in(campaigns))
        .into_tuple()
        .all(app.db.reader())
        .await?;
    Ok(comments.into_iter().map(hour_of).collect())
}

/// Puts recounted hours in the place of what was counted before. False if another instance has done so.
struct Replace {
    from: i64,
    to: i64,
    hours: BTreeMap<i64, Vec<hourly::Model>>,
}

impl Step for Replace {
    type Out = bool;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<bool, Failure<Self::Refusal>> {
        let moved = counter::Entity::update_many()
            .col_expr(counter::Column::Value, Expr::value(self.to))
            .filter(counter::Column::Name.eq(COUNTER))
            .filter(counter::Column::Value.eq(self.from));
        if change.execute(&moved).await? == 0 {
            return Ok(false);
        }
        for hour in self.hours.keys() {
            change.later(&hourly::Entity::delete_many().filter(hourly::Column::Hour.eq(*hour)));
        }
        let rows = self.hours.values().flatten().cloned();
        change.insert_many::<hourly::Entity>(rows.map(IntoActiveModel::into_active_model).collect());
        for day in self.hours.keys().map(|hour| day_of(*hour)).collect::<BTreeSet<_>>() {
            daily::sum(change, day);
        }
        Ok(true)
    }
}
