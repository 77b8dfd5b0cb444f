//! Undoing a decision inside its window: by its maker, while nothing has left.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::draft::Draft;
use super::{Refused, draft};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::comment::{CommentState, Move};
use crate::domain::escalation::EscalationState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, DecisionId, PersonId};
use crate::domain::lane::Lane;
use crate::lane::claim::tell;
use crate::outbox::enqueue;
use crate::store::Error;
use crate::store::entity::{comment, decision, escalation};

/// Undoes a decision.
#[derive(Debug, Clone)]
pub struct Undo {
    /// Which.
    pub decision: DecisionId,
    /// Who asks.
    pub person: PersonId,
    /// The lanes the person works now: only there does the comment come back to them.
    pub lanes: Vec<Lane>,
    /// How long the comment is theirs again, in milliseconds.
    pub lease_ms: i64,
}

/// What undoing did.
#[derive(Debug, Clone)]
pub struct Undone {
    /// The comment.
    pub comment: CommentId,
    /// How it stands now: claimed by the maker again, open, escalated, or as the platform left it.
    pub row: comment::Model,
}

impl Step for Undo {
    type Out = Undone;
    type Refusal = Refused;

    async fn run(&self, change: &mut Change) -> Result<Undone, Failure<Refused>> {
        let refuse = |refused| Err(Failure::Refused(refused));
        let made = decision::Entity::find_by_id(self.decision)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        if made.person_id != self.person {
            return refuse(Refused::OthersDecision);
        }
        let now = change.now_ms();
        if made.undone_at.is_some() || made.undo_until.is_none_or(|until| until <= now) {
            return refuse(Refused::AlreadySent);
        }
        let row = comment::Entity::find_by_id(made.comment_id)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        if !self.take_back(change, &made).await? {
            return refuse(Refused::AlreadySent);
        }
        change
            .execute(
                &decision::Entity::update_many()
                    .col_expr(decision::Column::UndoneAt, Expr::value(now))
                    .filter(decision::Column::Id.eq(made.id)),
            )
            .await?;
        if let Some(text) = &made.text {
            let restored = Draft {
                text: text.clone(),
                template: made.template_key.clone(),
                version: made.version_id,
                variant: made.variant,
                started_at: made.made_at,
                ..Draft::default()
            };
            draft::put(change, row.id, self.person, &restored);
        }
        let row = self.reopen(change, row, &made).await?;
        Ok(Undone { comment: row.id, row })
    }
}

impl Undo {
    /// Takes the action out of the outbox; what asks nothing of the platform is always here.
    async fn take_back(&self, change: &mut Change, made: &decision::Model) -> Result<bool, Error> {
        if enqueue::withdraw(change, made.id).await? {
            return Ok(true);
        }
        use sea_orm::PaginatorTrait;
        let sent = crate::store::entity::outbox::Entity::find()
            .filter(crate::store::entity::outbox::Column::DecisionId.eq(made.id))
            .count(change.read())
            .await?;
        Ok(sent == 0)
    }

    /// Back to where it was: to the supervisors, or to its maker if they work the lane, else to the lane.
    async fn reopen(
        &self,
        change: &mut Change,
        mut row: comment::Model,
        made: &decision::Model,
    ) -> Result<comment::Model, Failure<Refused>> {
        let from = row.state;
        let latest = decision::Entity::find()
            .filter(decision::Column::CommentId.eq(row.id))
            .filter(decision::Column::UndoneAt.is_null())
            .order_by_desc(decision::Column::MadeAt)
            .one(change.read())
            .await?;
        let overtaken = latest.is_some_and(|latest| latest.made_at > made.made_at);
        let Some(open) = from.after(Move::Reopen).ok().filter(|_| !overtaken) else {
            // The author edited, answered or removed the comment meanwhile: it is where that put it.
            self.note(change, &row, made);
            return Ok(row);
        };
        let question = self.question(change, made).await?;
        let (state, holder) = match (&question, open.after(Move::Escalate), open.after(Move::Claim)) {
            (Some(_), Ok(escalated), _) => (escalated, None),
            (None, _, Ok(claimed)) if self.lanes.contains(&row.lane) => (claimed, Some(self.person)),
            _ => (open, None),
        };
        let until = holder.map(|_| change.now_ms() + self.lease_ms);
        let won = change
            .execute(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::State, Expr::value(state))
                    .col_expr(comment::Column::ClaimedBy, Expr::value(holder))
                    .col_expr(comment::Column::ClaimedUntil, Expr::value(until))
                    .col_expr(comment::Column::DecidedAt, Expr::value(None::<i64>))
                    .filter(comment::Column::Id.eq(row.id))
                    .filter(comment::Column::State.eq(from)),
            )
            .await?;
        if won == 0 {
            return Err(Failure::Store(Error::Busy(
                "the comment moved while it was reopened".into(),
            )));
        }
        row.state = state;
        row.claimed_by = holder;
        row.claimed_until = until;
        row.decided_at = None;
        if let Some(question) = question {
            change.later(
                &escalation::Entity::update_many()
                    .col_expr(escalation::Column::State, Expr::value(EscalationState::Open))
                    .col_expr(escalation::Column::ResolvedBy, Expr::value(None::<PersonId>))
                    .col_expr(escalation::Column::ResolvedAt, Expr::value(None::<i64>))
                    .col_expr(escalation::Column::Resolution, Expr::value(None::<String>))
                    .filter(escalation::Column::Id.eq(question.id)),
            );
            change.note(
                EventKind::EscalationOpened,
                Some((row.id, row.lane)),
                Actor::Person(self.person),
                json!({ "escalation": question.id, "by": question.asked_by, "reason": "undone" }),
            );
        }
        self.note_from(change, &row, made, from);
        Ok(row)
    }

    /// The question that this decision answered, if it answered one: both were written at one instant by one person.
    async fn question(&self, change: &Change, made: &decision::Model) -> Result<Option<escalation::Model>, Error> {
        Ok(escalation::Entity::find()
            .filter(escalation::Column::CommentId.eq(made.comment_id))
            .filter(escalation::Column::ResolvedBy.eq(made.person_id))
            .filter(escalation::Column::ResolvedAt.eq(made.made_at))
            .one(change.read())
            .await?)
    }

    fn note_from(&self, change: &mut Change, row: &comment::Model, made: &decision::Model, from: CommentState) {
        let data = self.data(row, made);
        tell(
            change,
            row,
            from,
            EventKind::DecisionUndone,
            Actor::Person(self.person),
            data,
        );
    }

    fn note(&self, change: &mut Change, row: &comment::Model, made: &decision::Model) {
        let data = self.data(row, made);
        let about = Some((row.id, row.lane));
        change.note(EventKind::DecisionUndone, about, Actor::Person(self.person), data);
    }

    fn data(&self, row: &comment::Model, made: &decision::Model) -> serde_json::Value {
        json!({
            "decision": made.id,
            "kind": made.kind,
            "state": row.state,
            "by": row.claimed_by,
            "until": row.claimed_until,
        })
    }
}
