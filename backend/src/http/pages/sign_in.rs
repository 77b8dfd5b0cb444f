//! Signing in and out, choosing a password and a language. One message for every refusal.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{LOCALE_COOKIE, bare_shell, locale, own_path, page, see_other};
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::role::Right;
use crate::http::api::session::{cookie, no_cookie, source};
use crate::http::extract::{Anybody, By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::person::password;
use crate::person::people::Person;
use crate::person::session::SignOut;
use crate::person::sign_in::{SignInError, sign_in};
use crate::person::staff::ResetPassword;
use crate::store::entity::person;
use crate::view::LocaleKey;
use crate::view::model::composer::Fault;
use crate::view::model::shell::Shell;

/// Fewest characters of a password.
const SHORTEST: usize = 12;
/// Longest password taken, in bytes: hashing more only costs time.
const LONGEST: usize = 1_024;

#[derive(Serialize)]
struct InPage {
    shell: Shell,
    errors: Vec<Fault>,
    locked_until: Option<i64>,
    back: String,
    email: String,
}

/// Where to go after signing in.
#[derive(Debug, Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// `GET /`.
pub async fn home(Anybody(who): Anybody) -> HttpResponse {
    see_other(start(who.as_ref()))
}

/// The first page of a person, by what they may.
fn start(who: Option<&Who>) -> &'static str {
    let Some(who) = who else { return "/in" };
    let has = |right| who.rights.has(right);
    if has(Right::WorkLane) {
        "/desk"
    } else if has(Right::SeeLoad) {
        "/load"
    } else if has(Right::ManagePeople) {
        "/people"
    } else if has(Right::ReadTemplates) {
        "/templates"
    } else {
        "/me"
    }
}

/// `GET /in`.
///
/// # Errors
/// 500.
pub async fn form(
    app: Desk,
    Anybody(who): Anybody,
    request: HttpRequest,
    ask: web::Query<Back>,
) -> Result<HttpResponse, Problem> {
    if who.as_ref().is_some_and(|who| who.person.is_some()) {
        return Ok(see_other(start(who.as_ref())));
    }
    let model = InPage {
        shell: bare_shell(&request, None),
        errors: Vec::new(),
        locked_until: None,
        back: own_path(&ask.back).unwrap_or_default().to_owned(),
        email: String::new(),
    };
    page(&app, locale(&request), StatusCode::OK, "pages/in", &model)
}

/// What signs in.
#[derive(Deserialize)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    back: String,
}

/// `POST /in`.
///
/// # Errors
/// 503.
pub async fn enter(app: Desk, request: HttpRequest, given: web::Form<Credentials>) -> Result<HttpResponse, Problem> {
    let back = own_path(&given.back);
    let (status, code, locked_s) = match sign_in(&app, source(&app, &request), &given.email, &given.password).await {
        Ok(signed_in) => {
            let person = app.people.find(signed_in.person);
            let to = match &person {
                Some(person) if person.must_change_password => "/in/password",
                _ => back.unwrap_or("/"),
            };
            let mut answer = see_other(to);
            answer
                .add_cookie(&cookie(&app, &signed_in))
                .map_err(|_| Problem::bad_input("The cookie could not be set."))?;
            return Ok(answer);
        }
        Err(SignInError::Refused) => (StatusCode::UNAUTHORIZED, "sign-in-refused", None),
        Err(SignInError::LockedOut(seconds)) => (StatusCode::TOO_MANY_REQUESTS, "locked-out", Some(seconds)),
        Err(error) => return Err(error.into()),
    };
    let model = InPage {
        shell: Shell {
            path: "/in".to_owned(),
            ..bare_shell(&request, None)
        },
        errors: vec![Fault::of(code)],
        locked_until: locked_s.map(|seconds| clock::ms(app.clock.now()) + seconds * 1000),
        back: back.unwrap_or_default().to_owned(),
        email: given.email.chars().take(254).collect(),
    };
    page(&app, locale(&request), status, "pages/in", &model)
}

/// `POST /out`.
///
/// # Errors
/// 503.
pub async fn leave(app: Desk, Anybody(who): Anybody) -> Result<HttpResponse, Problem> {
    if let Some((person, session)) = who.and_then(|who| Some((who.person?.id, who.session?))) {
        app.writer.change(SignOut { person, session }).await?;
    }
    let mut answer = see_other("/in?notice=signed-out");
    answer
        .add_cookie(&no_cookie(&app))
        .map_err(|_| Problem::bad_input("The cookie could not be set."))?;
    Ok(answer)
}

#[derive(Serialize)]
struct PasswordPage {
    shell: Shell,
    errors: Vec<Fault>,
}

/// `GET /in/password`.
///
/// # Errors
/// 401.
pub async fn password_form(app: Desk, _by: By<right::SignedIn>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    // Nothing else is open to somebody who has yet to choose a password; the page offers nothing else.
    let model = PasswordPage {
        shell: bare_shell(&request, None),
        errors: Vec::new(),
    };
    page(&app, locale(&request), StatusCode::OK, "pages/in-password", &model)
}

/// A chosen password.
#[derive(Deserialize)]
pub struct Chosen {
    password: String,
}

/// `POST /in/password`.
///
/// # Errors
/// 401, 503.
pub async fn choose_password(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    given: web::Form<Chosen>,
) -> Result<HttpResponse, Problem> {
    let person = by.person()?.clone();
    // Whoever has a password of their own changes it on their page, where the present one is asked for.
    if !person.must_change_password {
        return Ok(see_other("/me"));
    }
    let chosen = given.into_inner().password;
    let row = person::Entity::find_by_id(person.id).one(app.db.reader()).await?;
    let kept = row.ok_or_else(Problem::not_signed_in)?.password_hash;
    let fault = if chosen.chars().count() < SHORTEST || chosen.len() > LONGEST {
        Some("password-short")
    } else {
        let candidate = chosen.clone();
        // Argon2 takes tens of milliseconds on purpose; not on a thread that serves others.
        let same = actix_web::rt::task::spawn_blocking(move || password::fits(&candidate, &kept)).await;
        same.unwrap_or(false).then_some("password-same")
    };
    if let Some(code) = fault {
        let model = PasswordPage {
            shell: bare_shell(&request, None),
            errors: vec![Fault::at("password", code)],
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&app, locale(&request), status, "pages/in-password", &model);
    }
    let (id, hashed) = (person.id, chosen.clone());
    let step = actix_web::rt::task::spawn_blocking(move || ResetPassword::new(id, &hashed, false, Some(id)))
        .await
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| {
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "The password could not be kept.",
            )
        })?;
    match app.writer.change(step).await {
        Ok(row) => app.people.put(Person::of(&row)),
        Err(Failure::Refused(_)) => return Err(Problem::not_signed_in()),
        Err(Failure::Store(error)) => return Err(error.into()),
    }
    // The change ended every session, this one too.
    let signed_in = sign_in(&app, None, &person.email, &chosen).await?;
    let mut answer = see_other("/");
    answer
        .add_cookie(&cookie(&app, &signed_in))
        .map_err(|_| Problem::bad_input("The cookie could not be set."))?;
    Ok(answer)
}

/// A chosen language.
#[derive(Deserialize)]
pub struct Language {
    locale: String,
    #[serde(default)]
    back: String,
}

/// `POST /locale`.
///
/// # Errors
/// 400 for a language the desk does not speak.
pub async fn choose_locale(
    app: Desk,
    Anybody(who): Anybody,
    given: web::Form<Language>,
) -> Result<HttpResponse, Problem> {
    let locale: LocaleKey = given
        .locale
        .parse()
        .map_err(|_| Problem::bad_input("The desk does not speak this language."))?;
    if let Some(person) = who.and_then(|who| who.person) {
        let step = Speak {
            person: person.id,
            locale,
        };
        app.writer.change(step).await?;
        app.people.put(Person {
            locale: locale.as_str().to_owned(),
            ..Person::clone(&person)
        });
    }
    let mut answer = see_other(own_path(&given.back).unwrap_or("/"));
    let kept = Cookie::build(LOCALE_COOKIE, locale.as_str())
        .path("/")
        .same_site(SameSite::Lax)
        .secure(app.config.http.public_url.starts_with("https://"))
        .max_age(Duration::days(365))
        .finish();
    answer
        .add_cookie(&kept)
        .map_err(|_| Problem::bad_input("The cookie could not be set."))?;
    Ok(answer)
}

/// Changes the language of a person's pages.
struct Speak {
    person: PersonId,
    locale: LocaleKey,
}

impl Step for Speak {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let set = person::Entity::update_many()
            .col_expr(person::Column::Locale, Expr::value(self.locale.as_str()))
            .filter(person::Column::Id.eq(self.person));
        change.execute(&set).await?;
        change.note(
            EventKind::PersonChanged,
            None,
            Actor::Person(self.person),
            json!({ "person": self.person, "what": "locale" }),
        );
        Ok(())
    }
}
