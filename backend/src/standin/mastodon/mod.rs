//! A Mastodon server as far as one account's threads go: statuses, notifications, favourites, and the stream
//! (docs.joinmastodon.org, methods statuses, notifications and streaming).
//!
//! The public writes on other servers; only what names the account is told to it, as everywhere on Mastodon.

mod read;
mod show;
mod stream;
mod write;

use std::collections::{HashMap, HashSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Clock;
use super::ground::Ground;
use super::threads::{Change, Entry, Hand, Shared, Standing, Trouble, World};

/// Ids are numbered from here: some day in 2026, as the server numbers them.
const FIRST_ID: u64 = 115_500_000_000_000_000;

/// A running stand-in. Stops when dropped.
pub struct MastodonStandin {
    hand: Hand,
    address: SocketAddr,
    book: Arc<Mutex<Book>>,
    _ground: Ground,
}

impl MastodonStandin {
    /// Starts listening on a free port of this machine, for one account: its id, its name and its token.
    ///
    /// # Errors
    /// If no port can be listened on.
    pub fn start(clock: Clock, account: &str, username: &str, token: &str) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Shared::new(clock, account, token, "Stand-in Mastodon");
        let book = Arc::new(Mutex::new(Book::new(username, address)));
        let data = web::Data::from(Arc::clone(&shared));
        let kept = web::Data::from(Arc::clone(&book));
        let routes = move |routes: &mut web::ServiceConfig| {
            routes
                .app_data(data.clone())
                .app_data(kept.clone())
                .route("/", web::get().to(page))
                .route("/switch", web::post().to(switch))
                .route("/api/v1/streaming", web::get().to(stream::open))
                .default_service(web::to(serve));
        };
        Ok(Self {
            hand: Hand { shared, id },
            address,
            book,
            _ground: Ground::start(listener, routes, || std::future::ready(()))?,
        })
    }

    /// Address of the stand-in's own page and of its API, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the stream is, as an account is configured with it.
    #[must_use]
    pub fn streaming_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// The account says something itself, under an id of the caller's: what comments are written under.
    pub fn publish(&self, id: &str, text: &str) {
        let now = self.shared.now();
        let name = held(&self.book).username.clone();
        self.hand.restore(Entry {
            id: id.to_owned(),
            video: id.to_owned(),
            parent: None,
            author: self.shared.account.clone(),
            name,
            text: text.to_owned(),
            standing: Standing::Public,
            at: now,
            edited_at: now,
        });
    }

    /// Whether the account has a status among its favourites.
    #[must_use]
    pub fn is_favourite(&self, id: &str) -> bool {
        held(&self.book).favourites.contains(id)
    }

    /// From now on the stream tells nothing, though its lines stand; or it tells again.
    pub fn mute(&self, muted: bool) {
        held(&self.book).muted = muted;
    }
}

impl Deref for MastodonStandin {
    type Target = Hand;

    fn deref(&self) -> &Hand {
        &self.hand
    }
}

/// What a Mastodon server keeps besides what was written.
struct Book {
    username: String,
    address: SocketAddr,
    /// Visibility and language that the account's own statuses were sent with.
    sent_with: HashMap<String, (String, Option<String>)>,
    favourites: HashSet<String>,
    /// Statuses by the key they were sent with.
    keys: HashMap<String, (String, DateTime<Utc>)>,
    calls: Allowance,
    deletions: Allowance,
    muted: bool,
}

impl Book {
    fn new(username: &str, address: SocketAddr) -> Self {
        Self {
            username: username.to_owned(),
            address,
            sent_with: HashMap::new(),
            favourites: HashSet::new(),
            keys: HashMap::new(),
            // docs.joinmastodon.org, "Rate limits".
            calls: Allowance::new(300, 300),
            deletions: Allowance::new(30, 1_800),
            muted: false,
        }
    }
}

fn held(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Calls in windows of so many seconds.
struct Allowance {
    most: u64,
    seconds: i64,
    window: i64,
    used: u64,
}

impl Allowance {
    const fn new(most: u64, seconds: i64) -> Self {
        Self {
            most,
            seconds,
            window: 0,
            used: 0,
        }
    }

    /// Takes one; false when none is left.
    fn take(&mut self, now: DateTime<Utc>) -> bool {
        let window = now.timestamp() / self.seconds;
        if window != self.window {
            (self.window, self.used) = (window, 0);
        }
        self.used += 1;
        self.used <= self.most
    }

    /// What the answers' headers say of it: most, left, and when it begins again.
    fn headers(&self, now: DateTime<Utc>) -> [(&'static str, String); 4] {
        let end = (now.timestamp() / self.seconds + 1) * self.seconds;
        let reset = now + TimeDelta::seconds(end - now.timestamp());
        [
            ("date", now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            ("x-ratelimit-limit", self.most.to_string()),
            ("x-ratelimit-remaining", self.most.saturating_sub(self.used).to_string()),
            ("x-ratelimit-reset", instant(reset)),
        ]
    }
}

fn id(number: u64, _parent: Option<&str>) -> String {
    (FIRST_ID + number).to_string()
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
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
    said: Vec<(String, String)>,
    key: Option<String>,
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
        let pair = self.said.iter().find(|(one, _)| one == name);
        pair.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// What is answered, with the header that says where a list goes on.
struct Told {
    body: Value,
    link: Option<String>,
}

impl From<Value> for Told {
    fn from(body: Value) -> Self {
        Self { body, link: None }
    }
}

type Answer = Result<Told, Failed>;

/// An error of the API.
struct Failed(u16, &'static str);

const GONE: Failed = Failed(404, "Record not found");
const TOO_MANY: Failed = Failed(429, "Too many requests");

/// What a body says: a form, or the fields of an object.
fn said(request: &HttpRequest, body: &Bytes) -> Vec<(String, String)> {
    let kind = request
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return web::Query::<Vec<(String, String)>>::from_query(&String::from_utf8_lossy(body))
            .map_or_else(|_| Vec::new(), web::Query::into_inner);
    }
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let fields = value.as_object().into_iter().flatten();
    let said = fields.filter_map(|(name, value)| match value {
        Value::String(text) => Some((name.clone(), text.clone())),
        Value::Null => None,
        other => Some((name.clone(), other.to_string())),
    });
    said.collect()
}

/// The token a request shows, however it does.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    header("authorization")?.strip_prefix("Bearer ")
}

async fn serve(
    shared: web::Data<Shared>,
    book: web::Data<Mutex<Book>>,
    request: HttpRequest,
    query: web::Query<Vec<(String, String)>>,
    body: Bytes,
) -> HttpResponse {
    let now = shared.now();
    let (mut world, mut book) = (shared.world(), held(&book));
    world.calls += 1;
    let trouble = world.trouble();
    if world.down || trouble == Some(Trouble::Failing) {
        return HttpResponse::ServiceUnavailable().body("<html>503 Service Unavailable</html>");
    }
    let ask = Ask {
        query: &query,
        said: said(&request, &body),
        key: request
            .headers()
            .get("idempotency-key")
            .and_then(|key| key.to_str().ok())
            .map(str::to_owned),
        now,
        account: &shared.account,
    };
    if !book.calls.take(now) || trouble == Some(Trouble::TooMany) {
        book.calls.used = book.calls.most;
        return answer(&book.calls, now, Err(TOO_MANY));
    }
    match trouble {
        Some(Trouble::Nonsense) => return HttpResponse::Ok().body("<html>no page</html>"),
        Some(Trouble::TokenVoid) => world.token = String::from("void"),
        _ => {}
    }
    let said = carry_out(&mut world, &mut book, &ask, &request);
    if let Some(instead) = trouble.and_then(Trouble::instead) {
        return instead;
    }
    let allowance = match request.method() {
        &Method::DELETE => &book.deletions,
        _ => &book.calls,
    };
    answer(allowance, now, said)
}

fn carry_out(world: &mut World, book: &mut Book, ask: &Ask<'_>, request: &HttpRequest) -> Answer {
    let path: Vec<&str> = request.path().trim_start_matches('/').split('/').collect();
    if path == ["api", "v2", "instance"] {
        return Ok(show::instance(book).into());
    }
    if bearer(request) != Some(&world.token) {
        return Err(Failed(401, "The access token is invalid"));
    }
    match (request.method(), path.get(2..).unwrap_or_default()) {
        (&Method::GET, ["accounts", "verify_credentials"]) => Ok(show::own(book, ask.account).into()),
        (&Method::GET, ["notifications"]) => read::notifications(world, book, ask),
        (&Method::GET, ["statuses"]) => read::statuses(world, book, ask),
        (&Method::GET, ["statuses", id]) => read::status(world, book, ask, id),
        (&Method::GET, ["statuses", id, "context"]) => read::context(world, book, ask, id),
        (&Method::POST, ["statuses"]) => write::post(world, book, ask),
        (&Method::PUT, ["statuses", id]) => write::edit(world, book, ask, id),
        (&Method::DELETE, ["statuses", id]) => write::delete(world, book, ask, id),
        (&Method::POST, ["statuses", id, "favourite"]) => write::favourite(world, book, ask, id, true),
        (&Method::POST, ["statuses", id, "unfavourite"]) => write::favourite(world, book, ask, id, false),
        _ => Err(GONE),
    }
}

fn answer(allowance: &Allowance, now: DateTime<Utc>, said: Answer) -> HttpResponse {
    let (status, told) = match said {
        Ok(told) => (200, told),
        Err(Failed(status, error)) => (status, json!({ "error": error }).into()),
    };
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for header in allowance.headers(now) {
        response.insert_header(header);
    }
    if let Some(link) = told.link {
        response.insert_header(("link", link));
    }
    response.json(told.body)
}
