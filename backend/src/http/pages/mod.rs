//! Pages: the same acts as the API, as HTML. Every action is an ordinary form; a browser with script asks for frames
//! instead of a whole page (`ui.md` 1.1). Rights are checked again here, whatever the page showed.

pub mod attend;
pub mod blind;
pub mod calendar;
pub mod campaigns;
pub mod channels;
pub mod correct;
pub mod decide;
pub mod desk;
pub mod enter;
pub mod error;
pub mod escalation_form;
pub mod escalations;
pub mod examples;
pub mod hand;
pub mod hold;
pub mod insight;
pub mod item;
pub mod link;
pub mod list;
pub mod load;
pub mod me;
pub mod narratives;
pub mod need;
pub mod outbox;
pub mod people;
pub mod report;
pub mod roster;
pub mod shifts;
pub mod sign_in;
pub mod templates;
pub mod undo;
pub mod why;
pub mod wire;
pub mod write;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde::Serialize;

use crate::app::App;
use crate::change::{Failure, Step};
use crate::domain::role::Right;
use crate::http::extract::Who;
use crate::http::idempotency::{Answer, Unanswered, once};
use crate::http::problem::Problem;
use crate::person::people::Rights;
use crate::shift::exchange;
use crate::store::entity::person;
use crate::view::LocaleKey;
use crate::view::model::shell::{Nav, Notice, Prefs, Shell};
use crate::wire::html_frame::Ops;
use crate::wire::html_read::outbox_of;
use crate::wire::replay::last_seq;

/// The media type of frames.
pub const FRAMES: &str = "text/vnd.desk+html";
/// The cookie that keeps the language of somebody not signed in.
pub const LOCALE_COOKIE: &str = "klarsvar_locale";

/// Whether the answer is to be frames.
#[must_use]
pub fn wants_frames(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(FRAMES))
}

/// Makes a form's change: once for its `Idempotency-Key`, however often the form is sent. What it gives is not kept;
/// read it again.
///
/// # Errors
/// 422 for a key that was used for another form.
pub async fn change<S: Step>(
    app: &App,
    by: &Who,
    request: &HttpRequest,
    step: S,
) -> Result<Result<(), Failure<S::Refusal>>, Problem> {
    match once(app, by, request, step, |_| Answer::nothing()).await {
        Ok(_) => Ok(Ok(())),
        Err(Unanswered::Failed(failure)) => Ok(Err(failure)),
        Err(reused @ Unanswered::KeyReused) => Err(reused.problem(|_| Problem::not_found())),
    }
}

/// The language of an answer: the person's, else the cookie's, else the browser's.
#[must_use]
pub fn locale(request: &HttpRequest) -> LocaleKey {
    let person = request
        .extensions()
        .get::<Option<Who>>()
        .and_then(|who| who.as_ref()?.person.as_ref()?.locale.parse().ok());
    person
        .or_else(|| {
            request
                .cookie(LOCALE_COOKIE)
                .and_then(|cookie| cookie.value().parse().ok())
        })
        .unwrap_or_else(|| {
            let header = request.headers().get(header::ACCEPT_LANGUAGE);
            LocaleKey::negotiate(header.and_then(|value| value.to_str().ok()).unwrap_or_default())
        })
}

/// The language of a person's pages.
#[must_use]
pub fn locale_of(who: &Who) -> LocaleKey {
    let person = who.person.as_ref().and_then(|person| person.locale.parse().ok());
    person.unwrap_or(LocaleKey::Sv)
}

/// The frame of a page, without anything that has to be read.
#[must_use]
pub fn bare_shell(request: &HttpRequest, who: Option<&Who>) -> Shell {
    let person = who.and_then(|who| who.person.as_deref());
    let rights = who.map_or_else(Rights::default, |who| who.rights);
    let mut shell = Shell::new(locale(request), person, rights, request.path());
    shell.notice = notice(request.query_string());
    shell
}

/// The frame of a page for who is signed in. Read it before anything else of the page: frames that come later than its
/// number are applied to the page, so nothing may be older than it.
///
/// # Errors
/// 503.
pub async fn shell(app: &App, request: &HttpRequest, who: &Who) -> Result<Shell, Problem> {
    use sea_orm::EntityTrait;
    let mut shell = bare_shell(request, Some(who));
    shell.seq = last_seq(app).await?;
    let Some(person) = &who.person else {
        return Ok(shell);
    };
    shell.outbox = outbox_of(app, person.id).await?;
    let row = person::Entity::find_by_id(person.id).one(app.db.reader()).await?;
    shell.prefs = row
        .and_then(|row| serde_json::from_str(&row.settings).ok())
        .unwrap_or_else(Prefs::default);
    let lanes = app.duty.lanes(person.id);
    if let Some(first) = lanes.first() {
        shell.shift.on = true;
        shell.shift.id = app.duty.shift(person.id, *first);
        if let Some(id) = shell.shift.id {
            let row = crate::store::entity::shift::Entity::find_by_id(id)
                .one(app.db.reader())
                .await?;
            shell.shift.until = row.map(|row| row.ends_at);
            shell.shift.href = format!("/shifts/{id}/check-out");
        }
    }
    if who.rights.has(Right::SeeShifts) {
        let plans = who.rights.has(Right::PlanShifts);
        let waiting = exchange::waiting(app.db.reader(), person.id, plans, app.now_ms()).await?;
        Nav::count(&mut shell.nav, "shifts", u32::try_from(waiting).unwrap_or(u32::MAX));
    }
    if who.rights.has(Right::ResolveEscalation) {
        Nav::count(&mut shell.nav, "esc", escalations::waiting(app).await?);
    }
    if who.rights.has(Right::WorkLane) {
        let seen = (!who.rights.has(Right::SeeAllLanes)).then_some(lanes.as_slice());
        let waiting = match seen {
            Some([]) => 0,
            seen => crate::outbox::waiting::count(app, seen).await?,
        };
        Nav::count(&mut shell.nav, "hand", u32::try_from(waiting).unwrap_or(u32::MAX));
    }
    if who.rights.has(Right::WorkLane) && !lanes.is_empty() {
        let now = crate::clock::ms(app.clock.now());
        let waiting = lanes
            .iter()
            .map(|lane| app.board.load(*lane, now, app.config.lane.near_min).backlog)
            .sum();
        Nav::count(&mut shell.nav, "desk", waiting);
    }
    shell.shift.lanes = lanes;
    Ok(shell)
}

fn notice(query: &str) -> Option<Notice> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("notice="))
        .and_then(Notice::of)
}

/// Whether a refusal is told beside the form that was sent; what is no matter of its fields gets a page of its own.
#[must_use]
pub fn is_told_beside(problem: &Problem) -> bool {
    matches!(
        problem.status,
        StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
    )
}

/// A page.
///
/// # Errors
/// 500 when the template and its model do not fit.
pub fn page(
    app: &App,
    locale: LocaleKey,
    status: StatusCode,
    template: &str,
    model: &impl Serialize,
) -> Result<HttpResponse, Problem> {
    let html = render(app, locale, template, model)?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::VARY, "Accept, Cookie, Accept-Language"))
        .body(html))
}

/// A part as text.
///
/// # Errors
/// 500 when the template and its model do not fit.
pub fn render(app: &App, locale: LocaleKey, template: &str, model: &impl Serialize) -> Result<String, Problem> {
    app.views.render(locale, template, model).map_err(|error| {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, source, "answered with 500");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something is wrong in the desk. It has been noted; tell your administrator the time.",
        )
    })
}

/// Frames as an answer.
#[must_use]
pub fn frames(status: StatusCode, ops: Ops) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/vnd.desk+html; charset=utf-8")
        .body(ops.into_answer())
}

/// Leads on after a form was sent without script.
#[must_use]
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .finish()
}

/// Leads on, by a frame where frames are asked for.
#[must_use]
pub fn lead(request: &HttpRequest, path: &str) -> HttpResponse {
    if wants_frames(request) {
        let mut ops = Ops::default();
        ops.go(path);
        frames(StatusCode::OK, ops)
    } else {
        see_other(path)
    }
}

/// A sentence of the desk's texts without arguments. Underscores of codes are hyphens in keys.
#[must_use]
pub fn sentence(app: &App, locale: LocaleKey, key: &str) -> String {
    app.views
        .locales()
        .message(locale, &key.replace('_', "-"), None, true)
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

/// A path of this desk to go back to, or none: never another site's address.
#[must_use]
pub fn own_path(path: &str) -> Option<&str> {
    let clean = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 512
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    clean.then_some(path)
}

#[cfg(test)]
mod staff_tests;

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_desk_are_gone_back_to() {
        assert_eq!(own_path("/desk?lane=ar"), Some("/desk?lane=ar"));
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "desk",
            "",
            "/a\r\nb",
            "/å",
        ] {
            assert_eq!(own_path(foreign), None, "{foreign}");
        }
    }
}
