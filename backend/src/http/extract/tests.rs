//! Who gets in, through HTTP.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::json;

use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::person::staff::{self, AddPerson};
use crate::practice::{PASSWORD, Practice};

#[actix_web::test]
async fn who_must_change_their_password_can_do_nothing_before() {
    let desk = Practice::start().await;
    let (roles, lanes) = (vec![Role::Moderator, Role::Admin], vec![Lane::Ar]);
    let step = AddPerson::new("new@example.se", "New", "AR-9", roles, lanes, PASSWORD, true, None).expect("a hash");
    staff::change(&desk.app, step).await.expect("a person");
    let get = |path: &str| TestRequest::get().uri(path);
    let refused = [
        (get("/api/v1/queue?lane=ar"), None),
        (get("/api/v1/me/sessions"), None),
        (get("/api/v1/users"), None),
        (get("/api/v1/stream?topics=roster"), None),
        (
            TestRequest::post().uri("/api/v1/shifts/check-in"),
            Some(json!({ "lane": "ar" })),
        ),
    ];
    for (request, body) in refused {
        let (status, said) = desk.ask(Some("new"), "", request, body).await;
        assert_eq!(
            (status, &said["code"]),
            (StatusCode::FORBIDDEN, &json!("password-change-needed"))
        );
    }
    let me = desk.ask(Some("new"), "", get("/api/v1/me"), None).await;
    assert_eq!(me.0, StatusCode::OK);
    let out = TestRequest::delete().uri("/api/v1/session");
    assert_eq!(desk.ask(Some("new"), "", out, None).await.0, StatusCode::NO_CONTENT);

    let change = TestRequest::post().uri("/api/v1/me/password");
    let weak = json!({ "present": PASSWORD, "new": "short" });
    let weak = desk.ask(Some("new"), "", change, Some(weak)).await;
    assert_eq!(weak.1["code"], json!("password-short"), "the change itself is asked");
}
