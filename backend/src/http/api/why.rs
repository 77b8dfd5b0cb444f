//! Why a comment is tagged as it is.

use actix_web::{HttpResponse, web};

use super::comments::{id, visible};
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::teaching::why::why;

/// `GET /api/v1/comments/{id}/why`.
///
/// # Errors
/// 403, 404.
pub async fn read(app: Desk, by: By<right::SignedIn>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    Ok(HttpResponse::Ok().json(why(&app, &row).await?))
}
