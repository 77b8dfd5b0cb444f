//! A platform that answers one documented exchange, and what is asked beside it.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

pub struct Replay {
    pub url: String,
    met: Arc<Mutex<bool>>,
    handle: ServerHandle,
}

struct Plan {
    documented: Value,
    beside: Vec<Value>,
    met: Arc<Mutex<bool>>,
}

impl Replay {
    /// Starts it; `beside` are exchanges that may be asked for before or after.
    pub fn start(documented: &Value, beside: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let met = Arc::new(Mutex::new(false));
        let plan = web::Data::new(Plan {
            documented: documented.clone(),
            beside,
            met: Arc::clone(&met),
        });
        let server = HttpServer::new(move || App::new().app_data(plan.clone()).default_service(web::to(answer)))
            .workers(1)
            .disable_signals()
            .listen(listener)
            .expect("a listener")
            .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, met, handle }
    }

    /// Ends it. Whether the documented request was made.
    pub async fn stop(self) -> bool {
        self.handle.stop(false).await;
        *self.met.lock().expect("the lock")
    }
}

async fn answer(plan: web::Data<Plan>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let said = said(&body);
    if fits(&plan.documented["request"], &request, &said) {
        *plan.met.lock().expect("the lock") = true;
        return answered(&plan.documented["response"], None);
    }
    // Known comments are asked for many at a time: the answer names each (Graph API, "Read multiple objects").
    let documented = plan.documented["request"]["path"].as_str().unwrap_or_default();
    let one = documented.rsplit('/').next().unwrap_or_default();
    if documented.strip_suffix(one) == Some(request.path()) && request.query_string().contains(one) {
        *plan.met.lock().expect("the lock") = true;
        return answered(&plan.documented["response"], Some(one));
    }
    match plan
        .beside
        .iter()
        .find(|other| fits(&other["request"], &request, &said))
    {
        Some(other) => answered(&other["response"], None),
        None => HttpResponse::NotImplemented().body("not written down"),
    }
}

/// A body as the files have it: JSON, or a form as an object of texts.
fn said(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| {
        let form = std::str::from_utf8(body).unwrap_or_default();
        let pairs = web::Query::<Vec<(String, Value)>>::from_query(form).map(web::Query::into_inner);
        Value::Object(pairs.unwrap_or_default().into_iter().collect())
    })
}

fn fits(wanted: &Value, request: &HttpRequest, said: &Value) -> bool {
    let form = if wanted["form"].is_object() {
        &wanted["form"]
    } else {
        &wanted["body"]
    };
    wanted["method"] == request.method().as_str()
        && wanted["path"].as_str().is_some_and(|path| request.path() == path)
        && words(form, said)
}

/// Whether what tells one call from another is said: all but keys and times, which the caller chooses.
fn words(wanted: &Value, said: &Value) -> bool {
    const CHOSEN: [&str; 4] = ["rkey", "createdAt", "language", "visibility"];
    match wanted {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !CHOSEN.contains(&name.as_str()))
            .all(|(name, value)| words(value, &said[name])),
        Value::Array(all) => said
            .as_array()
            .is_some_and(|said| said.iter().all(|one| all.contains(one))),
        Value::Null => true,
        // Stands for a text that is left out.
        Value::String(text) if text == "…" => said.is_string(),
        other => other == said,
    }
}

fn answered(response: &Value, by_id: Option<&str>) -> HttpResponse {
    let status = response["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok());
    let mut answer = HttpResponse::build(StatusCode::from_u16(status.expect("a status")).expect("a status"));
    for (name, value) in response["headers"].as_object().into_iter().flatten() {
        answer.insert_header((name.as_str(), value.as_str().expect("a text")));
    }
    match (&response["body"], by_id) {
        (Value::Null, _) => answer.finish(),
        (Value::String(text), _) => answer.body(text.clone()),
        (body, Some(id)) if body["error"].is_null() => answer.body(json!({ id: body }).to_string()),
        (body, _) => answer.body(body.to_string()),
    }
}
