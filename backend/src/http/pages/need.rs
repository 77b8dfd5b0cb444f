//! Why a lane needs so many people: inputs, assumptions and the half hours ahead.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{page, shell};
use crate::app::App;
use crate::domain::lane::Lane;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::load::{outlook, planned};
use crate::need::Absurd;
use crate::view::model::need::{Page, Why, row, why};

/// Half hours shown.
const SHOWN: usize = 16;

/// Which lane.
#[derive(Debug, Deserialize)]
pub struct Ask {
    #[serde(default)]
    lane: Option<String>,
}

/// `GET /need?lane=ar`.
///
/// # Errors
/// 401, 403, 503.
pub async fn show(
    app: Desk,
    by: By<right::SeeLoad>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let lane = ask
        .lane
        .as_deref()
        .and_then(|word| word.parse().ok())
        .unwrap_or(Lane::Ar);
    let shell = shell(&app, &request, &by).await?;
    let (why, absurd) = match of_lane(&app, lane).await? {
        Some(Ok(why)) => (Some(why), false),
        Some(Err(_)) => (None, true),
        None => (None, false),
    };
    let model = Page {
        lane,
        lanes: Lane::ALL,
        why,
        absurd,
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/need", &model)
}

/// What the figures of a lane stand on; none without a forecast.
async fn of_lane(app: &App, lane: Lane) -> Result<Option<Result<Why, Absurd>>, Problem> {
    let now = app.now_ms();
    let Some(ahead) = app.outlooks.of(lane, now) else {
        return Ok(None);
    };
    let load = app.board.load(lane, now, app.config.lane.near_min);
    let waiting = load.backlog + load.claimed;
    // As many as the tiles calculate with, so that both say the same.
    let halves = match outlook::halves(app, &ahead, waiting, now, outlook::NEAR) {
        Ok(halves) => halves,
        Err(absurd) => return Ok(Some(Err(absurd))),
    };
    let starts: Vec<i64> = halves.iter().take(SHOWN).map(|half| half.at).collect();
    let planned = planned::people(app, lane, &starts).await?;
    let rows = halves
        .iter()
        .zip(planned)
        .map(|(half, planned)| row(half, planned))
        .collect();
    let there = (waiting, app.duty.in_lane(lane).len());
    let level_by = outlook::level_by(app, now);
    Ok(Some(Ok(why(
        &ahead,
        &outlook::assumed(app, &ahead),
        there,
        level_by,
        &halves,
        rows,
    ))))
}
