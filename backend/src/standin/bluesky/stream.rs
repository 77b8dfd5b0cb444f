//! The network's stream as Jetstream tells it: posts as they are committed, from a moment on that the caller names
//! (github.com/bluesky-social/jetstream, README). Tells of posts only, to whoever calls.

use std::sync::Mutex;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::repo::{Repo, key};
use super::{POST, Shared, held, read};
use crate::socket::upgrade;
use crate::standin::line::{Said, hold};
use crate::standin::threads::{Change, Told, World};

/// Opens a line for anybody. What was told since `cursor` is told again, that moment included.
pub(super) async fn open(
    shared: web::Data<Shared>,
    repo: web::Data<Mutex<Repo>>,
    request: HttpRequest,
    query: web::Query<Vec<(String, String)>>,
    body: web::Payload,
) -> HttpResponse {
    let all = |name: &'static str| query.iter().filter(move |(one, _)| one == name).map(|(_, value)| value);
    let wants_posts = all("wantedCollections").next().is_none() || all("wantedCollections").any(|of| of == POST);
    let cursor: Option<i64> = all("cursor").next().and_then(|cursor| cursor.parse().ok());
    // Subscribed while the past is read, so that nothing falls between.
    let (changes, first) = {
        let world = shared.world();
        if world.down {
            return HttpResponse::ServiceUnavailable().finish();
        }
        let past = world
            .told
            .iter()
            .filter(|told| wants_posts && cursor.is_some_and(|from| told.at_us >= from));
        let repo = held(&repo);
        let past: Vec<Message> = past.filter_map(|told| message(&world, &repo, told)).collect();
        (world.lines.subscribe(), past)
    };
    let answer = move |said: Said<'_>| match said {
        Said::Told(told) if wants_posts => message(&shared.world(), &held(&repo), told),
        Said::Told(_) | Said::Asked(_) => None,
    };
    upgrade(&request, body, move |socket| hold(socket, changes, first, answer))
        .unwrap_or_else(|| HttpResponse::BadRequest().finish())
}

/// A change as a commit to its author's repository.
fn message(world: &World, repo: &Repo, told: &Told) -> Option<Message> {
    let (operation, entry) = match &told.change {
        Change::Written(entry) => ("create", entry),
        Change::Edited(entry) => ("update", entry),
        Change::Gone(entry) => ("delete", entry),
        Change::HangUp => return None,
    };
    let rkey = entry.id.rsplit('/').next()?;
    let mut commit = json!({
        "rev": key(u64::try_from(told.at_us).ok()?.saturating_sub(super::repo::FIRST_KEY)), "operation": operation,
        "collection": POST, "rkey": rkey,
    });
    if operation != "delete" {
        // As its author's client wrote it, where the account wrote it here.
        let own = repo.get(POST, rkey).filter(|_| entry.author == read::did(&entry.id));
        commit["record"] = own.cloned().unwrap_or_else(|| read::record(world, entry));
        commit["cid"] = read::hash(world, entry);
    }
    let frame: Value = json!({
        "did": read::did(&entry.id), "time_us": told.at_us, "kind": "commit", "commit": commit,
    });
    Some(Message::text(frame.to_string()))
}
