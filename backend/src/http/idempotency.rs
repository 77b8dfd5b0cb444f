//! `Idempotency-Key`: a write that is asked for twice happens once, and both askers get the first answer.
//!
//! The key is stored in the transaction of the effect, so there is no moment at which one is kept without the other.
//! A refusal has no effect and is not kept: asked again, the rule is asked again. Only where a request that had its effect
//! comes once more does the rule refuse what it allowed then; the API's middleware answers such a one as the first time.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use bytes::Bytes;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::extract::{Desk, Who, is_page};
use super::problem::Problem;
use crate::app::App;
use crate::change::{Change, Failure, Step};
use crate::clock;
use crate::store::Error;
use crate::store::entity::idempotency;

/// How long a key is known, in milliseconds.
pub const KNOWN_FOR_MS: i64 = 24 * 3_600_000;
/// Longest key taken.
const LONGEST_KEY: usize = 200;
/// The header, as the IETF draft `idempotency-key-header` names it.
const HEADER: &str = "idempotency-key";

/// What a write answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// JSON body; null for none.
    pub body: Value,
}

impl Answer {
    /// 200 with a body.
    #[must_use]
    pub const fn ok(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body,
        }
    }

    /// 201 with a body.
    #[must_use]
    pub const fn created(body: Value) -> Self {
        Self {
            status: StatusCode::CREATED,
            body,
        }
    }

    /// 202 with a body.
    #[must_use]
    pub const fn accepted(body: Value) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            body,
        }
    }

    /// 204.
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: Value::Null,
        }
    }

    fn respond(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        match &self.body {
            Value::Null => response.finish(),
            body => response.json(body),
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered<R> {
    /// The key was used for another request.
    KeyReused,
    /// The step did not happen.
    Failed(Failure<R>),
}

impl<R> Unanswered<R> {
    /// As a problem; `refused` knows the step's own refusals.
    pub fn problem(self, refused: impl FnOnce(R) -> Problem) -> Problem {
        match self {
            Self::KeyReused => key_reused(),
            Self::Failed(Failure::Refused(refusal)) => refused(refusal),
            Self::Failed(Failure::Store(error)) => error.into(),
        }
    }
}

impl<R> From<Unanswered<R>> for Problem
where
    Self: From<Failure<R>>,
{
    fn from(unanswered: Unanswered<R>) -> Self {
        match unanswered {
            Unanswered::KeyReused => key_reused(),
            Unanswered::Failed(failure) => failure.into(),
        }
    }
}

fn key_reused() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency-key-reused",
        "This Idempotency-Key was used for another request. Use a new key for each request.",
    )
}

/// A key and the digest of the request it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    key: String,
    request: String,
}

/// Reads the key of a write, if it carries one, with the digest of method, address and body.
///
/// # Errors
/// 400 for a key that cannot be one, 413 for a body over the limit.
pub async fn read(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let header = request.headers().get(HEADER).cloned();
    let api = request.path().starts_with("/api/");
    let mut asked = None;
    if let Some(header) = header.filter(|_| !reads && (api || is_page(request.request()))) {
        let key = header
            .to_str()
            .ok()
            .map(str::trim)
            .filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY)
            .ok_or_else(|| {
                Problem::bad_input(format!(
                    "The Idempotency-Key must have 1 to {LONGEST_KEY} visible characters."
                ))
            })?
            .to_owned();
        let body = request.extract::<Bytes>().await?;
        let mut digest = Sha256::new();
        for part in [request.method().as_str(), request.path(), request.query_string()] {
            digest.update(part);
            digest.update(b"\n");
        }
        digest.update(&body);
        let keyed = Keyed {
            key,
            request: hex::encode(digest.finalize()),
        };
        request.extensions_mut().insert(keyed.clone());
        request.set_payload(Payload::from(body));
        asked = Some(keyed);
    }
    let answer = next.call(request).await?;
    let late = matches!(
        answer.status(),
        StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::NOT_FOUND
    );
    if let Some(keyed) = asked.filter(|_| api && late)
        && let Some(first) = first_answer(answer.request(), &keyed).await
    {
        let first = first.respond();
        return Ok(answer.into_response(first).map_into_right_body());
    }
    Ok(answer.map_into_left_body())
}

/// The answer that the caller's key has already had. None where it cannot be read: what was refused then stays refused.
async fn first_answer(request: &HttpRequest, keyed: &Keyed) -> Option<Answer> {
    let app = request.app_data::<Desk>()?;
    let who = request.extensions().get::<Option<Who>>().cloned().flatten()?;
    known(app, &who, keyed).await.ok().flatten()
}

async fn known(app: &App, who: &Who, keyed: &Keyed) -> Result<Option<Answer>, Error> {
    let mine = (who.actor().to_string(), keyed.key.clone());
    let row = idempotency::Entity::find_by_id(mine).one(app.db.reader()).await?;
    let since = clock::ms(app.clock.now()) - KNOWN_FOR_MS;
    row.filter(|row| row.request == keyed.request && row.created_at > since)
        .map(|row| stored(&row))
        .transpose()
}

/// Whether this very request has had its effect.
///
/// # Errors
/// Any [`Error`].
pub async fn is_done(app: &App, who: &Who, request: &HttpRequest) -> Result<bool, Error> {
    let keyed = request.extensions().get::<Keyed>().cloned();
    match keyed {
        Some(keyed) => Ok(known(app, who, &keyed).await?.is_some()),
        None => Ok(false),
    }
}

/// Makes a change once for the caller's key, or every time if there is none.
///
/// # Errors
/// [`Unanswered`].
pub async fn once<S: Step>(
    app: &App,
    who: &Who,
    request: &HttpRequest,
    step: S,
    answer: impl Fn(&S::Out) -> Answer + Send + Sync + 'static,
) -> Result<HttpResponse, Unanswered<S::Refusal>> {
    once_without(&[], app, who, request, step, answer).await
}

/// The same, keeping the answer without the fields named: a secret is shown once and stored nowhere.
///
/// # Errors
/// [`Unanswered`].
pub async fn once_without<S: Step>(
    secret: &'static [&'static str],
    app: &App,
    who: &Who,
    request: &HttpRequest,
    step: S,
    answer: impl Fn(&S::Out) -> Answer + Send + Sync + 'static,
) -> Result<HttpResponse, Unanswered<S::Refusal>> {
    let keyed = request.extensions().get::<Keyed>().cloned();
    let Some(keyed) = keyed else {
        let out = app.writer.change(step).await.map_err(Unanswered::Failed)?;
        return Ok(answer(&out).respond());
    };
    let actor = who.actor().to_string();
    let answer = run(app, actor, keyed, secret, Arc::new(step), Arc::new(answer)).await?;
    Ok(answer.respond())
}

type Answering<S> = Arc<dyn Fn(&<S as Step>::Out) -> Answer + Send + Sync>;

async fn run<S: Step>(
    app: &App,
    actor: String,
    keyed: Keyed,
    secret: &'static [&'static str],
    step: Arc<S>,
    answer: Answering<S>,
) -> Result<Answer, Unanswered<S::Refusal>> {
    let mut again = true;
    loop {
        let once = Once {
            step: Arc::clone(&step),
            actor: actor.clone(),
            keyed: keyed.clone(),
            secret,
            answer: Arc::clone(&answer),
        };
        return match app.writer.change(once).await {
            Ok(answer) => Ok(answer),
            // Another instance stored the same key between our look and our commit; now its answer is there.
            Err(Failure::Store(Error::Conflict(_))) if again => {
                again = false;
                continue;
            }
            Err(Failure::Store(error)) => Err(Unanswered::Failed(Failure::Store(error))),
            Err(Failure::Refused(OnceRefused::KeyReused)) => Err(Unanswered::KeyReused),
            Err(Failure::Refused(OnceRefused::Step(refusal))) => Err(Unanswered::Failed(Failure::Refused(refusal))),
        };
    }
}

/// A step that happens once for a key.
struct Once<S: Step> {
    step: Arc<S>,
    actor: String,
    keyed: Keyed,
    secret: &'static [&'static str],
    answer: Answering<S>,
}

enum OnceRefused<R> {
    KeyReused,
    Step(R),
}

impl<S: Step> Step for Once<S> {
    type Out = Answer;
    type Refusal = OnceRefused<S::Refusal>;

    async fn run(&self, change: &mut Change) -> Result<Answer, Failure<Self::Refusal>> {
        let mine = (self.actor.clone(), self.keyed.key.clone());
        let known = idempotency::Entity::find_by_id(mine.clone()).one(change.read()).await?;
        let over = known
            .as_ref()
            .is_some_and(|row| row.created_at <= change.now_ms() - KNOWN_FOR_MS);
        if let Some(row) = known.filter(|_| !over) {
            return if row.request == self.keyed.request {
                Ok(stored(&row)?)
            } else {
                Err(Failure::Refused(OnceRefused::KeyReused))
            };
        }
        let out = self.step.run(change).await.map_err(|failure| match failure {
            Failure::Refused(refusal) => Failure::Refused(OnceRefused::Step(refusal)),
            Failure::Store(error) => Failure::Store(error),
        })?;
        let answer = (self.answer)(&out);
        if over {
            change.later(&idempotency::Entity::delete_by_id(mine));
        }
        let mut kept = answer.body.clone();
        if let Value::Object(fields) = &mut kept {
            fields.retain(|name, _| !self.secret.contains(&name.as_str()));
        }
        let row = idempotency::Model {
            actor: self.actor.clone(),
            key: self.keyed.key.clone(),
            request: self.keyed.request.clone(),
            status: i32::from(answer.status.as_u16()),
            body: (!kept.is_null()).then(|| kept.to_string()),
            created_at: change.now_ms(),
        };
        change.later(&idempotency::Entity::insert(row.into_active_model()));
        Ok(answer)
    }
}

fn stored(row: &idempotency::Model) -> Result<Answer, Error> {
    let status = u16::try_from(row.status)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or_else(|| Error::inconsistent("a kept answer without status"))?;
    let body = match &row.body {
        Some(body) => {
            serde_json::from_str(body).map_err(|_| Error::inconsistent("a kept answer that cannot be read"))?
        }
        None => Value::Null,
    };
    Ok(Answer { status, body })
}

/// Forgets keys older than a day.
struct Forget;

impl Step for Forget {
    type Out = u64;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<u64, Failure<Self::Refusal>> {
        let before = change.now_ms() - KNOWN_FOR_MS;
        let old = idempotency::Entity::delete_many().filter(idempotency::Column::CreatedAt.lte(before));
        Ok(change.execute(&old).await?)
    }
}

/// Forgets keys older than a day, if there are any.
///
/// # Errors
/// Any [`Error`].
pub async fn forget_old(app: &App) -> Result<u64, Error> {
    let before = clock::ms(app.clock.now()) - KNOWN_FOR_MS;
    let any = idempotency::Entity::find()
        .filter(idempotency::Column::CreatedAt.lte(before))
        .one(app.db.reader())
        .await?;
    if any.is_none() {
        return Ok(0);
    }
    match app.writer.change(Forget).await {
        Ok(count) => Ok(count),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

#[cfg(test)]
mod tests;
