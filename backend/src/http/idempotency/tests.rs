//! Keys through HTTP: the same answer for the same request, and nothing twice.

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App as Actix, web};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{forget_old, read};
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::http::extract::recognise;
use crate::http::routes;
use crate::lane::item::rfc3339;
use crate::person::sign_in::sign_in;
use crate::practice::{PASSWORD, Practice};
use crate::store::entity::{idempotency, person, shift};

impl Practice {
    /// Asks as somebody (none: nobody), with a key (empty: none).
    pub(in crate::http) async fn ask(
        &self,
        who: Option<&str>,
        key: &str,
        mut request: TestRequest,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let desk = web::Data::from(std::sync::Arc::clone(&self.app));
        let service = init_service(
            Actix::new()
                .app_data(desk)
                .wrap(from_fn(read))
                .wrap(from_fn(recognise))
                .configure(routes::register),
        )
        .await;
        if let Some(name) = who {
            let signed_in = sign_in(&self.app, None, &format!("{name}@example.se"), PASSWORD).await;
            let secret = signed_in.expect("signed in").secret;
            request = request.insert_header(("cookie", format!("klarsvar={secret}")));
        }
        if !key.is_empty() {
            request = request.insert_header(("idempotency-key", key));
        }
        if let Some(body) = body {
            request = request.set_json(body);
        }
        // What a middleware refuses comes as an error, which the server turns into its response.
        let response = match try_call_service(&service, request.to_request()).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let status = response.status();
        let body = to_bytes(response.into_body()).await.expect("a body");
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    fn shift_for(&self, person: PersonId, from_h: i64) -> Value {
        let now = clock::ms(self.now());
        json!({
            "person": person,
            "lane": "ar",
            "starts_at": rfc3339(now + from_h * 3_600_000),
            "ends_at": rfc3339(now + (from_h + 4) * 3_600_000),
        })
    }

    async fn shifts(&self) -> u64 {
        shift::Entity::find()
            .count(self.app.db.reader())
            .await
            .expect("a count")
    }
}

fn post(path: &str) -> TestRequest {
    TestRequest::post().uri(path)
}

async fn desk() -> (Practice, PersonId) {
    let desk = Practice::start().await;
    desk.person("lead", &[Role::Lead], &[]).await;
    desk.person("lead-2", &[Role::Lead], &[]).await;
    desk.person("admin", &[Role::Admin], &[]).await;
    let ar = desk.person("ar", &[Role::Moderator], &[Lane::Ar]).await;
    (desk, ar)
}

#[actix_web::test]
async fn the_same_key_gives_the_first_answer_and_plans_one_shift() {
    let (desk, ar) = desk().await;
    let body = desk.shift_for(ar, 2);
    let first = desk
        .ask(Some("lead"), "k1", post("/api/v1/shifts"), Some(body.clone()))
        .await;
    assert_eq!(first.0, StatusCode::CREATED);
    let second = desk
        .ask(Some("lead"), "k1", post("/api/v1/shifts"), Some(body.clone()))
        .await;
    assert_eq!(second, first);
    assert_eq!(desk.shifts().await, 1);
    let without = desk.ask(Some("lead"), "", post("/api/v1/shifts"), Some(body)).await;
    assert_eq!(
        (without.0, &without.1["code"]),
        (StatusCode::CONFLICT, &json!("shift-overlap"))
    );
}

#[actix_web::test]
async fn a_key_used_for_another_request_is_refused_but_is_free_for_another_person() {
    let (desk, ar) = desk().await;
    let shifts = || post("/api/v1/shifts");
    let first = desk
        .ask(Some("lead"), "k1", shifts(), Some(desk.shift_for(ar, 2)))
        .await;
    assert_eq!(first.0, StatusCode::CREATED);
    let other = desk
        .ask(Some("lead"), "k1", shifts(), Some(desk.shift_for(ar, 8)))
        .await;
    assert_eq!(
        (other.0, &other.1["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("idempotency-key-reused"))
    );
    let another = desk
        .ask(Some("lead-2"), "k1", shifts(), Some(desk.shift_for(ar, 8)))
        .await;
    assert_eq!(another.0, StatusCode::CREATED);
    assert_eq!(desk.shifts().await, 2);
}

#[actix_web::test]
async fn a_refusal_is_not_kept_so_that_the_key_works_once_the_reason_is_gone() {
    let (desk, ar) = desk().await;
    let shifts = || post("/api/v1/shifts");
    let taken = desk.ask(Some("lead"), "", shifts(), Some(desk.shift_for(ar, 2))).await;
    let again = || desk.ask(Some("lead"), "k1", shifts(), Some(desk.shift_for(ar, 2)));
    assert_eq!(again().await.0, StatusCode::CONFLICT);
    let id = taken.1["id"].as_str().expect("an id");
    let cancel = post(&format!("/api/v1/shifts/{id}/cancel"));
    assert_eq!(desk.ask(Some("lead"), "", cancel, None).await.0, StatusCode::OK);
    assert_eq!(again().await.0, StatusCode::CREATED);
}

#[actix_web::test]
async fn a_first_password_is_shown_once_and_stored_nowhere() {
    let (desk, _) = desk().await;
    let body = json!({ "email": "new@example.se", "name": "New Person", "pseudonym": "SV-7", "roles": ["moderator"], "lanes": ["sv"] });
    let first = desk
        .ask(Some("admin"), "k1", post("/api/v1/users"), Some(body.clone()))
        .await;
    assert_eq!(first.0, StatusCode::CREATED);
    let password = first.1["password"].as_str().expect("a password").to_owned();
    assert!(sign_in(&desk.app, None, "new@example.se", &password).await.is_ok());
    let second = desk.ask(Some("admin"), "k1", post("/api/v1/users"), Some(body)).await;
    assert_eq!((second.0, &second.1["id"]), (StatusCode::CREATED, &first.1["id"]));
    assert_eq!(second.1.get("password"), None);
    let kept = idempotency::Entity::find()
        .all(desk.app.db.reader())
        .await
        .expect("the keys");
    assert!(
        kept.iter()
            .all(|row| !row.body.as_deref().unwrap_or_default().contains(&password))
    );
    let people = person::Entity::find()
        .count(desk.app.db.reader())
        .await
        .expect("a count");
    assert_eq!(people, 5);
}

#[actix_web::test]
async fn a_key_is_forgotten_after_a_day() {
    let (desk, ar) = desk().await;
    let shifts = || post("/api/v1/shifts");
    let first = desk
        .ask(Some("lead"), "k1", shifts(), Some(desk.shift_for(ar, 2)))
        .await;
    assert_eq!(first.0, StatusCode::CREATED);
    assert_eq!(forget_old(&desk.app).await.expect("the job"), 0);
    desk.advance_min(24 * 60);
    let other = desk
        .ask(Some("lead"), "k1", shifts(), Some(desk.shift_for(ar, 8)))
        .await;
    assert_eq!(other.0, StatusCode::CREATED, "a key of yesterday is free again");
    desk.advance_min(24 * 60);
    assert_eq!(forget_old(&desk.app).await.expect("the job"), 1);
}

#[actix_web::test]
async fn a_key_that_cannot_be_one_is_bad_input() {
    let (desk, ar) = desk().await;
    for key in [" ".repeat(3), "x".repeat(201)] {
        let body = desk.shift_for(ar, 2);
        let answer = desk.ask(Some("lead"), &key, post("/api/v1/shifts"), Some(body)).await;
        assert_eq!(
            (answer.0, &answer.1["code"]),
            (StatusCode::BAD_REQUEST, &json!("bad-input"))
        );
    }
    assert_eq!(desk.shifts().await, 0);
}

#[actix_web::test]
async fn another_persons_session_and_shift_are_not_there() {
    let (desk, ar) = desk().await;
    let secret = sign_in(&desk.app, None, "ar@example.se", PASSWORD)
        .await
        .expect("signed in");
    let theirs = crate::person::session::list(&desk.app, ar).await.expect("sessions");
    let path = format!("/api/v1/me/sessions/{}", theirs[0].id);
    let answer = desk.ask(Some("lead"), "", TestRequest::delete().uri(&path), None).await;
    assert_eq!(answer.0, StatusCode::NOT_FOUND);
    let holder = crate::person::session::of_session(&desk.app, &secret.secret).await;
    assert!(holder.expect("a read").is_some(), "the session is still open");

    let planned = desk
        .ask(Some("lead"), "", post("/api/v1/shifts"), Some(desk.shift_for(ar, 0)))
        .await;
    let id = planned.1["id"].as_str().expect("an id");
    desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    for act in ["check-in", "check-out"] {
        let path = format!("/api/v1/shifts/{id}/{act}");
        assert_eq!(
            desk.ask(Some("ar-2"), "", post(&path), None).await.0,
            StatusCode::NOT_FOUND
        );
    }
    let path = format!("/api/v1/shifts/{id}/check-in");
    assert_eq!(desk.ask(Some("ar"), "", post(&path), None).await.0, StatusCode::OK);
}

#[actix_web::test]
async fn every_route_refuses_nobody_and_who_lacks_its_right() {
    use crate::domain::role::Right;
    let (desk, _) = desk().await;
    desk.person("outsider", &[], &[]).await;
    for (method, path, need) in routes::TABLE {
        let routes::Need::Right(right) = need else { continue };
        let path = path.replace("{id}", "00000000-0000-7000-8000-000000000000");
        let request = || match *method {
            "get" => TestRequest::get().uri(&path),
            "post" => TestRequest::post().uri(&path),
            "delete" => TestRequest::delete().uri(&path),
            other => panic!("{other}"),
        };
        let body = || (*method == "post").then(|| json!({}));
        let nobody = desk.ask(None, "", request(), body()).await.0;
        let is_page = !path.starts_with("/api/");
        assert!(
            nobody == StatusCode::UNAUTHORIZED || (is_page && nobody == StatusCode::SEE_OTHER),
            "{method} {path} answered nobody with {nobody}"
        );
        if *right != Right::Ingest {
            let outsider = desk.ask(Some("outsider"), "", request(), body()).await.0;
            assert_eq!(outsider, StatusCode::FORBIDDEN, "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn no_secret_of_a_connector_comes_out() {
    let (desk, _) = desk().await;
    desk.person("lead-3", &[Role::Lead], &[]).await;
    let body = json!({
        "name": "fb", "platform": "facebook", "account": "1", "api_url": "https://graph.example/v26.0/",
        "app_secret": "s3cret-app", "verify_token": "s3cret-verify", "access_token": "s3cret-access",
    });
    let saved = desk
        .ask(Some("admin"), "k1", post("/api/v1/connectors"), Some(body))
        .await;
    assert_eq!(
        (saved.0, &saved.1["api_url"]),
        (StatusCode::OK, &json!("https://graph.example/v26.0"))
    );
    let kept = desk.app.connectors.find("fb").expect("in use at once");
    assert_eq!(kept.account.app_secret, "s3cret-app");
    let paused = json!({ "name": "fb", "platform": "facebook", "state": "paused" });
    desk.ask(Some("admin"), "", post("/api/v1/connectors"), Some(paused))
        .await;
    let kept = desk.app.connectors.find("fb").expect("still there");
    assert_eq!(
        (kept.account.app_secret.as_str(), kept.state.as_str()),
        ("s3cret-app", "paused")
    );
    let other = json!({ "name": "fb", "platform": "instagram" });
    let refused = desk
        .ask(Some("admin"), "", post("/api/v1/connectors"), Some(other))
        .await;
    assert_eq!(refused.0, StatusCode::CONFLICT);
    let bare = json!({ "name": "ig", "platform": "instagram" });
    let refused = desk
        .ask(Some("admin"), "", post("/api/v1/connectors"), Some(bare))
        .await;
    assert_eq!(refused.0, StatusCode::BAD_REQUEST);
    desk.person("auditor", &[Role::Auditor], &[]).await;
    let listed = desk
        .ask(Some("lead-3"), "", TestRequest::get().uri("/api/v1/connectors"), None)
        .await;
    let trail = desk
        .ask(
            Some("auditor"),
            "",
            TestRequest::get().uri("/api/v1/audit?limit=200"),
            None,
        )
        .await;
    let keys = idempotency::Entity::find()
        .all(desk.app.db.reader())
        .await
        .expect("the keys");
    for said in [
        saved.1.to_string(),
        listed.1.to_string(),
        trail.1.to_string(),
        format!("{keys:?}"),
    ] {
        assert!(said.len() > 20 && !said.contains("s3cret"), "{said}");
    }
}

#[actix_web::test]
async fn the_trail_is_read_backwards_by_the_page_and_filtered() {
    let (desk, ar) = desk().await;
    desk.person("auditor", &[Role::Auditor], &[]).await;
    desk.ask(
        Some("ar"),
        "",
        post("/api/v1/shifts/check-in"),
        Some(json!({ "lane": "ar" })),
    )
    .await;
    let read = |query: String| {
        let request = TestRequest::get().uri(&format!("/api/v1/audit?{query}"));
        desk.ask(Some("auditor"), "", request, None)
    };
    let by_person = read(format!("person={ar}")).await.1;
    let kinds: Vec<&Value> = by_person["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|one| &one["type"])
        .collect();
    assert_eq!(kinds, ["shift.started", "session.started"]);
    assert_eq!(by_person["events"][0]["by"]["name"], json!("ar"));
    let first = read("limit=2".to_owned()).await.1;
    let cursor = first["cursor"].as_str().expect("a cursor").to_owned();
    let second = read(format!("limit=2&cursor={cursor}")).await.1;
    let seq = |page: &Value, at: usize| page["events"][at]["seq"].as_i64().expect("a number");
    assert_eq!(seq(&first, 1), seq(&second, 0) + 1);
    assert_eq!(read("kind=nothing".to_owned()).await.0, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn comments_learn_their_campaign_when_the_desk_does() {
    let (desk, _) = desk().await;
    let unknown = json!({ "name": "Winter", "ads": [{ "connector": "hand", "external_id": "a1" }] });
    let campaigns = || post("/api/v1/campaigns");
    let refused = desk.ask(Some("lead"), "", campaigns(), Some(unknown.clone())).await;
    assert_eq!(
        (refused.0, &refused.1["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("no-connector"))
    );
    desk.comment("1").await;
    let made = desk.ask(Some("lead"), "k1", campaigns(), Some(unknown.clone())).await;
    assert_eq!(made.0, StatusCode::CREATED);
    let twice = desk.ask(Some("lead"), "", campaigns(), Some(unknown)).await;
    assert_eq!(twice.0, StatusCode::CONFLICT);
    let known = desk.app.posts.of("hand", None, Some("a1")).expect("known at once");
    assert_eq!(json!(known.campaign), made.1["id"]);
    let listed = desk
        .ask(Some("ar"), "", TestRequest::get().uri("/api/v1/campaigns"), None)
        .await;
    assert_eq!(listed.1["campaigns"][0]["ads"][0]["external_id"], json!("a1"));
}
