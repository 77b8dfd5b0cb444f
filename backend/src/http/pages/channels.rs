//! What is true of every channel: whether the desk sees it, and what to do where it does not.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{page, shell};
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::intake::truth;
use crate::view::model::channel::{Detail, Page};

/// `GET /channels`.
///
/// # Errors
/// 401, 403, 503.
pub async fn show(app: Desk, by: By<right::ReadConnectors>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let shell = shell(&app, &request, &by).await?;
    let channels = truth::every(&app).await?.iter().map(Detail::of).collect();
    let model = Page {
        at: app.now_ms(),
        channels,
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/channels", &model)
}
