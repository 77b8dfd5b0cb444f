//! The kept figures of every lane.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use crate::change::{Event, Moved};
use crate::domain::comment::CommentState;
use crate::domain::lane::Lane;
use crate::lane::order::state_is;
use crate::store::Error;
use crate::store::entity::{comment, escalation};

const MINUTE: i64 = 60_000;
/// Arrivals are kept this many minutes back.
const KEPT_MINUTES: i64 = 60;
/// The arrival rate is taken over this many full minutes.
const RATE_MINUTES: i64 = 5;

#[derive(Debug, Default, Clone, PartialEq)]
struct LaneBoard {
    opened: BTreeMap<i64, u32>,
    due: BTreeMap<i64, u32>,
    open: u32,
    claimed: u32,
    escalated: u32,
    arrivals: VecDeque<(i64, u32)>,
}

/// The load of one lane at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Comments per minute over the last five minutes.
    pub arrivals_per_min: f64,
    /// Open comments.
    pub backlog: u32,
    /// Claimed comments.
    pub claimed: u32,
    /// Escalated comments.
    pub escalated: u32,
    /// Milliseconds the oldest open comment has waited, to the minute; none when the lane is empty.
    pub oldest_wait_ms: Option<i64>,
    /// Open comments whose answer is due within the margin.
    pub near: u32,
    /// Open comments whose answer is overdue.
    pub overdue: u32,
}

/// The kept figures of every lane.
#[derive(Debug, Default)]
pub struct Board(Mutex<[LaneBoard; 4]>);

#[derive(Debug, FromQueryResult)]
struct Counted {
    lane: Lane,
    opened: i64,
    due: i64,
    count: i64,
}

/// What is open, by lane and minutes. Answered by the index of the serving order alone: a comment's row is large.
async fn open(db: &impl ConnectionTrait) -> Result<Vec<Counted>, Error> {
    // Literals: PostgreSQL takes an expression with a bound value for another one in GROUP BY.
    let opened = || Expr::cust(format!("\"opened_at\" / {MINUTE}"));
    let due = || Expr::cust(format!("\"due_at\" / {MINUTE}"));
    let counted = comment::Entity::find()
        .select_only()
        .column(comment::Column::Lane)
        .column_as(opened(), "opened")
        .column_as(due(), "due")
        .column_as(Expr::col(Asterisk).count(), "count")
        .filter(state_is(CommentState::Open))
        .group_by(comment::Column::Lane)
        .group_by(opened())
        .group_by(due())
        .into_model::<Counted>()
        .all(db)
        .await?;
    Ok(counted)
}

async fn held(db: &impl ConnectionTrait) -> Result<Vec<(Lane, i64)>, Error> {
    let counted = comment::Entity::find()
        .select_only()
        .column(comment::Column::Lane)
        .column_as(Expr::col(Asterisk).count(), "count")
        .filter(state_is(CommentState::Claimed))
        .group_by(comment::Column::Lane)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted)
}

/// What waits for a supervisor, found by its open escalation.
async fn escalated(db: &impl ConnectionTrait) -> Result<Vec<(Lane, i64)>, Error> {
    let open = escalation::Entity::find()
        .select_only()
        .column(escalation::Column::CommentId)
        .filter(Expr::cust("\"escalation\".\"state\" = 'open'"))
        .into_query();
    let counted = comment::Entity::find()
        .select_only()
        .column(comment::Column::Lane)
        .column_as(Expr::col(Asterisk).count(), "count")
        .filter(comment::Column::Id.in_subquery(open))
        .filter(state_is(CommentState::Escalated))
        .group_by(comment::Column::Lane)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted)
}

impl Board {
    /// Counts what waits and what came in within the last hour, replacing what was kept. True if it differed.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn count(&self, db: &impl ConnectionTrait, now: i64) -> Result<bool, Error> {
        let mut fresh: [LaneBoard; 4] = Default::default();
        for row in open(db).await? {
            let board = &mut fresh[row.lane.index()];
            let count = u32::try_from(row.count).unwrap_or(u32::MAX);
            board.open += count;
            *board.opened.entry(row.opened).or_default() += count;
            *board.due.entry(row.due).or_default() += count;
        }
        for (lane, count) in held(db).await? {
            fresh[lane.index()].claimed += u32::try_from(count).unwrap_or(u32::MAX);
        }
        for (lane, count) in escalated(db).await? {
            fresh[lane.index()].escalated += u32::try_from(count).unwrap_or(u32::MAX);
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (fresh, kept) in fresh.iter_mut().zip(kept.iter_mut()) {
            std::mem::swap(&mut fresh.arrivals, &mut kept.arrivals);
            while fresh
                .arrivals
                .front()
                .is_some_and(|(minute, _)| *minute < now / MINUTE - KEPT_MINUTES)
            {
                fresh.arrivals.pop_front();
            }
        }
        let differed = fresh
            .iter()
            .zip(kept.iter())
            .any(|(a, b)| (a.open, a.claimed, a.escalated) != (b.open, b.claimed, b.escalated));
        *kept = fresh;
        Ok(differed)
    }

    /// Follows committed events.
    pub fn follow(&self, events: &[Event]) {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            if let Some(moved) = &event.moved {
                follow(&mut lanes, moved, event.at);
            }
        }
    }

    /// The load of a lane.
    #[must_use]
    pub fn load(&self, lane: Lane, now: i64, near_min: u32) -> Load {
        let lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let board = &lanes[lane.index()];
        let minute = now / MINUTE;
        let recent: u32 = board
            .arrivals
            .iter()
            .filter(|(at, _)| *at >= minute - RATE_MINUTES && *at < minute)
            .map(|(_, count)| count)
            .sum();
        let overdue: u32 = board.due.range(..minute).map(|(_, count)| count).sum();
        let near: u32 = board
            .due
            .range(minute..=minute + i64::from(near_min))
            .map(|(_, count)| count)
            .sum();
        Load {
            arrivals_per_min: f64::from(recent) / 5.0,
            backlog: board.open,
            claimed: board.claimed,
            escalated: board.escalated,
            oldest_wait_ms: board
                .opened
                .first_key_value()
                .map(|(minute, _)| Ord::max(now - minute * MINUTE, 0)),
            near,
            overdue,
        }
    }
}

fn follow(lanes: &mut [LaneBoard; 4], moved: &Moved, at: i64) {
    if let Some((lane, state)) = moved.from {
        let times = moved.left.unwrap_or((moved.opened_at, moved.due_at));
        leave(&mut lanes[lane.index()], state, times);
    }
    let (lane, state) = moved.to;
    let board = &mut lanes[lane.index()];
    match state {
        CommentState::Open => {
            board.open += 1;
            *board.opened.entry(moved.opened_at / MINUTE).or_default() += 1;
            *board.due.entry(moved.due_at / MINUTE).or_default() += 1;
        }
        CommentState::Claimed => board.claimed += 1,
        CommentState::Escalated => board.escalated += 1,
        CommentState::Decided | CommentState::Withdrawn => {}
    }
    if moved.arrived {
        let minute = at / MINUTE;
        match board.arrivals.back_mut() {
            Some((last, count)) if *last == minute => *count += 1,
            _ => board.arrivals.push_back((minute, 1)),
        }
        while board
            .arrivals
            .front()
            .is_some_and(|(first, _)| *first < minute - KEPT_MINUTES)
        {
            board.arrivals.pop_front();
        }
    }
}

fn leave(board: &mut LaneBoard, state: CommentState, (opened_at, due_at): (i64, i64)) {
    match state {
        CommentState::Open => {
            board.open = board.open.saturating_sub(1);
            take(&mut board.opened, opened_at / MINUTE);
            take(&mut board.due, due_at / MINUTE);
        }
        CommentState::Claimed => board.claimed = board.claimed.saturating_sub(1),
        CommentState::Escalated => board.escalated = board.escalated.saturating_sub(1),
        CommentState::Decided | CommentState::Withdrawn => {}
    }
}

/// One fewer at `minute`; another instance may have moved the entry, then the first stands for it until the next count.
fn take(counts: &mut BTreeMap<i64, u32>, minute: i64) {
    let key = if counts.contains_key(&minute) {
        Some(minute)
    } else {
        counts.keys().next().copied()
    };
    if let Some(key) = key
        && let Some(count) = counts.get_mut(&key)
    {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Board, MINUTE};
    use crate::change::{Actor, Event, Moved};
    use crate::domain::comment::CommentState::{self, Claimed, Open};
    use crate::domain::comment::Move;
    use crate::domain::event::EventKind;
    use crate::domain::lane::Lane;

    fn event(
        at: i64,
        from: Option<(Lane, crate::domain::comment::CommentState)>,
        to: (Lane, crate::domain::comment::CommentState),
    ) -> Event {
        Event {
            seq: 1,
            at,
            kind: EventKind::CommentOpen,
            comment: None,
            lane: Some(to.0),
            actor: Actor::Desk,
            data: serde_json::Value::Null,
            moved: Some(Moved {
                from,
                to,
                opened_at: 10 * MINUTE,
                due_at: 20 * MINUTE,
                left: None,
                arrived: from.is_none(),
            }),
        }
    }

    #[test]
    fn a_comment_counts_in_its_lane_until_it_is_claimed() {
        let board = Board::default();
        board.follow(&[
            event(10 * MINUTE, None, (Lane::Ar, Open)),
            event(10 * MINUTE, None, (Lane::Ar, Open)),
        ]);
        let load = board.load(Lane::Ar, 12 * MINUTE, 15);
        assert_eq!(
            (load.backlog, load.near, load.overdue, load.oldest_wait_ms),
            (2, 2, 0, Some(2 * MINUTE))
        );
        assert!((load.arrivals_per_min - 0.4).abs() < 1e-9);
        board.follow(&[event(13 * MINUTE, Some((Lane::Ar, Open)), (Lane::Ar, Claimed))]);
        let load = board.load(Lane::Ar, 21 * MINUTE, 15);
        assert_eq!((load.backlog, load.claimed, load.near, load.overdue), (1, 1, 0, 1));
        assert_eq!(board.load(Lane::Sv, 21 * MINUTE, 15).backlog, 0);
    }

    /// A small generator (Knuth's MMIX constants), so that a failing seed can be run again.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((self.0 >> 33) % (sides as u64)).expect("small")
        }

        fn pick<T: Copy>(&mut self, of: &[T]) -> T {
            of[self.roll(of.len())]
        }

        fn minute(&mut self) -> i64 {
            i64::try_from(self.roll(60)).expect("small") * MINUTE + 17
        }
    }

    #[derive(Clone, Copy)]
    struct Kept {
        lane: Lane,
        state: CommentState,
        opened_at: i64,
        due_at: i64,
    }

    /// What a reader would count in the table.
    fn recount(comments: &[Kept], lane: Lane, now: i64, near_min: i64) -> (u32, u32, u32, Option<i64>, u32, u32) {
        let count = |wanted: &dyn Fn(&&Kept) -> bool| {
            u32::try_from(comments.iter().filter(|one| one.lane == lane).filter(wanted).count()).expect("few")
        };
        let open = |one: &&Kept| one.state == Open;
        let left = |one: &&Kept| one.due_at / MINUTE - now / MINUTE;
        let oldest = comments.iter().filter(|one| one.lane == lane).filter(open);
        (
            count(&open),
            count(&|one| one.state == Claimed),
            count(&|one| one.state == CommentState::Escalated),
            oldest.map(|one| now - one.opened_at / MINUTE * MINUTE).max(),
            count(&|one| open(one) && (0..=near_min).contains(&left(one))),
            count(&|one| open(one) && left(one) < 0),
        )
    }

    #[test]
    fn following_any_legal_events_equals_a_recount() {
        let now = 65 * MINUTE;
        for seed in 0..200 {
            let mut dice = Dice(seed);
            let board = Board::default();
            let mut comments: Vec<Kept> = Vec::new();
            for _ in 0..120 {
                let known = comments.len();
                let (at, from, left) = if known == 0 || dice.roll(4) == 0 {
                    comments.push(Kept {
                        lane: dice.pick(Lane::ALL),
                        state: Open,
                        opened_at: dice.minute(),
                        due_at: dice.minute() + 30 * MINUTE,
                    });
                    (known, None, None)
                } else {
                    let at = dice.roll(known);
                    let before = comments[at];
                    let after = &mut comments[at];
                    if dice.roll(4) == 0 {
                        // Corrected by a person, or edited by its author: another lane, another place in it.
                        after.lane = dice.pick(Lane::ALL);
                        after.due_at = dice.minute() + 30 * MINUTE;
                    } else {
                        let by = dice.pick(Move::ALL);
                        let Ok(state) = before.state.after(by) else { continue };
                        after.state = state;
                        if by == Move::Reopen {
                            // Tagged anew, it may be of another lane, and it waits from now on.
                            after.lane = dice.pick(Lane::ALL);
                            after.opened_at = dice.minute();
                            after.due_at = dice.minute() + 30 * MINUTE;
                        }
                    }
                    // Only what changes the times has to say what they were.
                    let times = (before.opened_at, before.due_at);
                    let left = ((after.opened_at, after.due_at) != times).then_some(times);
                    (at, Some((before.lane, before.state)), left)
                };
                let Kept {
                    lane,
                    state,
                    opened_at,
                    due_at,
                } = comments[at];
                let mut told = event(opened_at, from, (lane, state));
                told.moved = told.moved.map(|moved| Moved {
                    opened_at,
                    due_at,
                    left,
                    ..moved
                });
                board.follow(&[told]);
            }
            for lane in Lane::ALL {
                let load = board.load(*lane, now, 15);
                let kept = (
                    load.backlog,
                    load.claimed,
                    load.escalated,
                    load.oldest_wait_ms,
                    load.near,
                    load.overdue,
                );
                assert_eq!(kept, recount(&comments, *lane, now, 15), "seed {seed}, lane {lane}");
            }
        }
    }
}
