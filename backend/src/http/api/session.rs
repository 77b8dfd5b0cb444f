//! Sign in, out, and who am I.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::http::extract::{By, Desk, cookie_name, right};
use crate::http::problem::Problem;
use crate::person::session::SignOut;
use crate::person::sign_in::{SignInError, SignedIn, sign_in};

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
pub async fn create(app: Desk, given: web::Json<Credentials>) -> Result<HttpResponse, Problem> {
    let signed_in = sign_in(&app, &given.email, &given.password).await?;
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
            SignInError::NoRandomness => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something is wrong in the desk. It has been noted; tell your administrator the time.",
            ),
            SignInError::Store(error) => error.into(),
        }
    }
}
