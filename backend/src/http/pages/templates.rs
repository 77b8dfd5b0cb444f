//! Reply templates: the list, one with its languages side by side, and what people do with versions.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{Days, NaiveDate, NaiveTime};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Deserialize;

use super::{change, is_told_beside, lead, page, render, shell, wants_frames};
use crate::app::App;
use crate::change::Failure;
use crate::clock;
use crate::domain::id::VersionId;
use crate::domain::role::Right;
use crate::domain::template::{TemplateMove, TemplateState, Variant};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::insight::outcome::outcomes;
use crate::insight::span::Span;
use crate::shift::week::Day;
use crate::store::Error;
use crate::store::entity::decision;
use crate::template::moves::{EditVariant, MoveVersion, TemplateRefused};
use crate::template::read::{Document, find, list as documents};
use crate::view::model::choices;
use crate::view::model::composer::Fault;
use crate::view::model::desk::{Empty, Pager};
use crate::view::model::template::{self as model, ListPage, Page, Used};
use crate::wire::html_frame::Ops;

/// Templates on a page of the list.
const ON_PAGE: usize = 100;
/// Days over which use is counted.
const USED_DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 3_600_000;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    from: String,
}

/// `GET /templates`.
///
/// # Errors
/// 401, 403, 503.
pub async fn list(
    app: Desk,
    by: By<right::ReadTemplates>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(&app, &request, &by).await?;
    let state: Option<TemplateState> = ask.state.parse().ok();
    let q = ask.q.trim().to_lowercase();
    let used = used(&app).await?;
    let from: usize = ask.from.parse().unwrap_or(0);
    let found: Vec<Document> = documents(app.db.reader())
        .await?
        .into_iter()
        .filter(|document| matches(document, &q, state))
        .collect();
    let rows = found
        .iter()
        .skip(from)
        .take(ON_PAGE)
        .map(|document| model::row(document, &used))
        .collect();
    let next = from.saturating_add(ON_PAGE);
    let model = ListPage {
        states: choices(TemplateState::ALL.iter().map(|state| state.as_str()), |word| {
            state.is_some_and(|state| state.as_str() == word)
        }),
        rows,
        seq: shell.seq,
        pager: Pager {
            next: (found.len() > next).then(|| {
                let state = state.map_or("", TemplateState::as_str);
                format!("/templates?q={}&state={state}&from={next}", escaped(&ask.q))
            }),
        },
        empty: Empty {
            id: "tpl-empty",
            sentence: "empty-templates",
            checked_at: None,
            href: Some("/templates".to_owned()),
            link: "empty-clear-filter",
        },
        q: ask.q.clone(),
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/templates", &model)
}

fn matches(document: &Document, q: &str, state: Option<TemplateState>) -> bool {
    let current = || Variant::ALL.iter().filter_map(|variant| document.current(*variant));
    let stands = state.is_none_or(|state| current().any(|version| version.state == state));
    let says = |text: &str| text.to_lowercase().contains(q);
    stands
        && (q.is_empty()
            || says(&document.template.key)
            || says(&document.template.answers)
            || current().any(|version| says(&version.short) || says(&version.long)))
}

/// A value of a query string (RFC 3986, section 2.1).
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// How often each template was sent in the last thirty days.
///
/// # Errors
/// Any [`Error`].
pub async fn used(app: &App) -> Result<Used, Error> {
    let counted: Vec<(Option<String>, i64)> = decision::Entity::find()
        .select_only()
        .column(decision::Column::TemplateKey)
        .column_as(decision::Column::Id.count(), "count")
        .filter(decision::Column::TemplateKey.is_not_null())
        .filter(decision::Column::UndoneAt.is_null())
        .filter(decision::Column::MadeAt.gt(app.now_ms() - USED_DAYS * DAY_MS))
        .group_by(decision::Column::TemplateKey)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    Ok(counted
        .into_iter()
        .filter_map(|(key, count)| Some((key?, count)))
        .collect())
}

/// `GET /templates/{key}`.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn one(
    app: Desk,
    by: By<right::ReadTemplates>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    show(&app, &by, &request, &path, StatusCode::OK, Vec::new(), None).await
}

/// A version somebody tried to save.
struct Tried {
    variant: Variant,
    short: String,
    long: String,
}

async fn show(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    key: &str,
    status: StatusCode,
    errors: Vec<Fault>,
    tried: Option<Tried>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let document = find(app.db.reader(), key).await?.ok_or_else(Problem::not_found)?;
    let (title, title_lang) = model::title(&document);
    let mut edits = model::edits(&document);
    if let Some(tried) = tried {
        for edit in edits.iter_mut().filter(|edit| edit.lang == tried.variant) {
            edit.open = true;
            edit.short.clone_from(&tried.short);
            edit.long.clone_from(&tried.long);
        }
    }
    let expires = Variant::ALL
        .iter()
        .filter_map(|variant| document.current(*variant))
        .filter(|version| version.state == TemplateState::Approved)
        .filter_map(|version| version.expires_on.as_deref()?.parse::<NaiveDate>().ok())
        .min();
    let model = Page {
        template: key.to_owned(),
        title,
        title_lang,
        expires_at: expires.map(|date| clock::ms(Day { date }.at(NaiveTime::MIN))),
        used_30d: used(app).await?.get(key).copied().unwrap_or(0),
        outcome: outcomes(
            app.db.reader(),
            Span::last_days(app.clock.now(), USED_DAYS),
            Some(key),
            app.now_ms(),
        )
        .await?
        .get(key)
        .map(|outcome| model::became(*outcome)),
        answers: model::answers(&document),
        errors,
        seq: shell.seq,
        variants: model::shown(&document, &app.people, &a_year_on(app)),
        can_write: by.rights.has(Right::WriteTemplates),
        edits,
        facts: model::facts(&document),
        versions: model::versions(&document, &app.people),
        note: document.template.note.clone(),
        shell,
    };
    if wants_frames(request) && status != StatusCode::OK {
        // A refused form sent by script: the page's errors are told, the fields stay as they are.
        let mut ops = Ops::default();
        let html = render(app, model.shell.locale_key, "parts/errors", &model.errors)?;
        ops.put("template-errors", &format!("<div id=\"template-errors\">{html}</div>"));
        for error in &model.errors {
            let sentence = super::sentence(app, model.shell.locale_key, &format!("error-{}", error.code));
            ops.say("assertive", &sentence);
        }
        return Ok(super::frames(status, ops));
    }
    page(app, model.shell.locale_key, status, "pages/template", &model)
}

fn a_year_on(app: &App) -> String {
    let today = Day::of(app.clock.now()).date;
    today.checked_add_days(Days::new(365)).unwrap_or(today).to_string()
}

/// New texts.
#[derive(Debug, Deserialize)]
pub struct Texts {
    #[serde(default)]
    short: String,
    #[serde(default)]
    long: String,
}

/// `POST /templates/{key}/{lang}/edit`.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told beside the form.
pub async fn edit(
    app: Desk,
    by: By<right::WriteTemplates>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    texts: web::Form<Texts>,
) -> Result<HttpResponse, Problem> {
    let (key, lang) = path.into_inner();
    let variant: Variant = lang.parse().map_err(|_| Problem::not_found())?;
    // Browsers send line ends as CR LF (HTML, 4.10.21.4); a platform would show both.
    let Texts { short, long } = texts.into_inner();
    let (short, long) = (short.replace("\r\n", "\n"), long.replace("\r\n", "\n"));
    let step = EditVariant {
        key: key.clone(),
        variant,
        short: short.clone(),
        long: long.clone(),
        person: by.person_id()?,
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) => Ok(lead(&request, &format!("/templates/{key}?notice=saved"))),
        Err(Failure::Refused(TemplateRefused::Unusable(faults))) => {
            let errors = faults
                .into_iter()
                .filter(|fault| fault.code.blocks())
                .map(|fault| Fault {
                    field: Some(format!("{}-{variant}", fault.field)),
                    code: format!("template-{}", fault.code),
                    detail: Some(fault.detail).filter(|detail| !detail.is_empty()),
                })
                .collect();
            let tried = Tried { variant, short, long };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&app, &by, &request, &key, status, errors, Some(tried)).await
        }
        Err(refused) => Err(refused.into()),
    }
}

/// Which version, and until when it may be sent.
#[derive(Debug, Deserialize)]
pub struct Version {
    #[serde(default)]
    version: String,
    #[serde(default)]
    expires_on: String,
}

/// `POST /templates/{key}/{lang}/submit`.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told on the page.
pub async fn submit(
    app: Desk,
    by: By<right::WriteTemplates>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    version: web::Form<Version>,
) -> Result<HttpResponse, Problem> {
    carry_out(&app, &by, &request, path.into_inner(), TemplateMove::Submit, &version).await
}

/// `POST /templates/{key}/{lang}/{move}`: approve, send back, pause, resume, retire.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told on the page.
pub async fn decide(
    app: Desk,
    by: By<right::ApproveTemplates>,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    version: web::Form<Version>,
) -> Result<HttpResponse, Problem> {
    let (key, lang, word) = path.into_inner();
    let what = word
        .parse()
        .ok()
        .filter(|by| model::needs(*by) == Right::ApproveTemplates)
        .ok_or_else(Problem::not_found)?;
    carry_out(&app, &by, &request, (key, lang), what, &version).await
}

async fn carry_out(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    (key, lang): (String, String),
    what: TemplateMove,
    given: &Version,
) -> Result<HttpResponse, Problem> {
    let variant: Variant = lang.parse().map_err(|_| Problem::not_found())?;
    let version: VersionId = given.version.parse().map_err(|_| Problem::not_found())?;
    let document = find(app.db.reader(), &key).await?.ok_or_else(Problem::not_found)?;
    // The version named must be the one of the address: the form's fields come from outside.
    if !document
        .versions
        .iter()
        .any(|row| row.id == version && row.variant == variant)
    {
        return Err(Problem::not_found());
    }
    let expires_on = given.expires_on.parse::<NaiveDate>().ok();
    if what == TemplateMove::Approve && expires_on.is_none_or(|day| day <= Day::of(app.clock.now()).date) {
        let errors = vec![Fault::of("template-expiry")];
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(app, by, request, &key, status, errors, None).await;
    }
    let step = MoveVersion {
        version,
        by: what,
        person: by.person_id()?,
        expires_on,
    };
    match change(app, by, request, step).await? {
        Ok(()) => Ok(lead(request, &format!("/templates/{key}?notice=saved"))),
        Err(failure) => {
            let problem = Problem::from(failure);
            if !is_told_beside(&problem) {
                return Err(problem);
            }
            show(
                app,
                by,
                request,
                &key,
                problem.status,
                vec![Fault::of(problem.code)],
                None,
            )
            .await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_was_searched_for_cannot_break_out_of_an_address() {
        assert_eq!(escaped("å&state=x #\""), "%C3%A5%26state%3Dx%20%23%22");
    }
}
