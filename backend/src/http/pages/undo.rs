//! Taking a decision back within its window.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::EntityTrait;

use super::decide::sends;
use super::{frames, lead, locale, render, sentence, wants_frames};
use crate::decision::Undo;
use crate::domain::id::DecisionId;
use crate::http::api::comments::id;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::store::entity::decision;
use crate::view::model::card::card;
use crate::wire::html;
use crate::wire::html_frame::Ops;
use crate::wire::html_read::near;

/// `POST /decisions/{id}/undo`.
///
/// # Errors
/// 403, 404, 409 `already_sent`, 503.
pub async fn undo(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (decision, person) = (id::<DecisionId>(&path)?, by.person_id()?);
    let step = Undo {
        decision,
        person,
        lanes: by.lanes(&app),
        lease_ms: app.config.lane.lease().num_milliseconds(),
    };
    let undone = match app.writer.change(step).await {
        Ok(undone) => undone,
        Err(failure) => {
            let row = decision::Entity::find_by_id(decision).one(app.db.reader()).await?;
            return match row.filter(|row| row.person_id == person && row.undone_at.is_some()) {
                // Sent twice: it is as its maker wanted it.
                Some(row) => Ok(lead(&request, &format!("/desk/{}", row.comment_id))),
                None => Err(Problem::decision(failure.into(), &app.people)),
            };
        }
    };
    let place = format!("/desk/{}", undone.comment);
    if !wants_frames(&request) {
        return Ok(lead(&request, &format!("{place}?notice=undone")));
    }
    let locale = locale(&request);
    let mut ops = Ops::default();
    sends(&app, person, &request, &mut ops).await?;
    if html::gone(&undone.row, undone.row.lane).is_none() {
        let part = render(&app, locale, "parts/card", &card(&undone.row, &app.people, near(&app)))?;
        let next = html::behind(&app, &undone.row).await?.map(|id| format!("card-{id}"));
        ops.add("queue", next.as_deref(), &part);
    }
    ops.say("polite", &sentence(&app, locale, "notice-undone"));
    ops.go(&place);
    Ok(frames(StatusCode::OK, ops))
}
