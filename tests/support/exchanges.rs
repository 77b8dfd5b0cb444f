//! A platform that answers as the payload files do: each exchange once, in its order; what nobody wrote down is empty.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;

use super::graph::payload;

/// Parts of a query by which one reading is told from another.
const TELLING: [&str; 7] = [
    "pageToken",
    "after",
    "moderationStatus",
    "parentId",
    "videoId",
    "search_value",
    "cursor",
];

#[derive(Default)]
struct Plan {
    waiting: Vec<Value>,
    /// Every comment shown so far, by its id: asked for again it is still there, unless an exchange says otherwise.
    shown: HashMap<String, Value>,
    met: Vec<String>,
    standing: Vec<Value>,
    /// What the Graph API answers to whoever names one of these objects.
    missing: HashMap<String, Value>,
}

/// The platform. Stops with the test's process.
#[derive(Clone)]
pub struct Exchanges {
    plan: Arc<Mutex<Plan>>,
    /// Where it listens.
    pub url: String,
    empty: Value,
}

impl Exchanges {
    /// Starts it; `empty` is the payload file that answers every reading that is not planned.
    pub fn start(empty: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let made = Self {
            plan: Arc::default(),
            url,
            empty: payload(empty)["response"].clone(),
        };
        let serving = made.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                HttpServer::new(move || {
                    App::new()
                        .app_data(web::Data::new(serving.clone()))
                        .default_service(web::to(answer))
                })
                .workers(1)
                .disable_signals()
                .listen(listener)
                .expect("a listener")
                .run()
                .await
                .expect("the server runs");
            });
        });
        made
    }

    /// Plans an exchange of the payload files.
    pub fn plan(&self, file: &str) {
        self.plan_so(file, payload(file));
    }

    /// Plans an exchange of the payload files with what a test has changed in it.
    pub fn plan_so(&self, file: &str, mut exchange: Value) {
        exchange["file"] = file.into();
        self.plan
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .waiting
            .push(exchange);
    }

    /// From now on answers so as often as it is asked, where nothing else is planned.
    pub fn always(&self, file: &str) {
        self.always_so(payload(file));
    }

    /// The same, with an exchange that the test makes.
    pub fn always_so(&self, exchange: Value) {
        self.plan
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .standing
            .push(exchange);
    }

    /// From now on an object of the Graph API is shown to whoever asks for it by its id.
    pub fn shows(&self, object: Value) {
        let id = object["id"].as_str().expect("an id").to_owned();
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        plan.shown.insert(id, object);
    }

    /// From now on every reading of the Graph API that names this object is answered as the payload file says.
    pub fn misses(&self, id: &str, file: &str) {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        plan.missing.insert(id.to_owned(), payload(file)["response"].clone());
    }

    /// The files whose exchange took place, in order.
    pub fn met(&self) -> Vec<String> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).met.clone()
    }
}

async fn answer(
    served: web::Data<Exchanges>,
    request: HttpRequest,
    query: web::Query<HashMap<String, String>>,
    body: web::Bytes,
) -> HttpResponse {
    let mut plan = served.plan.lock().unwrap_or_else(PoisonError::into_inner);
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let at = plan
        .waiting
        .iter()
        .position(|one| fits(&one["request"], &request, &query, &body));
    let ids = query.get("id").filter(|_| request.path().ends_with("/comments"));
    let mut response = match at {
        Some(at) => {
            let exchange = plan.waiting.remove(at);
            plan.met.push(exchange["file"].as_str().unwrap_or_default().to_owned());
            let mut response = exchange["response"].clone();
            if let Some(ids) = ids {
                let spoken_of: Vec<&str> = exchange["request"]["query"]["id"]
                    .as_str()
                    .unwrap_or_default()
                    .split(',')
                    .collect();
                also(
                    &mut response,
                    &plan.shown,
                    ids.split(',').filter(|id| !spoken_of.contains(id)),
                );
            }
            response
        }
        None => {
            let standing = plan
                .standing
                .iter()
                .find(|one| fits(&one["request"], &request, &query, &body));
            let mut response = match standing {
                Some(one) => one["response"].clone(),
                None => by_ids(&plan, &query).unwrap_or_else(|| served.empty.clone()),
            };
            if let Some(ids) = ids {
                response["body"]["kind"] = "youtube#commentListResponse".into();
                also(&mut response, &plan.shown, ids.split(','));
            }
            response
        }
    };
    remember(&response["body"], &mut plan.shown);
    let status = u16::try_from(response["status"].as_u64().unwrap_or(200)).expect("a status");
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).expect("a status"));
    match response["body"].take() {
        Value::Null => answer.finish(),
        Value::String(text) => answer.content_type("text/plain").body(text),
        body => answer.json(body),
    }
}

/// Whether a request is the one that an exchange is about.
fn fits(wanted: &Value, request: &HttpRequest, query: &HashMap<String, String>, body: &Value) -> bool {
    let asked = |name: &str| {
        query
            .get(name)
            .map(String::as_str)
            .filter(|value| *value != "published")
    };
    wanted["method"] == request.method().as_str()
        && wanted["path"].as_str().is_some_and(|path| request.path() == path)
        && TELLING.iter().all(|name| wanted["query"][name].as_str() == asked(name))
        && wanted["query"].get("id").is_some() == query.contains_key("id")
        // Pages of other sizes than the desk asks for.
        && (wanted["query"]["page"].as_str().unwrap_or("1") == query.get("page").map_or("1", String::as_str))
        && (wanted["body"].is_null() || same_words(&wanted["body"], body))
}

/// Whether all that a body of the files says in texts is said. Lists may be shorter: the desk acts on one comment a call.
fn same_words(wanted: &Value, said: &Value) -> bool {
    match wanted {
        Value::Object(fields) => fields.iter().all(|(name, value)| same_words(value, &said[name])),
        Value::Array(all) => said
            .as_array()
            .is_some_and(|said| said.iter().all(|one| all.contains(one))),
        other => other == said,
    }
}

fn also<'a>(response: &mut Value, shown: &HashMap<String, Value>, ids: impl Iterator<Item = &'a str>) {
    if let Some(items) = response["body"]["items"].as_array_mut() {
        items.extend(ids.filter_map(|id| shown.get(id)).cloned());
    }
}

/// One member for each object asked for; one that is missing fails the call (Graph API, "Read multiple objects").
fn by_ids(plan: &Plan, query: &HashMap<String, String>) -> Option<Value> {
    let ids = query.get("ids")?;
    if let Some(failure) = ids.split(',').find_map(|id| plan.missing.get(id)) {
        return Some(failure.clone());
    }
    let shown = ids
        .split(',')
        .filter_map(|id| Some((id.to_owned(), plan.shown.get(id)?.clone())));
    Some(serde_json::json!({ "status": 200, "body": shown.collect::<serde_json::Map<_, _>>() }))
}

/// Keeps every comment of a page of YouTube or the Graph API.
fn remember(body: &Value, shown: &mut HashMap<String, Value>) {
    match body {
        Value::Object(fields) => {
            let is_comment =
                body["kind"] == "youtube#comment" || (body["timestamp"].is_string() && body["text"].is_string());
            if is_comment && let Some(id) = body["id"].as_str() {
                shown.insert(id.to_owned(), body.clone());
            }
            fields.values().for_each(|value| remember(value, shown));
        }
        Value::Array(all) => all.iter().for_each(|value| remember(value, shown)),
        _ => {}
    }
}
