//! TikTok's API for Business as far as comments go, for an advertiser: ad groups, their comments, answers, hiding.
//!
//! Every video is advertised by one ad in one ad group. Every answer is HTTP 200 with a code.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::Clock;
use super::ground::Ground;
use super::threads::{Entry, Hand, Shared, Standing, Trouble, World};

/// Longest answer taken.
const LONGEST: usize = 150;
/// Longest span of a list, in days.
const SPAN: i64 = 30;
const IDENTITY: &str = "6c3f0000-0000-4000-8000-0000000000aa";

/// A running stand-in. Stops when dropped.
pub struct TiktokStandin {
    hand: Hand,
    address: SocketAddr,
    _ground: Ground,
}

impl TiktokStandin {
    /// Starts listening on a free port of this machine, for one advertiser.
    ///
    /// # Errors
    /// If no port can be listened on.
    pub fn start(clock: Clock, advertiser: &str, token: &str) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Shared::new(clock, advertiser, token, "Stand-in TikTok");
        let data = web::Data::from(Arc::clone(&shared));
        let routes = move |routes: &mut web::ServiceConfig| {
            routes
                .app_data(data.clone())
                .route("/", web::get().to(page))
                .route("/switch", web::post().to(switch))
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
        format!("{}/open_api/v1.3", self.url())
    }

    /// Makes this the token that is good from now on, as after somebody signed in again.
    pub fn set_token(&self, token: &str) {
        token.clone_into(&mut self.hand.shared.world().token);
    }
}

impl Deref for TiktokStandin {
    type Target = Hand;

    fn deref(&self) -> &Hand {
        &self.hand
    }
}

fn id(number: u64, _parent: Option<&str>) -> String {
    format!("75{number:017}")
}

async fn page(shared: web::Data<Shared>) -> HttpResponse {
    shared.page()
}

async fn switch(shared: web::Data<Shared>) -> HttpResponse {
    shared.switch()
}

/// A refusal: code and words.
type Failed = (u32, &'static str);
type Answer = Result<Value, Failed>;

struct Ask<'a> {
    query: &'a HashMap<String, String>,
    body: Value,
    account: &'a str,
}

impl Ask<'_> {
    fn get(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    fn said(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

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
        Some(Trouble::TooMany) => return told(Err((40_100, "Too many requests"))),
        Some(Trouble::Failing) => return told(Err((50_000, "System error"))),
        Some(Trouble::Nonsense) => return HttpResponse::Ok().body("<html>no page</html>"),
        Some(Trouble::TokenVoid) => world.token = String::from("void"),
        Some(Trouble::Nothing | Trouble::LoseAnswer | Trouble::Silence) | None => {}
    }
    let token = request
        .headers()
        .get("access-token")
        .and_then(|value| value.to_str().ok());
    if token != Some(&world.token) {
        return told(Err((40_105, "Access token is invalid")));
    }
    let ask = Ask {
        query: &query,
        body: serde_json::from_slice(&body).unwrap_or_default(),
        account: &shared.account,
    };
    let advertiser = if request.method() == Method::GET {
        ask.get("advertiser_id")
    } else {
        ask.said("advertiser_id")
    };
    if advertiser != ask.account {
        return told(Err((40_001, "No permission for this advertiser")));
    }
    let path = request.path().trim_start_matches("/open_api/v1.3/");
    let answer = match (request.method(), path) {
        (&Method::GET, "adgroup/get/") => Ok(adgroups(&world)),
        (&Method::GET, "comment/list/") => list(&world, &ask),
        (&Method::GET, "comment/reference/") => Ok(thread(&world, &ask)),
        (&Method::POST, "comment/post/") => reply(&mut world, &ask, now),
        (&Method::POST, "comment/status/update/") => update(&mut world, &ask),
        _ => return HttpResponse::NotFound().body("Not Found"),
    };
    if let Some(instead) = trouble.and_then(Trouble::instead) {
        return instead;
    }
    told(answer)
}

fn told(answer: Answer) -> HttpResponse {
    let (code, message, data) = match answer {
        Ok(data) => (0, "OK", data),
        Err((code, message)) => (code, message, json!({})),
    };
    HttpResponse::Ok().json(json!({ "code": code, "message": message, "request_id": "standin", "data": data }))
}

fn adgroups(world: &World) -> Value {
    let mut videos: Vec<&str> = world.entries.iter().map(|entry| entry.video.as_str()).collect();
    videos.sort_unstable();
    videos.dedup();
    let list: Vec<Value> = videos
        .iter()
        .map(|video| json!({ "adgroup_id": video, "comment_disabled": false, "operation_status": "ENABLE" }))
        .collect();
    json!({ "list": list, "page_info": { "page": 1, "page_size": 100, "total_number": list.len(), "total_page": 1 } })
}

fn list(world: &World, ask: &Ask<'_>) -> Answer {
    if ask.get("search_field") != "ADGROUP_ID" {
        return Err((40_002, "search_field: must be ADGROUP_ID"));
    }
    let day = |name: &str| ask.get(name).parse::<NaiveDate>().map_err(|_| (40_002, "not a date"));
    let (from, to) = (day("start_time")?, day("end_time")?);
    if (to - from).num_days() > SPAN {
        return Err((40_002, "the span is above 30 days"));
    }
    let mut all: Vec<&Entry> = world
        .entries
        .iter()
        .filter(|entry| entry.video == ask.get("search_value") && entry.standing != Standing::Gone)
        .filter(|entry| (from..=to).contains(&entry.at.date_naive()))
        .collect();
    all.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    Ok(paged(&all, ask))
}

fn thread(world: &World, ask: &Ask<'_>) -> Value {
    let top = ask.get("comment_id");
    let all: Vec<&Entry> = world
        .entries
        .iter()
        .filter(|entry| entry.standing != Standing::Gone)
        .filter(|entry| entry.parent.as_deref() == Some(top))
        .collect();
    paged(&all, ask)
}

fn paged(all: &[&Entry], ask: &Ask<'_>) -> Value {
    let size: usize = ask.get("page_size").parse().unwrap_or(10).clamp(1, 100);
    let page: usize = ask.get("page").parse().unwrap_or(1).max(1);
    let rows = all.iter().skip((page - 1) * size).take(size);
    let comments: Vec<Value> = rows.map(|entry| row(entry, ask.account)).collect();
    json!({ "comments": comments, "page_info": {
        "page": page, "page_size": size, "total_number": all.len(), "total_page": all.len().div_ceil(size),
    } })
}

fn row(entry: &Entry, account: &str) -> Value {
    json!({
        "comment_id": entry.id, "app": "TIKTOK", "content": entry.text, "likes": 0, "replies": 0,
        "comment_type": if entry.parent.is_some() { "REPLY" } else { "COMMENT" },
        "original_comment_id": entry.parent.as_deref().unwrap_or("0"),
        "comment_status": if entry.standing == Standing::Hidden { "HIDDEN" } else { "PUBLIC" },
        "create_time": entry.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        "adgroup_id": entry.video, "ad_id": format!("{}1", entry.video), "ad_name": "Fakta om LVU",
        "tiktok_item_id": entry.video, "identity_id": IDENTITY, "identity_type": "BC_AUTH_TT",
        "is_pinned": false, "can_delete": entry.author == account,
        "user_id": entry.author, "user_name": entry.name,
    })
}

fn reply(world: &mut World, ask: &Ask<'_>, now: chrono::DateTime<chrono::Utc>) -> Answer {
    let text = ask.said("text");
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err((40_002, "text: length is not taken"));
    }
    if ask.said("identity_id") != IDENTITY || ask.said("comment_type") != "REPLY" {
        return Err((40_119, "Not the same identity"));
    }
    let parent = ask.said("comment_id").to_owned();
    let Some(top) = world.find(&parent) else {
        return Err((40_007, "The comment does not exist"));
    };
    if top.parent.is_some() {
        return Err((40_002, "only comments at first level can be answered"));
    }
    let video = top.video.clone();
    world.number += 1;
    let entry = Entry {
        id: id(world.number, None),
        video,
        parent: Some(parent.clone()),
        author: ask.account.to_owned(),
        name: String::from("exempelmyndigheten"),
        text: text.to_owned(),
        standing: Standing::Public,
        at: now,
        edited_at: now,
    };
    let made = json!({ "comment": {
        "comment_id": entry.id, "create_time": now.format("%Y-%m-%d %H:%M:%S").to_string(),
        "reply_to_comment_id": parent, "text": entry.text, "tiktok_item_id": entry.video,
    } });
    world.entries.push(entry);
    Ok(made)
}

fn update(world: &mut World, ask: &Ask<'_>) -> Answer {
    let standing = match ask.said("operation") {
        "HIDDEN" => Standing::Hidden,
        "PUBLIC" => Standing::Public,
        _ => return Err((40_002, "operation: not one")),
    };
    let ids = ask
        .body
        .get("comment_ids")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut done = 0;
    for one in ids.iter().filter_map(Value::as_str) {
        if let Some(entry) = world.find(one) {
            entry.standing = standing;
            done += 1;
        }
    }
    match (done, ids.len()) {
        (0, _) => Err((40_007, "The comment does not exist")),
        (done, all) if done < all => Err((20_001, "Partly successful")),
        _ => Ok(json!({})),
    }
}
