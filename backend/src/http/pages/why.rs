//! Why a comment is tagged as it is, on a page of its own: places, versions and the nearest labelled examples.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{page, shell};
use crate::http::api::comments::{id, visible};
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::teaching::why::why;
use crate::view::model::narrative::{NearRow, WhyPage, labels};
use crate::view::model::{language, named};

/// `GET /desk/{id}/why`.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn show(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let shell = shell(&app, &request, &by).await?;
    let mut why = why(&app, &row).await?;
    let nearest = std::mem::take(&mut why.nearest)
        .into_iter()
        .map(|near| NearRow {
            origin: near.origin,
            labels: labels(near.labels),
            lang: named(&near.language),
            likeness: near.likeness,
            text: near.text,
        })
        .collect();
    let model = WhyPage {
        id: row.id,
        number: row.number.to_string(),
        lang: language(tags_of(&row).as_ref()),
        why,
        nearest,
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/why", &model)
}
