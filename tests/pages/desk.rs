//! The desk's forms, with and without script.

use klarsvar::domain::lane::Lane;

use super::{form, page};
use crate::support::sample::ARABIC;
use crate::support::{Cast, TestDesk};

#[tokio::test]
async fn a_claim_without_script_leads_back_to_the_comment() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let id = desk.has_comment("p-1", ARABIC).await;
    let sent = form(&desk, &amal, &format!("/desk/{id}/claim"), "", false).await;
    sent.is(303);
    assert_eq!(sent.header("location"), format!("/desk/{id}"));
    let shown = page(&desk, &amal, &format!("/desk/{id}")).await;
    shown.is(200);
    assert!(
        shown.text.contains("data-claim=\"mine\"") && shown.text.contains("id=\"reply-form\""),
        "{}",
        shown.text
    );
}

#[tokio::test]
async fn who_is_second_reads_who_was_first() {
    let desk = TestDesk::start().await;
    let people = desk.hires(2, Lane::Ar).await;
    let id = desk.has_comment("p-1", ARABIC).await;
    let path = format!("/desk/{id}/claim");
    let first = form(&desk, &people[0], &path, "", true).await;
    first.is(200);
    assert!(first.text.contains("data-claim=\"mine\""), "{}", first.text);
    let second = form(&desk, &people[1], &path, "", true).await;
    second.is(409);
    assert!(
        second.text.contains("data-claim=\"other\"") && second.text.contains(&people[0].pseudonym),
        "{}",
        second.text
    );
    assert!(!second.text.contains("id=\"reply-form\""), "{}", second.text);
}

#[tokio::test]
async fn next_opens_what_one_has_before_taking_more() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    desk.has_comments("p", 2, ARABIC).await;
    let first = form(&desk, &amal, "/desk/next", "lane=ar", false).await;
    let again = form(&desk, &amal, "/desk/next", "lane=ar", false).await;
    first.is(303);
    assert_eq!(first.header("location"), again.header("location"));
}

#[tokio::test]
async fn a_reply_that_is_refused_comes_back_with_the_text_and_the_reason() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let id = desk.has_comment("p-1", ARABIC).await;
    amal.claims(&id).await.is(200);
    let body = "kind=reply&revision=1&template=&version=&variant=&text=Egen+text";
    for script in [true, false] {
        let sent = form(&desk, &amal, &format!("/desk/{id}/decide"), body, script).await;
        sent.is(422);
        assert!(
            sent.text.contains("Egen text") && sent.text.contains("data-code=\"unapproved-text\""),
            "{}",
            sent.text
        );
    }
}

#[tokio::test]
async fn a_heavy_text_is_in_no_page_until_it_is_asked_for_and_counted_once() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Sv).await;
    let text = "Jag ska döda er alla på socialkontoret";
    let id = desk.has_comment("p-1", text).await;
    let list = page(&desk, &amal, "/desk?lane=sv").await;
    let item = page(&desk, &amal, &format!("/desk/{id}")).await;
    for shown in [&list, &item] {
        shown.is(200);
        assert!(!shown.text.contains("döda"), "{}", shown.text);
    }
    for _ in 0..2 {
        let shown = form(&desk, &amal, &format!("/desk/{id}/reveal"), "", true).await;
        assert!(
            shown.text.contains("döda") && shown.text.contains("data-shown"),
            "{}",
            shown.text
        );
    }
    assert!(
        page(&desk, &amal, &format!("/desk/{id}?reveal=1"))
            .await
            .text
            .contains("döda")
    );
    let counted = desk
        .events()
        .await
        .iter()
        .filter(|event| event.kind.as_str() == "comment.revealed")
        .count();
    assert_eq!(counted, 1);
}

#[tokio::test]
async fn markup_in_a_comment_and_a_name_shows_as_text() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Sv).await;
    let id = desk
        .has_comment("p-1", "Vad betyder <img src=x onerror=alert(1)> i ert beslut?")
        .await;
    let lane = desk.comment("p-1").await.unwrap().lane;
    let shown = page(&desk, &amal, &format!("/desk/{id}?lane={lane}")).await;
    assert!(!shown.text.contains("<img"), "{}", shown.text);
    assert!(shown.text.contains("&lt;img"), "{}", shown.text);
}

#[tokio::test]
async fn a_lane_one_is_not_checked_in_to_shows_nothing() {
    let desk = TestDesk::start().await;
    let amal = desk.signs_in(Cast::Amal).await;
    let id = desk.has_comment("p-1", ARABIC).await;
    let list = page(&desk, &amal, "/desk?lane=ar").await;
    list.is(200);
    assert!(
        !list.text.contains(&format!("card-{id}")) && list.text.contains("/shifts/check-in"),
        "{}",
        list.text
    );
    page(&desk, &amal, &format!("/desk/{id}")).await.is(403);
    form(&desk, &amal, &format!("/desk/{id}/claim"), "", true).await.is(403);
}
