//! Questions to supervisors: the list, one with its comment and proposal, and the answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;

use super::escalation_form::Sent;
use super::{frames, is_told_beside, lead, locale, page, render, see_other, sentence, shell, wants_frames};
use crate::app::App;
use crate::decision;
use crate::decision::guard::{Finding, Level};
use crate::domain::comment::CommentState;
use crate::domain::escalation::EscalationState;
use crate::domain::id::{CommentId, PersonId};
use crate::escalation::list::{Shown, find, list as questions};
use crate::escalation::resolve::resolve as carry_out;
use crate::escalation::{Question, Refused};
use crate::http::api::comments::id;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::store::Error;
use crate::store::entity::{comment, decision as decisions, escalation};
use crate::view::model::composer::{Check, Fault, Guard};
use crate::view::model::desk::{Empty, Hold, Pager};
use crate::view::model::escalation::{self as model, Given, Page, Show, Tab};
use crate::view::model::item::item;
use crate::wire::html_frame::Ops;
use crate::wire::html_read::facts;

/// Most questions in a list.
const ROWS: u64 = 200;
/// Latest decisions looked through for like ones.
const LOOKED_AT: u64 = 300;
/// Like decisions shown.
const SIMILAR: usize = 5;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    show: String,
}

/// `GET /esc?show=waiting`.
///
/// # Errors
/// 401, 403, 503.
pub async fn list(
    app: Desk,
    by: By<right::ResolveEscalation>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    show(&app, &by, &request, &ask, None, StatusCode::OK, Given::default()).await
}

/// `GET /esc/{id}`.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn one(
    app: Desk,
    by: By<right::ResolveEscalation>,
    request: HttpRequest,
    path: web::Path<String>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let question = asked(&app, &path).await?;
    show(
        &app,
        &by,
        &request,
        &ask,
        Some(question),
        StatusCode::OK,
        Given::default(),
    )
    .await
}

async fn asked(app: &App, word: &str) -> Result<Question, Problem> {
    find(app.db.reader(), id(word)?).await?.ok_or_else(Problem::not_found)
}

async fn show(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    ask: &Ask,
    question: Option<Question>,
    status: StatusCode,
    given: Given,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let person = by.person_id()?;
    let chosen: Show = ask.show.parse().unwrap_or(Show::Waiting);
    let waiting = questions(app.db.reader(), Shown::Waiting, ROWS, None).await?;
    let is_in = |show: Show, question: &Question| match show {
        Show::Waiting | Show::Done => true,
        Show::Mine => question.escalation.asked_by == person,
        Show::Two => question.escalation.two_person,
    };
    let count = |show: Show| waiting.iter().filter(|question| is_in(show, question)).count();
    let done = answered_today(app).await?;
    let tabs = Show::ALL
        .iter()
        .map(|key| Tab {
            key: *key,
            count: if *key == Show::Done { done } else { count(*key) },
            on: *key == chosen,
        })
        .collect();
    let (all, two) = (count(Show::Waiting), count(Show::Two));
    let rows = match chosen {
        Show::Done => questions(app.db.reader(), Shown::Answered, ROWS, None).await?,
        show => waiting.into_iter().filter(|question| is_in(show, question)).collect(),
    };
    let (mut esc, mut on, mut proposal, mut resolve) = (None, None, None, None);
    if let Some(question) = question {
        let like = similar(app, &question).await?;
        esc = Some(model::asked(&question, &app.people));
        proposal = model::proposed(&question.escalation, &like, SIMILAR);
        resolve = Some(model::answering(&question, Some(person), given, &app.people));
        on = Some(item(&facts(app, question.comment).await?, &app.people, false));
    }
    let model = Page {
        view: if esc.is_some() { "item" } else { "queue" },
        waiting: all,
        two,
        tabs,
        hold: Hold {
            count: 0,
            href: "/esc".to_owned(),
        },
        seq: shell.seq,
        rows: rows.iter().map(|question| model::row(question, &app.people)).collect(),
        empty: Empty {
            id: "esc-empty",
            sentence: "empty-escalations",
            checked_at: Some(app.now_ms()),
            href: None,
            link: "empty-clear-filter",
        },
        pager: Pager { next: None },
        esc,
        item: on,
        item_seq: shell.seq,
        proposal,
        resolve,
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/esc", &model)
}

async fn answered_today(app: &App) -> Result<usize, Error> {
    let since = app.now_ms() - 24 * 3_600_000;
    let count = escalation::Entity::find()
        .filter(escalation::Column::State.eq(EscalationState::Resolved))
        .filter(escalation::Column::ResolvedAt.gte(since))
        .count(app.db.reader())
        .await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The latest decisions on comments of this lane that carry one of the same tags.
async fn similar(app: &App, question: &Question) -> Result<Vec<decisions::Model>, Error> {
    let Some(tags) = tags_of(&question.comment) else {
        return Ok(Vec::new());
    };
    let keys: Vec<&str> = tags
        .narratives
        .iter()
        .chain(&tags.classes)
        .chain(&tags.flags)
        .map(|tag| tag.key.as_str())
        .collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let latest = decisions::Entity::find()
        .filter(decisions::Column::UndoneAt.is_null())
        .filter(decisions::Column::CommentId.ne(question.comment.id))
        .order_by_desc(decisions::Column::Id)
        .limit(LOOKED_AT)
        .all(app.db.reader())
        .await?;
    let mut like = sea_orm::Condition::any();
    for key in keys {
        like = like.add(comment::Column::Labels.contains(format!("|{key}|")));
    }
    let alike: Vec<CommentId> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::Id.is_in(latest.iter().map(|row| row.comment_id)))
        .filter(comment::Column::Lane.eq(question.comment.lane))
        .filter(like)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    Ok(latest
        .into_iter()
        .filter(|row| alike.contains(&row.comment_id))
        .collect())
}

/// `POST /esc/{id}/resolve`.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told beside the form.
pub async fn resolve(
    app: Desk,
    by: By<right::ResolveEscalation>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: web::Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let person = by.person_id()?;
    let question = asked(&app, &path).await?;
    let sent = Sent::of(fields.into_inner());
    if let Some(fault) = sent.fault() {
        let given = sent.given(vec![fault], None);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        if wants_frames(&request) {
            return parts(&app, person, &request, &path, status, Some(given)).await;
        }
        return show(&app, &by, &request, &Ask::default(), Some(question), status, given).await;
    }
    let answered = match sent.answer() {
        Some(answer) => carry_out(&app, question.escalation.id, person, answer).await,
        None => Err(Refused::BadInput("Say what to do.")),
    };
    let refused = match answered {
        Ok(resolved) if resolved.row.state == CommentState::Claimed => {
            return Ok(lead(&request, &format!("/desk/{}", resolved.row.id)));
        }
        Ok(_) if wants_frames(&request) => return parts(&app, person, &request, &path, StatusCode::OK, None).await,
        Ok(_) => return Ok(see_other(&format!("/esc/{}?notice=saved", question.escalation.id))),
        Err(refused) => refused,
    };
    let guard = match &refused {
        Refused::Decision(decision::Refused::Guard(findings)) => Some(guard(findings, &question.comment)),
        _ => None,
    };
    let answered_by_me = Some(asked(&app, &path).await?).is_some_and(|now| {
        now.escalation.state == EscalationState::Resolved && now.escalation.resolved_by == Some(person)
    });
    if answered_by_me {
        // Sent twice: the page shows what became of it.
        return Ok(lead(&request, &format!("/esc/{}", question.escalation.id)));
    }
    let problem = Problem::escalation(refused, &app.people);
    if !is_told_beside(&problem) {
        return Err(problem);
    }
    let given = sent.given(vec![Fault::of(problem.code)], guard);
    if wants_frames(&request) {
        return parts(&app, person, &request, &path, problem.status, Some(given)).await;
    }
    // Somebody may have answered meanwhile: the page shows it as it is now.
    let question = asked(&app, &path).await?;
    show(
        &app,
        &by,
        &request,
        &Ask::default(),
        Some(question),
        problem.status,
        given,
    )
    .await
}

/// The question as it is now, for the one who answered it.
async fn parts(
    app: &Desk,
    person: PersonId,
    request: &HttpRequest,
    word: &str,
    status: StatusCode,
    given: Option<Given>,
) -> Result<HttpResponse, Problem> {
    let question = asked(app, word).await?;
    let locale = locale(request);
    let mut ops = Ops::default();
    let refused = given
        .as_ref()
        .and_then(|given| given.errors.first().map(|fault| fault.code.clone()));
    let form = model::answering(&question, Some(person), given.unwrap_or_default(), &app.people);
    let part = render(app, locale, "parts/esc-resolve", &form)?;
    ops.put(&format!("esc-resolve-{}", form.id), &part);
    if question.escalation.state == EscalationState::Resolved {
        let row = render(app, locale, "parts/esc-row", &model::ghost(&question, &app.people))?;
        ops.del(&format!("esc-row-{}", form.id), &row);
    }
    match refused {
        Some(code) => ops.say("assertive", &sentence(app, locale, &format!("error-{}", code))),
        None => ops.say("polite", &sentence(app, locale, "notice-saved")),
    }
    let shown = item(&facts(app, question.comment).await?, &app.people, false);
    ops.put(
        &format!("item-{}", shown.id),
        &render(app, locale, "parts/item", &shown)?,
    );
    Ok(frames(status, ops))
}

/// What the guard says, with boxes to tick for what can be confirmed.
fn guard(findings: &[Finding], row: &comment::Model) -> Guard {
    let grave = |level: Level| findings.iter().any(|finding| finding.level == level);
    let level = [Level::Block, Level::Confirm, Level::Note]
        .into_iter()
        .find(|level| grave(*level))
        .map_or("clear", Level::as_str);
    Guard {
        id: row.id,
        level,
        checks: findings
            .iter()
            .map(|finding| Check {
                level: finding.level.as_str(),
                code: finding.code.as_str().to_owned(),
                n: finding.n,
                word: finding.word.clone(),
                slot: finding.word.clone(),
                platform: row.platform.as_str().to_owned(),
            })
            .collect(),
    }
}

/// How many questions wait, for the menu.
///
/// # Errors
/// Any [`Error`].
pub async fn waiting(app: &App) -> Result<u32, Error> {
    let count = escalation::Entity::find()
        .filter(Expr::cust("\"state\" = 'open'"))
        .count(app.db.reader())
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
