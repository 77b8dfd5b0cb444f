//! Answering: a supervisor decides, gives the comment back with advice, takes it over, or refuses the proposal.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{Proposal, Refused};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::decision::make::carry_out;
use crate::decision::prepare::{Ask, Decider, prepare};
use crate::decision::{self, Made, Prepared};
use crate::domain::comment::{CommentState, Move};
use crate::domain::escalation::{EscalationState, Resolution};
use crate::domain::event::EventKind;
use crate::domain::id::{EscalationId, PersonId};
use crate::lane::claim::tell;
use crate::store::entity::{comment, escalation};

/// Answers a question.
#[derive(Debug, Clone)]
pub struct Resolve {
    /// Which.
    pub escalation: EscalationId,
    /// The supervisor.
    pub person: PersonId,
    /// How.
    pub resolution: Resolution,
    /// The revision the supervisor saw; not looked at if none is named.
    pub revision: Option<i32>,
    /// Why.
    pub reason: Option<String>,
    /// What the person who asked can do next time.
    pub advice: Option<String>,
    /// The decision, when there is one.
    pub prepared: Option<Prepared>,
    /// The undo window in milliseconds.
    pub undo_ms: i64,
    /// How long a comment taken over is the supervisor's, in milliseconds.
    pub lease_ms: i64,
}

/// A question answered.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// How the comment stands now.
    pub row: comment::Model,
    /// The decision, when there is one.
    pub made: Option<Made>,
}

/// What a supervisor says.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How.
    pub resolution: Resolution,
    /// The revision the supervisor saw.
    pub revision: Option<i32>,
    /// Why.
    pub reason: Option<String>,
    /// What the person who asked can do next time.
    pub advice: Option<String>,
    /// The decision, when the proposal is changed.
    pub ask: Option<Ask>,
    /// What the supervisor confirmed.
    pub confirmed: Vec<decision::guard::GuardCode>,
}

/// An answer to a question, ready to be given: the guard was asked about the decision it leads to.
///
/// # Errors
/// [`Refused`].
pub async fn plan(app: &App, id: EscalationId, person: PersonId, answer: Answer) -> Result<Resolve, Refused> {
    let db = app.db.reader();
    let question = escalation::Entity::find_by_id(id)
        .one(db)
        .await
        .map_err(crate::store::Error::from)?
        .ok_or(Refused::Absent)?;
    may(&question, person, answer.resolution)?;
    let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    if answer.resolution == Resolution::Overturn && !filled(&answer.reason) {
        return Err(Refused::BadInput("Overturning needs a 'reason'."));
    }
    if answer.resolution == Resolution::Return && !filled(&answer.advice) && !filled(&answer.reason) {
        return Err(Refused::BadInput("Giving a comment back needs 'advice'."));
    }
    let ask = match answer.resolution {
        Resolution::Approve => Some(
            proposal_of(&question)
                .ok_or(Refused::BadInput(
                    "There is no proposal to approve. Decide or give it back.",
                ))?
                .ask(),
        ),
        Resolution::Change => Some(answer.ask.ok_or(Refused::BadInput("Changing needs a 'decision'."))?),
        Resolution::Return | Resolution::TakeOver | Resolution::Overturn => None,
    };
    let prepared = match ask {
        None => None,
        Some(mut ask) => {
            let row = comment::Entity::find_by_id(question.comment_id)
                .one(db)
                .await
                .map_err(crate::store::Error::from)?
                .ok_or(Refused::Absent)?;
            if ask.kind == crate::domain::decision::DecisionKind::Escalate {
                return Err(Refused::BadInput("A decision is needed, not another question."));
            }
            ask.confirmed.extend(answer.confirmed);
            let by = Decider {
                person,
                supervisor: true,
                seconds: true,
            };
            ask.reason = answer.reason.clone().or(ask.reason);
            let prepared = prepare(app, &row, by, ask).await?;
            if prepared.is_held_back() {
                return Err(Refused::Decision(decision::Refused::Guard(prepared.findings)));
            }
            Some(prepared)
        }
    };
    Ok(Resolve {
        escalation: id,
        person,
        resolution: answer.resolution,
        revision: answer.revision,
        reason: answer.reason,
        advice: answer.advice,
        prepared,
        undo_ms: i64::from(app.config.outbox.undo_s) * 1000,
        lease_ms: app.config.lane.lease().num_milliseconds(),
    })
}

/// Answers a question.
///
/// # Errors
/// [`Refused`].
pub async fn resolve(app: &App, id: EscalationId, person: PersonId, answer: Answer) -> Result<Resolved, Refused> {
    let step = plan(app, id, person, answer).await?;
    Ok(app.writer.change(step).await?)
}

/// What the person who asked would do.
#[must_use]
pub fn proposal_of(question: &escalation::Model) -> Option<Proposal> {
    serde_json::from_str(question.proposal.as_deref()?).ok()
}

/// Whether this person may give this answer.
fn may(question: &escalation::Model, person: PersonId, resolution: Resolution) -> Result<(), Refused> {
    if question.state != EscalationState::Open {
        return Err(Refused::Answered);
    }
    let decides = matches!(resolution, Resolution::Approve | Resolution::Change);
    if decides && question.asked_by == person {
        return Err(Refused::SecondPerson);
    }
    Ok(())
}

impl Step for Resolve {
    type Out = Resolved;
    type Refusal = Refused;

    async fn run(&self, change: &mut Change) -> Result<Resolved, Failure<Refused>> {
        let question = escalation::Entity::find_by_id(self.escalation)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        may(&question, self.person, self.resolution).map_err(Failure::Refused)?;
        let row = comment::Entity::find_by_id(question.comment_id)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        if self.revision.is_some_and(|seen| seen != row.revision) {
            let stale = decision::Refused::StaleRevision(row.revision);
            return Err(Failure::Refused(Refused::Decision(stale)));
        }
        let (by, state) = match self.resolution {
            Resolution::Approve | Resolution::Change => (Move::Resolve, CommentState::Decided),
            Resolution::Return | Resolution::Overturn => (Move::Return, CommentState::Open),
            Resolution::TakeOver => (Move::TakeOver, CommentState::Claimed),
        };
        // A comment that was removed meanwhile can only be given back: the question is answered, the comment stays gone.
        let gone = row.state == CommentState::Withdrawn && by == Move::Return;
        if !gone && row.state.after(by) != Ok(state) {
            return Err(Failure::Refused(Refused::State(row.state)));
        }
        let (row, made) = match &self.prepared {
            Some(prepared) => {
                let made = carry_out(change, row, self.person, prepared, by, self.undo_ms)
                    .await
                    .map_err(lift)?;
                (made.row.clone(), Some(made))
            }
            None if gone => (row, None),
            None => (self.hand_on(change, row, state).await?, None),
        };
        self.close(change, &question, &row, made.as_ref()).await?;
        Ok(Resolved { row, made })
    }
}

fn lift(failure: Failure<decision::Refused>) -> Failure<Refused> {
    match failure {
        Failure::Refused(refused) => Failure::Refused(Refused::Decision(refused)),
        Failure::Store(error) => Failure::Store(error),
    }
}

impl Resolve {
    /// Back to the lane, or to the supervisor.
    async fn hand_on(
        &self,
        change: &mut Change,
        mut row: comment::Model,
        state: CommentState,
    ) -> Result<comment::Model, Failure<Refused>> {
        let from = row.state;
        let holder = (state == CommentState::Claimed).then_some(self.person);
        let until = holder.map(|_| change.now_ms() + self.lease_ms);
        let won = change
            .execute(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::State, Expr::value(state))
                    .col_expr(comment::Column::ClaimedBy, Expr::value(holder))
                    .col_expr(comment::Column::ClaimedUntil, Expr::value(until))
                    .filter(comment::Column::Id.eq(row.id))
                    .filter(comment::Column::State.eq(from)),
            )
            .await?;
        if won == 0 {
            return Err(Failure::Refused(Refused::State(from)));
        }
        row.state = state;
        row.claimed_by = holder;
        row.claimed_until = until;
        let (kind, data) = match holder {
            Some(person) => (EventKind::CommentClaimed, json!({ "by": person, "until": until })),
            None => (EventKind::CommentOpen, json!({ "reason": self.resolution })),
        };
        tell(change, &row, from, kind, Actor::Person(self.person), data);
        Ok(row)
    }

    async fn close(
        &self,
        change: &mut Change,
        question: &escalation::Model,
        row: &comment::Model,
        made: Option<&Made>,
    ) -> Result<(), Failure<Refused>> {
        let now = change.now_ms();
        let won = change
            .execute(
                &escalation::Entity::update_many()
                    .col_expr(escalation::Column::State, Expr::value(EscalationState::Resolved))
                    .col_expr(escalation::Column::ResolvedBy, Expr::value(self.person))
                    .col_expr(escalation::Column::ResolvedAt, Expr::value(now))
                    .col_expr(escalation::Column::Resolution, Expr::value(self.resolution))
                    .col_expr(escalation::Column::Reason, Expr::value(self.reason.clone()))
                    .col_expr(escalation::Column::Advice, Expr::value(self.advice.clone()))
                    .filter(escalation::Column::Id.eq(question.id))
                    .filter(escalation::Column::State.eq(EscalationState::Open)),
            )
            .await?;
        if won == 0 {
            // Another instance was faster; its writer runs this step alone again and refuses it then.
            return Err(Failure::Store(crate::store::Error::Busy(
                "the question was just answered".into(),
            )));
        }
        change.note(
            EventKind::EscalationResolved,
            Some((row.id, row.lane)),
            Actor::Person(self.person),
            json!({
                "escalation": question.id,
                "resolution": self.resolution,
                "asked_by": question.asked_by,
                "decision": made.map(|made| made.decision),
            }),
        );
        Ok(())
    }
}
