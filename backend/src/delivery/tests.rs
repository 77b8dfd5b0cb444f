//! An author's edit: what a person said of the comment, and the kept figures.

use sea_orm::EntityTrait;

use super::take_apart::keep_and_apply;
use crate::change::Actor;
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::decision::correct::{Correct, Correction};
use crate::domain::id::{CommentId, PersonId};
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::domain::tag::{Class, Flag, Intent, TagSource, Tags};
use crate::load::board::Load;
use crate::practice::Practice;
use crate::store::entity::comment;

impl Practice {
    async fn edited(&self, external_id: &str, text: &str) {
        self.advance_min(1);
        let connector = self.app.connectors.find("hand").expect("the connector");
        let said = Inbound::Comment(Box::new(CommentEvent {
            what: Happened::Edited,
            account: String::new(),
            external_id: external_id.to_owned(),
            parent: None,
            post: None,
            ad: None,
            ad_title: None,
            author: None,
            own: false,
            text: Some(text.to_owned()),
            attachments: Vec::new(),
            declared_language: None,
            at: self.now(),
            created_at: None,
        }));
        let body = text.to_owned().into_bytes().into();
        keep_and_apply(&self.app, &connector, body, vec![said], Actor::Outside)
            .await
            .expect("stored");
    }

    async fn corrected(&self, comment: CommentId, person: PersonId, correction: Correction) {
        let step = Correct {
            comment,
            person,
            supervisor: true,
            correction,
            sla: self.app.config.lane.sla(),
            narratives: Vec::new(),
        };
        assert!(self.app.writer.change(step).await.is_ok(), "corrected");
    }

    async fn row(&self, id: CommentId) -> (comment::Model, Tags) {
        let row = comment::Entity::find_by_id(id).one(self.app.db.reader()).await;
        let row = row.expect("a read").expect("the comment");
        let tags = serde_json::from_str(&row.tags).expect("tags");
        (row, tags)
    }

    /// What is kept of every lane, at margins that tell one due minute from another.
    fn figures(&self) -> Vec<Load> {
        let margins = [0, 5, 10, 14, 15, 16, 20, 30, 45, 60, 90, 120, 240, 480, 1_440];
        let now = self.app.now_ms();
        let lanes = Lane::ALL.iter();
        lanes
            .flat_map(|lane| margins.map(|margin| self.app.board.load(*lane, now, margin)))
            .collect()
    }

    async fn figures_equal_a_recount(&self, after: &str) {
        let kept = self.figures();
        let now = self.app.now_ms();
        self.app.board.count(self.app.db.reader(), now).await.expect("a count");
        assert_eq!(kept, self.figures(), "after {after}");
    }
}

#[actix_web::test]
async fn a_persons_language_and_intent_outlast_the_authors_edit_and_the_rest_is_the_new_texts() {
    let desk = Practice::start().await;
    let supervisor = desk.person("lead", &[Role::Supervisor], &[]).await;
    let id = desk.comment("1").await;
    let correction = Correction {
        language: Some("en".to_owned()),
        classes: Some(vec![Class::Spam]),
        intent: Some(Some(Intent::Misinformation)),
        ..Correction::default()
    };
    desk.corrected(id, supervisor, correction).await;
    desk.edited("1", "Ring mig 070-174 06 05 så berättar jag").await;
    let (row, tags) = desk.row(id).await;
    assert_eq!((row.revision, row.lane), (2, Lane::En));
    assert_eq!(
        (tags.language.code.as_str(), tags.language.source),
        ("en", TagSource::Person)
    );
    assert_eq!(tags.intent, Some(Intent::Misinformation));
    let has = |key: &str| tags.keys().any(|one| one == key);
    assert!(!has(Class::Spam.as_str()), "what was said of the old text");
    assert!(has(Flag::PersonalData.as_str()), "{tags:?}");
}

#[actix_web::test]
async fn a_language_that_the_rules_found_is_found_anew_in_an_edited_text() {
    let desk = Practice::start().await;
    let id = desk.comment("1").await;
    desk.edited(
        "1",
        "Hur ansöker jag om ekonomiskt bistånd hos socialtjänsten i min kommun?",
    )
    .await;
    let (row, tags) = desk.row(id).await;
    assert_eq!((row.lane, tags.language.code.as_str()), (Lane::Sv, "sv"));
}

#[actix_web::test]
async fn kept_figures_equal_a_recount_after_corrections_and_edits_of_open_comments() {
    let desk = Practice::start().await;
    let supervisor = desk.person("lead", &[Role::Supervisor], &[]).await;
    let ids = [desk.comment("1").await, desk.comment("2").await];
    let before = desk.row(ids[0]).await.0.due_at;
    let urgent = Correction {
        flags: Some(vec![Flag::ChildAtRisk]),
        ..Correction::default()
    };
    desk.corrected(ids[0], supervisor, urgent).await;
    assert!(desk.row(ids[0]).await.0.due_at < before, "it is due sooner");
    desk.figures_equal_a_recount("a flag").await;
    let elsewhere = Correction {
        language: Some("sv".to_owned()),
        flags: Some(Vec::new()),
        classes: Some(vec![Class::OffTopic]),
        ..Correction::default()
    };
    desk.corrected(ids[0], supervisor, elsewhere).await;
    desk.figures_equal_a_recount("another lane").await;
    desk.edited("2", "Ring mig 070-174 06 05").await;
    desk.figures_equal_a_recount("an edit").await;
    desk.edited("2", "tack").await;
    desk.figures_equal_a_recount("another edit").await;
}
