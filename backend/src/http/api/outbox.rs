//! The outbox: how outgoing actions stand, and what only a person can say about them. Additions to the contract:
//!
//! - `GET /outbox?state=&limit=&cursor=`: newest first; all for who may read connectors, else the caller's own.
//! - `POST /outbox/{id}/answer` `{said: "sent" | "not-sent"}`: for an action that is `asked`. Where it is `by_hand`, a
//!   person is to carry it out; `not-sent` then gives it up, and its comment goes back to the lane.
//! - `POST /outbox/{id}/retry`: for an action that `failed`; takes its comment out of the lane again.
//!
//! Says nothing of texts: whoever may read those reads the comment.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::connector::Action;
use crate::domain::decision::OutboxState;
use crate::domain::id::OutboxId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{self, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::outbox::kind_of;
use crate::outbox::person::{Answer, PersonRefused, RetryNow, Said};
use crate::outbox::waiting::is_by_hand;
use crate::store::entity::{decision, outbox};

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    state: Option<OutboxState>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /api/v1/outbox`.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(app: Desk, by: By<right::SignedIn>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let limit = ask.limit.unwrap_or(50).clamp(1, 200);
    let mut rows = outbox::Entity::find()
        .order_by_desc(outbox::Column::Id)
        .limit(limit + 1);
    if let Some(state) = ask.state {
        rows = rows.filter(outbox::Column::State.eq(state));
    }
    if let Some(word) = ask.cursor.as_deref().filter(|word| !word.is_empty()) {
        let after =
            decode(word).ok_or_else(|| Problem::bad_input("The cursor is not one of this list. Start without it."))?;
        rows = rows.filter(outbox::Column::Id.lt(after));
    }
    if !by.rights.has(Right::ReadConnectors) {
        let own = decision::Entity::find()
            .select_only()
            .column(decision::Column::Id)
            .filter(decision::Column::PersonId.eq(by.person_id()?));
        rows = rows.filter(outbox::Column::DecisionId.in_subquery(sea_orm::QueryTrait::into_query(own)));
    }
    let mut rows = rows.all(app.db.reader()).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let cursor = rows.last().filter(|_| more).map(|row| encode(row.id));
    let items: Vec<Value> = rows.iter().map(item).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "cursor": cursor })))
}

fn item(row: &outbox::Model) -> Value {
    let kind = serde_json::from_str::<Action>(&row.action)
        .ok()
        .map(|action| kind_of(&action));
    json!({
        "id": row.id, "decision": row.decision_id, "comment": row.comment_id, "connector": row.connector,
        "kind": kind, "state": row.state, "due_at": rfc3339(row.due_at), "tries": row.tries,
        "first_tried_at": row.first_tried_at.map(rfc3339), "external_id": row.external_id,
        "by_hand": row.state == OutboxState::Asked && is_by_hand(row), "code": row.code, "message": row.message, "updated_at": rfc3339(row.updated_at),
    })
}

fn encode(id: OutboxId) -> String {
    URL_SAFE_NO_PAD.encode(id.0.as_bytes())
}

fn decode(word: &str) -> Option<OutboxId> {
    let bytes = URL_SAFE_NO_PAD.decode(word).ok()?;
    Uuid::from_slice(&bytes).ok().map(OutboxId)
}

/// What a person found on the platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    said: Said,
}

/// `POST /api/v1/outbox/{id}/answer`.
///
/// # Errors
/// 404, 409 `illegal-state`.
pub async fn answer(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Json<Answered>,
) -> Result<HttpResponse, Problem> {
    let step = Answer {
        outbox: id(&path)?,
        person: by.person_id()?,
        lanes: lanes(&app, &by),
        said: body.said,
    };
    once(&app, &by, &request, step, settled)
        .await
        .map_err(|failed| failed.problem(refused))
}

/// `POST /api/v1/outbox/{id}/retry`.
///
/// # Errors
/// 404, 409 `illegal-state`, `stale_revision`.
pub async fn retry(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = RetryNow {
        outbox: id(&path)?,
        person: by.person_id()?,
        lanes: lanes(&app, &by),
    };
    once(&app, &by, &request, step, settled)
        .await
        .map_err(|failed| failed.problem(refused))
}

fn id(word: &str) -> Result<OutboxId, Problem> {
    word.parse().map_err(|_| Problem::not_found())
}

fn lanes(app: &Desk, who: &Who) -> Option<Vec<Lane>> {
    (!who.rights.has(Right::SeeAllLanes)).then(|| who.lanes(app))
}

fn settled(state: &OutboxState) -> idempotency::Answer {
    idempotency::Answer::ok(json!({ "state": state }))
}

fn refused(refused: PersonRefused) -> Problem {
    let conflict = |code, detail: String| Problem::new(StatusCode::CONFLICT, code, detail);
    match refused {
        PersonRefused::Absent => Problem::not_found(),
        PersonRefused::NotNow(state) => {
            conflict("illegal-state", format!("The action is {state}. Read it again.")).with("state", state.as_str())
        }
        PersonRefused::CommentIs(state) => conflict(
            "illegal-state",
            format!("The comment is {state}. Claim it first, or leave it to its holder."),
        )
        .with("state", state.as_str()),
        PersonRefused::StaleRevision => conflict(
            "stale_revision",
            "The author changed the text. Read it and decide again.".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_a_foreign_word_is_none() {
        let id = OutboxId(Uuid::from_bytes([7; 16]));
        assert_eq!(decode(&encode(id)), Some(id));
        for word in ["AAAA", "not base64!", &"A".repeat(200)] {
            assert_eq!(decode(word), None, "{word}");
        }
    }
}
