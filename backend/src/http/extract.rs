//! The right as a value in a handler's signature: a handler that names no right gets nobody.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::problem::Problem;
use crate::app::App;
use crate::change::Actor;
use crate::domain::id::{PersonId, SessionId, TokenId};
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::person::people::{Person, Rights};
use crate::person::session::{self, Holder};

/// The running desk, for handlers.
pub type Desk = web::Data<App>;

/// Who calls.
#[derive(Debug, Clone)]
pub struct Who {
    /// A member of staff.
    pub person: Option<Arc<Person>>,
    /// Their session.
    pub session: Option<SessionId>,
    /// A programme.
    pub token: Option<TokenId>,
    /// What they may.
    pub rights: Rights,
}

/// A caller who has the right `R`.
#[derive(Debug, Clone)]
pub struct By<R> {
    who: Who,
    right: PhantomData<R>,
}

impl<R> std::ops::Deref for By<R> {
    type Target = Who;
    fn deref(&self) -> &Who {
        &self.who
    }
}

impl Who {
    /// The person, for what a programme cannot do.
    ///
    /// # Errors
    /// 403 for a token.
    pub fn person(&self) -> Result<&Arc<Person>, Problem> {
        self.person.as_ref().ok_or_else(Problem::no_right)
    }

    /// The person's identifier.
    ///
    /// # Errors
    /// 403 for a token.
    pub fn person_id(&self) -> Result<PersonId, Problem> {
        self.person().map(|person| person.id)
    }

    /// Who is named in events.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match (&self.person, self.token) {
            (Some(person), _) => Actor::Person(person.id),
            (None, Some(token)) => Actor::Token(token),
            (None, None) => Actor::Outside,
        }
    }

    /// The lanes this caller may work now.
    #[must_use]
    pub fn lanes(&self, app: &App) -> Vec<Lane> {
        self.person
            .as_ref()
            .map(|person| app.duty.lanes(person.id))
            .unwrap_or_default()
    }

    /// Whether the caller may see a lane: checked in to it, or by right.
    #[must_use]
    pub fn sees(&self, app: &App, lane: Lane) -> bool {
        self.rights.has(Right::SeeAllLanes) || self.lanes(app).contains(&lane)
    }
}

/// A right as a type.
pub trait Needs: 'static {
    /// The right.
    const RIGHT: Right;
}

macro_rules! needs {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("Needs [`Right::", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name;
        impl Needs for $name {
            const RIGHT: Right = Right::$name;
        }
    )+};
}

/// The rights as types.
pub mod right {
    use super::{Needs, Right};
    needs!(
        SignedIn,
        SeeAllLanes,
        WorkLane,
        ResolveEscalation,
        SetIntent,
        ShapeStories,
        SeeLoad,
        SeeShifts,
        PlanShifts,
        ReadNarratives,
        WriteNarratives,
        PublishNarratives,
        ReadTemplates,
        WriteTemplates,
        ApproveTemplates,
        ReadCampaigns,
        WriteCampaigns,
        ReadConnectors,
        WriteConnectors,
        ManagePeople,
        ReadAudit,
        Ingest,
    );
}

impl<R: Needs> FromRequest for By<R> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let page = is_page(&request);
            let who = match who(&request).await? {
                Some(who) => who,
                None if page => return Err(sign_in_first(&request)),
                None => return Err(Problem::not_signed_in()),
            };
            let changes_first = who.person.as_ref().is_some_and(|person| person.must_change_password);
            if changes_first && page && request.path() != "/in/password" {
                let mut problem = Problem::not_signed_in();
                problem.go = Some("/in/password".to_owned());
                return Err(problem);
            }
            if changes_first && !page && !is_open_before_change(&request) {
                return Err(Problem::password_change_needed());
            }
            if who.rights.has(R::RIGHT) {
                Ok(Self {
                    who,
                    right: PhantomData,
                })
            } else {
                Err(Problem::no_right())
            }
        })
    }
}

/// What somebody with a password that others know may ask of the API: who they are, a password of their own, the way out.
fn is_open_before_change(request: &HttpRequest) -> bool {
    matches!(
        (request.method(), request.path()),
        (&Method::GET, "/api/v1/me") | (&Method::POST, "/api/v1/me/password") | (&Method::DELETE, "/api/v1/session")
    )
}

/// Looks up who calls before anything else of the request is read, so that somebody without the right hears that, and not
/// what is wrong with their body.
///
/// # Errors
/// Those of the handler.
pub async fn recognise(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    // What goes wrong here goes wrong again where the handler asks for its caller, and is answered there.
    let _ = who(request.request()).await;
    next.call(request).await
}

/// A caller who may be nobody: the sign-in page.
#[derive(Debug, Clone)]
pub struct Anybody(pub Option<Who>);

impl FromRequest for Anybody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { who(&request).await.map(Self) })
    }
}

/// Whether the answer is for a person's browser.
pub fn is_page(request: &HttpRequest) -> bool {
    !request.path().starts_with("/api/") && !request.path().starts_with("/hooks/") && request.path() != "/metrics"
}

fn sign_in_first(request: &HttpRequest) -> Problem {
    let mut problem = Problem::not_signed_in();
    let wants_frames = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("desk+html"));
    if !wants_frames {
        problem.go = Some("/in".to_owned());
    }
    problem
}

/// Who calls, by bearer token or session cookie; remembered for the rest of the request.
async fn who(request: &HttpRequest) -> Result<Option<Who>, Problem> {
    if let Some(known) = request.extensions().get::<Option<Who>>() {
        return Ok(known.clone());
    }
    let app = request.app_data::<Desk>().ok_or_else(Problem::not_found)?.clone();
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let holder = match (bearer, request.cookie(cookie_name(&app))) {
        (Some(secret), _) => session::of_token(&app, secret.trim()).await?,
        (None, Some(cookie)) => session::of_session(&app, cookie.value()).await?,
        (None, None) => None,
    };
    let who = match holder {
        Some(Holder::Person(id, session, _)) => app
            .people
            .find(id)
            .filter(|person| person.state == crate::domain::person::PersonState::Active)
            .map(|person| Who {
                rights: person.rights(),
                person: Some(person),
                session: Some(session),
                token: None,
            }),
        Some(Holder::Token(id, rights)) => Some(Who {
            person: None,
            session: None,
            token: Some(id),
            rights,
        }),
        None => None,
    };
    request.extensions_mut().insert(who.clone());
    Ok(who)
}

/// The session cookie's name: `__Host-` wherever the desk is served over TLS.
#[must_use]
pub fn cookie_name(app: &App) -> &'static str {
    if app.config.http.public_url.starts_with("https://") {
        "__Host-klarsvar"
    } else {
        "klarsvar"
    }
}

/// The raw query string.
#[derive(Debug, Clone)]
pub struct Query(pub String);

impl FromRequest for Query {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.query_string().to_owned())))
    }
}

#[cfg(test)]
mod tests;
