//! A claim: the exclusive lease of a comment by one person. One conditional update decides who has it; no lock.

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::json;

use crate::change::{Actor, Change, Event, Failure, Moved, Step, Update};
use crate::domain::comment::{CommentState, Move};
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::lane::Lane;
use crate::lane::order::{serving, state_is};
use crate::store::entity::comment;

/// Why a claim was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimRefused {
    /// There is no such comment.
    Absent,
    /// Somebody has it.
    HeldBy(PersonId),
    /// It is in no lane now.
    NotOpen(CommentState),
    /// The person holds as many as one may.
    TooMany(u32),
    /// It is not in a lane the person is checked in to.
    OtherLane(Lane),
}

/// Takes one comment.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Which.
    pub comment: CommentId,
    /// By whom.
    pub person: PersonId,
    /// The lanes the person may work.
    pub lanes: Vec<Lane>,
    /// Until when, without a heartbeat, counted from now in milliseconds.
    pub lease_ms: i64,
    /// Most that one person may hold.
    pub most: u32,
}

/// Takes the best comment of the lanes given.
#[derive(Debug, Clone)]
pub struct ClaimNext {
    /// By whom.
    pub person: PersonId,
    /// From which lanes.
    pub lanes: Vec<Lane>,
    /// As in [`Claim`].
    pub lease_ms: i64,
    /// As in [`Claim`].
    pub most: u32,
}

/// Prolongs a claim.
#[derive(Debug, Clone)]
pub struct Extend {
    /// Which.
    pub comment: CommentId,
    /// Whose.
    pub person: PersonId,
    /// Until when, counted from now in milliseconds.
    pub lease_ms: i64,
}

/// Gives a comment back to its lane.
#[derive(Debug, Clone)]
pub struct Release {
    /// Which.
    pub comment: CommentId,
    /// Whose.
    pub person: PersonId,
}

/// Gives back every comment whose lease ran out.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseExpired {
    /// Most to give back in one change.
    pub most: u64,
}

impl Step for Claim {
    type Out = comment::Model;
    type Refusal = ClaimRefused;

    fn ahead(&self, now_ms: i64) -> Option<Update> {
        Some(self.update(now_ms))
    }

    async fn run(&self, change: &mut Change) -> Result<comment::Model, Failure<ClaimRefused>> {
        let taken = change.changed_ahead(|now| self.update(now)).await?;
        let Some(row) = taken.into_iter().next() else {
            return Err(self.why_not(change).await?);
        };
        tell(
            change,
            &row,
            CommentState::Open,
            EventKind::CommentClaimed,
            Actor::Person(self.person),
            json!({ "by": self.person, "until": row.claimed_until }),
        );
        Ok(row)
    }
}

impl Step for ClaimNext {
    type Out = Option<comment::Model>;
    type Refusal = ClaimRefused;

    async fn run(&self, change: &mut Change) -> Result<Self::Out, Failure<ClaimRefused>> {
        let mut best: Option<comment::Model> = None;
        for lane in &self.lanes {
            let first = serving(comment::Entity::find().filter(comment::Column::Lane.eq(*lane)))
                .filter(state_is(CommentState::Open))
                .limit(1)
                .lock_with_behavior(
                    sea_orm::sea_query::LockType::Update,
                    sea_orm::sea_query::LockBehavior::SkipLocked,
                )
                .one(change.read())
                .await?;
            best = match (best, first) {
                (Some(a), Some(b)) if rank(&b) < rank(&a) => Some(b),
                (None, b) => b,
                (a, _) => a,
            };
        }
        let Some(row) = best else { return Ok(None) };
        let claim = Claim {
            comment: row.id,
            person: self.person,
            lanes: self.lanes.clone(),
            lease_ms: self.lease_ms,
            most: self.most,
        };
        claim.run(change).await.map(Some)
    }
}

/// The serving order as a value: smaller comes first.
const fn rank(row: &comment::Model) -> (bool, i64, i32, i64) {
    (!row.urgent, row.due_at, -row.severity, row.opened_at)
}

impl Claim {
    /// One statement that asks every rule and takes the comment; only a loser is told why by further reading.
    fn update(&self, now: i64) -> Update {
        let until = now + self.lease_ms;
        let held = comment::Entity::find()
            .select_only()
            // All columns, none read: the index alone answers.
            .expr(Expr::col(Asterisk).count())
            .filter(comment::Column::ClaimedBy.eq(self.person))
            .filter(state_is(CommentState::Claimed))
            .into_query();
        // As many values whatever the number of lanes, so that the prepared statement is found again.
        let lanes = self.lanes.iter().cycle().take(Lane::ALL.len()).copied();
        comment::Entity::update_many()
            .col_expr(comment::Column::State, Expr::value(CommentState::Claimed))
            .col_expr(comment::Column::ClaimedBy, Expr::value(self.person))
            .col_expr(comment::Column::ClaimedUntil, Expr::value(until))
            .filter(comment::Column::Id.eq(self.comment))
            .filter(comment::Column::State.eq(CommentState::Open))
            .filter(comment::Column::Lane.is_in(lanes))
            .filter(Expr::value(self.most).gt(SimpleExpr::SubQuery(None, Box::new(held.into()))))
    }

    async fn why_not(&self, change: &Change) -> Result<Failure<ClaimRefused>, crate::store::Error> {
        let row = comment::Entity::find_by_id(self.comment).one(change.read()).await?;
        Ok(Failure::Refused(match row {
            None => ClaimRefused::Absent,
            Some(row) => match (row.state, row.claimed_by) {
                (CommentState::Claimed, Some(holder)) => ClaimRefused::HeldBy(holder),
                (state, _) if state.after(Move::Claim).is_err() => ClaimRefused::NotOpen(state),
                _ if !self.lanes.contains(&row.lane) => ClaimRefused::OtherLane(row.lane),
                _ => ClaimRefused::TooMany(self.most),
            },
        }))
    }
}

impl Step for Extend {
    type Out = i64;
    type Refusal = ClaimRefused;

    async fn run(&self, change: &mut Change) -> Result<i64, Failure<ClaimRefused>> {
        let until = change.now_ms() + self.lease_ms;
        let kept = change
            .execute(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::ClaimedUntil, Expr::value(until))
                    .filter(comment::Column::Id.eq(self.comment))
                    .filter(comment::Column::State.eq(CommentState::Claimed))
                    .filter(comment::Column::ClaimedBy.eq(self.person)),
            )
            .await?;
        let row = comment::Entity::find_by_id(self.comment).one(change.read()).await?;
        let row = row.ok_or(Failure::Refused(ClaimRefused::Absent))?;
        if kept == 0 {
            return Err(Failure::Refused(lost(&row)));
        }
        change.note(
            EventKind::ClaimExtended,
            Some((row.id, row.lane)),
            Actor::Person(self.person),
            json!({ "until": until }),
        );
        Ok(until)
    }
}

impl Step for Release {
    type Out = comment::Model;
    type Refusal = ClaimRefused;

    async fn run(&self, change: &mut Change) -> Result<comment::Model, Failure<ClaimRefused>> {
        let row = comment::Entity::find_by_id(self.comment).one(change.read()).await?;
        let row = row.ok_or(Failure::Refused(ClaimRefused::Absent))?;
        if row.claimed_by != Some(self.person) {
            return Err(Failure::Refused(lost(&row)));
        }
        match give_back(change, row, Actor::Person(self.person), "released").await? {
            Some(row) => Ok(row),
            None => Err(Failure::Refused(ClaimRefused::NotOpen(CommentState::Open))),
        }
    }
}

impl Step for ReleaseExpired {
    type Out = usize;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<usize, Failure<Self::Refusal>> {
        let now = change.now_ms();
        let expired = comment::Entity::find()
            .filter(comment::Column::State.eq(CommentState::Claimed))
            .filter(comment::Column::ClaimedUntil.lt(now))
            .order_by_asc(comment::Column::ClaimedUntil)
            .limit(self.most)
            .all(change.read())
            .await?;
        let mut count = 0;
        for row in expired {
            count += usize::from(give_back(change, row, Actor::Desk, "expired").await?.is_some());
        }
        Ok(count)
    }
}

/// Gives back every comment a person holds in a lane (all lanes if none is named): check-out, shift end, break, disabled.
/// Those that went back.
///
/// # Errors
/// Any store error.
pub async fn give_back_all(
    change: &mut Change,
    person: PersonId,
    lane: Option<Lane>,
    actor: Actor,
    reason: &'static str,
) -> Result<Vec<comment::Model>, crate::store::Error> {
    let mut held = comment::Entity::find()
        .filter(comment::Column::ClaimedBy.eq(person))
        .filter(comment::Column::State.eq(CommentState::Claimed));
    if let Some(lane) = lane {
        held = held.filter(comment::Column::Lane.eq(lane));
    }
    let mut given = Vec::new();
    for row in held.all(change.read()).await? {
        given.extend(give_back(change, row, actor, reason).await?);
    }
    Ok(given)
}

/// Back to its lane, if its holder still has it. Drafts stay.
///
/// # Errors
/// Any store error.
pub async fn give_back(
    change: &mut Change,
    mut row: comment::Model,
    actor: Actor,
    reason: &'static str,
) -> Result<Option<comment::Model>, crate::store::Error> {
    let given = change
        .execute(
            &comment::Entity::update_many()
                .col_expr(comment::Column::State, Expr::value(CommentState::Open))
                .col_expr(comment::Column::ClaimedBy, Expr::value(None::<PersonId>))
                .col_expr(comment::Column::ClaimedUntil, Expr::value(None::<i64>))
                .filter(comment::Column::Id.eq(row.id))
                .filter(comment::Column::State.eq(CommentState::Claimed))
                .filter(comment::Column::ClaimedBy.eq(row.claimed_by))
                .filter(comment::Column::ClaimedUntil.eq(row.claimed_until)),
        )
        .await?;
    if given == 0 {
        return Ok(None);
    }
    let by = row.claimed_by.take();
    row.state = CommentState::Open;
    row.claimed_until = None;
    tell(
        change,
        &row,
        CommentState::Claimed,
        EventKind::CommentReleased,
        actor,
        json!({ "by": by, "reason": reason }),
    );
    Ok(Some(row))
}

/// Notes a move of a comment within its lane.
pub fn tell(
    change: &mut Change,
    row: &comment::Model,
    from: CommentState,
    kind: EventKind,
    actor: Actor,
    data: serde_json::Value,
) {
    change.event(Event {
        seq: 0,
        at: change.now_ms(),
        kind,
        comment: Some(row.id),
        lane: Some(row.lane),
        actor,
        data,
        moved: Some(Moved {
            from: Some((row.lane, from)),
            to: (row.lane, row.state),
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: false,
        }),
    });
}

const fn lost(row: &comment::Model) -> ClaimRefused {
    match row.claimed_by {
        Some(holder) => ClaimRefused::HeldBy(holder),
        None => ClaimRefused::NotOpen(row.state),
    }
}
