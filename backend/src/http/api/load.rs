//! The load of every lane.

use actix_web::HttpResponse;

use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::load;

/// `GET /api/v1/load`.
///
/// # Errors
/// 401, 403.
pub async fn read(app: Desk, _by: By<right::SeeLoad>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(load::view(&app)))
}
