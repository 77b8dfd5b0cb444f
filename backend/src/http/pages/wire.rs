//! `GET /wire`: HTML frames for the pages over a WebSocket.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::locale;
use crate::app::App;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::http::socket::upgrade;
use crate::http::topics::{self, named};
use crate::view::LocaleKey;
use crate::wire::html;
use crate::wire::hub::{Format, Listener};
use crate::wire::replay;
use crate::wire::session::{Opening, serve};
use crate::wire::topic::Topic;

/// What to listen to, in which locale, and what the page has.
#[derive(Debug, Deserialize)]
pub struct Ask {
    #[serde(default)]
    locale: String,
    #[serde(default)]
    topics: String,
    #[serde(default)]
    since: String,
}

/// `GET /wire?locale=…&topics=…&since=topic:seq,…`.
///
/// # Errors
/// 400 for a word that is no topic, 401, 403 when none of them may be seen.
pub async fn open(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    body: web::Payload,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let locale = ask.locale.parse().unwrap_or_else(|_| locale(&request));
    // A page may show a region that has just been closed to its viewer; the rest of the page goes on.
    let topics = named(&app, &by, &ask.topics).await?.open;
    if topics.is_empty() {
        return Err(Problem::no_right());
    }
    let who = Listener {
        person: Some(by.person_id()?),
        session: by.session,
        token: by.token,
    };
    // Listening begins before the past is read, so that nothing falls between.
    let listening = app
        .hub
        .listen(who, Format::Html(locale), &topics, app.config.wire.waiting_frames);
    let opening = opening(&app, &topics, &since(&ask.since), locale).await?;
    upgrade(&request, body, move |socket| serve(socket, listening, opening))
}

/// What the page has of each topic; 0 is nothing to go on from.
fn since(words: &str) -> HashMap<Topic, i64> {
    words
        .split(',')
        .filter_map(|word| {
            let (topic, seq) = word.rsplit_once(':')?;
            Some((topic.parse().ok()?, seq.parse().ok().filter(|seq| *seq > 0)?))
        })
        .take(topics::MOST)
        .collect()
}

async fn opening(
    app: &App,
    topics: &[Topic],
    since: &HashMap<Topic, i64>,
    locale: LocaleKey,
) -> Result<Opening, Problem> {
    let mut opening = Opening::default();
    let Some(first) = topics.iter().filter_map(|topic| since.get(topic)).min() else {
        return Ok(opening);
    };
    let missed = replay::missed(app, *first).await?;
    let events = match &missed.events {
        Some(events) => Some(html::named(app, events).await?),
        None => None,
    };
    for topic in topics {
        let Some(had) = since.get(topic) else { continue };
        opening.upto.insert(*topic, missed.last);
        let frames = match &events {
            Some(events) => html::missed(app, *topic, *had, events, locale).await.ok(),
            None => None,
        };
        match frames {
            Some(frames) => opening.frames.extend(frames),
            None => opening.stale.push(*topic),
        }
    }
    Ok(opening)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lane::Lane;

    #[test]
    fn what_a_page_has_is_read_per_topic_and_nonsense_is_passed_over() {
        let had = since("queue.ar:48210,esc:0,item.x:3,load:abc,:,queue.sv:7");
        assert_eq!(had.len(), 2);
        assert_eq!(had.get(&Topic::Queue(Lane::Ar)), Some(&48_210));
        assert_eq!(had.get(&Topic::Queue(Lane::Sv)), Some(&7));
    }
}
