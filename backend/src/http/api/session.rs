//! Sign in, out, who am I, and what is one's own: password and sessions.

use std::net::IpAddr;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::app::App;
use crate::change::Failure;
use crate::http::extract::{By, Desk, Who, cookie_name, right};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::password::{Unfit, may_be_chosen};
use crate::person::session::{self, SignOut};
use crate::person::sign_in::{SignInError, SignedIn, prove, sign_in};
use crate::person::staff::{self, ResetPassword};

/// What signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
    /// One-time code; asked for once the person has set one up.
    #[serde(default)]
    #[expect(dead_code, reason = "part of the contract; second factors come with their own issue")]
    code: Option<String>,
}

/// `POST /api/v1/session`.
///
/// # Errors
/// 401 `sign-in-refused`, 429 `locked-out`.
pub async fn create(app: Desk, request: HttpRequest, given: web::Json<Credentials>) -> Result<HttpResponse, Problem> {
    let signed_in = sign_in(&app, source(&app, &request), &given.email, &given.password).await?;
    let person = app.people.find(signed_in.person).ok_or_else(Problem::not_signed_in)?;
    Ok(HttpResponse::Ok()
        .cookie(cookie(&app, &signed_in))
        .json(json!({ "id": person.id, "pseudonym": person.pseudonym, "roles": person.roles })))
}

/// `DELETE /api/v1/session`.
///
/// # Errors
/// 401 when nobody is signed in.
pub async fn delete(app: Desk, by: By<right::SignedIn>) -> Result<HttpResponse, Problem> {
    let (person, session) = (by.person_id()?, by.session.ok_or_else(Problem::not_signed_in)?);
    app.writer.change(SignOut { person, session }).await?;
    Ok(HttpResponse::NoContent().cookie(no_cookie(&app)).finish())
}

/// `GET /api/v1/me`.
///
/// # Errors
/// 401 when nobody is signed in.
pub async fn me(app: Desk, by: By<right::SignedIn>) -> Result<HttpResponse, Problem> {
    let person = by.person()?;
    let lanes = app.duty.lanes(person.id);
    let shift = lanes
        .iter()
        .map(|lane| json!({ "lane": lane, "shift": app.duty.shift(person.id, *lane) }))
        .collect::<Vec<_>>();
    Ok(HttpResponse::Ok().json(json!({
        "id": person.id,
        "email": person.email,
        "pseudonym": person.pseudonym,
        "roles": person.roles,
        "rights": by.rights.iter().collect::<Vec<_>>(),
        "lanes": person.lanes,
        "checked_in": lanes,
        "shift": shift,
    })))
}

/// Where a request comes from. A proxy's word is taken only where the configuration says that one of ours stands there.
#[must_use]
pub fn source(app: &App, request: &HttpRequest) -> Option<IpAddr> {
    if app.config.http.behind_proxy {
        let told = request.connection_info().realip_remote_addr().map(str::to_owned);
        if let Some(address) = told.and_then(|word| word.trim_matches(['[', ']']).parse().ok()) {
            return Some(address);
        }
    }
    request.peer_addr().map(|peer| peer.ip())
}

/// A change of one's own password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    present: String,
    new: String,
}

/// `POST /api/v1/me/password`. Every other session of the person ends.
///
/// # Errors
/// 401 `sign-in-refused` when the present one is wrong, 422 `password-short`, `password-same`, `password-unfit`.
pub async fn password(
    app: Desk,
    by: By<right::SignedIn>,
    given: web::Json<Passwords>,
) -> Result<HttpResponse, Problem> {
    change_password(&app, &by, &given.present, &given.new).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes the caller's own password, for API and pages.
///
/// # Errors
/// As [`password`].
pub async fn change_password(app: &App, by: &Who, present: &str, new: &str) -> Result<(), Problem> {
    let person = by.person()?;
    prove(app, person.id, present).await?;
    may_be_chosen(new, &person.email, present).map_err(unfit)?;
    let (id, given) = (person.id, new.to_owned());
    let step = super::users::hashed(move || ResetPassword::new(id, &given, false, Some(id))).await?;
    match staff::change(app, step.keeping(by.session)).await {
        Ok(_) => Ok(()),
        Err(Failure::Refused(refusal)) => Err(super::users::refused(refusal)),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

fn unfit(why: Unfit) -> Problem {
    let code = match why {
        Unfit::Short => "password-short",
        Unfit::Same => "password-same",
        Unfit::Long | Unfit::IsAddress => "password-unfit",
    };
    let mut detail = why.to_string();
    if let Some(first) = detail.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail + ". Choose another.")
}

/// `GET /api/v1/me/sessions`.
///
/// # Errors
/// 401, 403 for a token.
pub async fn sessions(app: Desk, by: By<right::SignedIn>) -> Result<HttpResponse, Problem> {
    let sessions: Vec<Value> = session::list(&app, by.person_id()?)
        .await?
        .into_iter()
        .map(|row| {
            json!({
                "id": row.id,
                "created_at": rfc3339(row.created_at),
                "seen_at": rfc3339(row.seen_at),
                "expires_at": rfc3339(row.expires_at),
                "current": by.session == Some(row.id),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "sessions": sessions })))
}

/// `DELETE /api/v1/me/sessions/{id}`: an own one.
///
/// # Errors
/// 404 for another's.
pub async fn end(app: Desk, by: By<right::SignedIn>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let (person, session) = (by.person_id()?, id(&path)?);
    if app.writer.change(SignOut { person, session }).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found())
    }
}

/// The cookie of a new session.
#[must_use]
pub fn cookie(app: &App, signed_in: &SignedIn) -> Cookie<'static> {
    let seconds = i64::from(app.config.person.session_h) * 3600;
    base(app, signed_in.secret.clone())
        .max_age(Duration::seconds(seconds))
        .finish()
}

/// The cookie that ends a session.
#[must_use]
pub fn no_cookie(app: &App) -> Cookie<'static> {
    base(app, String::new()).max_age(Duration::ZERO).finish()
}

fn base(app: &App, value: String) -> actix_web::cookie::CookieBuilder<'static> {
    Cookie::build(cookie_name(app), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(cookie_name(app).starts_with("__Host-"))
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(
                StatusCode::UNAUTHORIZED,
                "sign-in-refused",
                "The address and the password do not fit. Check both and try again.",
            ),
            SignInError::LockedOut(seconds) => {
                let mut problem = Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "locked-out",
                    format!("Too many tries. Try again in {} min.", seconds.div_euclid(60) + 1),
                )
                .with("seconds", seconds);
                problem.retry_after = u32::try_from(seconds).ok();
                problem
            }
            SignInError::TooMany(seconds) => {
                let mut problem = Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "rate-limited",
                    "Too many tries from your network. Wait and try again.",
                )
                .with("seconds", seconds);
                problem.retry_after = u32::try_from(seconds).ok();
                problem
            }
            SignInError::NoRandomness => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something is wrong in the desk. It has been noted; tell your administrator the time.",
            ),
            SignInError::Store(error) => error.into(),
        }
    }
}
