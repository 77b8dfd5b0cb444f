//! The job that looks for waves: takes the comments of each minute that has passed, opens waves and closes them.
//!
//! What it remembers is made again from the database after a start: the last two hours are looked at once more, and waves
//! that are open are taken over.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use super::detect::{LEAST_PER_H, Minute, Stretch, Turn, Watch};
use super::note::{self, Note};
use super::usual::{self, Key, Usual};
use crate::app::App;
use crate::change::Failure;
use crate::domain::comment::Presence;
use crate::domain::id::CommentId;
use crate::domain::lane::Lane;
use crate::hourly::{HOUR_MS, first_of, narratives};
use crate::store::Error;
use crate::store::entity::{comment, wave};

const MINUTE_MS: i64 = 60_000;
/// Minutes looked at again after a start.
const AGAIN_MIN: i64 = 120;
/// Minutes read at once.
const PART_MIN: usize = 10;

#[derive(Debug, FromQueryResult)]
struct Came {
    id: CommentId,
    lane: Lane,
    labels: String,
}

/// What the job remembers.
#[derive(Debug, Default)]
pub struct Look {
    watches: HashMap<Key, Watch>,
    usual: HashMap<Key, Usual>,
    /// The hour that `usual` was made in.
    hour: i64,
    /// The next minute to look at, counted from 1970.
    next: Option<i64>,
}

impl Look {
    /// Looks at the minutes that have passed. The number of waves opened and closed.
    ///
    /// # Errors
    /// Any [`Error`]; what was not looked at is looked at when it is run again.
    pub async fn look(&mut self, app: &App) -> Result<(usize, usize), Error> {
        let end = app.now_ms().div_euclid(MINUTE_MS);
        // After a pause longer than that, what was remembered says nothing of now.
        let next = self.next.filter(|next| end - next <= AGAIN_MIN).unwrap_or_else(|| {
            self.watches.clear();
            end - AGAIN_MIN
        });
        if next >= end {
            return Ok((0, 0));
        }
        let hour = next * MINUTE_MS / HOUR_MS;
        if self.usual.is_empty() || self.hour != hour {
            self.usual = usual::read(app, hour).await?;
            self.hour = hour;
        }
        let open = note::open(app.db.reader()).await?;
        self.take_over(&open);
        let came = came(app, next, end).await?;
        let turns = self.minutes(next, end, &came);
        let (opened, closed) = self.write(app, &open, turns).await?;
        self.next = Some(end);
        Ok((opened, closed))
    }

    /// Waves of the database that are not watched as such: after a start, or opened by another instance.
    fn take_over(&mut self, open: &[wave::Model]) {
        for row in open {
            let watch = self.watches.entry((row.lane, row.narrative.clone())).or_default();
            if watch.wave().is_none() {
                *watch = Watch::resumed(Stretch {
                    since: row.since,
                    came: u32::try_from(row.came).unwrap_or(0),
                    expected: f64::from(row.expected_milli) / 1_000.0,
                });
            }
        }
    }

    /// Lets every watch see the minutes.
    fn minutes(&mut self, next: i64, end: i64, came: &HashMap<(i64, Key), u32>) -> Vec<(Key, Turn)> {
        let mut keys: HashSet<Key> = self.usual.keys().cloned().collect();
        keys.extend(self.watches.keys().cloned());
        keys.extend(came.keys().map(|(_, key)| key.clone()));
        let mut turns = Vec::new();
        for key in keys {
            let others = self.usual.keys().filter(|(lane, _)| *lane == key.0).count();
            let new = usual::of_new(others);
            let usual = self.usual.get(&key).unwrap_or(&new);
            let watch = self.watches.entry(key.clone()).or_default();
            for minute in next..end {
                let after = usize::try_from(minute * MINUTE_MS / HOUR_MS - self.hour).unwrap_or(0);
                let turn = watch.minute(&Minute {
                    at: minute * MINUTE_MS,
                    came: came.get(&(minute, key.clone())).copied().unwrap_or(0),
                    expected: usual.per_h(after).max(LEAST_PER_H) / 60.0,
                    dispersion: usual.dispersion,
                    limit: usual.limit,
                });
                turns.extend(turn.map(|turn| (key.clone(), turn)));
            }
        }
        turns
    }

    async fn write(
        &mut self,
        app: &App,
        open: &[wave::Model],
        turns: Vec<(Key, Turn)>,
    ) -> Result<(usize, usize), Error> {
        let mut note = Note::default();
        for (key, turn) in turns {
            match turn {
                Turn::Opened(stretch) => note.opened.push(note::narrowed(app, &key, stretch).await?),
                Turn::Closed(stretch) => note.closed.push((key, stretch)),
            }
        }
        for row in open {
            let key = (row.lane, row.narrative.clone());
            let grown = self.watches.get(&key).and_then(Watch::wave);
            note.grown.extend(
                grown
                    .filter(|now| i64::from(now.came) != i64::from(row.came))
                    .map(|now| (key, now)),
            );
        }
        if note.is_empty() {
            return Ok((0, 0));
        }
        match app.writer.change(note).await {
            Ok(done) => Ok(done),
            Err(Failure::Store(error)) => {
                // What was seen is not written: look at it once more.
                *self = Self::default();
                Err(error)
            }
            Err(Failure::Refused(never)) => match never {},
        }
    }
}

/// What came, by minute, lane and narrative. Read in parts: after a start it may be much.
async fn came(app: &App, next: i64, end: i64) -> Result<HashMap<(i64, Key), u32>, Error> {
    let mut came = HashMap::new();
    for from in (next..end).step_by(PART_MIN) {
        let to = end.min(from + i64::try_from(PART_MIN).unwrap_or(1));
        let rows = comment::Entity::find()
            .select_only()
            .column(comment::Column::Id)
            .column(comment::Column::Lane)
            .column(comment::Column::Labels)
            .filter(comment::Column::Id.gte(first_of(from * MINUTE_MS)))
            .filter(comment::Column::Id.lt(first_of(to * MINUTE_MS)))
            .filter(comment::Column::Own.eq(false))
            .filter(comment::Column::Presence.eq(Presence::Known))
            .into_model::<Came>()
            .all(app.db.reader())
            .await?;
        for row in rows {
            let minute = crate::hourly::ms_of(row.id).div_euclid(MINUTE_MS);
            for narrative in narratives(&row.labels) {
                *came.entry((minute, (row.lane, narrative.to_owned()))).or_default() += 1;
            }
        }
    }
    Ok(came)
}
