//! Taking, keeping and giving back a comment from the desk.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Deserialize;

use super::item::shown;
use super::list::Ask;
use super::{change, frames, lead, locale, render, see_other, sentence, wants_frames};
use crate::change::{Failure, Step};
use crate::domain::comment::CommentState;
use crate::domain::id::CommentId;
use crate::domain::lane::Lane;
use crate::http::api::comments::{id, visible};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::lane::claim::{Claim, ClaimNext, ClaimRefused, Extend, Release};
use crate::lane::order::state_is;
use crate::store::entity::comment;
use crate::view::model::card::card;
use crate::wire::html_frame::Ops;
use crate::wire::html_read::near;

/// From which lane to take.
#[derive(Debug, Deserialize)]
pub struct Next {
    #[serde(default)]
    lane: String,
}

/// `POST /desk/next`: opens the comment the person has, else the best that waits.
///
/// # Errors
/// 403 `not-checked-in`, 409 `claim-limit`, 503.
pub async fn next(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    given: web::Form<Next>,
) -> Result<HttpResponse, Problem> {
    let person = by.person_id()?;
    let held = comment::Entity::find()
        .filter(comment::Column::ClaimedBy.eq(person))
        .filter(state_is(CommentState::Claimed))
        .order_by_asc(comment::Column::ClaimedUntil)
        .one(app.db.reader())
        .await?;
    if let Some(held) = held {
        return Ok(lead(&request, &format!("/desk/{}", held.id)));
    }
    let mut lanes = by.lanes(&app);
    if let Ok(lane) = given.lane.parse::<Lane>() {
        lanes.retain(|mine| *mine == lane);
    }
    if lanes.is_empty() {
        return Err(Problem::not_checked_in());
    }
    let step = ClaimNext {
        person,
        lanes,
        lease_ms: app.config.lane.lease().num_milliseconds(),
        most: app.config.lane.most_claims,
    };
    match app.writer.change(step).await {
        Ok(Some(row)) => Ok(lead(&request, &format!("/desk/{}", row.id))),
        Ok(None) if wants_frames(&request) => {
            let mut ops = Ops::default();
            ops.say("polite", &sentence(&app, locale(&request), "notice-nothing-waits"));
            Ok(frames(StatusCode::OK, ops))
        }
        Ok(None) => Ok(see_other("/desk?notice=nothing-waits")),
        Err(Failure::Refused(refused)) => Err(Problem::claim(&refused, &app.people)),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

/// `POST /desk/{id}/claim`.
///
/// # Errors
/// 403, 404, 409, 503.
pub async fn claim(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = Claim {
        comment: id(&path)?,
        person: by.person_id()?,
        lanes: by.lanes(&app),
        lease_ms: app.config.lane.lease().num_milliseconds(),
        most: app.config.lane.most_claims,
    };
    act(&app, &by, &request, step.comment, step, None).await
}

/// `POST /desk/{id}/extend`.
///
/// # Errors
/// 404, 409, 503.
pub async fn extend(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = Extend {
        comment: id(&path)?,
        person: by.person_id()?,
        lease_ms: app.config.lane.lease().num_milliseconds(),
    };
    act(&app, &by, &request, step.comment, step, None).await
}

/// `POST /desk/{id}/release`.
///
/// # Errors
/// 404, 409, 503.
pub async fn release(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = Release {
        comment: id(&path)?,
        person: by.person_id()?,
    };
    act(&app, &by, &request, step.comment, step, Some("released")).await
}

/// Acts, and tells how the comment stands after it, or after it was refused because somebody was faster.
async fn act(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    comment: CommentId,
    step: impl Step<Refusal = ClaimRefused>,
    notice: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let refused = match change(app, by, request, step).await? {
        Ok(()) => None,
        Err(Failure::Store(error)) => return Err(error.into()),
        Err(Failure::Refused(refused @ (ClaimRefused::HeldBy(_) | ClaimRefused::NotOpen(_)))) => Some(refused),
        Err(Failure::Refused(refused)) => return Err(Problem::claim(&refused, &app.people)),
    };
    let row = visible(app, by, comment).await?;
    if !wants_frames(request) {
        let notice = notice.filter(|_| refused.is_none());
        return Ok(see_other(&match notice {
            Some(notice) => format!("/desk/{comment}?notice={notice}"),
            // The page itself tells who has it.
            None => format!("/desk/{comment}"),
        }));
    }
    let mut ops = parts(app, by, request, row).await?;
    let locale = locale(request);
    let status = match &refused {
        Some(refused) => {
            let code = Problem::claim(refused, &app.people).code;
            ops.say("assertive", &sentence(app, locale, &format!("error-{code}")));
            StatusCode::CONFLICT
        }
        None => {
            if let Some(notice) = notice {
                ops.say("polite", &sentence(app, locale, &format!("notice-{notice}")));
            }
            StatusCode::OK
        }
    };
    Ok(frames(status, ops))
}

/// Every part of a comment on the desk, as the viewer sees it now.
///
/// # Errors
/// 503.
pub async fn parts(app: &Desk, by: &Who, request: &HttpRequest, row: comment::Model) -> Result<Ops, Problem> {
    let locale = locale(request);
    let id = row.id;
    let card = card(&row, &app.people, near(app));
    let shown = shown(app, by, row, &Ask::default(), false).await?;
    let mut ops = Ops::default();
    ops.put(&format!("card-{id}"), &render(app, locale, "parts/card", &card)?);
    ops.put(
        &format!("claim-{id}"),
        &render(app, locale, "parts/claim", &shown.claim)?,
    );
    ops.put(&format!("item-{id}"), &render(app, locale, "parts/item", &shown.item)?);
    let composer = render(app, locale, "parts/composer", &shown.composer)?;
    ops.put(&format!("reply-{id}"), &composer);
    Ok(ops)
}
