//! Corrections kept as examples: what the desk learns from, and taking one back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{change, lead, page, shell};
use crate::http::api::comments::id;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::tagging::Context;
use crate::teaching::example::{TakeBack, list as kept};
use crate::teaching::trial::shown;
use crate::view::model::desk::{Empty, Pager};
use crate::view::model::named;
use crate::view::model::narrative::{ExampleRow, ExamplesPage, labels};

/// Examples on a page.
const ON_PAGE: u64 = 50;
/// Characters shown of one.
const CHARACTERS: usize = 280;

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    from: String,
}

/// `GET /examples`.
///
/// # Errors
/// 401, 403, 503.
pub async fn list(
    app: Desk,
    by: By<right::WriteNarratives>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(&app, &request, &by).await?;
    let before = ask
        .from
        .split_once('.')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let found = kept(app.db.reader(), true, before, ON_PAGE).await?;
    let next = found
        .last()
        .filter(|_| found.len() as u64 == ON_PAGE)
        .map(|last| format!("/examples?from={}.{}", last.row.kept_at, last.row.id));
    let rows = found
        .iter()
        .map(|example| ExampleRow {
            id: example.row.id,
            comment: example.row.comment_id,
            labels: labels(example.labels()),
            lang: named(&example.row.language),
            text: example.text.as_deref().and_then(|text| {
                let tags = app.taught.tag(text, &Context::default());
                shown(text, &tags, &example.labels(), CHARACTERS)
            }),
            by: app.people.pseudonym(example.row.kept_by),
            at: example.row.kept_at,
        })
        .collect();
    let model = ExamplesPage {
        rows,
        pager: Pager { next },
        empty: Empty {
            id: "examples-empty",
            sentence: "empty-examples",
            checked_at: None,
            href: Some("/narratives".to_owned()),
            link: "book-back",
        },
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/examples", &model)
}

/// `POST /examples/{id}/take-back`.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn take_back(
    app: Desk,
    by: By<right::WriteNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = TakeBack {
        example: id(&path)?,
        person: by.person_id()?,
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) => {}
        Err(crate::change::Failure::Refused(_)) => return Err(Problem::not_found()),
        Err(crate::change::Failure::Store(error)) => return Err(error.into()),
    }
    app.taught.caught_up().await;
    Ok(lead(&request, "/examples?notice=saved"))
}
