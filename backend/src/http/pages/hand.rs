//! What a person is to carry out: replies on platforms that no connector reaches, and what nobody but a person can find.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{page, shell};
use crate::domain::role::Right;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::outbox::waiting::waiting;
use crate::view::model::hand::{HandPage, row};

/// Most actions on the page; the next ones come up as these are done.
const MOST: u64 = 50;

/// `GET /by-hand`.
///
/// # Errors
/// 401, 403, 503.
pub async fn list(app: Desk, by: By<right::WorkLane>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let shell = shell(&app, &request, &by).await?;
    let lanes = (!by.rights.has(Right::SeeAllLanes)).then(|| by.lanes(&app));
    let rows = waiting(&app, lanes.as_deref(), MOST).await?;
    let model = HandPage {
        rows: rows.iter().map(|waiting| row(&app, waiting)).collect(),
        checked_in: lanes.is_none_or(|lanes| !lanes.is_empty()),
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/by-hand", &model)
}
