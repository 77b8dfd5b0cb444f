//! Correcting what the desk says of a comment.

use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::EntityTrait;
use serde::{Deserialize, Deserializer};

use super::comments::{id, visible};
use crate::app::App;
use crate::decision::correct::{Correct, Correction};
use crate::domain::role::Right;
use crate::domain::tag::{Class, Flag, Intent};
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::{Shown, item};
use crate::store::entity::comment;

/// What is corrected; what is not named stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTags {
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    narratives: Option<Vec<String>>,
    #[serde(default)]
    classes: Option<Vec<Class>>,
    #[serde(default)]
    flags: Option<Vec<Flag>>,
    /// `null` takes an intent away.
    #[serde(default, deserialize_with = "named")]
    intent: Option<Option<Intent>>,
}

/// Tells `null` from a field that is not there.
fn named<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Intent>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Keys of the narratives that a person can choose from.
#[must_use]
pub fn narratives(app: &App) -> Vec<String> {
    let tagger = app.taught.tagger();
    tagger.book().narratives.iter().map(|entry| entry.key.clone()).collect()
}

/// `POST /api/v1/comments/{id}/tags`.
///
/// # Errors
/// 403 `no-right` for the intent, 404, 409 `claim_lost` for who neither holds it nor supervises.
pub async fn correct(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    new: web::Json<NewTags>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let new = new.into_inner();
    if new.intent.is_some() && !by.rights.has(Right::SetIntent) {
        return Err(Problem::no_right());
    }
    if let Some(code) = &new.language {
        let looks_like_one = (2..=8).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
        if !looks_like_one {
            return Err(Problem::bad_input(
                "'language' must be a code such as 'ar', 'sv', 'en' or 'other'.",
            ));
        }
    }
    let narratives = narratives(&app);
    if let Some(chosen) = &new.narratives
        && chosen.iter().any(|key| !narratives.contains(key))
    {
        return Err(Problem::bad_input(
            "'narratives' names a key that the desk's codebook does not have.",
        ));
    }
    let step = Correct {
        comment: row.id,
        person: by.person_id()?,
        supervisor: by.rights.has(Right::ResolveEscalation),
        correction: Correction {
            language: new.language,
            narratives: new.narratives,
            classes: new.classes,
            flags: new.flags,
            intent: new.intent,
        },
        sla: app.config.lane.sla(),
        narratives,
    };
    // Kept without its body, which holds the text: whoever asks again gets the comment as it is now.
    once(&app, &by, &request, step, |_| Answer::nothing())
        .await
        .map_err(|failed| failed.problem(|refused| Problem::decision(refused, &app.people)))?;
    app.taught.caught_up().await;
    let row = comment::Entity::find_by_id(row.id).one(app.db.reader()).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(item(row, &app.people, Shown::Exact)))
}
