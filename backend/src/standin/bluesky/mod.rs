//! An atproto server with the network's view as far as one account's threads go: lists, threads, records, sessions, and
//! the network's stream.
//!
//! Posts that the account has written are whatever addresses of the account comments are written under.

mod read;
mod repo;
mod stream;
mod write;

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use self::repo::Repo;
use super::Clock;
use super::ground::Ground;
use super::threads::{Hand, Shared, Trouble, World};

/// Calls in five minutes.
const CALLS: u64 = 3_000;
/// Seconds these are counted for.
const CALLS_SECONDS: i64 = 300;
/// Points for writes in an hour.
const POINTS: u64 = 5_000;
/// Seconds these are counted for.
const POINTS_SECONDS: i64 = 3_600;
const POST: &str = "app.bsky.feed.post";

/// A running stand-in. Stops when dropped.
pub struct BlueskyStandin {
    hand: Hand,
    address: SocketAddr,
    repo: Arc<Mutex<Repo>>,
    _ground: Ground,
}

impl BlueskyStandin {
    /// Starts listening on a free port of this machine, for one account (its DID). The token is its password, too.
    ///
    /// # Errors
    /// If no port can be listened on.
    pub fn start(clock: Clock, did: &str, token: &str) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Shared::new(clock, did, token, "Stand-in Bluesky");
        let repo = Arc::new(Mutex::new(Repo::new(token)));
        let data = web::Data::from(Arc::clone(&shared));
        let kept = web::Data::from(Arc::clone(&repo));
        let routes = move |routes: &mut web::ServiceConfig| {
            routes
                .app_data(data.clone())
                .app_data(kept.clone())
                .route("/", web::get().to(page))
                .route("/switch", web::post().to(switch))
                .route("/subscribe", web::get().to(stream::open))
                .default_service(web::to(serve));
        };
        Ok(Self {
            hand: Hand { shared, id },
            address,
            repo,
            _ground: Ground::start(listener, routes, || std::future::ready(()))?,
        })
    }

    /// Address of the stand-in's own page, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Base address of the API, as an account is configured with it.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/xrpc", self.url())
    }

    /// Where the network's stream is, as an account is configured with it.
    #[must_use]
    pub fn stream_url(&self) -> String {
        format!("ws://{}/subscribe", self.address)
    }

    /// The token that the session is renewed with next.
    #[must_use]
    pub fn refresh_token(&self) -> String {
        held(&self.repo).refresh.clone()
    }

    /// How many records of a kind the account has.
    #[must_use]
    pub fn records(&self, collection: &str) -> usize {
        held(&self.repo).count(collection)
    }

    /// Somebody else who runs the account changes who may answer under a post.
    pub fn allow(&self, root: &str, allow: Value) {
        let key = root.rsplit('/').next().unwrap_or_default();
        held(&self.repo).allow(key, root, allow);
    }

    /// Between the next reading and writing of a thread's rules somebody else changes them.
    pub fn race_once(&self) {
        held(&self.repo).race = true;
    }
}

impl Deref for BlueskyStandin {
    type Target = Hand;

    fn deref(&self) -> &Hand {
        &self.hand
    }
}

fn held(repo: &Mutex<Repo>) -> MutexGuard<'_, Repo> {
    repo.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A comment's address: everybody writes in a repository of their own.
fn id(number: u64, _parent: Option<&str>) -> String {
    format!("at://did:plc:allman{number:018}/{POST}/{}", repo::key(number))
}

async fn page(shared: web::Data<Shared>) -> HttpResponse {
    shared.page()
}

async fn switch(shared: web::Data<Shared>) -> HttpResponse {
    shared.switch()
}

/// A call, understood.
struct Ask<'a> {
    query: &'a [(String, String)],
    body: Value,
    now: DateTime<Utc>,
    account: &'a str,
}

impl Ask<'_> {
    fn get<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.query.iter().filter(move |(one, _)| one == name);
        pairs.map(|(_, value)| value.as_str())
    }

    fn said(&self, name: &str) -> Option<&str> {
        self.body[name].as_str()
    }
}

type Answer = Result<Value, Failed>;

/// An error of the API.
#[derive(Debug)]
struct Failed {
    status: u16,
    error: &'static str,
    message: String,
}

fn failed(status: u16, error: &'static str, message: impl Into<String>) -> Failed {
    Failed {
        status,
        error,
        message: message.into(),
    }
}

fn invalid(message: impl Into<String>) -> Failed {
    failed(400, "InvalidRequest", message)
}

async fn serve(
    shared: web::Data<Shared>,
    repo: web::Data<Mutex<Repo>>,
    request: HttpRequest,
    query: web::Query<Vec<(String, String)>>,
    body: Bytes,
) -> HttpResponse {
    let now = shared.now();
    let (mut world, mut repo) = (shared.world(), held(&repo));
    world.calls += 1;
    if world.down {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let trouble = world.trouble();
    let ask = Ask {
        query: &query,
        body: serde_json::from_slice(&body).unwrap_or_default(),
        now,
        account: &shared.account,
    };
    let limited = trouble == Some(Trouble::TooMany);
    if let Some(refused) = repo.count_call(now, limited) {
        return refused;
    }
    match trouble {
        Some(Trouble::Failing) => {
            return answer(
                &repo,
                now,
                Err(failed(500, "InternalServerError", "Internal Server Error")),
            );
        }
        Some(Trouble::Nonsense) => return HttpResponse::Ok().body("<html>no page</html>"),
        Some(Trouble::TokenVoid) => world.token = String::from("void"),
        Some(Trouble::Nothing | Trouble::LoseAnswer | Trouble::Silence | Trouble::TooMany) | None => {}
    }
    let bearer = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    let said = carry_out(&mut world, &mut repo, &ask, &request, bearer);
    if let Some(instead) = trouble.and_then(Trouble::instead) {
        return instead;
    }
    answer(&repo, now, said)
}

fn carry_out(world: &mut World, repo: &mut Repo, ask: &Ask<'_>, request: &HttpRequest, bearer: Option<&str>) -> Answer {
    let method = request.path().trim_start_matches("/xrpc/");
    if method == "com.atproto.server.createSession" {
        return write::sign_in(world, repo, ask);
    }
    if method == "com.atproto.server.refreshSession" {
        return write::refresh(world, repo, ask, bearer);
    }
    let Some(bearer) = bearer else {
        return Err(failed(401, "AuthMissing", "Authentication Required"));
    };
    if bearer != world.token && !repo.sessions.iter().any(|(token, _)| token == bearer) {
        // With status 400, as the reference server has it.
        return Err(failed(400, "ExpiredToken", "Token has expired"));
    }
    match (request.method(), method) {
        (&Method::GET, "app.bsky.notification.listNotifications") => read::notifications(world, ask),
        (&Method::GET, "app.bsky.feed.getPostThread") => read::thread(world, repo, ask),
        (&Method::GET, "app.bsky.feed.getPosts") => read::posts(world, ask),
        (&Method::GET, "com.atproto.repo.getRecord") => write::get(world, repo, ask),
        (&Method::POST, "com.atproto.repo.putRecord") => write::put(world, repo, ask, false),
        (&Method::POST, "com.atproto.repo.createRecord") => write::put(world, repo, ask, true),
        (&Method::POST, "com.atproto.repo.deleteRecord") => write::delete(world, repo, ask),
        _ => Err(failed(501, "MethodNotImplemented", "Method Not Implemented")),
    }
}

fn answer(repo: &Repo, now: DateTime<Utc>, said: Answer) -> HttpResponse {
    match said {
        Ok(body) => {
            let mut response = HttpResponse::Ok();
            dated(&mut response, repo, now);
            response.json(body)
        }
        Err(Failed { status, error, message }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = HttpResponse::build(status);
            dated(&mut response, repo, now);
            response.json(json!({ "error": error, "message": message }))
        }
    }
}

fn dated(response: &mut HttpResponseBuilder, repo: &Repo, now: DateTime<Utc>) {
    let left = CALLS.saturating_sub(repo.calls);
    response
        .insert_header(("date", now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()))
        .insert_header(("ratelimit-limit", CALLS.to_string()))
        .insert_header(("ratelimit-remaining", left.to_string()))
        .insert_header(("ratelimit-reset", repo::end_of(now, CALLS_SECONDS).to_string()))
        .insert_header(("ratelimit-policy", format!("{CALLS};w={CALLS_SECONDS}")));
}
