//! Deciding from the desk: send, hide, leave, escalate, preview, draft.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::desk::{Given, show};
use super::hold::parts;
use super::item::mode;
use super::list::Ask as Address;
use super::write::{Written, guard, open, preview as shown_as, variant_word};
use super::{change, frames, locale, render, see_other, sentence, wants_frames};
use crate::decision::draft::{self, Draft};
use crate::decision::guard::{Finding, GuardCode};
use crate::decision::prepare::Version;
use crate::decision::{Ask, Refused, plan, prepare};
use crate::domain::comment::CommentState;
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::id::PersonId;
use crate::domain::role::Right;
use crate::escalation::list::latest_of;
use crate::escalation::{Open, propose};
use crate::http::api::comments::{id, visible};
use crate::http::api::decisions::{decider, made_view};
use crate::http::api::tags::narratives;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, Unanswered, is_done, once};
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::store::entity::{comment, decision};
use crate::view::model::card::{card, ghost};
use crate::view::model::composer::{Composer, Fault, Mode};
use crate::wire::html;
use crate::wire::html_frame::Ops;
use crate::wire::html_read::{near, outbox_of};

/// A form with fields that may come more than once.
pub type Fields = web::Form<Vec<(String, String)>>;

/// The first value of a field; none if it is empty.
pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.trim().is_empty())
}

/// Every value of a field that is a word of this kind.
pub(super) fn all<T: std::str::FromStr>(fields: &Fields, name: &str) -> Vec<T> {
    fields
        .iter()
        .filter(|(field, _)| field == name)
        .filter_map(|(_, value)| value.parse().ok())
        .collect()
}

fn written(fields: &Fields) -> Draft {
    let (variant, length) = variant_word(field(fields, "variant").unwrap_or_default());
    let slots: BTreeMap<String, String> = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("slot.")?.to_owned(), value.trim().to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    Draft {
        text: field(fields, "text").unwrap_or_default().replace("\r\n", "\n"),
        template: field(fields, "template").map(str::to_owned),
        version: field(fields, "version").and_then(|word| word.parse().ok()),
        variant,
        length,
        slots,
        started_at: 0,
    }
}

fn ask(fields: &Fields) -> Result<Ask, Problem> {
    let kind: DecisionKind = field(fields, "kind")
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| Problem::bad_input("Choose a decision."))?;
    let speaks = crate::decision::rule::speaks(kind);
    let draft = if speaks { written(fields) } else { Draft::default() };
    Ok(Ask {
        kind,
        template: draft.template,
        version: draft.version.map(Version::Id),
        variant: draft.variant,
        length: draft.length,
        slots: draft.slots,
        text: speaks.then_some(draft.text),
        ground: field(fields, "ground").and_then(|word| word.parse::<Ground>().ok()),
        reason: field(fields, "reason").map(str::to_owned),
        confirmed: all::<GuardCode>(fields, "confirm"),
    })
}

fn revision(fields: &Fields) -> Result<i32, Problem> {
    field(fields, "revision")
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| Problem::bad_input("The form lacks the revision it is about."))
}

/// `POST /desk/{id}/decide`.
///
/// # Errors
/// 403, 404, 503; 409 and 422 come with the form.
pub async fn make(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let ask = ask(&fields)?;
    let kind = ask.kind;
    let refused = match plan(&app, &row, revision(&fields)?, decider(&by)?, ask).await {
        Ok(step) => match once(&app, &by, &request, step, |made| Answer::accepted(made_view(made))).await {
            Ok(_) => None,
            Err(Unanswered::Failed(failure)) => Some(Refused::from(failure)),
            Err(reused @ Unanswered::KeyReused) => {
                return Err(reused.problem(|refused| Problem::decision(refused, &app.people)));
            }
        },
        Err(refused) => Some(refused),
    };
    match refused {
        None => {
            let row = now(&app, row).await?;
            // Decided before by the same form, it may be undone since.
            let sent = kind.goes_out() && row.state == CommentState::Decided;
            done(&app, &by, &request, row, Some("sent").filter(|_| sent)).await
        }
        // The same form again, because its answer was lost on the way.
        Some(_) if is_done(&app, &by, &request).await? => {
            let row = now(&app, row).await?;
            done(&app, &by, &request, row, None).await
        }
        Some(Refused::ClaimLost(..)) if decided_before(&app, &row, by.person_id()?, kind).await? => {
            done(&app, &by, &request, row, None).await
        }
        Some(refused) => refuse(&app, &by, &request, row, &fields, refused).await,
    }
}

/// The comment as it is now.
pub(super) async fn now(app: &Desk, row: comment::Model) -> Result<comment::Model, Problem> {
    comment::Entity::find_by_id(row.id)
        .one(app.db.reader())
        .await?
        .ok_or_else(Problem::not_found)
}

async fn decided_before(
    app: &Desk,
    row: &comment::Model,
    person: PersonId,
    kind: DecisionKind,
) -> Result<bool, Problem> {
    if row.state != CommentState::Decided {
        return Ok(false);
    }
    let last = decision::Entity::find()
        .filter(decision::Column::CommentId.eq(row.id))
        .order_by_desc(decision::Column::MadeAt)
        .one(app.db.reader())
        .await?;
    Ok(last.is_some_and(|last| last.person_id == person && last.kind == kind && last.undone_at.is_none()))
}

/// The comment is decided or lifted: its card leaves the list, the action appears among those on their way.
async fn done(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    row: comment::Model,
    notice: Option<&str>,
) -> Result<HttpResponse, Problem> {
    if !wants_frames(request) {
        let notice = notice.map(|notice| format!("&notice={notice}")).unwrap_or_default();
        return Ok(see_other(&format!("/desk?lane={}{notice}", row.lane)));
    }
    let locale = locale(request);
    let (near, lane) = (near(app), row.lane);
    let mut ops = parts(app, by, request, row.clone()).await?;
    if let Some(why) = html::gone(&row, lane) {
        let left = render(app, locale, "parts/card", &ghost(&row, &app.people, near, why))?;
        ops.del(&format!("card-{}", row.id), &left);
    } else {
        let put = render(app, locale, "parts/card", &card(&row, &app.people, near))?;
        ops.put(&format!("card-{}", row.id), &put);
    }
    sends(app, by.person_id()?, request, &mut ops).await?;
    if let Some(notice) = notice {
        ops.say("polite", &sentence(app, locale, &format!("notice-{notice}")));
    }
    Ok(frames(StatusCode::OK, ops))
}

/// The person's actions on their way, as they stand now.
pub(super) async fn sends(app: &Desk, person: PersonId, request: &HttpRequest, ops: &mut Ops) -> Result<(), Problem> {
    for row in outbox_of(app, person).await? {
        ops.add("outbox", None, &render(app, locale(request), "parts/outbox", &row)?);
    }
    Ok(())
}

/// The form again, with what is to mend.
async fn refuse(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    row: comment::Model,
    fields: &Fields,
    refused: Refused,
) -> Result<HttpResponse, Problem> {
    let findings = match &refused {
        Refused::Guard(findings) => findings.clone(),
        _ => Vec::new(),
    };
    let problem = Problem::decision(refused, &app.people);
    let status = match problem.status {
        StatusCode::BAD_REQUEST => StatusCode::UNPROCESSABLE_ENTITY,
        status @ (StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY) => status,
        _ => return Err(problem),
    };
    let row = now(app, row).await?;
    let code = super::error::word(app, &problem);
    let place = (code == "guardrail").then(|| format!("text-in-{}", row.id));
    let fault = Fault {
        field: place,
        ..Fault::of(&code)
    };
    let holder = problem.more.get("holder").and_then(|by| by.as_str()).map(str::to_owned);
    let composer = composer(app, by, &row, fields, &findings, Some(fault), holder).await?;
    if !wants_frames(request) {
        let given = Given { composer, status };
        return show(app, by, request, &Address::default(), Some(row), "reply", Some(given)).await;
    }
    let mut ops = Ops::default();
    if status == StatusCode::CONFLICT {
        ops = parts(app, by, request, row.clone()).await?;
        ops.say("assertive", &sentence(app, locale(request), &format!("error-{code}")));
    }
    let part = render(app, locale(request), "parts/composer", &composer)?;
    ops.put(&format!("reply-{}", row.id), &part);
    Ok(frames(status, ops))
}

/// The composer with what was just typed.
async fn composer(
    app: &Desk,
    by: &Who,
    row: &comment::Model,
    fields: &Fields,
    findings: &[Finding],
    fault: Option<Fault>,
    holder: Option<String>,
) -> Result<Composer, Problem> {
    let (mode, tags) = (mode(app, by, row), tags_of(row));
    let mut composer = Composer::closed(
        row,
        mode,
        tags.as_ref(),
        &narratives(app),
        by.rights.has(Right::SetIntent),
    );
    let mut typed = Written {
        draft: written(fields),
        saved_at: None,
    };
    if typed.draft.text.is_empty() {
        // Another form of the same comment was sent; what is being written is in the draft.
        typed = Written::kept(app, row.id, by.person_id()?).await?;
    }
    if mode == Mode::Mine {
        open(app, by, row, &Address::default(), &typed, &mut composer).await?;
    } else {
        composer.text = typed.draft.text;
        composer.by = holder;
    }
    if !findings.is_empty() {
        composer.guard = guard(app, super::locale_of(by), row.id, row.platform, findings);
    }
    composer.errors.extend(fault);
    Ok(composer)
}

/// `POST /desk/{id}/preview`.
///
/// # Errors
/// 403, 404, 422, 503.
pub async fn preview(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let prepared = prepare(&app, &row, decider(&by)?, ask(&fields)?)
        .await
        .map_err(|refused| Problem::decision(refused, &app.people))?;
    let preview = shown_as(&app, &row, &prepared);
    if !wants_frames(&request) {
        let mut composer = composer(&app, &by, &row, &fields, &prepared.findings, None, None).await?;
        composer.preview = preview;
        let given = Given {
            composer,
            status: StatusCode::OK,
        };
        return show(
            &app,
            &by,
            &request,
            &Address::default(),
            Some(row),
            "reply",
            Some(given),
        )
        .await;
    }
    let locale = locale(&request);
    let mut ops = Ops::default();
    if let Some(preview) = preview {
        let part = render(&app, locale, "parts/preview", &preview)?;
        let place = format!("preview-{}", row.id);
        ops.put(&place, &format!("<div id=\"{place}\">{part}</div>"));
    }
    let said = guard(&app, locale, row.id, row.platform, &prepared.findings);
    ops.put(
        &format!("guard-{}", row.id),
        &render(&app, locale, "parts/guard", &said)?,
    );
    Ok(frames(StatusCode::OK, ops))
}

/// `POST /desk/{id}/draft`.
///
/// # Errors
/// 404, 409 `claim_lost`, 503.
pub async fn keep(
    app: Desk,
    by: By<right::WorkLane>,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    draft::save(&app, id(&path)?, by.person_id()?, written(&fields))
        .await
        .map_err(|refused| Problem::decision(refused, &app.people))?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /desk/{id}/escalate`.
///
/// # Errors
/// 403, 404, 409, 422, 503.
pub async fn escalate(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let person = by.person_id()?;
    if is_done(&app, &by, &request).await? || asked_before(&app, &row, person).await? {
        return done(&app, &by, &request, row, None).await;
    }
    let refused = |refused| Problem::escalation(refused, &app.people);
    let proposal = match field(&fields, "proposal_kind").and_then(|word| word.parse::<DecisionKind>().ok()) {
        Some(kind) => {
            let draft = written(&fields);
            let ground = field(&fields, "ground").and_then(|word| word.parse().ok());
            // Hiding without a ground, a reply without a text: the question stands alone.
            let whole = match kind {
                DecisionKind::Hide | DecisionKind::Delete => ground.is_some(),
                DecisionKind::Reply | DecisionKind::PrivateReply => !draft.text.is_empty(),
                _ => true,
            };
            let ask = Ask {
                text: Some(draft.text).filter(|text| !text.is_empty()),
                ground,
                ..Ask::plain(kind)
            };
            match whole {
                true => Some(propose(&app, &row, person, ask).await.map_err(refused)?),
                false => None,
            }
        }
        None => None,
    };
    let step = Open {
        comment: row.id,
        person,
        question: field(&fields, "question").unwrap_or_default().to_owned(),
        proposal,
    };
    change(&app, &by, &request, step)
        .await?
        .map_err(|failure| refused(failure.into()))?;
    let row = now(&app, row).await?;
    done(&app, &by, &request, row, None).await
}

/// Whether the question that waits about the comment is this person's: the same form, sent twice.
async fn asked_before(app: &Desk, row: &comment::Model, person: PersonId) -> Result<bool, Problem> {
    if row.state != CommentState::Escalated {
        return Ok(false);
    }
    let latest = latest_of(app.db.reader(), row.id).await?;
    Ok(latest.is_some_and(|question| question.asked_by == person))
}
