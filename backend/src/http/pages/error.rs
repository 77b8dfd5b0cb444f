//! Refusals as pages in the viewer's language, and as frames where frames are asked for. The API keeps its problem details.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest};
use serde::Serialize;

use super::{bare_shell, frames, locale, page, sentence, wants_frames};
use crate::http::extract::{Desk, Who, is_page};
use crate::http::problem::Problem;
use crate::view::LocaleKey;
use crate::view::model::shell::Shell;
use crate::wire::html_frame::Ops;

#[derive(Serialize)]
struct Model<'a> {
    shell: Shell,
    kind: &'a str,
    code: &'a str,
    retry: Option<&'a str>,
    back: &'a str,
    reference: Option<&'a str>,
}

/// Turns a refusal of a page's route into a page or a frame.
///
/// # Errors
/// Those of what it wraps that are no refusal of ours.
pub async fn pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if !is_page(request.request()) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    // The request may not be kept while it is served: the router needs it alone.
    let answer = next.call(request).await?;
    let problem = answer
        .response()
        .error()
        .and_then(|error| error.as_error::<Problem>())
        .filter(|problem| problem.go.is_none())
        .cloned();
    Ok(match problem {
        Some(problem) => {
            let shown = show(answer.request(), &problem);
            answer.into_response(shown)
        }
        None => answer.map_into_boxed_body(),
    })
}

/// The answer that tells of a refusal.
#[must_use]
pub fn show(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    use actix_web::ResponseError;
    let Some(app) = request.app_data::<Desk>() else {
        return problem.error_response();
    };
    let mut answer = if wants_frames(request) {
        let mut ops = Ops::default();
        if problem.status == StatusCode::UNAUTHORIZED {
            ops.go("/in");
        } else {
            ops.say(
                "assertive",
                &sentence(app, locale(request), &format!("error-{}", word(app, problem))),
            );
        }
        frames(problem.status, ops)
    } else {
        let who = request.extensions().get::<Option<Who>>().cloned().flatten();
        let code = word(app, problem);
        let model = Model {
            shell: bare_shell(request, who.as_ref()),
            kind: kind(problem),
            code: &code,
            retry: (problem.status == StatusCode::SERVICE_UNAVAILABLE).then(|| request.path()),
            back: "/",
            reference: None,
        };
        match page(app, locale(request), problem.status, "pages/error", &model) {
            Ok(page) => page,
            Err(_) => return problem.error_response(),
        }
    };
    if let Some(seconds) = problem.retry_after {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    answer
}

const fn kind(problem: &Problem) -> &'static str {
    match problem.status {
        StatusCode::UNAUTHORIZED => "not-signed-in",
        StatusCode::FORBIDDEN => "no-right",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        _ => "other",
    }
}

/// The code, or the nearest for which the desk has a sentence.
#[must_use]
pub fn word(app: &Desk, problem: &Problem) -> String {
    let code = problem.code.replace('_', "-");
    let has = |code: &str| app.views.locales().has(LocaleKey::Sv, &format!("error-{code}"));
    if has(&code) {
        return code;
    }
    let near = match problem.status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::FORBIDDEN => "no-right",
        StatusCode::CONFLICT => "conflict",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "bad-input",
        _ => "internal",
    };
    near.to_owned()
}
