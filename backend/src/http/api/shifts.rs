//! Shifts: the roster, checking in and out.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::clock;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::domain::shift::ShiftState;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::people::People;
use crate::shift::ShiftRefused;
use crate::shift::attend::{CheckIn, CheckOut, To};
use crate::shift::handover_note::{LONGEST, Note, latest};
use crate::shift::plan::{CancelShift, PlanShift};
use crate::shift::roster;
use crate::shift::week::Week;
use crate::store::entity::{handover, shift};

/// Which week and lane.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    week: Option<String>,
    #[serde(default)]
    lane: Option<String>,
}

/// `GET /api/v1/shifts?week=2026-W48&lane=ar`.
///
/// # Errors
/// 400 for a word that is no week or lane.
pub async fn list(app: Desk, _by: By<right::SeeShifts>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let week = match ask.week.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => word.parse().map_err(|error| Problem::bad_input(format!("{error}.")))?,
        None => Week::of(app.clock.now()),
    };
    let lane: Option<Lane> = ask
        .lane
        .as_deref()
        .filter(|word| !word.is_empty())
        .map(str::parse)
        .transpose()
        .map_err(|error| Problem::bad_input(format!("{error}.")))?;
    let shifts = roster::of_week(&app, week, lane).await?;
    let lanes: Vec<Lane> = lane.map_or_else(|| Lane::ALL.to_vec(), |lane| vec![lane]);
    let coverage: Vec<Value> = lanes
        .iter()
        .map(|lane| json!({ "lane": lane, "days": days(&roster::coverage(&shifts, *lane, week)) }))
        .collect();
    let shifts: Vec<Value> = shifts.iter().map(|row| view(row, &app.people)).collect();
    Ok(HttpResponse::Ok().json(json!({
        "week": week.to_string(),
        "previous": week.previous().to_string(),
        "next": week.next().to_string(),
        "from": rfc3339(clock::ms(week.start())),
        "to": rfc3339(clock::ms(week.end())),
        "shifts": shifts,
        "coverage": coverage,
    })))
}

fn days(days: &[roster::DayCoverage]) -> Vec<Value> {
    days.iter()
        .map(|day| {
            let slots: Vec<Value> = day
                .slots
                .iter()
                .map(|slot| json!({ "from": rfc3339(slot.from), "to": rfc3339(slot.to), "planned": slot.planned }))
                .collect();
            json!({ "date": day.day.date, "hours": day.hours, "people": day.people, "slots": slots })
        })
        .collect()
}

/// A shift as the API shows it; a person is a pseudonym.
#[must_use]
pub fn view(row: &shift::Model, people: &People) -> Value {
    json!({
        "id": row.id,
        "person": { "id": row.person_id, "pseudonym": people.pseudonym(row.person_id) },
        "lane": row.lane,
        "starts_at": rfc3339(row.starts_at),
        "ends_at": rfc3339(row.ends_at),
        "state": row.state,
        "planned": row.planned_by.is_some(),
        "checked_in_at": row.checked_in_at.map(rfc3339),
        "checked_out_at": row.checked_out_at.map(rfc3339),
    })
}

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
    })
}

/// `GET /api/v1/shifts/now`: who is on, by lane.
///
/// # Errors
/// 401, 403.
pub async fn now(app: Desk, _by: By<right::SeeShifts>) -> Result<HttpResponse, Problem> {
    let on = roster::now(&app).await?;
    let lanes: Vec<Value> = Lane::ALL
        .iter()
        .map(|lane| {
            let people: Vec<Value> = on
                .iter()
                .filter(|row| row.lane == *lane)
                .map(|row| view(row, &app.people))
                .collect();
            json!({ "lane": lane, "on_shift": people.len(), "shifts": people })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "lanes": lanes })))
}

/// `GET /api/v1/shifts/handover?lane=ar`: what was left last, within the time in which it must be read.
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
    let since = clock::ms(app.clock.now()) - i64::from(app.config.shift.handover_h) * 3_600_000;
    let row = latest(app.db.reader(), lane, since)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(handover_view(&row, &app.people)))
}

/// A shift to plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    person: PersonId,
    lane: Lane,
    #[serde(alias = "start")]
    starts_at: DateTime<Utc>,
    #[serde(alias = "end")]
    ends_at: DateTime<Utc>,
}

/// `POST /api/v1/shifts`.
///
/// # Errors
/// 409 `shift-overlap`, 422 `bad-time`, `wrong-lane`.
pub async fn plan(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    new: web::Json<New>,
) -> Result<HttpResponse, Problem> {
    let step = PlanShift {
        person: new.person,
        lane: new.lane,
        starts_at: clock::ms(new.starts_at),
        ends_at: clock::ms(new.ends_at),
        by: by.person_id()?,
        config: app.config.shift.clone(),
    };
    let desk = app.clone();
    let answer = move |planned: &crate::shift::plan::Planned| {
        let mut body = view(&planned.shift, &desk.people);
        body["warnings"] = json!(planned.warnings);
        Answer::created(body)
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// `POST /api/v1/shifts/{id}/cancel`.
///
/// # Errors
/// 404, 409 `shift-state`.
pub async fn cancel(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = CancelShift {
        shift: id(&path)?,
        by: by.person_id()?,
    };
    let desk = app.clone();
    once(&app, &by, &request, step, move |row| {
        Answer::ok(view(row, &desk.people))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// What is said at check-in to an own shift.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct In {
    #[serde(default)]
    handover_read: bool,
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
    enter(&app, &by, &request, To::Shift(id(&path)?), said.handover_read).await
}

/// What is said at check-in to a lane.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InLane {
    lane: Lane,
    #[serde(default)]
    handover_read: bool,
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
    enter(&app, &by, &request, To::Lane(said.lane), said.handover_read).await
}

async fn enter(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    to: To,
    handover_read: bool,
) -> Result<HttpResponse, Problem> {
    let step = CheckIn {
        person: by.person_id()?,
        to,
        handover_read,
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
    let step = check_out_step(by.person_id()?, id(&path)?, said.going_on, said.waits, said.watch)?;
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

/// The step of a check-out, if the texts can be kept.
///
/// # Errors
/// 400 for a text that is too long or holds U+0000.
pub fn check_out_step(
    person: PersonId,
    shift: ShiftId,
    going_on: String,
    waits: String,
    watch: String,
) -> Result<CheckOut, Problem> {
    for (name, text) in [("going_on", &going_on), ("waits", &waits), ("watch", &watch)] {
        if text.chars().count() > LONGEST || text.contains('\0') {
            return Err(Problem::bad_input(format!(
                "'{name}' has more than {LONGEST} characters or holds U+0000. Shorten it."
            )));
        }
    }
    Ok(CheckOut {
        person,
        shift,
        note: Note { going_on, waits, watch },
    })
}

fn optional<T: Default + serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(body).map_err(|error| Problem::bad_input(format!("The body cannot be used: {error}.")))
}

/// A refusal about a shift, for API and pages.
#[must_use]
pub fn problem(refused: &ShiftRefused, people: &People) -> Problem {
    let conflict = |code, detail: String| Problem::new(StatusCode::CONFLICT, code, detail);
    let unusable = |code, detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    match refused {
        ShiftRefused::Absent => Problem::not_found(),
        ShiftRefused::NoPerson => unusable("no-person", "There is no such person on the staff. Choose another."),
        ShiftRefused::WrongLane(lane) => unusable(
            "wrong-lane",
            "The person cannot work this lane. Choose another lane or person.",
        )
        .with("lane", lane.as_str()),
        ShiftRefused::BadTime => unusable(
            "bad-time",
            "A shift ends after it starts, lasts at most a day and does not lie in the past. Correct the times.",
        ),
        ShiftRefused::Overlaps(other) => conflict(
            "shift-overlap",
            "The person has another shift then. Change or cancel one of them.".to_owned(),
        )
        .with("shift", view(other, people)),
        ShiftRefused::State(state) => state_problem(*state),
        ShiftRefused::Early(from) => conflict(
            "shift-state",
            format!("Check-in opens at {}. Wait until then.", rfc3339(*from)),
        )
        .with("from", rfc3339(*from)),
        ShiftRefused::Over => conflict(
            "shift-state",
            "The shift is over. Check in to the lane instead.".to_owned(),
        ),
        ShiftRefused::NothingToCopy => conflict(
            "nothing-to-copy",
            "The week before has no shift that can be copied. Plan the shifts of the week instead.".to_owned(),
        ),
        ShiftRefused::CheckedIn(lane) => conflict(
            "shift-state",
            "You are checked in to this lane already. Check out first.".to_owned(),
        )
        .with("lane", lane.as_str())
        .with("state", ShiftState::Started.as_str()),
        ShiftRefused::HandoverUnread(note) => conflict(
            "handover-unread",
            "Read what the last shift left, then check in with handover_read.".to_owned(),
        )
        .with("handover", handover_view(note, people)),
    }
}

fn state_problem(state: ShiftState) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "shift-state",
        format!("The shift is {state}. Read the roster again."),
    )
    .with("state", state.as_str())
}
