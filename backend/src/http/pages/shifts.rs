//! The roster of a week: who works when, and planning it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{NaiveDateTime, NaiveTime};
use sea_orm::EntityTrait;
use serde::Deserialize;

use super::{change, is_told_beside, lead, page, shell};
use crate::app::App;
use crate::change::Failure;
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::forecast::AHEAD;
use crate::http::api::comments::id;
use crate::http::api::shifts::problem;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::load::outlook;
use crate::shift::ShiftRefused;
use crate::shift::copy::CopyWeek;
use crate::shift::plan::{CancelShift, PlanShift};
use crate::shift::roster;
use crate::shift::week::{Day, Week};
use crate::store::entity::shift;
use crate::view::model::Owner;
use crate::view::model::composer::Fault;
use crate::view::model::coverage::{Needs, covered};
use crate::view::model::desk::Empty;
use crate::view::model::shift::{self as model, OnNow, Page, Plan};

/// The minutes of a browser's `datetime-local` field (HTML, 4.10.5.1.11).
const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// Which week.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    week: String,
}

fn week_of(app: &App, word: &str) -> Result<Week, Problem> {
    match word {
        "" => Ok(Week::of(app.clock.now())),
        word => word.parse().map_err(|error| Problem::bad_input(format!("{error}."))),
    }
}

/// `GET /shifts?week=2026-W48`.
///
/// # Errors
/// 400 for a word that is no week, 401, 403, 503.
pub async fn list(
    app: Desk,
    by: By<right::SeeShifts>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let week = week_of(&app, &ask.week)?;
    show(&app, &by, &request, week, None, StatusCode::OK, Vec::new()).await
}

async fn show(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    week: Week,
    plan: Option<Plan>,
    status: StatusCode,
    errors: Vec<Fault>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let now = app.now_ms();
    let shifts = roster::of_week(app, week, None).await?;
    let mine = roster::mine(app, by.person_id()?).await?;
    let can_plan = by.rights.has(Right::PlanShifts);
    let needs = if by.rights.has(Right::SeeLoad) && week.end() > app.clock.now() {
        needs(app, now)
    } else {
        Needs::new()
    };
    let model = Page {
        week: week.to_string(),
        week_no: week.number(),
        previous: week.previous().to_string(),
        previous_no: week.previous().number(),
        next: week.next().to_string(),
        seq: shell.seq,
        mine: mine.map(|row| model::mine(&row, &app.config.shift, now)),
        now: Lane::ALL.iter().map(|lane| on_now(app, *lane)).collect(),
        days: model::heads(week, now),
        rows: model::rows(&shifts, week, &app.people, &app.config.shift, now),
        coverage: covered(&shifts, week, &needs, now),
        empty: Empty {
            id: "shifts-empty",
            sentence: "empty-shifts",
            checked_at: None,
            href: None,
            link: "empty-clear-filter",
        },
        can_plan,
        errors,
        people: if can_plan { workers(app) } else { Vec::new() },
        lanes: Lane::ALL,
        plan: plan.unwrap_or_else(|| blank(app, week)),
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/shifts", &model)
}

/// What each lane needs in the half hours that are forecast; a lane whose need cannot be told is left out.
fn needs(app: &App, now: i64) -> Needs {
    Lane::ALL
        .iter()
        .filter_map(|lane| {
            let ahead = app.outlooks.of(*lane, now)?;
            let load = app.board.load(*lane, now, app.config.lane.near_min);
            let halves = outlook::halves(app, &ahead, load.backlog + load.claimed, now, 2 * AHEAD).ok()?;
            Some((*lane, halves.iter().map(|half| (half.at, half.need.needed())).collect()))
        })
        .collect()
}

fn on_now(app: &App, lane: Lane) -> OnNow {
    let people = app.duty.in_lane(lane);
    let mut people: Vec<String> = people.into_iter().map(|person| app.people.pseudonym(person)).collect();
    people.sort();
    OnNow { lane, people }
}

/// Those who can be planned.
fn workers(app: &App) -> Vec<Owner> {
    use crate::domain::person::PersonState;
    app.people
        .list()
        .iter()
        .filter(|person| person.state == PersonState::Active && person.rights().has(Right::WorkLane))
        .map(|person| Owner {
            id: person.id,
            pseudonym: person.pseudonym.clone(),
        })
        .collect()
}

/// A day's shift today, or on Monday in another week.
fn blank(app: &App, week: Week) -> Plan {
    let today = Day::of(app.clock.now());
    let days = week.days();
    let date = days
        .iter()
        .find(|day| **day == today)
        .or(days.first())
        .unwrap_or(&today)
        .date;
    Plan {
        start: format!("{date}T08:00"),
        end: format!("{date}T16:00"),
        ..Plan::default()
    }
}

/// A shift to plan, as the form sends it; times are wall-clock times in Sweden.
#[derive(Debug, Deserialize)]
pub struct New {
    #[serde(default)]
    week: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    lane: String,
    #[serde(default)]
    start: String,
    #[serde(default)]
    end: String,
}

/// `POST /shifts`.
///
/// # Errors
/// 401, 403, 503; what else is refused is told beside the form.
pub async fn plan(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    new: web::Form<New>,
) -> Result<HttpResponse, Problem> {
    let new = new.into_inner();
    let planned = match wanted(&new) {
        Some((person, lane, starts_at, ends_at)) => {
            let step = PlanShift {
                person,
                lane,
                starts_at,
                ends_at,
                by: by.person_id()?,
                config: app.config.shift.clone(),
            };
            match change(&app, &by, &request, step).await? {
                Ok(()) => Ok(()),
                Err(Failure::Refused(refused)) => Err(problem(&refused, &app.people)),
                Err(Failure::Store(error)) => return Err(error.into()),
            }
        }
        None => Err(problem(&ShiftRefused::BadTime, &app.people)),
    };
    let week = week_of(&app, &new.week)?;
    let Err(problem) = planned else {
        return Ok(lead(&request, &format!("/shifts?week={week}&notice=saved")));
    };
    if !is_told_beside(&problem) {
        return Err(problem);
    }
    let plan = Plan {
        person: new.person,
        lane: new.lane,
        start: new.start,
        end: new.end,
    };
    let errors = vec![Fault::of(problem.code)];
    show(&app, &by, &request, week, Some(plan), problem.status, errors).await
}

fn wanted(new: &New) -> Option<(PersonId, Lane, i64, i64)> {
    Some((
        new.person.parse().ok()?,
        new.lane.parse().ok()?,
        instant(&new.start)?,
        instant(&new.end)?,
    ))
}

/// A wall-clock time in Sweden as milliseconds.
fn instant(word: &str) -> Option<i64> {
    let local = NaiveDateTime::parse_from_str(word, LOCAL)
        .or_else(|_| NaiveDateTime::parse_from_str(word, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    let time: NaiveTime = local.time();
    Some(clock::ms(Day { date: local.date() }.at(time)))
}

/// Into which week to copy.
#[derive(Debug, Deserialize)]
pub struct Copy {
    #[serde(default)]
    week: String,
}

/// `POST /shifts/copy`: the shifts of the week before once more.
///
/// # Errors
/// 400 for a word that is no week, 401, 403, 503; that there is nothing to copy is told on the page.
pub async fn copy(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    form: web::Form<Copy>,
) -> Result<HttpResponse, Problem> {
    let week = week_of(&app, &form.week)?;
    let step = CopyWeek {
        into: week,
        by: by.person_id()?,
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) => Ok(lead(&request, &format!("/shifts?week={week}&notice=copied"))),
        Err(Failure::Refused(refused)) => {
            let problem = problem(&refused, &app.people);
            let errors = vec![Fault::of(problem.code)];
            show(&app, &by, &request, week, None, problem.status, errors).await
        }
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

/// `POST /shifts/{id}/cancel`.
///
/// # Errors
/// 401, 403, 404, 409 `shift-state`, 503.
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
    let of = step.shift;
    match change(&app, &by, &request, step).await? {
        Ok(()) => {
            let row = shift::Entity::find_by_id(of).one(app.db.reader()).await?;
            let row = row.ok_or_else(Problem::not_found)?;
            let week = Week::of(clock::from_ms(row.starts_at));
            Ok(lead(&request, &format!("/shifts?week={week}&notice=saved")))
        }
        Err(Failure::Refused(refused)) => Err(problem(&refused, &app.people)),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn a_time_of_the_form_is_swedish_wall_clock_time() {
        assert_eq!(instant("2026-11-23T08:00"), Some(1_795_417_200_000));
        assert_eq!(instant("2026-07-01T08:00:00"), Some(1_782_885_600_000));
        for word in ["", "2026-11-23", "08:00", "2026-13-01T08:00", "2026-11-23T08:00Z"] {
            assert_eq!(instant(word), None, "{word}");
        }
    }
}
