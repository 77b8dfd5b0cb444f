//! The desk's own writes with a key: what comes twice, or late, has its effect once.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::post;
use crate::domain::comment::CommentState;
use crate::domain::event::EventKind;
use crate::domain::id::CommentId;
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::practice::Practice;
use crate::store::entity::{comment, decision, escalation, idempotency};

impl Practice {
    /// A comment that `ar`, checked in to its lane, holds.
    async fn held(&self) -> CommentId {
        let check_in = post("/api/v1/shifts/check-in");
        let checked_in = self.ask(Some("ar"), "", check_in, Some(json!({ "lane": "ar" }))).await;
        assert_eq!(checked_in.0, StatusCode::OK, "{}", checked_in.1);
        let id = self.comment("1").await;
        let claim = post(&format!("/api/v1/comments/{id}/claim"));
        assert_eq!(self.ask(Some("ar"), "", claim, None).await.0, StatusCode::OK);
        id
    }

    async fn stands(&self, id: CommentId) -> CommentState {
        let row = comment::Entity::find_by_id(id).one(self.app.db.reader()).await;
        row.expect("a read").expect("the comment").state
    }

    async fn decisions(&self) -> u64 {
        let count = decision::Entity::find().count(self.app.db.reader()).await;
        count.expect("a count")
    }
}

async fn desk() -> Practice {
    let desk = Practice::start().await;
    desk.person("ar", &[Role::Moderator], &[Lane::Ar]).await;
    desk.person("lead", &[Role::Supervisor], &[Lane::Ar]).await;
    desk.person("editor", &[Role::Editor], &[]).await;
    desk
}

#[actix_web::test]
async fn a_decision_and_its_undoing_count_once_however_often_and_late_they_come() {
    let desk = desk().await;
    let id = desk.held().await;
    let leave = |revision: i32| Some(json!({ "kind": "leave", "revision": revision }));
    let decide = || post(&format!("/api/v1/comments/{id}/decision"));
    let first = desk.ask(Some("ar"), "k1", decide(), leave(1)).await;
    assert_eq!(first.0, StatusCode::ACCEPTED, "{}", first.1);
    assert_eq!(desk.ask(Some("ar"), "k1", decide(), leave(1)).await, first);
    let other = desk.ask(Some("ar"), "k1", decide(), leave(2)).await;
    assert_eq!(
        other.0,
        StatusCode::CONFLICT,
        "another request is asked by the rules: {}",
        other.1
    );
    let without = desk.ask(Some("ar"), "", decide(), leave(1)).await;
    assert_eq!(without.1["code"], json!("claim_lost"));
    let foreign = desk.ask(Some("lead"), "k1", decide(), leave(1)).await;
    assert_eq!(foreign.1["code"], json!("claim_lost"), "the key is another person's");

    let made = first.1["decision"].as_str().expect("an id");
    let undo = || TestRequest::delete().uri(&format!("/api/v1/decisions/{made}"));
    let undone = desk.ask(Some("ar"), "k2", undo(), None).await;
    assert_eq!(
        (undone.0, &undone.1["state"]),
        (StatusCode::OK, &json!("claimed")),
        "{}",
        undone.1
    );
    assert_eq!(desk.ask(Some("ar"), "k2", undo(), None).await, undone);
    let late = desk.ask(Some("ar"), "k1", decide(), leave(1)).await;
    assert_eq!(late, first, "a copy that comes after the undoing");
    assert_eq!(
        (desk.stands(id).await, desk.decisions().await),
        (CommentState::Claimed, 1)
    );
    let reused = desk.ask(
        Some("ar"),
        "k1",
        decide(),
        Some(json!({ "kind": "leave", "revision": 1, "reason": "x" })),
    );
    let reused = reused.await;
    assert_eq!(
        (reused.0, &reused.1["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("idempotency-key-reused"))
    );
}

#[actix_web::test]
async fn the_desks_own_form_sent_twice_decides_once_even_after_an_undo() {
    let desk = desk().await;
    let id = desk.held().await;
    let form = || {
        post(&format!("/desk/{id}/decide"))
            .insert_header(("accept", "text/vnd.desk+html"))
            .set_form([("kind", "leave"), ("revision", "1")])
    };
    for _ in 0..2 {
        assert_eq!(desk.ask(Some("ar"), "k1", form(), None).await.0, StatusCode::OK);
        assert_eq!(
            (desk.stands(id).await, desk.decisions().await),
            (CommentState::Decided, 1)
        );
    }
    let made = decision::Entity::find().one(desk.app.db.reader()).await;
    let made = made.expect("a read").expect("the decision").id;
    let undo = TestRequest::delete().uri(&format!("/api/v1/decisions/{made}"));
    assert_eq!(desk.ask(Some("ar"), "", undo, None).await.0, StatusCode::OK);
    assert_eq!(desk.ask(Some("ar"), "k1", form(), None).await.0, StatusCode::OK);
    assert_eq!(
        (desk.stands(id).await, desk.decisions().await),
        (CommentState::Claimed, 1)
    );
    assert_eq!(desk.ask(Some("ar"), "k2", form(), None).await.0, StatusCode::OK);
    assert_eq!(
        (desk.stands(id).await, desk.decisions().await),
        (CommentState::Decided, 2),
        "decided anew with a new key"
    );
}

#[actix_web::test]
async fn a_question_and_its_answer_count_once() {
    let desk = desk().await;
    let id = desk.held().await;
    let question = || Some(json!({ "question": "Får vi svara på det här?" }));
    let ask = || post(&format!("/api/v1/comments/{id}/escalate"));
    let asked = desk.ask(Some("ar"), "k1", ask(), question()).await;
    assert_eq!(asked.0, StatusCode::CREATED, "{}", asked.1);
    assert_eq!(desk.ask(Some("ar"), "k1", ask(), question()).await, asked);
    let count = escalation::Entity::find().count(desk.app.db.reader()).await;
    assert_eq!(count.expect("a count"), 1);

    let resolve = || {
        let which = asked.1["escalation"].as_str().expect("an id");
        post(&format!("/api/v1/escalations/{which}/resolve"))
    };
    let back = || Some(json!({ "resolution": "return", "advice": "Ja, med mallen." }));
    let answered = desk.ask(Some("lead"), "k1", resolve(), back()).await;
    assert_eq!(answered.0, StatusCode::OK, "{}", answered.1);
    assert_eq!(desk.ask(Some("lead"), "k1", resolve(), back()).await, answered);
    let without = desk.ask(Some("lead"), "", resolve(), back()).await;
    assert_eq!(without.1["code"], json!("illegal-state"));
}

#[actix_web::test]
async fn a_late_copy_of_a_correction_does_not_overwrite_a_later_one_and_no_text_is_kept_with_the_key() {
    let desk = desk().await;
    let id = desk.held().await;
    let correct = || post(&format!("/api/v1/comments/{id}/tags"));
    let classes = |class: &str| Some(json!({ "classes": [class] }));
    let keys = |said: &Value| said["classes"].to_string();
    let first = desk.ask(Some("ar"), "k1", correct(), classes("spam")).await;
    assert!(
        first.0 == StatusCode::OK && keys(&first.1).contains("spam"),
        "{}",
        first.1
    );
    let second = desk.ask(Some("ar"), "k2", correct(), classes("off-topic")).await;
    assert!(keys(&second.1).contains("off-topic"), "{}", second.1);
    let late = desk.ask(Some("ar"), "k1", correct(), classes("spam")).await;
    assert_eq!(late, second, "the comment as it is now");
    let told = desk.told().await;
    let corrections = told.iter().filter(|kind| **kind == EventKind::CommentTagged);
    assert_eq!(corrections.count(), 2);
    let kept = idempotency::Entity::find().all(desk.app.db.reader()).await;
    assert!(kept.expect("the keys").iter().all(|row| row.body.is_none()));
}

#[actix_web::test]
async fn templates_are_imported_and_written_once() {
    let desk = desk().await;
    let import = || post("/api/v1/templates/pack");
    let first = desk.ask(Some("editor"), "k1", import(), None).await;
    assert!(first.1["added"].as_u64().is_some_and(|added| added > 0), "{}", first.1);
    assert_eq!(desk.ask(Some("editor"), "k1", import(), None).await, first);
    let without = desk.ask(Some("editor"), "", import(), None).await;
    assert_eq!(without.1["added"], json!(0));

    let list = desk.ask(Some("editor"), "", TestRequest::get().uri("/api/v1/templates"), None);
    let list = list.await.1;
    let draft = list["items"]
        .as_array()
        .expect("templates")
        .iter()
        .flat_map(|one| one["variants"].as_array().cloned().unwrap_or_default())
        .find(|variant| variant["state"] == json!("draft"))
        .expect("a draft");
    let version = draft["version_id"].as_str().expect("an id");
    let submit = || post(&format!("/api/v1/templates/versions/{version}/submit"));
    let submitted = desk.ask(Some("editor"), "k2", submit(), None).await;
    assert_eq!(submitted.0, StatusCode::OK, "{}", submitted.1);
    assert_eq!(desk.ask(Some("editor"), "k2", submit(), None).await, submitted);
    let without = desk.ask(Some("editor"), "", submit(), None).await;
    assert_eq!(without.1["code"], json!("template-state"));
}
