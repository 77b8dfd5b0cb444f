//! Every refusal as one kind: RFC 9457 problem details with a stable code.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use crate::change::Failure;
use crate::lane::claim::ClaimRefused;
use crate::store::Error;
use crate::teaching::blind::BlindRefused;
use crate::teaching::write::NarrativeRefused;
use crate::template::moves::TemplateRefused;
use crate::{decision, escalation};

/// A refusal on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code for programs.
    pub code: &'static str,
    /// A sentence: what happened and what to do.
    pub detail: String,
    /// Further members.
    pub more: Map<String, Value>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// For pages: where to go instead.
    pub go: Option<String>,
}

impl Problem {
    /// A problem with nothing further to say.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            more: Map::new(),
            retry_after: None,
            go: None,
        }
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Nothing there, or nothing the caller may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is nothing at this address. Check the link.",
        )
    }

    /// The input cannot be used.
    #[must_use]
    pub fn bad_input(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-input", detail)
    }

    /// The body is larger than the desk takes.
    #[must_use]
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The body is larger than the desk takes. Send it in parts.",
        )
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Sign in first.")
    }

    /// Signed in, but without the right.
    #[must_use]
    pub fn no_right() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "no-right",
            "You do not have this right. Ask your supervisor.",
        )
    }

    /// Signed in with a password that somebody else gave.
    #[must_use]
    pub fn password_change_needed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "password-change-needed",
            "Choose a password of your own first: POST /api/v1/me/password.",
        )
    }

    /// Not checked in to the lane.
    #[must_use]
    pub fn not_checked_in() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-checked-in",
            "You are not checked in to this lane. Check in to your shift first.",
        )
    }

    /// A claim was refused; the holder is named by pseudonym.
    #[must_use]
    pub fn claim(refused: &ClaimRefused, people: &crate::person::people::People) -> Self {
        match refused {
            ClaimRefused::Absent => Self::not_found(),
            ClaimRefused::HeldBy(holder) => {
                let holder = people.pseudonym(*holder);
                Self::new(
                    StatusCode::CONFLICT,
                    "claimed",
                    format!("{holder} has this comment. Take another."),
                )
                .with("holder", holder)
            }
            ClaimRefused::NotOpen(state) => Self::new(
                StatusCode::CONFLICT,
                "illegal-state",
                format!("The comment is {state}. Read it again."),
            )
            .with("state", state.as_str()),
            ClaimRefused::TooMany(most) => Self::new(
                StatusCode::CONFLICT,
                "claim-limit",
                format!("You hold {most} comments, which is the most. Answer or release one first."),
            ),
            ClaimRefused::OtherLane(lane) => Self::not_checked_in().with("lane", lane.as_str()),
        }
    }
}

impl Problem {
    /// A decision was refused.
    #[must_use]
    pub fn decision(refused: decision::Refused, people: &crate::person::people::People) -> Self {
        use decision::Refused;
        match refused {
            Refused::Absent => Self::not_found(),
            Refused::StaleRevision(now) => Self::new(
                StatusCode::CONFLICT,
                "stale_revision",
                "The comment was edited since you read it. Read the new text and decide again.",
            )
            .with("revision", now),
            Refused::ClaimLost(holder, state) => {
                let problem = Self::new(
                    StatusCode::CONFLICT,
                    "claim_lost",
                    "You do not hold this comment. Your text is kept; claim the comment again if it is free.",
                )
                .with("state", state.as_str());
                match holder {
                    Some(holder) => problem.with("holder", people.pseudonym(holder)),
                    None => problem,
                }
            }
            Refused::Guard(findings) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "guardrail",
                "The decision cannot be made as it is. See 'findings': mend what blocks, name in 'confirmed' what you confirm.",
            )
            .with("findings", json!(findings)),
            Refused::Impossible => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "not-possible",
                "This platform does not let the desk do that. Choose another decision.",
            ),
            Refused::BadInput(why) => Self::bad_input(why),
            Refused::AlreadySent => Self::new(
                StatusCode::CONFLICT,
                "already_sent",
                "The decision can no longer be undone: it has left, or was undone already.",
            ),
            Refused::OthersDecision => Self::no_right(),
            Refused::Store(error) => error.into(),
        }
    }

    /// A question to supervisors, or its answer, was refused.
    #[must_use]
    pub fn escalation(refused: escalation::Refused, people: &crate::person::people::People) -> Self {
        use escalation::Refused;
        match refused {
            Refused::Absent => Self::not_found(),
            Refused::HeldBy(holder) => Self::claim(&ClaimRefused::HeldBy(holder), people),
            Refused::State(state) => Self::claim(&ClaimRefused::NotOpen(state), people),
            Refused::Answered => Self::new(
                StatusCode::CONFLICT,
                "illegal-state",
                "The question is answered already. Read it again.",
            ),
            Refused::SecondPerson => Self::new(
                StatusCode::FORBIDDEN,
                "second_person",
                "Another person must approve this. You asked, so you cannot.",
            ),
            Refused::BadInput(why) => Self::bad_input(why),
            Refused::Decision(refused) => Self::decision(refused, people),
            Refused::Store(error) => error.into(),
        }
    }
}

impl From<Failure<TemplateRefused>> for Problem {
    fn from(failure: Failure<TemplateRefused>) -> Self {
        match failure {
            Failure::Store(error) => error.into(),
            Failure::Refused(TemplateRefused::Absent) => Self::not_found(),
            Failure::Refused(TemplateRefused::Illegal(illegal)) => Self::new(
                StatusCode::CONFLICT,
                "template-state",
                format!(
                    "A version that is {} cannot {}. Read it again.",
                    illegal.from, illegal.by
                ),
            )
            .with("state", illegal.from.as_str()),
            Failure::Refused(TemplateRefused::SecondPerson) => Self::new(
                StatusCode::FORBIDDEN,
                "second_person",
                "Another person must approve this. You wrote or submitted it.",
            ),
            Failure::Refused(TemplateRefused::Unusable(faults)) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "guardrail",
                "The text cannot be a template. See 'findings'.",
            )
            .with("findings", json!(faults)),
        }
    }
}

impl From<Failure<BlindRefused>> for Problem {
    fn from(failure: Failure<BlindRefused>) -> Self {
        match failure {
            Failure::Store(error) => error.into(),
            Failure::Refused(BlindRefused::NotAsked) => Self::new(
                StatusCode::CONFLICT,
                "not-blind",
                "Nothing is asked of this comment, or it was answered. Read it again.",
            ),
            Failure::Refused(BlindRefused::NotHeld) => Self::new(
                StatusCode::CONFLICT,
                "claim_lost",
                "Only who holds the comment tags it. Claim it first.",
            ),
        }
    }
}

impl From<Failure<NarrativeRefused>> for Problem {
    fn from(failure: Failure<NarrativeRefused>) -> Self {
        match failure {
            Failure::Store(error) => error.into(),
            Failure::Refused(NarrativeRefused::Absent) => Self::not_found(),
            Failure::Refused(NarrativeRefused::NotDraft(state)) => Self::new(
                StatusCode::CONFLICT,
                "narrative-state",
                "This is no draft any more. Read the narrative again.",
            )
            .with("state", state.as_str()),
            Failure::Refused(NarrativeRefused::NotTested) => Self::new(
                StatusCode::CONFLICT,
                "not-tested",
                "Test the draft on last week's comments first, so that you see what it changes.",
            ),
            Failure::Refused(NarrativeRefused::TooMany) => Self::new(
                StatusCode::CONFLICT,
                "too-many-narratives",
                "The desk has as many narratives of its own as it can tell apart. Take one out of use first.",
            ),
            Failure::Refused(NarrativeRefused::SecondPerson) => Self::new(
                StatusCode::FORBIDDEN,
                "second_person",
                "Another person must publish this. You wrote it.",
            ),
            Failure::Refused(NarrativeRefused::Unusable(faults)) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "guardrail",
                "The narrative cannot be written so. See 'findings'.",
            )
            .with("findings", json!(faults)),
        }
    }
}

/// Refusals that actix makes itself (a body too large or cut short, a method without a handler) as problems.
///
/// # Errors
/// None of its own.
pub async fn unify(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let response = next.call(request).await?;
    let foreign = response
        .response()
        .error()
        .is_some_and(|error| error.as_error::<Problem>().is_none());
    if !foreign {
        return Ok(response.map_into_left_body());
    }
    let problem = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        StatusCode::NOT_FOUND => Problem::not_found(),
        status if status.is_client_error() => Problem {
            status,
            ..Problem::bad_input("The request cannot be used. Compare it with the API's description.")
        },
        _ => Error::inconsistent("an answer of the server itself").into(),
    };
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, problem.error_response()).map_into_right_body())
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        if let Some(place) = &self.go {
            return HttpResponse::SeeOther()
                .insert_header((header::LOCATION, place.as_str()))
                .finish();
        }
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        let mut body = self.more.clone();
        body.insert("type".to_owned(), json!("about:blank"));
        body.insert(
            "title".to_owned(),
            json!(self.status.canonical_reason().unwrap_or("Error")),
        );
        body.insert("status".to_owned(), json!(self.status.as_u16()));
        body.insert("code".to_owned(), json!(self.code));
        body.insert("detail".to_owned(), json!(self.detail));
        answer.body(Value::Object(body).to_string())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Busy(_) | Error::Unavailable(_) => {
                tracing::warn!(%error, "answered with 503");
                let mut problem = Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "The desk cannot reach its database now. Try again in a moment; nothing was changed.",
                );
                problem.retry_after = Some(5);
                problem
            }
            Error::Conflict(_) => {
                tracing::info!(%error, "answered with 409");
                Self::new(
                    StatusCode::CONFLICT,
                    "conflict",
                    "Somebody was faster. Read again and repeat.",
                )
            }
            Error::Inconsistent(_) => {
                tracing::error!(%error, "answered with 500");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something is wrong in the desk. It has been noted; tell your administrator the time.",
                )
            }
        }
    }
}

impl From<sea_orm::DbErr> for Problem {
    fn from(error: sea_orm::DbErr) -> Self {
        Error::from(error).into()
    }
}

impl From<Failure<std::convert::Infallible>> for Problem {
    fn from(failure: Failure<std::convert::Infallible>) -> Self {
        match failure {
            Failure::Store(error) => error.into(),
            Failure::Refused(never) => match never {},
        }
    }
}

#[cfg(test)]
mod tests;
