//! Signing in by the form, in the visitor's language.

use klarsvar::domain::lane::Lane;

use super::{form, page};
use crate::support::{Cast, TestDesk};

#[tokio::test]
async fn every_refused_sign_in_says_the_same_and_keeps_the_address_escaped() {
    let desk = TestDesk::start().await;
    let nobody = desk.nobody();
    let known = form(
        &desk,
        &nobody,
        "/in",
        &format!("email={}&password=wrong", Cast::Amal.email()),
        false,
    )
    .await;
    let unknown = form(
        &desk,
        &nobody,
        "/in",
        "email=%22%3E%3Cb%3Ex%40x.se&password=wrong",
        false,
    )
    .await;
    for answer in [&known, &unknown] {
        answer.is(401);
        assert!(
            answer.text.contains("E-postadressen eller lösenordet stämmer inte"),
            "{}",
            answer.text
        );
    }
    assert!(!unknown.text.contains("<b>x@x.se"), "{}", unknown.text);
}

#[tokio::test]
async fn a_page_leads_to_sign_in_and_a_form_with_script_is_led_by_a_frame() {
    let desk = TestDesk::start().await;
    let nobody = desk.nobody();
    let read = page(&desk, &nobody, "/desk").await;
    read.is(303);
    assert!(read.header("location").starts_with("/in"));
    let sent = form(&desk, &nobody, "/desk/next", "lane=ar", true).await;
    sent.is(401);
    assert!(sent.text.contains("data-op=\"go\" data-to=\"/in"), "{}", sent.text);
}

#[tokio::test]
async fn refusals_are_pages_in_the_persons_language() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    form(&desk, &amal, "/locale", "locale=ar&back=//evil.example", false)
        .await
        .is(303);
    let missing = page(&desk, &amal, "/desk/00000000-0000-7000-8000-000000000000").await;
    missing.is(404);
    assert!(
        missing.text.contains("<html lang=\"ar-SE") && missing.text.contains("dir=\"rtl\""),
        "{}",
        missing.text
    );
    assert_eq!(missing.header("content-type"), "text/html; charset=utf-8");
}

#[tokio::test]
async fn files_for_browsers_are_compressed_and_kept_for_ever() {
    let desk = TestDesk::start().await;
    let html = page(&desk, &desk.nobody(), "/in").await;
    let path = html
        .text
        .split("href=\"")
        .find(|rest| rest.contains("base.css"))
        .unwrap();
    let path = path.split('"').next().unwrap();
    let request = desk.door().http.get(format!("{}{path}", desk.url()));
    let answer = request.header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-encoding"], "br");
    assert!(
        answer.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    assert!(
        answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("trusted-types desk")
    );
}
