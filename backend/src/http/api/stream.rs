//! `GET /api/v1/stream`: the desk's events as JSON over a WebSocket.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::app::App;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::http::socket::upgrade;
use crate::http::topics::named;
use crate::wire::hub::{Format, Listener};
use crate::wire::replay;
use crate::wire::session::{Opening, serve};
use crate::wire::topic::Topic;

/// What to listen to.
#[derive(Debug, Deserialize)]
pub struct Ask {
    #[serde(default)]
    topics: String,
    #[serde(default)]
    since: Option<i64>,
}

/// `GET /api/v1/stream?topics=…&since=…`.
///
/// # Errors
/// 400 for an unknown topic, 403 for one the caller may not see.
pub async fn open(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    body: web::Payload,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let named = named(&app, &by, &ask.topics).await?;
    if let Some(topic) = named.refused {
        return Err(match topic {
            Topic::Queue(_) | Topic::Item(_) => Problem::not_checked_in().with("topic", topic.to_string()),
            _ => Problem::no_right().with("topic", topic.to_string()),
        });
    }
    let topics = named.open;
    let who = Listener {
        person: by.person.as_ref().map(|person| person.id),
        session: by.session,
        token: by.token,
    };
    // Listening begins before the past is read, so that nothing falls between.
    let listening = app
        .hub
        .listen(who, Format::Json, &topics, app.config.wire.waiting_frames);
    let opening = match ask.since {
        Some(since) => opening(&app, &topics, since).await?,
        None => Opening::default(),
    };
    upgrade(&request, body, move |socket| serve(socket, listening, opening))
}

async fn opening(app: &Arc<App>, topics: &[Topic], since: i64) -> Result<Opening, Problem> {
    let missed = replay::missed(app, since).await?;
    let upto = topics.iter().map(|topic| (*topic, missed.last)).collect();
    Ok(match missed.events {
        Some(events) => Opening {
            frames: replay::frames(app, &events, topics).await?,
            stale: Vec::new(),
            upto,
        },
        None => Opening {
            frames: Vec::new(),
            stale: topics.to_vec(),
            upto,
        },
    })
}
