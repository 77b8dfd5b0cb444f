//! What the fate of an action means for its comment and the thread.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::kind_of;
use crate::change::{Actor, Change, Event, Moved};
use crate::connector::Action;
use crate::domain::comment::{CommentState, Move, Presence, Visibility};
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, DecisionId, OutboxId, PersonId};
use crate::lane::claim::tell;
use crate::store::Error;
use crate::store::entity::{comment, decision};
use crate::tagging;

/// An action that the platform has.
pub(super) struct Delivered<'a> {
    pub outbox: OutboxId,
    pub decision: DecisionId,
    pub external_id: Option<&'a str>,
    pub action: Option<&'a Action>,
    /// The account that acted.
    pub account: &'a str,
}

/// Tells that a decision is carried out, and shows it on the comment without waiting for the platform's echo, which
/// some platforms do not send.
pub(super) async fn delivered(change: &mut Change, on: comment::Model, sent: &Delivered<'_>) -> Result<(), Error> {
    change.note(
        EventKind::CommentSent,
        Some((on.id, on.lane)),
        Actor::Desk,
        json!({
            "outbox": sent.outbox, "decision": sent.decision, "external_id": sent.external_id,
            "kind": sent.action.map(kind_of),
        }),
    );
    shown(change, on, sent).await
}

/// Shows a carried out action on the comment.
pub(super) async fn shown(change: &mut Change, on: comment::Model, sent: &Delivered<'_>) -> Result<(), Error> {
    match (sent.action, sent.external_id) {
        (Some(Action::Reply { text, .. }), Some(external_id)) => {
            own(change, &on, sent.account, external_id, text).await
        }
        (Some(Action::Hide { .. }), _) => show(change, on, Visibility::Hidden).await,
        (Some(Action::Unhide { .. }), _) => show(change, on, Visibility::Visible).await,
        (Some(Action::Delete { .. }), _) => withdraw(change, on, "deleted").await,
        (Some(Action::Reply { .. } | Action::Like { .. } | Action::PrivateReply { .. }) | None, _) => Ok(()),
    }
}

/// Our own reply as a comment of the thread, unless its echo was faster.
async fn own(
    change: &mut Change,
    on: &comment::Model,
    account: &str,
    external_id: &str,
    text: &str,
) -> Result<(), Error> {
    let known = comment::Entity::find()
        .filter(comment::Column::Connector.eq(&on.connector))
        .filter(comment::Column::ExternalId.eq(external_id))
        .one(change.read())
        .await?;
    if let Some(known) = known {
        return ours(change, known).await;
    }
    let now = change.now_ms();
    let number = change.reserve(1).await?;
    let tags = tagging::tag(text, &tagging::Context::default());
    let row = comment::Model {
        id: change.id::<CommentId>(),
        number,
        connector: on.connector.clone(),
        platform: on.platform,
        external_id: external_id.to_owned(),
        parent: Some(on.parent.clone().unwrap_or_else(|| on.external_id.clone())),
        post: on.post.clone(),
        ad: on.ad.clone(),
        campaign_id: on.campaign_id,
        author_id: Some(account.to_owned()),
        author_handle: None,
        author_name: None,
        own: true,
        text: Some(text.to_owned()),
        attachments: None,
        revision: 1,
        text_at: now,
        visibility: Visibility::Visible,
        visibility_at: now,
        presence: Presence::Known,
        state: CommentState::Decided,
        lane: on.lane,
        tags: serde_json::to_string(&tags).unwrap_or_default(),
        labels: "|".to_owned(),
        urgent: false,
        severity: 0,
        due_at: now,
        written_at: now,
        opened_at: now,
        claimed_by: None,
        claimed_until: None,
        decided_at: Some(now),
        story: None,
        story_by: None,
    };
    change.event(Event {
        seq: number,
        at: now,
        kind: EventKind::CommentSent,
        comment: Some(row.id),
        lane: Some(row.lane),
        actor: Actor::Desk,
        data: json!({ "platform": row.platform, "own": true }),
        moved: Some(Moved {
            from: None,
            to: (row.lane, row.state),
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: false,
        }),
    });
    // With several instances the echo may come in between: it is the same comment.
    let key = OnConflict::columns([comment::Column::Connector, comment::Column::ExternalId])
        .do_nothing()
        .to_owned();
    change
        .execute(&comment::Entity::insert(row.into_active_model()).on_conflict(key))
        .await?;
    Ok(())
}

/// The echo came first, and named the author so that nobody knew it was ours.
async fn ours(change: &mut Change, known: comment::Model) -> Result<(), Error> {
    let Some(state) = known.state.after(Move::Own).ok().filter(|_| !known.own) else {
        return Ok(());
    };
    let update = comment::Entity::update_many()
        .col_expr(comment::Column::Own, Expr::value(true))
        .col_expr(comment::Column::State, Expr::value(state))
        .col_expr(comment::Column::ClaimedBy, Expr::value(None::<PersonId>))
        .col_expr(comment::Column::ClaimedUntil, Expr::value(None::<i64>))
        .filter(comment::Column::Id.eq(known.id))
        .filter(comment::Column::State.eq(known.state));
    if change.execute(&update).await? == 1 {
        let seq = change.reserve(1).await?;
        let at = change.now_ms();
        change.event(Event {
            seq,
            at,
            kind: EventKind::CommentSent,
            comment: Some(known.id),
            lane: Some(known.lane),
            actor: Actor::Desk,
            data: json!({ "platform": known.platform, "own": true }),
            moved: Some(Moved {
                from: Some((known.lane, known.state)),
                to: (known.lane, state),
                opened_at: known.opened_at,
                due_at: known.due_at,
                left: None,
                arrived: false,
            }),
        });
    }
    Ok(())
}

async fn show(change: &mut Change, on: comment::Model, visibility: Visibility) -> Result<(), Error> {
    let set = comment::Entity::update_many()
        .col_expr(comment::Column::Visibility, Expr::value(visibility))
        .col_expr(comment::Column::VisibilityAt, Expr::value(change.now_ms()))
        .filter(comment::Column::Id.eq(on.id))
        .filter(comment::Column::Visibility.ne(visibility));
    if change.execute(&set).await? == 1 {
        change.note(
            EventKind::CommentVisibility,
            Some((on.id, on.lane)),
            Actor::Desk,
            json!({ "visibility": visibility }),
        );
    }
    Ok(())
}

/// The comment is gone from the platform; kept and marked.
pub(super) async fn withdraw(change: &mut Change, on: comment::Model, reason: &'static str) -> Result<(), Error> {
    if on.state != CommentState::Withdrawn && move_(change, &on, Move::Withdraw).await? {
        moved(
            change,
            on,
            Move::Withdraw,
            EventKind::CommentWithdrawn,
            json!({ "reason": reason }),
        );
    }
    Ok(())
}

/// The decision came to nothing: back to the lane, as urgent as it was. Not when something else was decided since.
pub(super) async fn reopen(
    change: &mut Change,
    on: comment::Model,
    decision: DecisionId,
    code: &'static str,
) -> Result<(), Error> {
    let latest = decision::Entity::find()
        .filter(decision::Column::CommentId.eq(on.id))
        .filter(decision::Column::UndoneAt.is_null())
        .order_by_desc(decision::Column::MadeAt)
        .order_by_desc(decision::Column::Id)
        .one(change.read())
        .await?;
    let is_latest = latest.is_none_or(|latest| latest.id == decision);
    if is_latest && move_(change, &on, Move::Reopen).await? {
        let data = json!({ "reason": "failed", "code": code });
        moved(change, on, Move::Reopen, EventKind::CommentOpen, data);
    }
    Ok(())
}

/// Moves the comment if it still is where it was seen; whether it did.
async fn move_(change: &mut Change, on: &comment::Model, by: Move) -> Result<bool, Error> {
    let Ok(to) = on.state.after(by) else {
        return Ok(false);
    };
    let set = comment::Entity::update_many()
        .col_expr(comment::Column::State, Expr::value(to))
        .col_expr(comment::Column::ClaimedBy, Expr::value(None::<PersonId>))
        .col_expr(comment::Column::ClaimedUntil, Expr::value(None::<i64>))
        .col_expr(comment::Column::DecidedAt, Expr::value(None::<i64>))
        .filter(comment::Column::Id.eq(on.id))
        .filter(comment::Column::State.eq(on.state));
    Ok(change.execute(&set).await? == 1)
}

fn moved(change: &mut Change, mut on: comment::Model, by: Move, kind: EventKind, data: serde_json::Value) {
    let from = on.state;
    on.state = from.after(by).unwrap_or(from);
    tell(change, &on, from, kind, Actor::Desk, data);
}
