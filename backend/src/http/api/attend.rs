//! Checking in and out, breaks, and what one shift leaves to the next.

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use super::shifts::{Ask, problem, view};
use crate::domain::id::HandoverId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::people::People;
use crate::shift::attend::{CheckIn, CheckOut, To};
use crate::shift::bell::Prolong;
use crate::shift::facts::Facts;
use crate::shift::handover_note::{self, LONGEST, Note};
use crate::shift::on_break::{EndBreak, StartBreak};
use crate::store::entity::{handover, handover_read, shift};

/// What a shift left, as the API shows it.
#[must_use]
pub fn handover_view(row: &handover::Model, people: &People) -> Value {
    json!({
        "id": row.id,
        "lane": row.lane,
        "by": people.pseudonym(row.person_id),
        "at": rfc3339(row.written_at),
        "going_on": row.going_on,
        "waits": row.waits,
        "watch": row.watch,
        "facts": facts(&Facts::of(row)),
    })
}

fn facts(facts: &Facts) -> Value {
    let escalations = facts.escalations.iter();
    let waves = facts.waves.iter();
    let blind = facts.blind.iter();
    json!({
        "at_bell": facts.at_bell,
        "returned_count": facts.returned_count,
        "returned": facts.returned,
        "escalations_count": facts.escalations_count,
        "escalations": escalations
            .map(|one| json!({ "id": one.id, "number": one.number, "due_at": rfc3339(one.due_at) }))
            .collect::<Vec<_>>(),
        "waves": waves
            .map(|one| json!({ "id": one.id, "narrative": one.narrative, "since": rfc3339(one.since) }))
            .collect::<Vec<_>>(),
        "templates": facts.templates,
        "blind": blind
            .map(|one| json!({ "connector": one.connector, "platform": one.platform, "since": rfc3339(one.since) }))
            .collect::<Vec<_>>(),
    })
}

fn read_view(row: &handover::Model, reads: &[handover_read::Model], people: &People) -> Value {
    let mut view = handover_view(row, people);
    let read_by: Vec<Value> = reads
        .iter()
        .filter(|read| read.handover_id == row.id)
        .map(|read| json!({ "by": people.pseudonym(read.person_id), "at": rfc3339(read.read_at) }))
        .collect();
    view["read_by"] = json!(read_by);
    view
}

/// `GET /api/v1/shifts/handover?lane=ar`: what was left last, and before it, within the time in which it must be read.
///
/// # Errors
/// 400, 403 for a lane the caller cannot work, 404 when there is nothing.
pub async fn handover(app: Desk, by: By<right::SeeShifts>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let lane: Lane = ask
        .lane
        .as_deref()
        .unwrap_or_default()
        .parse()
        .map_err(|error| Problem::bad_input(format!("{error}.")))?;
    let works = by
        .person
        .as_ref()
        .is_some_and(|person| by.rights.has(Right::WorkLane) && person.lanes.contains(&lane));
    if !works && !by.rights.has(Right::SeeAllLanes) {
        return Err(Problem::no_right());
    }
    let since = app.now_ms() - i64::from(app.config.shift.handover_h) * 3_600_000;
    let rows = handover_note::since(app.db.reader(), lane, since).await?;
    let reads = handover_note::reads(app.db.reader(), &rows).await?;
    let mut views = rows.iter().map(|row| read_view(row, &reads, &app.people));
    let mut latest = views.next().ok_or_else(Problem::not_found)?;
    latest["earlier"] = json!(views.collect::<Vec<_>>());
    Ok(HttpResponse::Ok().json(latest))
}

/// What is said at check-in to an own shift.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct In {
    #[serde(default)]
    handover_read: bool,
    #[serde(default)]
    shown: Option<Vec<HandoverId>>,
}

/// `POST /api/v1/shifts/{id}/check-in`.
///
/// # Errors
/// 404 for another's shift, 409 `shift-state`, `handover-unread`.
pub async fn check_in(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let said: In = optional(&body)?;
    enter(
        &app,
        &by,
        &request,
        To::Shift(id(&path)?),
        said.handover_read,
        said.shown,
    )
    .await
}

/// What is said at check-in to a lane.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InLane {
    lane: Lane,
    #[serde(default)]
    handover_read: bool,
    #[serde(default)]
    shown: Option<Vec<HandoverId>>,
}

/// `POST /api/v1/shifts/check-in`: to a lane; without a plan for it, unplanned.
///
/// # Errors
/// 409 `shift-state`, `handover-unread`, 422 `wrong-lane`.
pub async fn check_in_lane(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    said: web::Json<InLane>,
) -> Result<HttpResponse, Problem> {
    let said = said.into_inner();
    enter(&app, &by, &request, To::Lane(said.lane), said.handover_read, said.shown).await
}

async fn enter(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    to: To,
    handover_read: bool,
    shown: Option<Vec<HandoverId>>,
) -> Result<HttpResponse, Problem> {
    let step = CheckIn {
        person: by.person_id()?,
        to,
        handover_read,
        shown,
        config: app.config.shift.clone(),
    };
    let desk = app.clone();
    once(app, by, request, step, move |row| Answer::ok(view(row, &desk.people)))
        .await
        .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// What is said at check-out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Out {
    #[serde(default)]
    going_on: String,
    #[serde(default)]
    waits: String,
    #[serde(default)]
    watch: String,
}

/// `POST /api/v1/shifts/{id}/check-out`.
///
/// # Errors
/// 404 for another's shift, 409 `shift-state`.
pub async fn check_out(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    path: web::Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let said: Out = optional(&body)?;
    let note = note(said.going_on, said.waits, said.watch)?;
    let step = CheckOut {
        person: by.person_id()?,
        shift: id(&path)?,
        note,
        config: app.config.shift.clone(),
    };
    let desk = app.clone();
    let answer = move |done: &crate::shift::attend::CheckedOut| {
        let mut body = view(&done.shift, &desk.people);
        body["handover"] = handover_view(&done.handover, &desk.people);
        body["given_back"] = json!(done.given_back);
        Answer::ok(body)
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// What is left to the next, if it can be kept.
///
/// # Errors
/// 400 for a text that is too long or holds U+0000.
pub fn note(going_on: String, waits: String, watch: String) -> Result<Note, Problem> {
    for (name, text) in [("going_on", &going_on), ("waits", &waits), ("watch", &watch)] {
        if text.chars().count() > LONGEST || text.contains('\0') {
            return Err(Problem::bad_input(format!(
                "'{name}' has more than {LONGEST} characters or holds U+0000. Shorten it."
            )));
        }
    }
    Ok(Note { going_on, waits, watch })
}

/// `POST /api/v1/shifts/{id}/prolong`: shortly before its end.
///
/// # Errors
/// 404 for another's shift, 409 `shift-state`.
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
    let desk = app.clone();
    once(&app, &by, &request, step, move |row| {
        Answer::ok(view(row, &desk.people))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// `POST /api/v1/shifts/break`: not on duty from now on, in any lane.
///
/// # Errors
/// 403 `not-checked-in`, 409 `on-break`.
pub async fn start_break(app: Desk, by: By<right::WorkLane>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let step = StartBreak {
        person: by.person_id()?,
    };
    let desk = app.clone();
    once(&app, &by, &request, step, move |rows| {
        Answer::ok(views(rows, &desk.people))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// `POST /api/v1/shifts/break/end`.
///
/// # Errors
/// 403 `not-checked-in`, 409 `no-break`.
pub async fn end_break(app: Desk, by: By<right::WorkLane>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let step = EndBreak {
        person: by.person_id()?,
    };
    let desk = app.clone();
    once(&app, &by, &request, step, move |rows| {
        Answer::ok(views(rows, &desk.people))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

fn views(rows: &[shift::Model], people: &People) -> Value {
    json!({ "shifts": rows.iter().map(|row| view(row, people)).collect::<Vec<_>>() })
}

fn optional<T: Default + serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(body).map_err(|error| Problem::bad_input(format!("The body cannot be used: {error}.")))
}
