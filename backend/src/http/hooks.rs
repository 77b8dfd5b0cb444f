//! Platforms' deliveries: proven, kept, acknowledged; taken apart afterwards.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;

use super::extract::{Desk, Query};
use super::problem::Problem;
use crate::connector::VerifyError;
use crate::delivery::accept::{Keep, Kept};
use crate::delivery::take_apart::take_apart;

/// `GET /hooks/{connector}`: the subscription handshake.
///
/// # Errors
/// 404 for an unknown connector, 403 for a wrong word.
pub async fn handshake(app: Desk, name: web::Path<String>, query: Query) -> Result<HttpResponse, Problem> {
    let connector = app.connectors.find(&name).ok_or_else(Problem::not_found)?;
    let answer = connector
        .protocol
        .filter(|_| !connector.is_locked)
        .and_then(|protocol| protocol.handshake(&connector.account, &query.0));
    match answer {
        Some(body) => Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(body)),
        None => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "wrong-word",
            "The verify token does not fit. Compare it with the connector's settings.",
        )),
    }
}

/// `POST /hooks/{connector}`: 200 once the raw delivery is committed.
///
/// # Errors
/// 401 for a wrong signature, 404, 413, 503.
pub async fn deliver(
    app: Desk,
    request: HttpRequest,
    name: web::Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let connector = app.connectors.find(&name).ok_or_else(Problem::not_found)?;
    let protocol = connector.protocol.ok_or_else(Problem::not_found)?;
    // Without its secret anybody's signature would fit.
    if connector.is_locked {
        return Err(unproven(VerifyError::Wrong));
    }
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    protocol
        .verify(&connector.account, &header, &body, app.clock.now())
        .map_err(unproven)?;
    app.connectors.delivered(&connector.name, app.now_ms());
    let keep = Keep {
        connector: Arc::clone(&connector.name),
        body: body.clone(),
    };
    if let Kept::New(id) = app.writer.change(keep).await? {
        let app_ = Arc::clone(&app);
        app.tasks.spawn(async move {
            if let Err(error) = take_apart(&app_, &connector, id, &body).await {
                tracing::warn!(%error, delivery = %id, "a delivery waits to be taken apart again");
            }
        });
    }
    Ok(HttpResponse::Ok().finish())
}

fn unproven(error: VerifyError) -> Problem {
    let detail = match error {
        VerifyError::Missing => "The signature header is missing.",
        VerifyError::Malformed => "The signature header is not of the documented form.",
        VerifyError::Wrong => {
            "The signature does not fit the body. Compare the app secret with the connector's settings."
        }
    };
    Problem::new(StatusCode::UNAUTHORIZED, "wrong-signature", detail)
}
