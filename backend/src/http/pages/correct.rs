//! From the desk: correcting tags, and what only a person can say of an action on its way.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::decide::{Fields, all, field, sends};
use super::hold::parts;
use super::{frames, see_other, wants_frames};
use crate::change::Failure;
use crate::decision::correct::{Correct, Correction};
use crate::domain::id::OutboxId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::http::api::comments::{id, visible};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::outbox::person::{Answer, PersonRefused, RetryNow, Said};
use crate::wire::html_frame::Ops;

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
    let step = Correct {
        comment: row.id,
        person: by.person_id()?,
        supervisor: by.rights.has(Right::ResolveEscalation),
        correction: Correction {
            language,
            narratives: Some(all(&fields, "narratives")),
            classes: Some(all(&fields, "classes")),
            flags: Some(all(&fields, "flags")),
            intent,
        },
        sla: app.config.lane.sla(),
    };
    let row = app
        .writer
        .change(step)
        .await
        .map_err(|failure| Problem::decision(failure.into(), &app.people))?;
    if wants_frames(&request) {
        Ok(frames(StatusCode::OK, parts(&app, &by, &request, row).await?))
    } else {
        Ok(see_other(&format!("/desk/{}?notice=saved", row.id)))
    }
}

/// `POST /outbox/{id}/retry`.
///
/// # Errors
/// 404, 409, 503.
pub async fn retry(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = RetryNow {
        outbox: id::<OutboxId>(&path)?,
        person: by.person_id()?,
        lanes: lanes(&app, &by),
    };
    let done = app.writer.change(step).await.map(|_| ());
    settled(&app, &by, &request, done).await
}

/// `POST /outbox/{id}/answer`.
///
/// # Errors
/// 400, 404, 409, 503.
pub async fn answer(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let said: Said = field(&fields, "did")
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| Problem::bad_input("Say whether it is there."))?;
    let step = Answer {
        outbox: id::<OutboxId>(&path)?,
        person: by.person_id()?,
        lanes: lanes(&app, &by),
        said,
    };
    let done = app.writer.change(step).await.map(|_| ());
    settled(&app, &by, &request, done).await
}

fn lanes(app: &Desk, who: &Who) -> Option<Vec<Lane>> {
    (!who.rights.has(Right::SeeAllLanes)).then(|| who.lanes(app))
}

async fn settled(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    done: Result<(), Failure<PersonRefused>>,
) -> Result<HttpResponse, Problem> {
    match done {
        Ok(()) => {}
        Err(Failure::Store(error)) => return Err(error.into()),
        Err(Failure::Refused(PersonRefused::Absent)) => return Err(Problem::not_found()),
        Err(Failure::Refused(PersonRefused::StaleRevision)) => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "stale_revision",
                "The comment was edited since. Read the new text and decide again.",
            ));
        }
        Err(Failure::Refused(PersonRefused::NotNow(_) | PersonRefused::CommentIs(_))) => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "illegal-state",
                "The action or its comment is in another state now. Read it again.",
            ));
        }
    }
    if !wants_frames(request) {
        return Ok(see_other("/desk"));
    }
    let mut ops = Ops::default();
    sends(app, by.person_id()?, request, &mut ops).await?;
    Ok(frames(StatusCode::OK, ops))
}
