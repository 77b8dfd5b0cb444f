//! The codebook: the list of narratives, one with its draft, and what people do with it. Ordinary forms, whole pages.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::decide::{Fields, field};
use super::{change, is_told_beside, lead, page, shell};
use crate::change::{Failure, Step};
use crate::domain::id::NarrativeVersionId;
use crate::domain::role::Right;
use crate::http::api::narratives::tried;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::teaching::narrative::{ByLanguage, Document, Narrative, document, documents};
use crate::teaching::trial::Outcome;
use crate::teaching::write::{Move, MoveNarrative, NarrativeRefused, Revert, WriteNarrative};
use crate::view::model::composer::Fault;
use crate::view::model::narrative::{ListPage, Page, Row};

/// The word in the place of a key that leads to the form for a new narrative.
const NEW: &str = "new";

/// `GET /narratives`.
///
/// # Errors
/// 401, 403, 503.
pub async fn list(app: Desk, by: By<right::ReadNarratives>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let shell = shell(&app, &request, &by).await?;
    let language = shell.locale_key.language();
    let tagger = app.taught.tagger();
    let model = ListPage {
        rows: documents(app.db.reader())
            .await?
            .iter()
            .map(|document| Row::of(document, language))
            .collect(),
        codebook: tagger.book().version.clone(),
        model: tagger.version(),
        can_write: by.rights.has(Right::WriteNarratives),
        can_measure: by.rights.has(Right::SeeLoad),
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/narratives", &model)
}

/// `GET /narratives/{key}`; `new` is the form for a new one.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn one(
    app: Desk,
    by: By<right::ReadNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    if *path == NEW && !by.rights.has(Right::WriteNarratives) {
        return Err(Problem::no_right());
    }
    show(&app, &by, &request, &path, Shown::default()).await
}

/// What a page shows besides what is stored.
#[derive(Default)]
struct Shown {
    status: StatusCode,
    errors: Vec<Fault>,
    /// What was typed and not taken.
    tried: Option<Narrative>,
    trial: Option<Outcome>,
}

async fn show(app: &Desk, by: &Who, request: &HttpRequest, key: &str, shown: Shown) -> Result<HttpResponse, Problem> {
    let document = match document(app.db.reader(), key).await? {
        Some(document) => document,
        None if key == NEW || shown.tried.is_some() => Document {
            key: String::new(),
            shipped: None,
            versions: Vec::new(),
        },
        None => return Err(Problem::not_found()),
    };
    let shell = shell(app, request, by).await?;
    let text = shown.tried.unwrap_or_else(|| document.latest());
    let viewer = by.person.as_ref().map(|person| person.id);
    let mut model = Page::of(shell, &document, &text, viewer, &app.people);
    model.key.clone_from(&text.key);
    model.can_write = by.rights.has(Right::WriteNarratives);
    model.can_publish = by.rights.has(Right::PublishNarratives);
    model.errors = shown.errors;
    model.trial = shown.trial;
    page(app, model.shell.locale_key, shown.status, "pages/narrative", &model)
}

/// `POST /narratives/{key}/edit`; `new` takes the key from the form.
///
/// # Errors
/// 401, 403, 503; what is refused is told beside the form.
pub async fn edit(
    app: Desk,
    by: By<right::WriteNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let key = match path.as_str() {
        NEW => field(&fields, "key").unwrap_or_default().trim().to_owned(),
        key => key.to_owned(),
    };
    let narrative = read(&fields, key.clone());
    if *path == NEW && (key == NEW || document(app.db.reader(), &key).await?.is_some()) {
        let shown = Shown {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            errors: vec![Fault::at("key", "narrative-key-taken")],
            tried: Some(narrative),
            trial: None,
        };
        return show(&app, &by, &request, NEW, shown).await;
    }
    let step = WriteNarrative {
        narrative: narrative.clone(),
        person: by.person_id()?,
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) => Ok(lead(&request, &format!("/narratives/{key}?notice=saved"))),
        Err(Failure::Refused(NarrativeRefused::Unusable(faults))) => {
            let errors = faults
                .iter()
                .map(|fault| Fault::at(fault.field, &format!("narrative-{}", fault.code)))
                .collect();
            let shown = Shown {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                errors,
                tried: Some(narrative),
                trial: None,
            };
            show(&app, &by, &request, &path, shown).await
        }
        Err(refused) => Err(refused.into()),
    }
}

/// A narrative as the form has it: one phrase or example a line.
fn read(fields: &Fields, key: String) -> Narrative {
    let lists = |name: &str| -> ByLanguage {
        let mut lists = ByLanguage::new();
        for (field, value) in fields.iter() {
            let Some(lang) = field.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) else {
                continue;
            };
            let texts: Vec<String> = value
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect();
            if !texts.is_empty() {
                lists.entry(lang.to_owned()).or_default().extend(texts);
            }
        }
        lists
    };
    let titles = lists("titles").into_iter().map(|(lang, lines)| (lang, lines.join(" ")));
    Narrative {
        key,
        titles: titles.collect(),
        definition: field(fields, "definition").unwrap_or_default().replace("\r\n", "\n"),
        phrases: lists("phrases"),
        hints: lists("hints"),
        examples: lists("examples"),
        counter_examples: lists("counter_examples"),
        retired: field(fields, "retired").is_some(),
    }
}

/// `POST /narratives/{key}/test`: the page with what the draft would change.
///
/// # Errors
/// 401, 403, 404, 409 `narrative-state`, 503.
pub async fn test(
    app: Desk,
    by: By<right::WriteNarratives>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let version = version_of(&app, &path, &fields).await?;
    let shown = Shown {
        trial: Some(tried(&app, &by, version).await?),
        ..Shown::default()
    };
    show(&app, &by, &request, &path, shown).await
}

/// The version that a form names must be one of the narrative in the address.
async fn version_of(app: &Desk, key: &str, fields: &Fields) -> Result<NarrativeVersionId, Problem> {
    let named = field(fields, "version").and_then(|id| id.parse().ok());
    let named: NarrativeVersionId = named.ok_or_else(Problem::not_found)?;
    let document = document(app.db.reader(), key).await?.ok_or_else(Problem::not_found)?;
    let known = document.versions.iter().any(|row| row.id == named);
    known.then_some(named).ok_or_else(Problem::not_found)
}

/// `POST /narratives/{key}/{move}`: `publish`, `put-aside`, `revert`.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told on the page.
pub async fn act(
    app: Desk,
    by: By<right::PublishNarratives>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (key, word) = path.into_inner();
    let person = by.person_id()?;
    match word.as_str() {
        "publish" | "put-aside" => {
            let step = MoveNarrative {
                version: version_of(&app, &key, &fields).await?,
                by: if word == "publish" {
                    Move::Publish
                } else {
                    Move::PutAside
                },
                person,
            };
            done(&app, &by, &request, &key, step).await
        }
        "revert" => {
            let to = field(&fields, "to").and_then(|to| to.parse().ok());
            let step = Revert {
                narrative: key.clone(),
                to: to.ok_or_else(Problem::not_found)?,
                person,
            };
            done(&app, &by, &request, &key, step).await
        }
        _ => Err(Problem::not_found()),
    }
}

async fn done(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    key: &str,
    step: impl Step<Refusal = NarrativeRefused>,
) -> Result<HttpResponse, Problem> {
    match change(app, by, request, step).await? {
        Ok(()) => {
            app.taught.caught_up().await;
            Ok(lead(request, &format!("/narratives/{key}?notice=saved")))
        }
        Err(failure) => {
            let problem = Problem::from(failure);
            if !is_told_beside(&problem) {
                return Err(problem);
            }
            let shown = Shown {
                status: problem.status,
                errors: vec![Fault::of(problem.code)],
                ..Shown::default()
            };
            show(app, by, request, key, shown).await
        }
    }
}
