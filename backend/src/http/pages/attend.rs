//! Checking in to a shift and out of it, with what one shift leaves to the next.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Deserialize;

use super::{change, frames, is_told_beside, lead, page, render, see_other, sentence, shell, wants_frames};
use crate::app::App;
use crate::change::Failure;
use crate::clock;
use crate::domain::comment::CommentState;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::http::api::attend::note;
use crate::http::api::comments::id;
use crate::http::api::shifts::problem;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::lane::order::state_is;
use crate::shift::ShiftRefused;
use crate::shift::attend::{CheckIn, CheckOut, To};
use crate::shift::bell::{Prolong, prolongs_from};
use crate::shift::facts::{self, Facts};
use crate::shift::handover_note;
use crate::shift::on_break::{EndBreak, StartBreak};
use crate::shift::roster;
use crate::shift::week::Week;
use crate::store::Error;
use crate::store::entity::{comment, draft, shift};
use crate::view::model::attend::{self as model, Held, InPage, OutPage};
use crate::view::model::choices;
use crate::view::model::composer::Fault;
use crate::view::model::shift::{Times, mine};
use crate::wire::html_frame::Ops;

/// `GET /shifts/check-in`: without a planned shift.
///
/// # Errors
/// 401, 403, 503.
pub async fn in_form(app: Desk, by: By<right::WorkLane>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let now = app.now_ms();
    let next = roster::mine(&app, by.person_id()?).await?;
    // Somebody whose shift is due is led to it; the plain page would start another beside it.
    if let Some(next) = next.filter(|row| mine(row, &app.config.shift, now).can_check_in) {
        return Ok(see_other(&format!("/shifts/{}/check-in", next.id)));
    }
    show_in(&app, &by, &request, None, StatusCode::OK, Vec::new()).await
}

/// `GET /shifts/{id}/check-in`.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn in_form_of(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = own(&app, &by, id(&path)?).await?;
    show_in(&app, &by, &request, Some(row), StatusCode::OK, Vec::new()).await
}

async fn own(app: &App, by: &Who, shift: ShiftId) -> Result<shift::Model, Problem> {
    let person = by.person_id()?;
    roster::find(app, shift)
        .await?
        .filter(|row| row.person_id == person)
        .ok_or_else(Problem::not_found)
}

async fn show_in(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    planned: Option<shift::Model>,
    status: StatusCode,
    errors: Vec<Fault>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let person = by.person()?;
    let on = app.duty.lanes(person.id);
    let lanes: Vec<Lane> = match &planned {
        Some(row) => vec![row.lane],
        None => person.lanes.iter().copied().filter(|lane| !on.contains(lane)).collect(),
    };
    let since = app.now_ms() - i64::from(app.config.shift.handover_h) * 3_600_000;
    let mut handovers = Vec::new();
    for lane in &lanes {
        let left = handover_note::since(app.db.reader(), *lane, since).await?;
        let reads = handover_note::reads(app.db.reader(), &left).await?;
        handovers.extend(left.iter().map(|row| model::handover(row, &reads, &app.people)));
    }
    let shown: Vec<String> = handovers.iter().map(|left| left.id.to_string()).collect();
    let first = lanes.first().copied();
    let model = InPage {
        planned: planned.as_ref().map(|row| Times {
            from: row.starts_at,
            to: row.ends_at,
        }),
        on_break: app.duty.is_on_break(person.id),
        errors,
        checkin: model::CheckIn {
            action: planned.as_ref().map_or_else(
                || "/shifts/check-in".to_owned(),
                |row| format!("/shifts/{}/check-in", row.id),
            ),
            lanes: choices(lanes.iter().map(|lane| lane.as_str()), |word| {
                first.is_some_and(|first| first.as_str() == word)
            }),
            shown: shown.join(" "),
            handovers,
        },
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/check-in", &model)
}

/// What is said at check-in.
#[derive(Debug, Deserialize)]
pub struct In {
    #[serde(default)]
    lane: String,
    #[serde(default)]
    handover_read: String,
    /// The handovers that the page showed.
    #[serde(default)]
    shown: Option<String>,
}

/// `POST /shifts/check-in`.
///
/// # Errors
/// 401, 403, 503; what else is refused is told beside the form.
pub async fn check_in_lane(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    said: web::Form<In>,
) -> Result<HttpResponse, Problem> {
    let lane: Lane = said
        .lane
        .parse()
        .map_err(|_| Problem::bad_input("Choose a lane to check in to."))?;
    enter(&app, &by, &request, To::Lane(lane), &said, None).await
}

/// `POST /shifts/{id}/check-in`.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told beside the form.
pub async fn check_in(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    said: web::Form<In>,
) -> Result<HttpResponse, Problem> {
    let row = own(&app, &by, id(&path)?).await?;
    enter(&app, &by, &request, To::Shift(row.id), &said, Some(row)).await
}

async fn enter(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    to: To,
    said: &In,
    planned: Option<shift::Model>,
) -> Result<HttpResponse, Problem> {
    let step = CheckIn {
        person: by.person_id()?,
        to,
        handover_read: said.handover_read == "true",
        shown: said
            .shown
            .as_ref()
            .map(|shown| shown.split_whitespace().filter_map(|word| word.parse().ok()).collect()),
        config: app.config.shift.clone(),
    };
    let refused = match app.writer.change(step).await {
        Ok(row) => return Ok(lead(request, &format!("/desk?lane={}&notice=checked-in", row.lane))),
        Err(Failure::Store(error)) => return Err(error.into()),
        Err(Failure::Refused(ShiftRefused::CheckedIn(lane))) => {
            // Sent twice: the person is where they wanted to be.
            return Ok(lead(request, &format!("/desk?lane={lane}")));
        }
        Err(Failure::Refused(refused)) => problem(&refused, &app.people),
    };
    if !is_told_beside(&refused) {
        return Err(refused);
    }
    let errors = vec![Fault::of(refused.code)];
    show_in(app, by, request, planned, refused.status, errors).await
}

/// `GET /shifts/{id}/check-out`.
///
/// # Errors
/// 401, 404, 503.
pub async fn out_form(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = own(&app, &by, id(&path)?).await?;
    show_out(&app, &by, &request, &row, Out::default(), StatusCode::OK, Vec::new()).await
}

/// What is left to the next shift.
#[derive(Debug, Default, Deserialize)]
pub struct Out {
    #[serde(default)]
    going_on: String,
    #[serde(default)]
    waits: String,
    #[serde(default)]
    watch: String,
}

async fn show_out(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    row: &shift::Model,
    said: Out,
    status: StatusCode,
    errors: Vec<Fault>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let on = row.state == ShiftState::Started;
    let claims = if on {
        held(app, row.person_id, row.lane).await?
    } else {
        Vec::new()
    };
    let facts = match on {
        true => facts::gather(app.db.reader(), row, &[], false).await?,
        false => Facts::default(),
    };
    let model = OutPage {
        id: row.id,
        errors,
        on,
        on_break: row.break_since.is_some(),
        until: row.ends_at,
        can_prolong: on && prolongs_from(row) <= app.now_ms() && app.now_ms() < row.ends_at,
        facts,
        claims_count: claims.len(),
        claims,
        going_on: said.going_on,
        waits: said.waits,
        watch: said.watch,
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/check-out", &model)
}

async fn held(app: &App, person: PersonId, lane: Lane) -> Result<Vec<Held>, Error> {
    let rows = comment::Entity::find()
        .filter(comment::Column::ClaimedBy.eq(person))
        .filter(comment::Column::Lane.eq(lane))
        .filter(state_is(CommentState::Claimed))
        .order_by_asc(comment::Column::ClaimedUntil)
        .all(app.db.reader())
        .await?;
    let drafts = draft::Entity::find()
        .filter(draft::Column::PersonId.eq(person))
        .filter(draft::Column::CommentId.is_in(rows.iter().map(|row| row.id)))
        .all(app.db.reader())
        .await?;
    Ok(rows
        .iter()
        .map(|row| Held {
            id: row.id,
            number: row.number.to_string(),
            draft: drafts.iter().any(|draft| draft.comment_id == row.id),
        })
        .collect())
}

/// `POST /shifts/{id}/check-out`.
///
/// # Errors
/// 401, 404, 503; what else is refused is told beside the form.
pub async fn check_out(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    path: web::Path<String>,
    said: web::Form<Out>,
) -> Result<HttpResponse, Problem> {
    let row = own(&app, &by, id(&path)?).await?;
    let Out { going_on, waits, watch } = said.into_inner();
    let again = Out {
        going_on: going_on.clone(),
        waits: waits.clone(),
        watch: watch.clone(),
    };
    let config = app.config.shift.clone();
    let refused = match note(going_on, waits, watch) {
        Err(problem) => problem,
        Ok(note) => match change(
            &app,
            &by,
            &request,
            CheckOut {
                person: row.person_id,
                shift: row.id,
                note,
                config,
            },
        )
        .await?
        {
            Ok(()) => {
                let week = Week::of(clock::from_ms(row.starts_at));
                return Ok(lead(&request, &format!("/shifts?week={week}&notice=checked-out")));
            }
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Refused(refused)) => problem(&refused, &app.people),
        },
    };
    if !is_told_beside(&refused) {
        return Err(refused);
    }
    let errors = vec![Fault::of(refused.code)];
    show_out(&app, &by, &request, &row, again, refused.status, errors).await
}

/// `POST /shifts/{id}/prolong`.
///
/// # Errors
/// 401, 403, 404, 409 `shift-state`, 503.
pub async fn prolong(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = Prolong {
        person: by.person_id()?,
        shift: id(&path)?,
        config: app.config.shift.clone(),
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) if wants_frames(&request) => {
            // The page stays as it is: somebody may be in the middle of a sentence.
            let shell = shell(&app, &request, &by).await?;
            let mut ops = Ops::default();
            ops.put("on-shift", &render(&app, shell.locale_key, "parts/bell", &shell.shift)?);
            ops.say("polite", &sentence(&app, shell.locale_key, "notice-prolonged"));
            Ok(frames(StatusCode::OK, ops))
        }
        Ok(()) => Ok(see_other(&format!("/shifts/{}/check-out?notice=prolonged", *path))),
        Err(Failure::Refused(refused)) => Err(problem(&refused, &app.people)),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

/// `POST /shifts/break`.
///
/// # Errors
/// 401, 403 `not-checked-in`, 503; on a break already is where one wanted to be.
pub async fn start_break(app: Desk, by: By<right::WorkLane>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let step = StartBreak {
        person: by.person_id()?,
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) | Err(Failure::Refused(ShiftRefused::OnBreak)) => Ok(lead(&request, "/shifts/check-in")),
        Err(Failure::Refused(refused)) => Err(problem(&refused, &app.people)),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

/// `POST /shifts/break/end`.
///
/// # Errors
/// 401, 403 `not-checked-in`, 503.
pub async fn end_break(app: Desk, by: By<right::WorkLane>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let step = EndBreak {
        person: by.person_id()?,
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) | Err(Failure::Refused(ShiftRefused::NoBreak)) => Ok(lead(&request, "/desk?notice=break-over")),
        Err(Failure::Refused(refused)) => Err(problem(&refused, &app.people)),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}
