//! A hook to deliver to, and a stand-in with one Page and one post.

mod api;
mod delivery;

use std::net::SocketAddr;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use chrono::{TimeZone, Utc};
use serde_json::Value;

use super::*;

const PAGE: &str = "410000000000017";
const POST: &str = "410000000000017_520000000000101";

/// A hook that keeps what it is sent and answers as told.
#[derive(Default)]
struct Hook {
    bodies: Mutex<Vec<(String, String)>>,
    refuse_next: AtomicU64,
}

impl Hook {
    fn bodies(&self) -> Vec<String> {
        self.bodies
            .lock()
            .unwrap()
            .iter()
            .map(|(body, _)| body.clone())
            .collect()
    }

    fn values(&self) -> Vec<Value> {
        let mut values = Vec::new();
        for body in self.bodies() {
            let body: Value = serde_json::from_str(&body).unwrap();
            for entry in body["entry"].as_array().unwrap() {
                values.extend(
                    entry["changes"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|change| change["value"].clone()),
                );
            }
        }
        values
    }
}

async fn take(request: HttpRequest, body: web::Bytes, hook: web::Data<Hook>) -> HttpResponse {
    if request.method() == "GET" {
        let address = reqwest::Url::parse(&format!("http://x/?{}", request.query_string())).unwrap();
        let pairs: HashMap<String, String> = address.query_pairs().into_owned().collect();
        return if pairs["hub.verify_token"] == "desk-verify-token" {
            HttpResponse::Ok().body(pairs["hub.challenge"].clone())
        } else {
            HttpResponse::Forbidden().finish()
        };
    }
    let header = request
        .headers()
        .get("x-hub-signature-256")
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    hook.bodies
        .lock()
        .unwrap()
        .push((String::from_utf8(body.to_vec()).unwrap(), header));
    let refuse = hook
        .refuse_next
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
        .is_ok();
    if refuse {
        HttpResponse::ServiceUnavailable().finish()
    } else {
        HttpResponse::Ok().finish()
    }
}

fn listen() -> (web::Data<Hook>, SocketAddr) {
    let hook = web::Data::new(Hook::default());
    let data = hook.clone();
    let app = move || App::new().app_data(data.clone()).default_service(web::to(take));
    let server = HttpServer::new(app)
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    (hook, address)
}

fn standin(change: impl FnOnce(&mut StandinConfig)) -> Standin {
    let now = Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap();
    let mut config = StandinConfig::new(Arc::new(move || now));
    config.flow.first_wait = Duration::from_millis(1);
    change(&mut config);
    let standin = Standin::start(config).unwrap();
    standin.add_holder(Holder {
        platform: Platform::Facebook,
        id: PAGE.into(),
        name: "Kustberedskapsverket".into(),
        token: "t".into(),
        page: None,
    });
    let (text, ad) = ("Vet du <b>var</b>?".into(), None);
    standin.add_post(Post {
        id: POST.into(),
        holder: PAGE.into(),
        text,
        dark: true,
        ad,
    });
    standin
}

fn hej(text: &str) -> NewComment {
    NewComment {
        post: POST.into(),
        author_id: "7300000000000011".into(),
        author_name: "Elin <Exempel>".into(),
        text: Some(text.into()),
        ..NewComment::default()
    }
}

async fn get(url: String) -> (u16, reqwest::header::HeaderMap, Value) {
    let response = client().unwrap().get(url).bearer_auth("t").send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.json().await.unwrap())
}
