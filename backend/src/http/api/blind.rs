//! Tagging a comment before the machine's tags are shown, and how far both agree.

use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::EntityTrait;
use serde::Deserialize;
use serde_json::json;

use super::comments::{id, visible};
use super::tags::narratives;
use crate::domain::tag::Class;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::{Shown, item};
use crate::store::entity::comment;
use crate::teaching::blind::{AnswerBlind, agreement as counted};

/// What the person sees in the comment; empty lists for nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBlind {
    narratives: Vec<String>,
    classes: Vec<Class>,
}

/// `POST /api/v1/comments/{id}/blind`: the comment with the machine's tags, now that the person's are kept.
///
/// # Errors
/// 400, 404, 409 `not-blind`, `claim_lost`.
pub async fn answer(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    new: web::Json<NewBlind>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let known = narratives(&app);
    if new.narratives.iter().any(|key| !known.contains(key)) {
        return Err(Problem::bad_input(
            "'narratives' names a key that the desk's codebook does not have.",
        ));
    }
    let classes = new.classes.iter().map(ToString::to_string);
    let step = AnswerBlind {
        comment: row.id,
        person: by.person_id()?,
        said: new.narratives.iter().cloned().chain(classes).collect(),
        percent: app.config.teaching.blind_percent,
    };
    once(&app, &by, &request, step, |()| Answer::nothing())
        .await
        .map_err(Problem::from)?;
    let row = comment::Entity::find_by_id(row.id).one(app.db.reader()).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(item(row, &app.people, Shown::Exact)))
}

/// `GET /api/v1/agreement`.
///
/// # Errors
/// 401, 403.
pub async fn agreement(app: Desk, _by: By<right::SeeLoad>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(json!({ "items": counted(app.db.reader()).await? })))
}
