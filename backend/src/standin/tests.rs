use std::net::SocketAddr;

use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeZone;
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

#[actix_web::test]
async fn a_comment_is_told_escaped_and_signed() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin
        .subscribe(Platform::Facebook, &format!("http://{address}/hooks/facebook"))
        .await
        .unwrap();
    let id = standin.write_comment(hej("Var är / skyddsrummet? 🙂")).unwrap();
    standin.settled().await;
    let (body, header) = hook.bodies.lock().unwrap()[0].clone();
    assert!(body.is_ascii() && body.contains(r"\/") && body.contains(r"\u00e4r") && body.contains(r"\ud83d\ude42"));
    assert_eq!(header, wire::signature("test-app-secret-0001", body.as_bytes()));
    let value = &hook.values()[0];
    assert_eq!(value["comment_id"], id.as_str());
    assert_eq!(value["parent_id"], POST);
    assert_eq!(
        (value["verb"].as_str(), value["message"].as_str()),
        (Some("add"), Some("Var är / skyddsrummet? 🙂"))
    );
}

#[actix_web::test]
async fn a_hook_with_another_word_is_not_subscribed() {
    let (hook, address) = listen();
    let standin = standin(|config| config.verify_token = "other".into());
    assert!(
        standin
            .subscribe(Platform::Facebook, &format!("http://{address}/"))
            .await
            .is_err()
    );
    standin.write_comment(hej("hej"));
    assert_eq!((standin.tally().pending, hook.bodies().len()), (0, 0));
}

#[actix_web::test]
async fn a_refused_body_comes_again_unchanged_until_taken() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    hook.refuse_next.store(3, Ordering::SeqCst);
    standin.write_comment(hej("hej"));
    standin.settled().await;
    let bodies = hook.bodies();
    assert_eq!(bodies.len(), 4);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(
        standin.tally(),
        Tally {
            pending: 0,
            accepted: 1,
            failed: 3,
            lost: 0
        }
    );
}

#[actix_web::test]
async fn after_the_last_attempt_an_update_is_lost() {
    let (hook, address) = listen();
    let standin = standin(|config| config.flow.attempts = 2);
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    hook.refuse_next.store(9, Ordering::SeqCst);
    standin.write_comment(hej("hej"));
    standin.settled().await;
    assert_eq!(
        standin.tally(),
        Tally {
            pending: 0,
            accepted: 0,
            failed: 2,
            lost: 1
        }
    );
}

#[actix_web::test]
async fn gathered_updates_go_out_in_batches_shuffled_and_repeated() {
    let (hook, address) = listen();
    let standin = standin(|config| config.flow.paused = true);
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    let written: Vec<String> = (0..20)
        .filter_map(|n| standin.write_comment(hej(&format!("nr {n}"))))
        .collect();
    assert_eq!((standin.tally().pending, hook.bodies().len()), (20, 0));
    standin.set_flow(|flow| {
        *flow = Flow {
            paused: false,
            batch_up_to: 5,
            repeats: 1,
            shuffle: Some(7),
            ..flow.clone()
        };
    });
    standin.settled().await;
    assert_eq!(hook.bodies().len(), 8);
    let told: Vec<String> = hook
        .values()
        .iter()
        .map(|v| v["comment_id"].as_str().unwrap().to_owned())
        .collect();
    let mut once = told.clone();
    once.sort();
    once.dedup();
    assert_eq!((told.len(), &once), (40, &written));
    assert_ne!(told[..5], written[..5]);
}

#[actix_web::test]
async fn edits_hides_and_removals_are_told_as_documented() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    let id = standin.write_comment(hej("ett")).unwrap();
    assert!(standin.edit_comment(&id, "två") && standin.hide_in_app(&id, true) && standin.hide_in_app(&id, false));
    assert!(standin.remove_comment(&id) && !standin.remove_comment(&id) && !standin.edit_comment(&id, "tre"));
    assert!(standin.remove_post(POST) && !standin.remove_post(POST));
    standin.settled().await;
    let told: Vec<_> = hook
        .values()
        .iter()
        .map(|v| {
            format!(
                "{} {} {}",
                v["item"].as_str().unwrap(),
                v["verb"].as_str().unwrap(),
                v["from"]["id"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "comment add 7300000000000011",
            "comment edited 7300000000000011",
            "comment hide 410000000000017",
            "comment unhide 410000000000017",
            "comment remove 7300000000000011",
            "post remove 410000000000017",
        ]
    );
    assert_eq!(hook.values()[1]["message"], "två");
    assert!(hook.values()[4].get("message").is_none());
}

#[actix_web::test]
async fn a_lost_subscription_silences_until_it_is_renewed() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    standin.lose_subscription(PAGE);
    standin.write_comment(hej("ohörd"));
    let apps = format!("{}/{PAGE}/subscribed_apps", standin.api_url());
    assert_eq!(get(apps.clone()).await.2["data"], serde_json::json!([]));
    let renewed = client().unwrap().post(&apps).bearer_auth("t").send().await.unwrap();
    assert_eq!(renewed.status(), 200);
    assert_eq!(get(apps).await.2["data"][0]["subscribed_fields"][0], "feed");
    standin.write_comment(hej("hörd"));
    standin.settled().await;
    assert_eq!(
        hook.values()
            .iter()
            .map(|v| v["message"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["hörd"]
    );
}

#[actix_web::test]
async fn own_replies_come_back_as_deliveries_before_the_answer_if_asked() {
    let (hook, address) = listen();
    let standin = standin(|config| config.echo = Echo::Before);
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    let id = standin.write_comment(hej("hej")).unwrap();
    standin.settled().await;
    let url = format!("{}/{id}/comments", standin.api_url());
    let answer = client()
        .unwrap()
        .post(url)
        .bearer_auth("t")
        .form(&[("message", "Svar")])
        .send()
        .await
        .unwrap();
    // The echo is in before the answer is read.
    let echo = hook.values()[1].clone();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(echo["comment_id"], answer["id"]);
    assert_eq!(
        (echo["from"]["id"].as_str(), echo["parent_id"].as_str()),
        (Some(PAGE), Some(id.as_str()))
    );
}

#[actix_web::test]
async fn instagram_tells_of_new_comments_only_and_without_a_time() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Instagram, &format!("http://{address}/"));
    let (id, token) = ("17841400000000019".to_owned(), "t".into());
    let holder = Holder {
        platform: Platform::Instagram,
        id: id.clone(),
        name: "kust".into(),
        token,
        page: None,
    };
    standin.add_holder(holder);
    let ad = Some(("120210000000000301".into(), "Skyddsrum SV A".into()));
    standin.add_post(Post {
        id: "17990000000000001".into(),
        holder: id,
        text: String::new(),
        dark: true,
        ad,
    });
    let comment = standin
        .write_comment(NewComment {
            post: "17990000000000001".into(),
            ..hej("hej")
        })
        .unwrap();
    assert!(standin.edit_comment(&comment, "två") && standin.hide_in_app(&comment, true));
    standin.remove_comment(&comment);
    standin.settled().await;
    let values = hook.values();
    assert_eq!(values.len(), 1);
    assert_eq!(
        (values[0]["id"].as_str(), values[0].get("created_time")),
        (Some(comment.as_str()), None)
    );
    assert_eq!(values[0]["media"]["ad_id"], "120210000000000301");
}

#[actix_web::test]
async fn reading_pages_through_and_reports_usage_and_time() {
    let standin = standin(|_| {});
    for n in 0..5 {
        standin.write_comment(hej(&format!("nr {n}")));
    }
    let url = format!(
        "{}/{POST}/comments?filter=stream&summary=1&limit=2&fields=id,message,created_time",
        standin.api_url()
    );
    let (status, headers, first) = get(url.clone()).await;
    assert_eq!((status, first["summary"]["total_count"].as_u64()), (200, Some(5)));
    assert!(headers.contains_key("x-app-usage") && headers.contains_key("x-business-use-case-usage"));
    assert_eq!(first["data"][0]["created_time"], "2026-11-22T10:00:00+0000");
    assert!(first["data"][0].get("from").is_none());
    let mut texts: Vec<String> = Vec::new();
    let (mut page, mut after) = (first, String::new());
    loop {
        texts.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["message"].as_str().unwrap().to_owned()),
        );
        if page["paging"].get("next").is_none() {
            break;
        }
        assert_ne!(page["paging"]["cursors"]["after"], after.as_str());
        page["paging"]["cursors"]["after"]
            .as_str()
            .unwrap()
            .clone_into(&mut after);
        page = get(format!("{url}&after={after}")).await.2;
    }
    assert_eq!(texts, ["nr 0", "nr 1", "nr 2", "nr 3", "nr 4"]);
    let later = get(format!("{url}&since=1795341601")).await.2;
    assert_eq!(later["data"], serde_json::json!([]));
}

#[actix_web::test]
async fn unknown_objects_and_paths_answer_with_the_documented_codes() {
    let standin = standin(|_| {});
    let (status, _, body) = get(format!("{}/520000000000101_1", standin.api_url())).await;
    assert_eq!(
        (
            status,
            body["error"]["code"].as_u64(),
            body["error"]["error_subcode"].as_u64()
        ),
        (400, Some(100), Some(33))
    );
    let (_, _, body) = get(format!("{}/{PAGE}/nonsense", standin.api_url())).await;
    assert_eq!(body["error"]["code"], 2500);
}

#[actix_web::test]
async fn ads_are_listed_with_their_campaign_and_post() {
    let standin = standin(|_| {});
    standin.add_ad(Ad {
        id: "120210000000000301".into(),
        name: "Skyddsrum SV A".into(),
        ad_account: "910000000000007".into(),
        adset_id: "120210000000000201".into(),
        campaign: ("120210000000000102".into(), "Hemberedskap 2026".into()),
        post: Some(POST.into()),
        media: None,
    });
    let (_, _, body) = get(format!("{}/act_910000000000007/ads?limit=200", standin.api_url())).await;
    let ad = &body["data"][0];
    assert_eq!(ad["creative"]["effective_object_story_id"], POST);
    assert_eq!(
        (ad["campaign"]["name"].as_str(), body["data"].as_array().unwrap().len()),
        (Some("Hemberedskap 2026"), 1)
    );
}

#[actix_web::test]
async fn the_page_shows_replies_beneath_their_comment_and_defuses_texts() {
    let standin = standin(|_| {});
    let id = standin
        .write_comment(hej("<script>alert(1)</script> وين أقرب ملجأ؟"))
        .unwrap();
    let url = format!("{}/{id}/comments", standin.api_url());
    client()
        .unwrap()
        .post(url)
        .bearer_auth("t")
        .form(&[("message", "أهلاً & välkommen")])
        .send()
        .await
        .unwrap();
    let page = client()
        .unwrap()
        .get(standin.url())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!page.contains("<script") && !page.contains("<b>var") && !page.contains("Elin <Exempel>"));
    let comment = page
        .find("&lt;script&gt;alert(1)&lt;/script&gt; وين أقرب ملجأ؟")
        .unwrap();
    let reply = page.find("أهلاً &amp; välkommen").unwrap();
    assert!(comment < reply && page.matches("dir=\"auto\"").count() == 3);
}

#[actix_web::test]
async fn stopping_frees_the_address_and_lets_hanging_calls_go() {
    let running = standin(|_| {});
    let address = running.shared.address;
    running.fail_next(1, Scope::Every, Fault::Hang);
    let url = format!("{}/{PAGE}", running.api_url());
    let hanging =
        actix_web::rt::spawn(async move { client().unwrap().get(url).bearer_auth("t").send().await.map(|_| ()) });
    while running.calls() == 0 {
        tokio::task::yield_now().await;
    }
    drop(running);
    // Answered or cut off, but not left waiting.
    let _ = hanging.await.unwrap();
    let again = standin(|config| config.listen = address);
    assert_eq!(again.shared.address, address);
}
