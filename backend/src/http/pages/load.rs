//! The load wall. The tiles are pushed; the table of hours is read with the page.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Deserialize;
use uuid::Uuid;

use super::{page, shell};
use crate::app::App;
use crate::domain::id::CommentId;
use crate::domain::lane::Lane;
use crate::forecast::Expected;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::load::outlook::{NEAR, halves};
use crate::load::{planned, tiles};
use crate::store::Error;
use crate::store::entity::comment;
use crate::view::model::chart::{Chart, chart};
use crate::view::model::load::{Ahead, HOUR_MS, Hour, Page, due, hours, shown, waves};
use crate::wave::show::open;
use crate::wire::html_staff::channels;

/// Hours shown.
const HOURS: i64 = 6;
/// Hours shown ahead.
const AHEAD: i64 = 8;

/// How to show it.
#[derive(Debug, Deserialize)]
pub struct Ask {
    #[serde(default)]
    wall: String,
}

/// `GET /load`, `GET /load?wall=1` for a screen on the wall.
///
/// # Errors
/// 401, 403, 503.
pub async fn show(
    app: Desk,
    by: By<right::SeeLoad>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(&app, &request, &by).await?;
    let now = app.now_ms();
    let hours = hours(&arrivals(&app, now).await?, now, HOURS);
    let model = Page {
        wall: ask.wall == "1",
        seq: shell.seq,
        tiles: tiles(&app).into_iter().map(shown).collect(),
        channels: channels(&app),
        lanes: Lane::ALL,
        ahead: ahead(&app, now).await?,
        waves: waves(open(&app).await?),
        charts: charts(&app, &hours, now),
        hours,
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/load", &model)
}

/// The hours ahead, with the people needed and planned in each.
async fn ahead(app: &App, now: i64) -> Result<Vec<Ahead>, Error> {
    let first = now.div_euclid(HOUR_MS);
    let mut rows: Vec<Ahead> = (first..first + AHEAD)
        .map(|hour| Ahead {
            at: hour * HOUR_MS,
            lanes: Vec::new(),
        })
        .collect();
    let starts: Vec<i64> = rows.iter().map(|row| row.at).collect();
    for lane in Lane::ALL {
        let planned = planned::people(app, *lane, &starts).await?;
        let load = app.board.load(*lane, now, app.config.lane.near_min);
        let outlook = app.outlooks.of(*lane, now);
        let halves = outlook
            .as_ref()
            .and_then(|outlook| halves(app, outlook, load.backlog + load.claimed, now, NEAR).ok());
        for (row, planned) in rows.iter_mut().zip(planned) {
            let needed = halves
                .iter()
                .flatten()
                .filter(|half| half.at.div_euclid(HOUR_MS) * HOUR_MS == row.at);
            let needed = needed.map(|half| half.need.needed()).max();
            let expected = outlook.as_ref().and_then(|outlook| {
                let after = usize::try_from(row.at / HOUR_MS - outlook.hour).ok()?;
                outlook.hours.get(after)
            });
            row.lanes.push(
                expected
                    .zip(needed)
                    .map(|(expected, needed)| due(expected, needed, planned)),
            );
        }
    }
    Ok(rows)
}

/// A picture of every lane that has a forecast.
fn charts(app: &App, hours: &[Hour], now: i64) -> Vec<Chart> {
    let first = now.div_euclid(HOUR_MS);
    let picture = |lane: &Lane| {
        let outlook = app.outlooks.of(*lane, now)?;
        let came = hours.iter().rev().filter_map(|hour| hour.arrivals.get(lane.index()));
        let came: Vec<i64> = came.map(|arrivals| arrivals.count).collect();
        let skipped = usize::try_from(first - outlook.hour).ok()?;
        let ahead = usize::try_from(AHEAD).unwrap_or(0);
        let expected: Vec<Expected> = outlook.hours.into_iter().skip(skipped).take(ahead).collect();
        chart(*lane, &came, &expected, first * HOUR_MS)
    };
    Lane::ALL.iter().filter_map(picture).collect()
}

/// Comments that came in, by lane and by hour since 1970.
async fn arrivals(app: &App, now: i64) -> Result<Vec<(Lane, i64, i64)>, Error> {
    let first = now.div_euclid(HOUR_MS) - HOURS + 1;
    // A literal: PostgreSQL takes an expression with a bound value for another one in GROUP BY.
    let hour = || Expr::cust(format!("\"opened_at\" / {HOUR_MS}"));
    // Identifiers rise with the time of arrival (RFC 9562), so the primary key leads to what is new.
    let from = u128::try_from(first * HOUR_MS).unwrap_or(0) << 80;
    Ok(comment::Entity::find()
        .select_only()
        .column(comment::Column::Lane)
        .column_as(hour(), "hour")
        .column_as(comment::Column::Id.count(), "count")
        .filter(comment::Column::Id.gte(CommentId(Uuid::from_u128(from))))
        .filter(comment::Column::Own.eq(false))
        .group_by(comment::Column::Lane)
        .group_by(hour())
        .into_tuple()
        .all(app.db.reader())
        .await?)
}
