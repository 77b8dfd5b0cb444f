//! Narratives of the codebook: what holds, drafts, trying a draft, publishing and going back.

use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::EntityTrait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::app::App;
use crate::domain::id::NarrativeVersionId;
use crate::domain::narrative::NarrativeState;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::store::entity::narrative_version;
use crate::teaching::narrative::{Document, Narrative, document, documents};
use crate::teaching::trial::{self, Outcome};
use crate::teaching::write::{Move, MoveNarrative, NarrativeRefused, Revert, WriteNarrative};

/// `GET /api/v1/narratives`.
///
/// # Errors
/// 401, 403.
pub async fn list(app: Desk, _by: By<right::ReadNarratives>) -> Result<HttpResponse, Problem> {
    let all = documents(app.db.reader()).await?;
    let items: Vec<Value> = all.iter().map(head).collect();
    let tagger = app.taught.tagger();
    Ok(HttpResponse::Ok().json(json!({
        "items": items,
        "codebook": tagger.book().version,
        "model": tagger.version(),
    })))
}

/// `GET /api/v1/narratives/{key}`.
///
/// # Errors
/// 404.
pub async fn read(app: Desk, _by: By<right::ReadNarratives>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let document = document(app.db.reader(), &path).await?.ok_or_else(Problem::not_found)?;
    let mut body = head(&document);
    body["text"] = json!(document.holds().unwrap_or_else(|| document.latest()));
    let versions: Vec<Value> = document
        .versions
        .iter()
        .map(|row| {
            let mut view = version(&app, row);
            view["text"] = json!(Narrative::of(row));
            view
        })
        .collect();
    body["versions"] = json!(versions);
    Ok(HttpResponse::Ok().json(body))
}

fn head(document: &Document) -> Value {
    let text = document.holds().unwrap_or_else(|| document.latest());
    json!({
        "key": document.key,
        "titles": text.titles,
        "shipped": document.shipped.is_some(),
        "retired": text.retired,
        "version": document.published().map_or(0, |row| row.version),
        "draft": document.draft().map(|row| row.id),
    })
}

/// Without the text: answers are kept for a day, examples are people's.
fn version(app: &App, row: &narrative_version::Model) -> Value {
    json!({
        "id": row.id,
        "version": row.version,
        "state": row.state,
        "written_by": app.people.pseudonym(row.written_by),
        "written_at": rfc3339(row.written_at),
        "tested_at": row.tested_at.map(rfc3339),
        "published_by": row.published_by.map(|by| app.people.pseudonym(by)),
        "published_at": row.published_at.map(rfc3339),
    })
}

/// `POST /api/v1/narratives`: a draft; what is published stays until the draft is.
///
/// # Errors
/// 422 `guardrail`.
pub async fn write(
    app: Desk,
    by: By<right::WriteNarratives>,
    request: HttpRequest,
    new: web::Json<Narrative>,
) -> Result<HttpResponse, Problem> {
    let step = WriteNarrative {
        narrative: new.into_inner(),
        person: by.person_id()?,
    };
    let desk = app.clone();
    let answer = move |row: &narrative_version::Model| Answer::created(version(&desk, row));
    Ok(once(&app, &by, &request, step, answer).await?)
}

/// Tries a draft, and notes that somebody did.
///
/// # Errors
/// 404, 409 `narrative-state`.
pub async fn tried(app: &App, by: &Who, id: NarrativeVersionId) -> Result<Outcome, Problem> {
    let row = narrative_version::Entity::find_by_id(id).one(app.db.reader()).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    if row.state != NarrativeState::Draft {
        return Err(crate::change::Failure::Refused(NarrativeRefused::NotDraft(row.state)).into());
    }
    let outcome = trial::run(app, Narrative::of(&row)).await?;
    let step = MoveNarrative {
        version: id,
        by: Move::Test,
        person: by.person_id()?,
    };
    app.writer.change(step).await?;
    Ok(outcome)
}

/// `POST /api/v1/narratives/versions/{id}/test`.
///
/// # Errors
/// 404, 409 `narrative-state`.
pub async fn test(app: Desk, by: By<right::WriteNarratives>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let outcome = tried(&app, &by, id(&path)?).await?;
    Ok(HttpResponse::Ok().json(outcome))
}

/// `POST /api/v1/narratives/versions/{id}/put-aside`.
///
/// # Errors
/// 404, 409 `narrative-state`.
pub async fn put_aside(
    app: Desk,
    by: By<right::WriteNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    moved(&app, &by, &request, id(&path)?, Move::PutAside).await
}

/// `POST /api/v1/narratives/versions/{id}/publish`: the desk tags by it when this is answered.
///
/// # Errors
/// 403 `second_person` for who wrote it, 404, 409 `not-tested`, `narrative-state`, `too-many-narratives`.
pub async fn publish(
    app: Desk,
    by: By<right::PublishNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let answer = moved(&app, &by, &request, id(&path)?, Move::Publish).await?;
    app.taught.caught_up().await;
    Ok(answer)
}

async fn moved(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    id: NarrativeVersionId,
    what: Move,
) -> Result<HttpResponse, Problem> {
    let step = MoveNarrative {
        version: id,
        by: what,
        person: by.person_id()?,
    };
    let desk = app.clone();
    let answer = move |row: &narrative_version::Model| Answer::ok(version(&desk, row));
    Ok(once(app, by, request, step, answer).await?)
}

/// To which version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reverting {
    to: i32,
}

/// `POST /api/v1/narratives/{key}/revert` `{to}`.
///
/// # Errors
/// 404 for a version that was never published, 409 `too-many-narratives`.
pub async fn revert(
    app: Desk,
    by: By<right::PublishNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
    given: web::Json<Reverting>,
) -> Result<HttpResponse, Problem> {
    let step = Revert {
        narrative: path.into_inner(),
        to: given.to,
        person: by.person_id()?,
    };
    let desk = app.clone();
    let answer = move |row: &narrative_version::Model| Answer::ok(version(&desk, row));
    let answer = once(&app, &by, &request, step, answer).await.map_err(Problem::from)?;
    app.taught.caught_up().await;
    Ok(answer)
}
