//! What a person says about an action on its way: that it is on the platform or is not, or that it shall be tried again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::EntityTrait;
use serde::Deserialize;

use super::{change, frames, locale, own_path, render, see_other, sentence, wants_frames};
use crate::change::Failure;
use crate::domain::id::OutboxId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::http::api::comments::id;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::outbox::person::{Answer, PersonRefused, RetryNow, Said};
use crate::store::entity::{comment, decision, outbox};
use crate::view::model::outbox::sending;
use crate::wire::html_frame::Ops;

/// What a person found on the platform.
#[derive(Debug, Deserialize)]
pub struct Found {
    #[serde(default)]
    did: String,
    /// Where the form stood, if not on the comment's page.
    #[serde(default)]
    back: String,
}

/// `POST /outbox/{id}/answer`.
///
/// # Errors
/// 400, 401, 403, 404, 409, 503.
pub async fn answer(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    found: web::Form<Found>,
) -> Result<HttpResponse, Problem> {
    let said: Said = found
        .did
        .parse()
        .map_err(|_| Problem::bad_input("Say whether it is on the platform."))?;
    let step = Answer {
        outbox: id(&path)?,
        person: by.person_id()?,
        lanes: lanes(&app, &by),
        said,
    };
    let row = step.outbox;
    let settled = change(&app, &by, &request, step).await?;
    told(&app, &request, row, settled, own_path(&found.back)).await
}

/// `POST /outbox/{id}/retry`.
///
/// # Errors
/// 401, 403, 404, 409, 503.
pub async fn retry(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = RetryNow {
        outbox: id(&path)?,
        person: by.person_id()?,
        lanes: lanes(&app, &by),
    };
    let row = step.outbox;
    let settled = change(&app, &by, &request, step).await?;
    told(&app, &request, row, settled, None).await
}

fn lanes(app: &Desk, who: &Who) -> Option<Vec<Lane>> {
    (!who.rights.has(Right::SeeAllLanes)).then(|| who.lanes(app))
}

async fn told(
    app: &Desk,
    request: &HttpRequest,
    row: OutboxId,
    settled: Result<(), Failure<PersonRefused>>,
    back: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let (status, said) = match settled {
        Ok(()) => (StatusCode::OK, "notice-saved"),
        Err(Failure::Store(error)) => return Err(error.into()),
        Err(Failure::Refused(PersonRefused::Absent)) => return Err(Problem::not_found()),
        Err(Failure::Refused(PersonRefused::NotNow(_) | PersonRefused::CommentIs(_))) => {
            (StatusCode::CONFLICT, "error-illegal-state")
        }
        Err(Failure::Refused(PersonRefused::StaleRevision)) => (StatusCode::CONFLICT, "error-stale-revision"),
    };
    let found = outbox::Entity::find_by_id(row).one(app.db.reader()).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    if !wants_frames(request) {
        let comment = found.comment_id;
        return match said.strip_prefix("error-") {
            None => Ok(match back {
                Some(back) => see_other(&format!("{back}?notice=saved")),
                None => see_other(&format!("/desk/{comment}?notice=saved")),
            }),
            Some("stale-revision") => Err(Problem::new(
                status,
                "stale-revision",
                "The author changed the text. Read it and decide again.",
            )),
            Some(_) => Err(Problem::new(
                status,
                "illegal-state",
                "The action has another state now. Read it again.",
            )),
        };
    }
    let locale = locale(request);
    let decided = decision::Entity::find_by_id(found.decision_id)
        .one(app.db.reader())
        .await?;
    let on = comment::Entity::find_by_id(found.comment_id)
        .one(app.db.reader())
        .await?;
    let mut ops = Ops::default();
    if let (Some(decided), Some(on)) = (decided, on) {
        let view = sending(&found, &decided, &on, app.now_ms());
        ops.put(&format!("out-{row}"), &render(app, locale, "parts/outbox", &view)?);
    }
    let how = if status == StatusCode::OK {
        "polite"
    } else {
        "assertive"
    };
    ops.say(how, &sentence(app, locale, said));
    Ok(frames(status, ops))
}
