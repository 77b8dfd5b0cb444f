//! The load of every lane.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::app::App;
use crate::clock;
use crate::domain::lane::Lane;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;

/// `GET /api/v1/load`.
///
/// # Errors
/// 401, 403.
pub async fn read(app: Desk, _by: By<right::SeeLoad>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(view(&app)))
}

/// The figures of every lane now.
#[must_use]
pub fn view(app: &App) -> Value {
    let now = clock::ms(app.clock.now());
    let near = app.config.lane.near_min;
    let lanes: Vec<Value> = Lane::ALL
        .iter()
        .map(|lane| {
            let load = app.board.load(*lane, now, near);
            json!({
                "lane": lane,
                "arrivals_per_min": load.arrivals_per_min,
                "backlog": load.backlog,
                "claimed": load.claimed,
                "escalated": load.escalated,
                "oldest_wait_s": load.oldest_wait_ms.map(|ms| ms / 1000),
                "near_sla": load.near,
                "overdue": load.overdue,
                "on_shift": app.duty.in_lane(*lane).len(),
            })
        })
        .collect();
    json!({ "at": rfc3339(now), "near_min": near, "lanes": lanes })
}
