//! Questions to supervisors.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::{id, visible};
use super::decisions::{NewDecision, VariantWord, made_view};
use crate::decision::guard::GuardCode;
use crate::decision::prepare::{Ask, Version};
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::escalation::{EscalationState, Resolution};
use crate::domain::id::EscalationId;
use crate::escalation::list::{Cursor, find};
use crate::escalation::resolve::{self, Resolved, proposal_of};
use crate::escalation::{self, Open, Question, propose};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::{Shown, item, rfc3339};
use crate::template::fill::Slots;

/// A question as it is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewQuestion {
    question: String,
    #[serde(default)]
    proposal: Option<NewProposal>,
}

/// What the person who asks would do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    kind: DecisionKind,
    #[serde(default)]
    ground: Option<Ground>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    version: Option<Version>,
    #[serde(default)]
    variant: Option<VariantWord>,
    #[serde(default)]
    slots: Slots,
    #[serde(default)]
    reason: Option<String>,
}

impl From<NewProposal> for Ask {
    fn from(new: NewProposal) -> Self {
        Self {
            template: new.template,
            version: new.version,
            variant: new.variant.map(|word| word.variant),
            length: new.variant.and_then(|word| word.length),
            slots: new.slots,
            text: new.text,
            ground: new.ground,
            reason: new.reason,
            ..Self::plain(new.kind)
        }
    }
}

/// `POST /api/v1/comments/{id}/escalate`.
///
/// # Errors
/// 400, 403, 404, 409 `claimed` or `illegal-state`.
pub async fn create(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    new: web::Json<NewQuestion>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let new = new.into_inner();
    let person = by.person_id()?;
    let proposal = match new.proposal {
        Some(proposal) => Some(
            propose(&app, &row, person, proposal.into())
                .await
                .map_err(|refused| Problem::escalation(refused, &app.people))?,
        ),
        None => None,
    };
    let step = Open {
        comment: row.id,
        person,
        question: new.question,
        proposal,
    };
    open(&app, &by, &request, step, Answer::created).await
}

/// Asks, and answers with the status that `answer` gives.
///
/// # Errors
/// As [`create`].
pub async fn open(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    step: Open,
    answer: fn(Value) -> Answer,
) -> Result<HttpResponse, Problem> {
    let opened = move |opened: &escalation::Opened| {
        answer(json!({
            "escalation": opened.escalation,
            "due_at": rfc3339(opened.due_at),
            "two_person": opened.two_person,
        }))
    };
    once(app, by, request, step, opened)
        .await
        .map_err(|failed| failed.problem(|refused| Problem::escalation(refused, &app.people)))
}

/// Which questions are asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    #[serde(default)]
    state: Option<EscalationState>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /api/v1/escalations`.
///
/// # Errors
/// 400 for a cursor of another list, 403.
pub async fn list(
    app: Desk,
    by: By<right::ResolveEscalation>,
    which: web::Query<Which>,
) -> Result<HttpResponse, Problem> {
    let shown = match which.state {
        None | Some(EscalationState::Open) => escalation::Shown::Waiting,
        Some(EscalationState::Resolved) => escalation::Shown::Answered,
    };
    let after = match which.cursor.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => Some(
            Cursor::decode(word)
                .ok_or_else(|| Problem::bad_input("The cursor is not one of this list. Start without it."))?,
        ),
        None => None,
    };
    let limit = which.limit.unwrap_or(50).clamp(1, 200);
    let mut questions = escalation::list(app.db.reader(), shown, limit + 1, after).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = questions.len() > most;
    questions.truncate(most);
    let last = questions.last().filter(|_| more);
    let cursor = last.map(|last| Cursor::of(shown, &last.escalation).encode());
    let items: Vec<Value> = questions
        .into_iter()
        .map(|question| view(&app, &by, question, Shown::Masked))
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "cursor": cursor })))
}

/// `GET /api/v1/escalations/{id}`.
///
/// # Errors
/// 403, 404.
pub async fn read(
    app: Desk,
    by: By<right::ResolveEscalation>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let question = find(app.db.reader(), id(&path)?).await?;
    let question = question.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(view(&app, &by, question, Shown::Exact)))
}

fn view(app: &Desk, by: &Who, question: Question, shown: Shown) -> Value {
    let Question { escalation, comment } = question;
    json!({
        "id": escalation.id,
        "state": escalation.state,
        "question": escalation.question,
        "proposal": proposal_of(&escalation),
        "two_person": escalation.two_person,
        "asked_by": app.people.pseudonym(escalation.asked_by),
        "own": by.person.as_ref().is_some_and(|me| me.id == escalation.asked_by),
        "opened_at": rfc3339(escalation.opened_at),
        "due_at": rfc3339(escalation.due_at),
        "resolution": escalation.resolution,
        "resolved_by": escalation.resolved_by.map(|by| app.people.pseudonym(by)),
        "resolved_at": escalation.resolved_at.map(rfc3339),
        "reason": escalation.reason,
        "advice": escalation.advice,
        "comment": item(comment, &app.people, shown),
    })
}

/// An answer as it is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    resolution: Resolution,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    advice: Option<String>,
    #[serde(default)]
    revision: Option<i32>,
    /// The decision, for `change`.
    #[serde(default)]
    decision: Option<NewDecision>,
    #[serde(default)]
    confirmed: Vec<GuardCode>,
}

/// `POST /api/v1/escalations/{id}/resolve`.
///
/// # Errors
/// 400, 403 `second_person`, 404, 409 `illegal-state` or `stale_revision`, 422 `guardrail`.
pub async fn resolve(
    app: Desk,
    by: By<right::ResolveEscalation>,
    request: HttpRequest,
    path: web::Path<String>,
    new: web::Json<NewAnswer>,
) -> Result<HttpResponse, Problem> {
    let new = new.into_inner();
    let (ask, seen) = new.decision.map(NewDecision::ask).unzip();
    let answer = resolve::Answer {
        resolution: new.resolution,
        revision: new.revision.or(seen),
        reason: new.reason,
        advice: new.advice,
        ask,
        confirmed: new.confirmed,
    };
    let step = resolve::plan(&app, id::<EscalationId>(&path)?, by.person_id()?, answer)
        .await
        .map_err(|refused| Problem::escalation(refused, &app.people))?;
    once(&app, &by, &request, step, |resolved| {
        Answer::ok(resolved_view(resolved))
    })
    .await
    .map_err(|failed| failed.problem(|refused| Problem::escalation(refused, &app.people)))
}

fn resolved_view(resolved: &Resolved) -> Value {
    let mut body = json!({ "state": resolved.row.state });
    if let (Some(made), Value::Object(fields)) = (&resolved.made, &mut body)
        && let Value::Object(made) = made_view(made)
    {
        fields.extend(made);
    }
    body
}
