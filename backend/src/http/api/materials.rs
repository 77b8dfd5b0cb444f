//! What a campaign has to point to.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::campaign::material::{AddMaterial, MaterialRefused, RetireMaterial, of_campaign};
use crate::domain::material::MaterialKind;
use crate::domain::template::Variant;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::store::entity::material;

/// `GET /api/v1/campaigns/{id}/materials`.
///
/// # Errors
/// 400, 401, 403, 503.
pub async fn list(app: Desk, _by: By<right::ReadCampaigns>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let all = of_campaign(app.db.reader(), id(&path)?).await?;
    let materials: Vec<Value> = all
        .iter()
        .map(|(row, uses)| {
            let mut told = view(row);
            told["uses"] = json!(uses);
            told
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "materials": materials })))
}

fn view(row: &material::Model) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "variant": row.variant,
        "kind": row.kind,
        "title": row.title,
        "link": row.link,
        "created_at": rfc3339(row.created_at),
        "retired_at": row.retired_at.map(rfc3339),
    })
}

/// A material to add.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {
    name: String,
    variant: Variant,
    kind: MaterialKind,
    title: String,
    link: String,
}

/// `POST /api/v1/campaigns/{id}/materials`.
///
/// # Errors
/// 400 for a name, title or link that is none, 404, 409 `taken`.
pub async fn create(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    path: web::Path<String>,
    given: web::Json<Add>,
) -> Result<HttpResponse, Problem> {
    let given = given.into_inner();
    let step = AddMaterial {
        campaign: id(&path)?,
        name: given.name.trim().to_owned(),
        variant: given.variant,
        kind: given.kind,
        title: given.title.trim().to_owned(),
        link: given.link.trim().to_owned(),
        by: by.actor(),
    };
    let answer = |row: &material::Model| Answer {
        status: StatusCode::CREATED,
        body: view(row),
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(refused))
}

/// `POST /api/v1/campaigns/{id}/materials/{material}/retire`.
///
/// # Errors
/// 400, 404.
pub async fn retire(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let step = RetireMaterial {
        campaign: id(&path.0)?,
        material: id(&path.1)?,
        by: by.actor(),
    };
    once(&app, &by, &request, step, |()| Answer::nothing())
        .await
        .map_err(|failed| failed.problem(refused))
}

/// A refusal with the code that pages have a sentence for.
pub fn refused(refused: MaterialRefused) -> Problem {
    match refused {
        MaterialRefused::Absent => Problem::not_found(),
        MaterialRefused::BadName => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-name",
            "A name has 1 to 40 lower-case letters a to z, digits and '_', begins with a letter, and is not a slot's.",
        ),
        MaterialRefused::BadTitle => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-title",
            "A title has 1 to 120 characters on one line.",
        ),
        MaterialRefused::BadLink => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-link",
            "A link begins with https://, names a host, has no spaces and at most 100 characters.",
        ),
        MaterialRefused::Taken => Problem::new(
            StatusCode::CONFLICT,
            "name-taken",
            "A material has, or had, this name in this language. A name stands for one link for good: choose another.",
        ),
    }
}
