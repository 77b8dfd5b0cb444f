//! Shifts: the roster and planning it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::attend::handover_view;
use super::comments::id;
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::domain::shift::ShiftState;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::people::People;
use crate::shift::ShiftRefused;
use crate::shift::breaks;
use crate::shift::plan::{CancelShift, PlanShift, Span};
use crate::shift::publish::PublishWeek;
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
    pub(super) lane: Option<String>,
}

/// `GET /api/v1/shifts?week=2026-W48&lane=ar`.
///
/// # Errors
/// 400 for a word that is no week or lane.
pub async fn list(app: Desk, by: By<right::SeeShifts>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
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
    let shifts = roster::of_week(&app, week, by.rights.has(Right::PlanShifts)).await?;
    let lanes: Vec<Lane> = lane.map_or_else(|| Lane::ALL.to_vec(), |lane| vec![lane]);
    let coverage: Vec<Value> = lanes
        .iter()
        .map(|lane| json!({ "lane": lane, "days": days(&roster::coverage(&shifts, *lane, week)) }))
        .collect();
    let shifts: Vec<Value> = shifts
        .iter()
        .filter(|row| lanes.contains(&row.lane))
        .map(|row| view(row, &app.people))
        .collect();
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

fn span((from, to): Span) -> Value {
    json!({ "from": rfc3339(from), "to": rfc3339(to) })
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
        "published": row.published_at.is_some(),
        "breaks": breaks::of(row).into_iter().map(span).collect::<Vec<_>>(),
        "on_break_since": row.break_since.map(rfc3339),
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
            let there = on.iter().filter(|row| row.lane == *lane);
            // Who is on a break is named, and not counted.
            let on_shift = there.clone().filter(|row| row.break_since.is_none()).count();
            let shifts: Vec<Value> = there.map(|row| view(row, &app.people)).collect();
            json!({ "lane": lane, "on_shift": on_shift, "shifts": shifts })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "lanes": lanes })))
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
    #[serde(default)]
    breaks: Vec<Break>,
    #[serde(default)]
    draft: bool,
}

/// A break in it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// `POST /api/v1/shifts`.
///
/// # Errors
/// 409 `shift-overlap`, `away`, 422 `bad-time`, `bad-break`, `wrong-lane`.
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
        breaks: new
            .breaks
            .iter()
            .map(|one| (clock::ms(one.from), clock::ms(one.to)))
            .collect(),
        draft: new.draft,
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

/// Which week to publish.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    week: String,
}

/// `POST /api/v1/shifts/publish`: the drafts of a week.
///
/// # Errors
/// 400 for a word that is no week, 409 `nothing-to-publish`.
pub async fn publish(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    of: web::Json<Published>,
) -> Result<HttpResponse, Problem> {
    let week: Week = of
        .week
        .parse()
        .map_err(|error| Problem::bad_input(format!("{error}.")))?;
    let step = PublishWeek {
        week,
        by: by.person_id()?,
    };
    once(&app, &by, &request, step, move |count| {
        Answer::ok(json!({ "week": week.to_string(), "published": count }))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
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
        ShiftRefused::HandoverUnread(notes) => handover_unread(notes, people),
        ShiftRefused::EarlyToProlong(from) => conflict(
            "shift-state",
            format!(
                "A shift can be prolonged from {}, shortly before its end. Wait until then.",
                rfc3339(*from)
            ),
        )
        .with("from", rfc3339(*from)),
        ShiftRefused::BadBreak => unusable(
            "bad-break",
            "A break begins before it ends, lies within the shift and does not overlap another. Correct its times.",
        ),
        ShiftRefused::OnBreak => conflict("on-break", "You are on a break. End the break first.".to_owned()),
        ShiftRefused::NoBreak => conflict("no-break", "You are on no break. Read the page again.".to_owned()),
        ShiftRefused::NotOn => Problem::not_checked_in(),
        ShiftRefused::Away => conflict(
            "away",
            "The person is away then. Choose another person or time, or take the absence back.".to_owned(),
        ),
        ShiftRefused::NothingToPublish => conflict(
            "nothing-to-publish",
            "Everything planned in this week is published already. Plan a shift first.".to_owned(),
        ),
        ShiftRefused::Exchanging => conflict(
            "exchange-state",
            "A colleague is asked about this shift already. Withdraw that first.".to_owned(),
        ),
        ShiftRefused::Answered(state) => conflict(
            "exchange-state",
            format!("The exchange is {state} now. Read the roster again."),
        )
        .with("state", state.as_str()),
        ShiftRefused::SecondPerson => Problem::new(
            StatusCode::FORBIDDEN,
            "second-person",
            "Somebody else must decide this. Ask another person.",
        ),
    }
}

fn handover_unread(notes: &[handover::Model], people: &People) -> Problem {
    let views: Vec<Value> = notes.iter().map(|note| handover_view(note, people)).collect();
    Problem::new(
        StatusCode::CONFLICT,
        "handover-unread",
        "Read what others left, then check in with handover_read.",
    )
    .with("handover", views.first().cloned().unwrap_or_default())
    .with("handovers", views)
}

fn state_problem(state: ShiftState) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "shift-state",
        format!("The shift is {state}. Read the roster again."),
    )
    .with("state", state.as_str())
}
