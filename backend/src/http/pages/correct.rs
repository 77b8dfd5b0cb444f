//! From the desk: correcting tags.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::decide::{Fields, all, field, now};
use super::hold::parts;
use super::{change, frames, see_other, wants_frames};
use crate::decision::correct::{Correct, Correction};
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::http::api::comments::{id, visible};
use crate::http::api::tags::narratives;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::lane::item::tags_of;

/// `POST /desk/{id}/tags`.
///
/// # Errors
/// 403, 404, 409 `claim_lost`, 503.
pub async fn tags(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let had = tags_of(&row).map(|tags| tags.language.code).unwrap_or_default();
    let language = field(&fields, "language")
        .and_then(|word| word.parse::<Lane>().ok())
        // The form knows only the languages of lanes; it must not make Persian into "other".
        .filter(|lane| Lane::of_language(&had) != *lane)
        .map(|lane| lane.as_str().to_owned());
    let intent = match field(&fields, "intent") {
        Some(_) if !by.rights.has(Right::SetIntent) => return Err(Problem::no_right()),
        Some(word) => Some(word.parse().ok()),
        None => None,
    };
    let narratives = narratives(&app);
    let step = Correct {
        comment: row.id,
        person: by.person_id()?,
        supervisor: by.rights.has(Right::ResolveEscalation),
        correction: Correction {
            language,
            narratives: Some(
                all::<String>(&fields, "narratives")
                    .into_iter()
                    .filter(|key| narratives.contains(key))
                    .collect(),
            ),
            classes: Some(all(&fields, "classes")),
            flags: Some(all(&fields, "flags")),
            intent,
        },
        sla: app.config.lane.sla(),
        narratives,
    };
    change(&app, &by, &request, step)
        .await?
        .map_err(|failure| Problem::decision(failure.into(), &app.people))?;
    app.taught.caught_up().await;
    let row = now(&app, row).await?;
    if wants_frames(&request) {
        Ok(frames(StatusCode::OK, parts(&app, &by, &request, row).await?))
    } else {
        Ok(see_other(&format!("/desk/{}?notice=saved", row.id)))
    }
}
