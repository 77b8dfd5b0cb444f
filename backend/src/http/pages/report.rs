//! The report of a week or a month, as a page that prints, and as CSV.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::insight::download;
use super::{locale, page, see_other, shell};
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::insight::report::make;
use crate::insight::span::Period;
use crate::view::csv::csv;
use crate::view::model::insight::ReportPage;

/// `GET /reports`: the last week that is over.
///
/// # Errors
/// 401, 403.
pub async fn latest(app: Desk, _by: By<right::SeeLoad>) -> Result<HttpResponse, Problem> {
    let last = Period::last("week", app.clock.now()).ok_or_else(Problem::not_found)?;
    Ok(see_other(&address(last)))
}

fn address(period: Period) -> String {
    format!("/reports/{}/{}", period.kind(), period.name())
}

/// `GET /reports/{kind}/{name}`: `week` and `2026-W47`, `month` and `2026-11`.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn show(
    app: Desk,
    by: By<right::SeeLoad>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let period = named(&path)?;
    let shell = shell(&app, &request, &by).await?;
    let model = ReportPage {
        report: make(app.db.reader(), period, app.clock.now()).await?,
        before: address(period.before()),
        after: address(period.after()),
        weeks: period.kind() == "week",
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/report", &model)
}

/// `GET /reports/{kind}/{name}/csv`, with the figures of the page.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn file(
    app: Desk,
    _by: By<right::SeeLoad>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let period = named(&path)?;
    let report = make(app.db.reader(), period, app.clock.now()).await?;
    let bytes = csv(app.views.locales(), locale(&request), &report.tables);
    Ok(download(&format!("report-{}.csv", report.name), bytes))
}

fn named(path: &(String, String)) -> Result<Period, Problem> {
    Period::named(&path.0, &path.1).ok_or_else(Problem::not_found)
}
