//! The API over HTTP: who calls, which fault meets the call, what goes back.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::fault::{Error, Fault, Refusal};
use super::hook::Update;
use super::world::{Comment, Holder, World};
use super::{Echo, Shared, read, write};
use crate::standin::ground::broken;

/// How long an answer waits for its echo to arrive first.
const ECHO_PATIENCE: Duration = Duration::from_millis(500);

/// One call, read.
pub(super) struct Ask {
    pub id: String,
    pub edge: Option<String>,
    pub json: Option<Value>,
    pub now: DateTime<Utc>,
    /// Address of the API with its version.
    pub base: String,
    /// Accounts the token may act for.
    pub holders: Vec<Holder>,
    /// The token is a person's.
    pub is_user: bool,
    token: String,
    params: BTreeMap<String, String>,
}

impl Ask {
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str)
    }

    /// Address of this call for what follows `after`, whole and with the token, as the platform writes it.
    pub(super) fn next(&self, limit: usize, after: &str) -> String {
        let path = [self.base.as_str(), &self.id, self.edge.as_deref().unwrap_or_default()].join("/");
        let (limit, mut params) = (limit.to_string(), self.params.clone());
        let changed = [
            ("access_token", self.token.as_str()),
            ("limit", &limit),
            ("after", after),
        ];
        params.extend(changed.map(|(name, value)| (name.to_owned(), value.to_owned())));
        reqwest::Url::parse_with_params(&path, params)
            .map(String::from)
            .unwrap_or(path)
    }

    pub(super) fn holds(&self, holder: &str) -> bool {
        self.holders.iter().any(|held| held.id == holder)
    }

    pub(super) fn may_see(&self, world: &World, comment: &Comment) -> bool {
        world.holder_of(comment).is_some_and(|holder| self.holds(&holder.id))
    }

    /// The account called, by its id or as `me`.
    pub(super) fn holder(&self) -> Option<&Holder> {
        self.holders
            .iter()
            .find(|holder| self.id == "me" || holder.id == self.id)
    }

    /// Whether private replies may go over what is called: the account, or the Page it is linked to.
    pub(super) fn speaks_for(&self) -> bool {
        self.holder().is_some() || self.holders.iter().any(|holder| holder.page.as_ref() == Some(&self.id))
    }
}

/// Serves every call under `/v{N}.0/`.
pub(super) async fn serve(request: HttpRequest, body: web::Bytes, shared: web::Data<Shared>) -> HttpResponse {
    let segments: Vec<&str> = request.path().trim_matches('/').split('/').collect();
    let (version, id, edge) = match segments[..] {
        [version] if version.starts_with('v') => (version, "", None),
        [version, id] if version.starts_with('v') => (version, id, None),
        [version, id, edge] if version.starts_with('v') => (version, id, Some(edge)),
        _ => return HttpResponse::NotFound().finish(),
    };
    let writes = request.method() != actix_web::http::Method::GET;
    let fault = {
        let mut world = shared.world();
        world.calls += 1;
        if world.down {
            return HttpResponse::ServiceUnavailable().finish();
        }
        if request.method() == actix_web::http::Method::POST && matches!(edge, Some("comments" | "replies")) {
            world.reply_posts.push(id.to_owned());
        }
        world.take_fault(writes)
    };
    let instagram = !id.contains('_') && shared.world().comment(id).is_some();
    match fault {
        Some(Fault::Slow(wait)) => tokio::time::sleep(wait).await,
        Some(Fault::Hang) => {
            shared.until_released().await;
            return failed(Refusal::Transient.error(instagram), id);
        }
        Some(Fault::Drop) => return broken(),
        Some(Fault::Refuse(refusal)) => return failed(refusal.error(instagram), id),
        Some(Fault::EffectThenHang | Fault::EffectThenDrop) | None => {}
    }
    let ask = Ask {
        id: id.to_owned(),
        edge: edge.map(str::to_owned),
        json: serde_json::from_slice(&body).ok(),
        now: (shared.clock)(),
        base: format!("{}/{version}", shared.url()),
        holders: Vec::new(),
        is_user: false,
        token: String::new(),
        params: params(&request, &body),
    };
    let outcome = answer(&shared, &request, ask);
    let (value, update) = match outcome {
        Ok(done) => done,
        Err(error) => return failed(error, id),
    };
    if let Some(update) = update {
        let told = shared.enqueue(update);
        let first = match shared.echo() {
            Echo::Before => true,
            Echo::After => false,
            Echo::Mixed => shared.world().calls.is_multiple_of(2),
        };
        if first {
            // A hook that does not answer must not hold the answer back for ever.
            let _ = tokio::time::timeout(ECHO_PATIENCE, told).await;
        }
    }
    match fault {
        Some(Fault::EffectThenDrop) => return broken(),
        Some(Fault::EffectThenHang) => shared.until_released().await,
        _ => {}
    }
    respond(StatusCode::OK, &value, id, (3, 0))
}

fn answer(shared: &Shared, request: &HttpRequest, mut ask: Ask) -> write::Outcome {
    let mut world = shared.world();
    let bearer = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    let token = bearer
        .and_then(|value| value.strip_prefix("Bearer "))
        .or(ask.param("access_token"));
    let token = token.unwrap_or_default().to_owned();
    ask.holders = world
        .holders
        .iter()
        .filter(|holder| holder.token == token)
        .cloned()
        .collect();
    ask.is_user = world.user_tokens.contains(&token);
    ask.token = token;
    if ask.holders.is_empty() && !ask.is_user {
        return Err(Error::token(None));
    }
    match request.method().as_str() {
        "GET" => read::answer(&world, &ask).map(|value| (value, None)),
        "POST" => write::post(&mut world, &ask),
        "DELETE" => write::delete(&mut world, &ask),
        _ => Err(Error::parameter("(#100) Unsupported method")),
    }
}

/// What is asked with the call: in the address, in a form, or as the members of a JSON object.
fn params(request: &HttpRequest, body: &[u8]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        found.extend(members.into_iter().map(|(name, value)| (name, plain(value))));
    }
    let form = request
        .headers()
        .get("content-type")
        .is_some_and(|t| t.as_bytes().starts_with(b"application/x-www-form"));
    let body = if form {
        std::str::from_utf8(body).unwrap_or_default()
    } else {
        ""
    };
    for part in [request.query_string(), body] {
        if let Ok(mut address) = reqwest::Url::parse("http://localhost/") {
            address.set_query(Some(part));
            found.extend(address.query_pairs().into_owned());
        }
    }
    found
}

fn failed(error: Error, asset: &str) -> HttpResponse {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
    respond(status, &error.body, asset, (error.used, error.regain_minutes))
}

fn respond(status: StatusCode, body: &Value, asset: &str, (used, regain_minutes): (u32, u32)) -> HttpResponse {
    let case = json!({ asset: [{
        "type": "pages", "call_count": used, "total_cputime": 1, "total_time": 1,
        "estimated_time_to_regain_access": regain_minutes,
    }] });
    HttpResponse::build(status)
        .insert_header(("content-type", "application/json; charset=UTF-8"))
        .insert_header(("x-app-usage", r#"{"call_count":2,"total_cputime":1,"total_time":1}"#))
        .insert_header(("x-business-use-case-usage", case.to_string()))
        .insert_header(("facebook-api-version", "v26.0"))
        .body(body.to_string())
}

impl Shared {
    /// Hands an update to the courier. What comes back resolves after the first attempt to deliver.
    pub(super) fn enqueue(&self, update: Update) -> oneshot::Receiver<()> {
        let (tried, told) = oneshot::channel();
        self.send(update, Some(tried));
        told
    }

    async fn until_released(&self) {
        let mut released = self.released.subscribe();
        // Errs when the stand-in stops, which releases as well.
        let _ = released.changed().await;
    }
}
