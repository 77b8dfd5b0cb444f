//! Corrections kept as examples: what the desk learns from, and taking one back.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::app::App;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::tagging::Context;
use crate::teaching::example::{self, Example, TakeBack, TakeBackRefused};
use crate::teaching::trial::shown;

/// Characters shown of an example.
const CHARACTERS: usize = 280;

/// Which part of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    holding: Option<bool>,
}

/// `GET /api/v1/examples`, the latest first; texts are masked.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(app: Desk, _by: By<right::WriteNarratives>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let foreign = || Problem::bad_input("The cursor is not one of this list. Start without it.");
    let before = match ask.cursor.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => {
            let (at, id) = word.split_once('.').ok_or_else(foreign)?;
            Some((at.parse().map_err(|_| foreign())?, id.parse().map_err(|_| foreign())?))
        }
        None => None,
    };
    let limit = ask.limit.unwrap_or(50).clamp(1, 200);
    let page = example::list(app.db.reader(), ask.holding.unwrap_or(true), before, limit).await?;
    let next = page
        .last()
        .filter(|_| page.len() as u64 == limit)
        .map(|last| format!("{}.{}", last.row.kept_at, last.row.id));
    let items: Vec<Value> = page.iter().map(|example| view(&app, example)).collect();
    let version = app.taught.tagger().version();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "cursor": next, "version": version })))
}

fn view(app: &App, example: &Example) -> Value {
    let row = &example.row;
    let text = example.text.as_deref().and_then(|text| {
        shown(
            text,
            &app.taught.tag(text, &Context::default()),
            &example.labels(),
            CHARACTERS,
        )
    });
    json!({
        "id": row.id,
        "comment": row.comment_id,
        "revision": row.revision,
        "labels": example.labels(),
        "language": row.language,
        "text": text,
        "kept_by": app.people.pseudonym(row.kept_by),
        "kept_at": rfc3339(row.kept_at),
        "taken_back_by": row.taken_back_by.map(|by| app.people.pseudonym(by)),
        "taken_back_at": row.taken_back_at.map(rfc3339),
    })
}

/// `DELETE /api/v1/examples/{id}`: it is no longer learnt from.
///
/// # Errors
/// 404 for one that is not there or was taken back before.
pub async fn take_back(
    app: Desk,
    by: By<right::WriteNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = TakeBack {
        example: id(&path)?,
        person: by.person_id()?,
    };
    let answer = once(&app, &by, &request, step, |()| Answer::nothing())
        .await
        .map_err(|failed| failed.problem(|TakeBackRefused::Absent| Problem::not_found()))?;
    app.taught.caught_up().await;
    Ok(answer)
}
