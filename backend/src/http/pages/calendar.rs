//! A person's shifts for other programs: the secret address, and what stands at it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::me::show;
use super::sentence;
use crate::change::Failure;
use crate::domain::person::PersonState;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::person::secret;
use crate::shift::calendar::{RenewCalendar, shifts, text, whose};
use crate::view::LocaleKey;

/// `POST /me/calendar`: a new address, shown once; the old one is no longer any.
///
/// # Errors
/// 401, 503.
pub async fn renew(app: Desk, by: By<right::SignedIn>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let word = secret::make().map_err(|error| {
        tracing::error!(%error, "the system has no randomness to give");
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "No address could be made just now. Try again.",
        )
    })?;
    let step = RenewCalendar {
        person: by.person_id()?,
        digest: secret::digest(&word),
    };
    match app.writer.change(step).await {
        Ok(()) => {}
        Err(Failure::Store(error)) => return Err(error.into()),
        Err(Failure::Refused(never)) => match never {},
    }
    let public = app.config.http.public_url.trim_end_matches('/');
    let address = format!("{public}/shifts/calendar/{word}.ics");
    show(&app, &by, &request, StatusCode::OK, Vec::new(), Some(address)).await
}

/// `GET /shifts/calendar/{file}`: whoever knows the address reads it; that is how calendars subscribe.
///
/// # Errors
/// 404 for an address that is none, or is no longer, or of somebody who is no longer on the staff; 503.
pub async fn read(app: Desk, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let word = path.strip_suffix(".ics").ok_or_else(Problem::not_found)?;
    let person = whose(&app, word).await?.and_then(|id| app.people.find(id));
    let person = person
        .filter(|person| person.state == PersonState::Active)
        .ok_or_else(Problem::not_found)?;
    let locale: LocaleKey = person.locale.parse().unwrap_or(LocaleKey::Sv);
    let name = sentence(&app, locale, "calendar-name");
    let rows = shifts(&app, person.id).await?;
    let calendar = text(&name, &rows, app.now_ms(), |row| {
        format!("{name} · {}", sentence(&app, locale, &format!("lane-{}", row.lane)))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, max-age=300"))
        .body(calendar))
}
