//! Deciding about a comment, undoing it, and what is typed before.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::comments::{id, visible};
use crate::decision::draft::{self, Draft};
use crate::decision::guard::GuardCode;
use crate::decision::prepare::{Ask, Decider, Version};
use crate::decision::rule::Way;
use crate::decision::{Made, Undo, Undone, plan};
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::id::{CommentId, DecisionId, VersionId};
use crate::domain::role::Right;
use crate::domain::template::Variant;
use crate::escalation::{Open, Proposal};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::template::Length;
use crate::template::fill::Slots;

/// A decision as a programme words it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    kind: DecisionKind,
    revision: i32,
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    version: Option<Version>,
    #[serde(default)]
    variant: Option<VariantWord>,
    #[serde(default)]
    slots: Slots,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    ground: Option<Ground>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    confirmed: Vec<GuardCode>,
}

/// A language (`ar`), or a language and which of its texts (`ar-short`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct VariantWord {
    /// The language.
    pub variant: Variant,
    /// Which of its texts.
    pub length: Option<Length>,
}

impl TryFrom<String> for VariantWord {
    type Error = crate::domain::word::UnknownWord;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        let (variant, length) = match word.split_once('-') {
            Some((variant, length)) => (variant.parse()?, Some(length.parse()?)),
            None => (word.parse()?, None),
        };
        Ok(Self { variant, length })
    }
}

impl NewDecision {
    /// What is asked for, and the revision it is asked of.
    #[must_use]
    pub fn ask(self) -> (Ask, i32) {
        let revision = self.revision;
        let ask = Ask {
            kind: self.kind,
            template: self.template,
            version: self.version,
            variant: self.variant.map(|word| word.variant),
            length: self.variant.and_then(|word| word.length),
            slots: self.slots,
            text: self.text,
            ground: self.ground,
            reason: self.reason,
            confirmed: self.confirmed,
        };
        (ask, revision)
    }
}

/// Who decides, as the rules ask it.
///
/// # Errors
/// 403 for a token.
pub fn decider(by: &Who) -> Result<Decider, Problem> {
    Ok(Decider {
        person: by.person_id()?,
        supervisor: by.rights.has(Right::ResolveEscalation),
        seconds: false,
    })
}

/// `POST /api/v1/comments/{id}/decision`.
///
/// # Errors
/// 403, 404, 409 `stale_revision` or `claim_lost`, 422 `guardrail` or `not-possible`.
pub async fn create(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    new: web::Json<NewDecision>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let (ask, revision) = new.into_inner().ask();
    if ask.kind == DecisionKind::Escalate {
        let step = Open {
            comment: row.id,
            person: by.person_id()?,
            question: ask.reason.unwrap_or_default(),
            proposal: None::<Proposal>,
        };
        return super::escalations::open(&app, &by, &request, step, Answer::accepted).await;
    }
    let step = plan(&app, &row, revision, decider(&by)?, ask)
        .await
        .map_err(|refused| Problem::decision(refused, &app.people))?;
    once(&app, &by, &request, step, |made| Answer::accepted(made_view(made)))
        .await
        .map_err(|failed| failed.problem(|refused| Problem::decision(refused, &app.people)))
}

/// A decision as it is answered.
#[must_use]
pub fn made_view(made: &Made) -> serde_json::Value {
    json!({
        "decision": made.decision,
        "undo_until": rfc3339(made.undo_until),
        "by_hand": made.way == Way::ByHand,
    })
}

/// `DELETE /api/v1/decisions/{id}`.
///
/// # Errors
/// 403 for another person's, 404, 409 `already_sent`.
pub async fn delete(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = Undo {
        decision: id::<DecisionId>(&path)?,
        person: by.person_id()?,
        lanes: by.lanes(&app),
        lease_ms: app.config.lane.lease().num_milliseconds(),
    };
    let desk = app.clone();
    let answer = move |undone: &Undone| {
        let claim = undone.row.claimed_by.zip(undone.row.claimed_until);
        Answer::ok(json!({
            "comment": undone.comment,
            "state": undone.row.state,
            "claim": claim.map(|(by, until)| json!({ "by": desk.people.pseudonym(by), "until": rfc3339(until) })),
        }))
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(|refused| Problem::decision(refused, &app.people)))
}

/// A draft as it is handed in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    text: String,
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    version: Option<VersionId>,
    #[serde(default)]
    variant: Option<VariantWord>,
    #[serde(default)]
    slots: Slots,
}

/// `POST /api/v1/comments/{id}/draft`.
///
/// # Errors
/// 404, 409 `claim_lost`.
pub async fn save_draft(
    app: Desk,
    by: By<right::WorkLane>,
    path: web::Path<String>,
    new: web::Json<NewDraft>,
) -> Result<HttpResponse, Problem> {
    let new = new.into_inner();
    let kept = Draft {
        text: new.text,
        template: new.template,
        version: new.version,
        variant: new.variant.map(|word| word.variant),
        length: new.variant.and_then(|word| word.length),
        slots: new.slots,
        started_at: 0,
    };
    let saved_at = draft::save(&app, id(&path)?, by.person_id()?, kept)
        .await
        .map_err(|refused| Problem::decision(refused, &app.people))?;
    Ok(HttpResponse::Ok().json(json!({ "saved_at": rfc3339(saved_at) })))
}

/// `GET /api/v1/comments/{id}/draft`: the caller's own.
///
/// # Errors
/// 404 when there is none.
pub async fn find_draft(app: Desk, by: By<right::WorkLane>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let comment: CommentId = id(&path)?;
    let kept = draft::find(app.db.reader(), comment, by.person_id()?)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(kept))
}
