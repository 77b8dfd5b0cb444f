//! Absences: who is away when. Why is told to the person and to those who plan only.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use super::shifts::{problem, view};
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::role::Right;
use crate::domain::shift::AbsenceKind;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::people::People;
use crate::shift::absence::{NoteAbsence, Noted, TakeBackAbsence, of_time};
use crate::shift::week::Week;
use crate::store::entity::absence;

/// Which week.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    week: Option<String>,
}

/// Whether a caller is told why somebody is away.
#[must_use]
pub fn is_told_why(row: &absence::Model, by: &Who) -> bool {
    by.rights.has(Right::PlanShifts) || by.person.as_ref().is_some_and(|person| person.id == row.person_id)
}

fn absence_view(row: &absence::Model, tells_why: bool, people: &People) -> Value {
    json!({
        "id": row.id,
        "person": { "id": row.person_id, "pseudonym": people.pseudonym(row.person_id) },
        "from": rfc3339(row.from_at),
        "to": rfc3339(row.to_at),
        "kind": tells_why.then_some(row.kind),
    })
}

fn noted_view(noted: &Noted, people: &People) -> Value {
    let mut answer = absence_view(&noted.absence, true, people);
    answer["shifts"] = json!(noted.left.iter().map(|row| view(row, people)).collect::<Vec<_>>());
    answer
}

/// `GET /api/v1/absences?week=2026-W48`.
///
/// # Errors
/// 400 for a word that is no week.
pub async fn list(app: Desk, by: By<right::SeeShifts>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let week = match ask.week.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => word.parse().map_err(|error| Problem::bad_input(format!("{error}.")))?,
        None => Week::of(app.clock.now()),
    };
    let rows = of_time(app.db.reader(), (clock::ms(week.start()), clock::ms(week.end()))).await?;
    let items: Vec<Value> = rows
        .iter()
        .map(|row| absence_view(row, is_told_why(row, &by), &app.people))
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

/// An absence to note; of oneself where nobody is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    #[serde(default)]
    person: Option<PersonId>,
    kind: AbsenceKind,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// The step, if the caller may: that oneself is ill everybody may say, the rest is planned.
///
/// # Errors
/// 403.
pub fn note_step(
    by: &Who,
    person: Option<PersonId>,
    kind: AbsenceKind,
    (from, to): (i64, i64),
) -> Result<NoteAbsence, Problem> {
    let own = by.person_id()?;
    let person = person.unwrap_or(own);
    if !by.rights.has(Right::PlanShifts) && (person != own || kind != AbsenceKind::Sick) {
        return Err(Problem::no_right());
    }
    Ok(NoteAbsence {
        person,
        kind,
        from,
        to,
        by: own,
    })
}

/// `POST /api/v1/absences`.
///
/// # Errors
/// 403 for another's, or leave, without the right to plan; 409 `away`; 422 `bad-time`, `no-person`.
pub async fn create(
    app: Desk,
    by: By<right::SeeShifts>,
    request: HttpRequest,
    new: web::Json<New>,
) -> Result<HttpResponse, Problem> {
    let step = note_step(&by, new.person, new.kind, (clock::ms(new.from), clock::ms(new.to)))?;
    let desk = app.clone();
    once(&app, &by, &request, step, move |noted| {
        Answer::created(noted_view(noted, &desk.people))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// `POST /api/v1/absences/{id}/take-back`.
///
/// # Errors
/// 404 for one that does not stand, or another's without the right to plan.
pub async fn take_back(
    app: Desk,
    by: By<right::SeeShifts>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = TakeBackAbsence {
        absence: id(&path)?,
        by: by.person_id()?,
        plans: by.rights.has(Right::PlanShifts),
    };
    let desk = app.clone();
    once(&app, &by, &request, step, move |noted| {
        Answer::ok(noted_view(noted, &desk.people))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}
