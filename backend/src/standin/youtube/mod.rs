//! YouTube's Data API as far as comments go: lists, answers, moderation, units, and tokens that run out.

mod read;
mod write;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::America::Los_Angeles;
use serde_json::{Value, json};

use super::Clock;
use super::ground::Ground;
use super::threads::{Entry, Hand, Shared, Standing, Trouble};

/// Units of a write.
const WRITE: u64 = 50;
/// Units a day. Days begin at midnight Pacific Time (YouTube Data API, "Quota and compliance audits").
const UNITS: u64 = 10_000;
/// How long a token lasts, in seconds.
const LASTS: u32 = 3_599;

/// A running stand-in. Stops when dropped.
pub struct YoutubeStandin {
    hand: Hand,
    address: SocketAddr,
    _ground: Ground,
}

impl YoutubeStandin {
    /// Starts listening on a free port of this machine, for one channel.
    ///
    /// # Errors
    /// If no port can be listened on.
    pub fn start(clock: Clock, channel: &str, token: &str) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Shared::new(clock, channel, token, "Stand-in YouTube");
        let data = web::Data::from(Arc::clone(&shared));
        let routes = move |routes: &mut web::ServiceConfig| {
            routes
                .app_data(data.clone())
                .route("/", web::get().to(page))
                .route("/switch", web::post().to(switch))
                .route("/token", web::post().to(token_again))
                .default_service(web::to(serve));
        };
        Ok(Self {
            hand: Hand { shared, id },
            address,
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
        format!("{}/youtube/v3", self.url())
    }

    /// Where tokens are renewed.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/token", self.url())
    }

    /// Says how many units the channel's project has spent today.
    pub fn set_units(&self, units: u64) {
        self.hand.shared.world().units = units;
    }
}

impl Deref for YoutubeStandin {
    type Target = Hand;

    fn deref(&self) -> &Hand {
        &self.hand
    }
}

fn id(number: u64, parent: Option<&str>) -> String {
    match parent {
        Some(parent) => format!("{parent}.9a{number:08}xyz"),
        None => format!("Ugx{number:012}4AaABAg"),
    }
}

async fn page(shared: web::Data<Shared>) -> HttpResponse {
    shared.page()
}

async fn switch(shared: web::Data<Shared>) -> HttpResponse {
    shared.switch()
}

/// Gives a new token for a refresh token that begins as the account's do.
async fn token_again(shared: web::Data<Shared>, form: web::Form<HashMap<String, String>>) -> HttpResponse {
    let mut world = shared.world();
    if world.down {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let sound = form.get("grant_type").is_some_and(|grant| grant == "refresh_token")
        && form
            .get("refresh_token")
            .is_some_and(|token| token.starts_with("refresh-"));
    if !sound {
        let body = json!({ "error": "invalid_grant", "error_description": "Token has been expired or revoked." });
        return HttpResponse::BadRequest().json(body);
    }
    world.number += 1;
    world.token = format!("access-{}", world.number);
    HttpResponse::Ok().json(json!({
        "access_token": world.token, "expires_in": LASTS, "token_type": "Bearer",
        "scope": "https://www.googleapis.com/auth/youtube.force-ssl",
    }))
}

/// A call, understood.
struct Ask<'a> {
    query: &'a HashMap<String, String>,
    body: Value,
    now: DateTime<Utc>,
    account: &'a str,
}

impl Ask<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }
}

type Answer = Result<Option<Value>, Failed>;

async fn serve(
    shared: web::Data<Shared>,
    request: HttpRequest,
    query: web::Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    let now = shared.now();
    let mut world = shared.world();
    world.calls += 1;
    if world.down {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let trouble = world.trouble();
    match trouble {
        Some(Trouble::TooMany) => return failed(403, "rateLimitExceeded", "Too many requests").answer(),
        Some(Trouble::Failing) => return failed(500, "backendError", "Backend Error").answer(),
        Some(Trouble::Nonsense) => return HttpResponse::Ok().body("<html>no page</html>"),
        Some(Trouble::TokenVoid) => world.token = String::from("void"),
        Some(Trouble::Nothing | Trouble::LoseAnswer | Trouble::Silence) | None => {}
    }
    let bearer = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if bearer != Some(&format!("Bearer {}", world.token)) {
        return failed(401, "authError", "Invalid Credentials").answer();
    }
    world.count_in(now.with_timezone(&Los_Angeles).date_naive());
    let cost = if request.method() == Method::GET { 1 } else { WRITE };
    if world.units + cost > UNITS {
        return failed(
            403,
            "quotaExceeded",
            "The request cannot be completed because you have exceeded your quota.",
        )
        .answer();
    }
    world.units += cost;
    let ask = Ask {
        query: &query,
        body: serde_json::from_slice(&body).unwrap_or_default(),
        now,
        account: &shared.account,
    };
    let path = request.path().trim_start_matches("/youtube/v3/");
    let answer = match (request.method(), path) {
        (&Method::GET, "commentThreads") => read::threads(&world, &ask),
        (&Method::GET, "comments") => read::comments(&world, &ask),
        (&Method::POST, "comments") => write::reply(&mut world, &ask),
        (&Method::DELETE, "comments") => write::delete(&mut world, &ask),
        (&Method::POST, "comments/setModerationStatus") => write::moderate(&mut world, &ask),
        _ => Err(failed(404, "notFound", "Not Found")),
    };
    if let Some(instead) = trouble.and_then(Trouble::instead) {
        return instead;
    }
    match answer {
        Ok(Some(body)) => HttpResponse::Ok().json(body),
        Ok(None) => HttpResponse::NoContent().finish(),
        Err(failed) => failed.answer(),
    }
}

/// An error of the API.
struct Failed {
    status: u16,
    reason: &'static str,
    message: &'static str,
}

const fn failed(status: u16, reason: &'static str, message: &'static str) -> Failed {
    Failed {
        status,
        reason,
        message,
    }
}

impl Failed {
    fn answer(self) -> HttpResponse {
        let body = json!({ "error": {
            "code": self.status, "message": self.message,
            "errors": [{ "message": self.message, "domain": "youtube", "reason": self.reason }],
        } });
        HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)).json(body)
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A comment as the API shows it.
fn resource(entry: &Entry, account: &str, by_id: bool) -> Value {
    let mut snippet = json!({
        "channelId": account, "videoId": entry.video, "textDisplay": entry.text,
        "authorDisplayName": entry.name, "authorChannelId": { "value": entry.author },
        "canRate": true, "viewerRating": "none", "likeCount": 0,
        "publishedAt": instant(entry.at), "updatedAt": instant(entry.edited_at),
    });
    if let Some(parent) = &entry.parent {
        snippet["parentId"] = json!(parent);
    }
    // Only for the owner, and not where it is asked for by id.
    if entry.standing == Standing::Hidden && !by_id {
        snippet["moderationStatus"] = json!("heldForReview");
    }
    if entry.author == account {
        snippet["textOriginal"] = json!(entry.text);
    }
    json!({ "kind": "youtube#comment", "etag": entry.id, "id": entry.id, "snippet": snippet })
}
