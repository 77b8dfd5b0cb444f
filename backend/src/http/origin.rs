//! Cross-site forgery: a browser says where a request comes from, and only our own pages may change anything.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;

use super::problem::Problem;
use actix_web::ResponseError;

/// Refuses writes that a browser sends for another site. Programmes with a token and platforms' hooks have no cookie to abuse.
/// They are answered with 403 `wrong-origin`.
///
/// # Errors
/// None of its own.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrades = request.headers().contains_key(header::UPGRADE);
    let by_token = request.headers().contains_key(header::AUTHORIZATION);
    if (!reads || upgrades) && !by_token && !request.path().starts_with("/hooks/") && is_foreign(&request) {
        let problem = Problem::new(
            StatusCode::FORBIDDEN,
            "wrong-origin",
            "The request came from another site. Open the desk itself and try again.",
        );
        // An answer and no error: errors pass by the middleware that sets the headers.
        return Ok(request.into_response(problem.error_response()).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

fn is_foreign(request: &ServiceRequest) -> bool {
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        (Some(_), None) => true,
        // No browser of the last years leaves both out.
        (None, _) => false,
    }
}
