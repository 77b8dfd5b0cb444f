//! Asking: the comment leaves its lane and waits for a supervisor, with a question and perhaps a proposal.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Refused;
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::decision::prepare::{Ask, Decider, Version, prepare};
use crate::decision::rule;
use crate::domain::comment::{CommentState, Move};
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::escalation::EscalationState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, EscalationId, PersonId, VersionId};
use crate::domain::template::Variant;
use crate::lane::claim::tell;
use crate::lane::item::tags_of;
use crate::store::entity::{comment, escalation};

/// What the person who asks would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What to do.
    pub kind: DecisionKind,
    /// On which ground.
    #[serde(default)]
    pub ground: Option<Ground>,
    /// The text, for a reply: from a template or typed.
    #[serde(default)]
    pub text: Option<String>,
    /// Key of the template it began as.
    #[serde(default)]
    pub template: Option<String>,
    /// Its version.
    #[serde(default)]
    pub version: Option<VersionId>,
    /// Its language.
    #[serde(default)]
    pub variant: Option<Variant>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Proposal {
    /// The decision it proposes.
    #[must_use]
    pub fn ask(&self) -> Ask {
        Ask {
            template: self.template.clone(),
            version: self.version.map(Version::Id),
            variant: self.variant,
            text: self.text.clone(),
            ground: self.ground,
            reason: self.reason.clone(),
            ..Ask::plain(self.kind)
        }
    }
}

/// Asks a supervisor.
#[derive(Debug, Clone)]
pub struct Open {
    /// About which comment.
    pub comment: CommentId,
    /// Who asks.
    pub person: PersonId,
    /// What.
    pub question: String,
    /// What the person would do.
    pub proposal: Option<Proposal>,
}

/// A question asked.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its identifier.
    pub escalation: EscalationId,
    /// When its answer is due, in milliseconds.
    pub due_at: i64,
    /// Whether the rule asks for two people.
    pub two_person: bool,
    /// The comment as it is now.
    pub row: comment::Model,
}

/// Longest question, in bytes.
const LONGEST: usize = 8_000;
/// Within how long an answer is due, in milliseconds: a quarter of an hour where a flag is set, else an hour.
const DUE_URGENT_MS: i64 = 15 * 60_000;
const DUE_MS: i64 = 60 * 60_000;

/// Turns what somebody would do into a proposal: its text is written now, so that it stands as it was proposed.
///
/// # Errors
/// [`Refused`].
pub async fn propose(app: &App, row: &comment::Model, person: PersonId, ask: Ask) -> Result<Proposal, Refused> {
    if ask.kind == DecisionKind::Escalate {
        return Err(Refused::BadInput("A proposal is a decision, not another question."));
    }
    let by = Decider {
        person,
        supervisor: false,
        seconds: true,
    };
    let prepared = prepare(app, row, by, ask).await?;
    let wording = prepared.wording;
    Ok(Proposal {
        kind: prepared.kind,
        ground: prepared.ground,
        template: wording.as_ref().and_then(|wording| wording.template.clone()),
        version: wording.as_ref().and_then(|wording| wording.version),
        variant: wording.as_ref().and_then(|wording| wording.variant),
        text: wording.map(|wording| wording.text).filter(|text| !text.is_empty()),
        reason: prepared.reason,
    })
}

impl Step for Open {
    type Out = Opened;
    type Refusal = Refused;

    async fn run(&self, change: &mut Change) -> Result<Opened, Failure<Refused>> {
        let refuse = |refused| Err(Failure::Refused(refused));
        if self.question.trim().is_empty() {
            return refuse(Refused::BadInput("Ask a 'question'."));
        }
        if self.question.len() > LONGEST || self.question.contains('\0') {
            return refuse(Refused::BadInput("The question is too long or holds U+0000."));
        }
        let mut row = comment::Entity::find_by_id(self.comment)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        if let Some(holder) = row.claimed_by.filter(|holder| *holder != self.person) {
            return refuse(Refused::HeldBy(holder));
        }
        let from = row.state;
        let to = from
            .after(Move::Escalate)
            .map_err(|_| Failure::Refused(Refused::State(from)))?;
        let tags = tags_of(&row);
        let two_person = self
            .proposal
            .as_ref()
            .is_some_and(|proposal| rule::needs_second(proposal.kind, tags.as_ref()).is_some());
        let won = change
            .execute(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::State, Expr::value(to))
                    .col_expr(comment::Column::ClaimedBy, Expr::value(None::<PersonId>))
                    .col_expr(comment::Column::ClaimedUntil, Expr::value(None::<i64>))
                    .filter(comment::Column::Id.eq(row.id))
                    .filter(comment::Column::State.eq(from))
                    .filter(match row.claimed_by {
                        Some(holder) => comment::Column::ClaimedBy.eq(holder),
                        None => comment::Column::ClaimedBy.is_null(),
                    }),
            )
            .await?;
        if won == 0 {
            return refuse(Refused::State(CommentState::Claimed));
        }
        row.state = to;
        row.claimed_by = None;
        row.claimed_until = None;
        let now = change.now_ms();
        let due_at = now + if row.urgent { DUE_URGENT_MS } else { DUE_MS };
        let id: EscalationId = change.id();
        change.later(&escalation::Entity::insert(
            escalation::Model {
                id,
                comment_id: row.id,
                asked_by: self.person,
                question: self.question.trim().to_owned(),
                proposal: self.proposal.as_ref().map(|proposal| json!(proposal).to_string()),
                two_person,
                state: EscalationState::Open,
                opened_at: now,
                due_at,
                resolved_by: None,
                resolved_at: None,
                resolution: None,
                reason: None,
                advice: None,
            }
            .into_active_model(),
        ));
        tell(
            change,
            &row,
            from,
            EventKind::EscalationOpened,
            Actor::Person(self.person),
            json!({
                "escalation": id,
                "by": self.person,
                "proposal": self.proposal.as_ref().map(|proposal| proposal.kind),
                "two_person": two_person,
                "due_at": due_at,
            }),
        );
        Ok(Opened {
            escalation: id,
            due_at,
            two_person,
            row,
        })
    }
}
