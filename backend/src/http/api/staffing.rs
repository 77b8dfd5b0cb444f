//! How many people a lane needs, half hour by half hour, with inputs and assumptions.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock;
use crate::domain::lane::Lane;
use crate::forecast::AHEAD;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::load::{outlook, planned};

/// Which lane, and which half hours; the next eight hours when nothing is said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    lane: Lane,
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    #[serde(default)]
    to: Option<DateTime<Utc>>,
}

/// Half hours told when nothing is said.
const NEXT: i64 = 16;

/// There is no forecast to calculate with.
#[must_use]
pub fn no_outlook() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "no-outlook",
        "The desk has no forecast yet, or none that is fresh. It needs an hour of comments, and is made within a minute of a start; ask again then.",
    )
}

/// `GET /api/v1/staffing?lane=&from=&to=`.
///
/// # Errors
/// 400, 401, 403, 422 for settings that cannot be calculated with, 503 without a forecast.
pub async fn read(app: Desk, _by: By<right::SeeLoad>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let now = app.now_ms();
    let from = ask.from.map_or(now - now.rem_euclid(outlook::HALF_MS), clock::ms);
    let to = ask.to.map_or(from + NEXT * outlook::HALF_MS, clock::ms);
    if to <= from {
        return Err(Problem::bad_input("'to' must be later than 'from'."));
    }
    let ahead = app.outlooks.of(ask.lane, now).ok_or_else(no_outlook)?;
    let load = app.board.load(ask.lane, now, app.config.lane.near_min);
    let waiting = load.backlog + load.claimed;
    let halves = outlook::halves(&app, &ahead, waiting, now, 2 * AHEAD)
        .map_err(|absurd| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "absurd-input", absurd.to_string()))?;
    let halves: Vec<_> = halves
        .into_iter()
        .filter(|half| (from..to).contains(&half.at))
        .collect();
    let starts: Vec<i64> = halves.iter().map(|half| half.at).collect();
    let planned = planned::people(&app, ask.lane, &starts).await?;
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    let told: Vec<Value> = halves
        .iter()
        .zip(planned)
        .map(|(half, planned)| {
            json!({
                "at": rfc3339(half.at),
                "expected": rounded(half.expected.mean),
                "low50": rounded(half.expected.low50),
                "high50": rounded(half.expected.high50),
                "low80": rounded(half.expected.low80),
                "high80": rounded(half.expected.high80),
                "to_hold": half.need.to_hold,
                "to_be_level": half.need.to_be_level,
                "needed": half.need.needed(),
                "planned": planned,
            })
        })
        .collect();
    let assumed = outlook::assumed(&app, &ahead);
    Ok(HttpResponse::Ok().json(json!({
        "lane": ask.lane,
        "made_at": rfc3339(ahead.made_at),
        "inputs": {
            "waiting": waiting,
            "history_hours": ahead.known_h,
            "urgent_share": rounded(ahead.urgent),
            "handling_s": rounded(ahead.handling.seconds),
            "claims_measured": ahead.handling.measured,
            "claims_left_out": ahead.handling.left_out,
        },
        "assumptions": {
            "target": assumed.target,
            "within_s": assumed.within_s,
            "shrinkage": assumed.shrinkage,
            "level_by": rfc3339(outlook::level_by(&app, now)),
        },
        "half_hours": told,
    })))
}
