//! Making a decision: one conditional update decides whether it counts; what it asks of the platform goes into the
//! outbox in the same transaction and leaves when the undo window is over.

use chrono::DateTime;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::guard::{Finding, GuardCode};
use super::prepare::{Ask, Decider, Prepared, alone, prepare};
use super::{Refused, draft, rule};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::connector::{Action, Place};
use crate::domain::comment::{CommentState, Move};
use crate::domain::decision::DecisionKind;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, DecisionId, PersonId};
use crate::domain::template::TemplateState;
use crate::lane::claim::tell;
use crate::outbox::enqueue::{self, NewAction};
use crate::store::entity::{comment, decision, material_use, template_version};

/// A decision made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its identifier.
    pub decision: DecisionId,
    /// Until when it can be undone, in milliseconds.
    pub undo_until: i64,
    /// How it is carried out.
    pub way: rule::Way,
    /// The comment as it is now.
    pub row: comment::Model,
}

/// Makes a decision on a comment that the person holds.
#[derive(Debug, Clone)]
pub struct Make {
    /// Which comment.
    pub comment: CommentId,
    /// The revision the person saw.
    pub revision: i32,
    /// Who decides.
    pub by: Decider,
    /// What.
    pub prepared: Prepared,
    /// The undo window in milliseconds.
    pub undo_ms: i64,
}

/// A decision about a comment that the caller holds, ready to be made: its text is written and the guard was asked.
///
/// # Errors
/// [`Refused`].
pub async fn plan(app: &App, row: &comment::Model, revision: i32, by: Decider, ask: Ask) -> Result<Make, Refused> {
    // The step asks again; but whoever lost the comment should hear that, and not what is wrong with the text.
    holds(row, by.person, revision, app.now_ms())?;
    let prepared = prepare(app, row, by, ask).await?;
    if prepared.is_held_back() {
        return Err(Refused::Guard(prepared.findings));
    }
    Ok(Make {
        comment: row.id,
        revision,
        by,
        prepared,
        undo_ms: i64::from(app.config.outbox.undo_s) * 1000,
    })
}

fn holds(row: &comment::Model, person: PersonId, revision: i32, now: i64) -> Result<(), Refused> {
    let mine = row.state == CommentState::Claimed
        && row.claimed_by == Some(person)
        && row.claimed_until.is_some_and(|until| until > now);
    if !mine {
        return Err(Refused::ClaimLost(row.claimed_by, row.state));
    }
    if row.revision == revision {
        Ok(())
    } else {
        Err(Refused::StaleRevision(row.revision))
    }
}

impl Step for Make {
    type Out = Made;
    type Refusal = Refused;

    async fn run(&self, change: &mut Change) -> Result<Made, Failure<Refused>> {
        let row = comment::Entity::find_by_id(self.comment)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        holds(&row, self.by.person, self.revision, change.now_ms()).map_err(Failure::Refused)?;
        if !alone(change.read(), &row, self.by, self.prepared.kind).await? {
            let findings = vec![Finding::new(GuardCode::TwoPerson)];
            return Err(Failure::Refused(Refused::Guard(findings)));
        }
        carry_out(change, row, self.by.person, &self.prepared, Move::Decide, self.undo_ms).await
    }
}

/// Makes a decision on a comment that may make the move; the holder's and a supervisor's alike.
///
/// # Errors
/// [`Refused`], before anything is written.
pub async fn carry_out(
    change: &mut Change,
    mut row: comment::Model,
    person: PersonId,
    prepared: &Prepared,
    by: Move,
    undo_ms: i64,
) -> Result<Made, Failure<Refused>> {
    let lost = |row: &comment::Model| Failure::Refused(Refused::ClaimLost(row.claimed_by, row.state));
    let (from, revision) = (row.state, row.revision);
    let to = from.after(by).map_err(|_| lost(&row))?;
    let way = rule::way(row.platform, prepared.kind).map_err(|_| Failure::Refused(Refused::Impossible))?;
    still_approved(change, prepared).await?;
    let now = change.now_ms();
    let won = change
        .execute(
            &comment::Entity::update_many()
                .col_expr(comment::Column::State, Expr::value(to))
                .col_expr(comment::Column::ClaimedBy, Expr::value(None::<PersonId>))
                .col_expr(comment::Column::ClaimedUntil, Expr::value(None::<i64>))
                .col_expr(comment::Column::DecidedAt, Expr::value(now))
                .filter(comment::Column::Id.eq(row.id))
                .filter(comment::Column::State.eq(from))
                .filter(comment::Column::Revision.eq(revision))
                .filter(match row.claimed_by {
                    Some(holder) => comment::Column::ClaimedBy.eq(holder),
                    None => comment::Column::ClaimedBy.is_null(),
                }),
        )
        .await?;
    if won == 0 {
        return Err(lost(&row));
    }
    row.state = to;
    row.claimed_by = None;
    row.claimed_until = None;
    row.decided_at = Some(now);
    let id: DecisionId = change.id();
    let undo_until = now + undo_ms;
    change.later(&decision::Entity::insert(
        record(id, &row, person, prepared, now, undo_until).into_active_model(),
    ));
    for material in prepared.wording.iter().flat_map(|wording| &wording.materials) {
        let used = material_use::Model {
            material_id: *material,
            decision_id: id,
        };
        change.later(&material_use::Entity::insert(used.into_active_model()));
    }
    draft::drop(change, row.id, person);
    // What a person carries out waits there for them, once it can no longer be undone.
    if let (rule::Way::Outbox | rule::Way::ByHand, Some(action)) = (way, action(&row, prepared)) {
        enqueue::enqueue(
            change,
            &NewAction {
                decision: id,
                comment: row.id,
                connector: row.connector.clone(),
                action,
                due_at: undo_until,
            },
        );
    }
    tell(
        change,
        &row,
        from,
        EventKind::CommentDecided,
        Actor::Person(person),
        json!({
            "decision": id,
            "kind": prepared.kind,
            "undo_until": undo_until,
            "by_hand": way == rule::Way::ByHand,
        }),
    );
    Ok(Made {
        decision: id,
        undo_until,
        way,
        row,
    })
}

/// Pausing a template pulls it from every composer at once, also from those that are just sending.
async fn still_approved(change: &Change, prepared: &Prepared) -> Result<(), Failure<Refused>> {
    let Some(version) = prepared.wording.as_ref().and_then(|wording| wording.version) else {
        return Ok(());
    };
    let row = template_version::Entity::find_by_id(version).one(change.read()).await?;
    if row.is_some_and(|row| row.state == TemplateState::Approved) {
        Ok(())
    } else {
        let findings = vec![Finding::new(GuardCode::WithdrawnTemplate)];
        Err(Failure::Refused(Refused::Guard(findings)))
    }
}

fn record(
    id: DecisionId,
    row: &comment::Model,
    person: PersonId,
    prepared: &Prepared,
    now: i64,
    undo_until: i64,
) -> decision::Model {
    let wording = prepared.wording.as_ref();
    decision::Model {
        id,
        comment_id: row.id,
        revision: row.revision,
        kind: prepared.kind,
        person_id: person,
        ground: prepared.ground,
        reason: prepared.reason.clone(),
        template_key: wording.and_then(|wording| wording.template.clone()),
        version_id: wording.and_then(|wording| wording.version),
        variant: wording.and_then(|wording| wording.variant),
        text: wording.map(|wording| wording.text.clone()),
        confirmed: (!prepared.confirmed.is_empty()).then(|| json!(prepared.confirmed).to_string()),
        made_at: now,
        undo_until: Some(undo_until),
        undone_at: None,
    }
}

fn action(row: &comment::Model, prepared: &Prepared) -> Option<Action> {
    let comment = row.external_id.clone();
    let place = Place {
        parent: row.parent.clone(),
        post: row.post.clone(),
        ad: row.ad.clone(),
        written_at: DateTime::from_timestamp_millis(row.written_at),
    };
    let text = || prepared.wording.as_ref().map(|wording| wording.text.clone());
    Some(match prepared.kind {
        DecisionKind::Reply => Action::Reply {
            comment,
            text: text()?,
            place,
        },
        DecisionKind::PrivateReply => Action::PrivateReply { comment, text: text()? },
        DecisionKind::Hide => Action::Hide { comment, place },
        DecisionKind::Unhide => Action::Unhide { comment, place },
        DecisionKind::Delete => Action::Delete { comment, place },
        DecisionKind::Like => Action::Like { comment, place },
        DecisionKind::Leave | DecisionKind::Duplicate | DecisionKind::Escalate => return None,
    })
}
