//! Reply templates, their versions and states.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::domain::id::VersionId;
use crate::domain::template::{TemplateMove, Variant};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::pack::{ImportPack, Imported};
use crate::store::entity::{template, template_version};
use crate::template::moves::{EditVariant, Edited, MoveVersion};
use crate::template::read::{self, Document};

/// `GET /api/v1/templates`.
///
/// # Errors
/// 401, 403.
pub async fn list(app: Desk, _by: By<right::ReadTemplates>) -> Result<HttpResponse, Problem> {
    let documents = read::list(app.db.reader()).await?;
    let items: Vec<Value> = documents
        .iter()
        .map(|document| {
            let mut view = head(&document.template);
            let variants: Vec<Value> = Variant::ALL
                .iter()
                .filter_map(|variant| document.current(*variant))
                .map(|version| json!({ "variant": version.variant, "version": version.version, "version_id": version.id, "state": version.state }))
                .collect();
            if let Value::Object(fields) = &mut view {
                fields.insert("variants".to_owned(), json!(variants));
            }
            view
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

/// `GET /api/v1/templates/{key}`.
///
/// # Errors
/// 404.
pub async fn read(app: Desk, _by: By<right::ReadTemplates>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let document = read::find(app.db.reader(), &path)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(whole(&app, &document)))
}

fn whole(app: &Desk, document: &Document) -> Value {
    let mut view = head(&document.template);
    if let Value::Object(fields) = &mut view {
        let text = |stored: &str| serde_json::from_str::<Value>(stored).unwrap_or_default();
        fields.insert("slots".to_owned(), text(&document.template.placeholders));
        fields.insert("facts".to_owned(), text(&document.template.facts));
        fields.insert("sources".to_owned(), text(&document.template.sources));
        let versions: Vec<Value> = document
            .versions
            .iter()
            .map(|version| version_view(app, version))
            .collect();
        fields.insert("versions".to_owned(), json!(versions));
    }
    view
}

fn head(row: &template::Model) -> Value {
    let list = |stored: &str| serde_json::from_str::<Value>(stored).unwrap_or_default();
    json!({
        "key": row.key,
        "answers": list(&row.answers),
        "answers_flags": list(&row.answers_flags),
        "fact_status": row.fact_status,
        "note": row.note,
    })
}

fn version_view(app: &Desk, row: &template_version::Model) -> Value {
    let who = |id: Option<_>| id.map(|id| app.people.pseudonym(id));
    json!({
        "id": row.id,
        "key": row.template_key,
        "variant": row.variant,
        "version": row.version,
        "state": row.state,
        "short": row.short,
        "long": row.long,
        "written_by": who(row.written_by),
        "written_at": rfc3339(row.written_at),
        "submitted_by": who(row.submitted_by),
        "submitted_at": row.submitted_at.map(rfc3339),
        "approved_by": who(row.approved_by),
        "approved_at": row.approved_at.map(rfc3339),
        "expires_on": row.expires_on,
    })
}

/// A new version as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    variant: Variant,
    short: String,
    long: String,
}

/// `POST /api/v1/templates/{key}/versions`: a new draft; what is approved stays until the draft is.
///
/// # Errors
/// 404, 422 `guardrail`.
pub async fn edit(
    app: Desk,
    by: By<right::WriteTemplates>,
    request: HttpRequest,
    path: web::Path<String>,
    new: web::Json<NewVersion>,
) -> Result<HttpResponse, Problem> {
    let new = new.into_inner();
    let step = EditVariant {
        key: path.into_inner(),
        variant: new.variant,
        short: new.short,
        long: new.long,
        person: by.person_id()?,
    };
    let desk = app.clone();
    let answer = move |edited: &Edited| {
        let mut view = version_view(&desk, &edited.version);
        if let Value::Object(fields) = &mut view {
            fields.insert("warnings".to_owned(), json!(edited.warnings));
        }
        Answer::created(view)
    };
    Ok(once(&app, &by, &request, step, answer).await?)
}

/// `POST /api/v1/templates/versions/{id}/submit`.
///
/// # Errors
/// 404, 409 `template-state`.
pub async fn submit(
    app: Desk,
    by: By<right::WriteTemplates>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = MoveVersion {
        version: id(&path)?,
        by: TemplateMove::Submit,
        person: by.person_id()?,
        expires_on: None,
    };
    moved(&app, &by, &request, step).await
}

async fn moved(app: &Desk, by: &Who, request: &HttpRequest, step: MoveVersion) -> Result<HttpResponse, Problem> {
    let desk = app.clone();
    let answer = move |row: &template_version::Model| Answer::ok(version_view(&desk, row));
    Ok(once(app, by, request, step, answer).await?)
}

/// What may come with an approval.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    #[serde(default)]
    expires_on: Option<NaiveDate>,
}

/// `POST /api/v1/templates/versions/{id}/{approve|send-back|pause|resume|retire}`.
///
/// # Errors
/// 403 `second_person` for who wrote or submitted it, 404, 409 `template-state`.
pub async fn act(
    app: Desk,
    by: By<right::ApproveTemplates>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: bytes::Bytes,
) -> Result<HttpResponse, Problem> {
    let (version, word) = path.into_inner();
    let done: TemplateMove = word.parse().map_err(|_| Problem::not_found())?;
    let approval: Approval = if body.is_empty() {
        Approval::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| Problem::bad_input(format!("{error}.")))?
    };
    let step = MoveVersion {
        version: id::<VersionId>(&version)?,
        by: done,
        person: by.person_id()?,
        expires_on: approval.expires_on,
    };
    moved(&app, &by, &request, step).await
}

/// `POST /api/v1/templates/pack`: imports the pack that comes with the desk, as drafts.
///
/// # Errors
/// 403.
pub async fn import(app: Desk, by: By<right::WriteTemplates>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let step = ImportPack::shipped(by.actor()).map_err(|error| {
        tracing::error!(%error, "the shipped pack is unreadable");
        Problem::from(crate::store::Error::inconsistent("the shipped pack"))
    })?;
    let answer = |imported: &Imported| Answer::ok(json!({ "added": imported.added, "known": imported.known }));
    Ok(once(&app, &by, &request, step, answer).await?)
}
