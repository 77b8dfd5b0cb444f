//! Tagging a comment before the machine's tags are shown, and how far both agree.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::decide::{Fields, all};
use super::{change, lead, page, shell};
use crate::domain::id::CommentId;
use crate::domain::tag::Class;
use crate::http::api::comments::{id, visible};
use crate::http::api::tags::narratives;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::teaching::blind::{Agreement, AnswerBlind, agreement as counted, is_pending};
use crate::view::model::narrative::{Label, labels};
use crate::view::model::shell::Shell;
use crate::view::model::{heavy, language, named};

#[derive(Serialize)]
struct Page {
    shell: Shell,
    id: CommentId,
    #[serde(rename = "ref")]
    number: String,
    text: Option<String>,
    lang: &'static str,
    narratives: Vec<String>,
    classes: &'static [Class],
}

/// `GET /desk/{id}/blind`.
///
/// # Errors
/// 401, 403, 404 where nothing is asked, 503.
pub async fn form(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    if !is_pending(&app, &row).await? {
        return Err(Problem::not_found());
    }
    let tags = tags_of(&row);
    let model = Page {
        shell: shell(&app, &request, &by).await?,
        id: row.id,
        number: row.number.to_string(),
        lang: language(tags.as_ref()),
        text: row.text.filter(|_| heavy(tags.as_ref()).is_none()),
        narratives: narratives(&app),
        classes: Class::ALL,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/blind", &model)
}

/// `POST /desk/{id}/blind`.
///
/// # Errors
/// 401, 403, 404, 409 `not-blind`, `claim_lost`, 503.
pub async fn answer(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let known = narratives(&app);
    let said = all::<String>(&fields, "narratives")
        .into_iter()
        .filter(|key| known.contains(key));
    let classes = all::<Class>(&fields, "classes");
    let step = AnswerBlind {
        comment: row.id,
        person: by.person_id()?,
        said: said.chain(classes.iter().map(ToString::to_string)).collect(),
        percent: app.config.teaching.blind_percent,
    };
    change(&app, &by, &request, step).await?.map_err(Problem::from)?;
    Ok(lead(&request, &format!("/desk/{}?notice=saved", row.id)))
}

#[derive(Serialize)]
struct AgreementPage {
    shell: Shell,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    lang: &'static str,
    label: Option<Label>,
    of: Agreement,
}

/// `GET /agreement`.
///
/// # Errors
/// 401, 403, 503.
pub async fn agreement(app: Desk, by: By<right::SeeLoad>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let rows = counted(app.db.reader()).await?;
    let model = AgreementPage {
        shell: shell(&app, &request, &by).await?,
        rows: rows
            .into_iter()
            .map(|of| Row {
                lang: named(&of.language),
                label: labels(vec![of.label.clone()]).pop(),
                of,
            })
            .collect(),
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/agreement", &model)
}
