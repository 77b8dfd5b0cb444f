//! The pages beside the desk, asked for over HTTP on a running desk: real models in the real templates, in every locale.

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{App as Actix, test, web};

use crate::domain::escalation::EscalationState;
use crate::domain::id::{CommentId, EscalationId};
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::domain::template::{TemplateState, Variant};
use crate::escalation::list::find;
use crate::escalation::{Open, Proposal};
use crate::http::{extract, routes};
use crate::pack::ImportPack;
use crate::person::sign_in::sign_in;
use crate::practice::{PASSWORD, Practice};
use crate::template::read::find as template;
use crate::view::LocaleKey;

const ALL: &[Role] = Role::ALL;

/// A page as it arrived.
struct Got {
    status: u16,
    place: Option<String>,
    body: String,
}

/// Somebody's browser.
struct Browser<'a> {
    desk: &'a Practice,
    cookie: String,
}

impl Practice {
    async fn browser(&self, name: &str) -> Browser<'_> {
        let signed_in = sign_in(&self.app, None, &format!("{name}@example.se"), PASSWORD)
            .await
            .expect("signed in");
        Browser {
            desk: self,
            cookie: format!("klarsvar={}", signed_in.secret),
        }
    }
}

impl Browser<'_> {
    async fn ask(&self, request: test::TestRequest) -> Got {
        let service = test::init_service(
            Actix::new()
                .app_data(web::Data::from(std::sync::Arc::clone(&self.desk.app)))
                .wrap(from_fn(extract::recognise))
                .wrap(from_fn(super::error::pages))
                .configure(routes::register),
        )
        .await;
        let request = request
            .insert_header((header::COOKIE, self.cookie.as_str()))
            .to_request();
        let answer = test::call_service(&service, request).await;
        let status = answer.status().as_u16();
        let place = answer
            .headers()
            .get(header::LOCATION)
            .map(|place| place.to_str().expect("a place").to_owned());
        let body = test::read_body(answer).await;
        Got {
            status,
            place,
            body: String::from_utf8(body.to_vec()).expect("text"),
        }
    }

    async fn get(&self, path: &str) -> Got {
        self.ask(test::TestRequest::get().uri(path)).await
    }

    /// Without script: an ordinary form.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        self.ask(test::TestRequest::post().uri(path).set_form(fields)).await
    }

    /// By script: frames are asked for.
    async fn wire(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let request = test::TestRequest::post()
            .uri(path)
            .insert_header((header::ACCEPT, super::FRAMES))
            .set_form(fields);
        self.ask(request).await
    }

    async fn speaks(&self, locale: LocaleKey) {
        let got = self
            .post("/locale", &[("locale", locale.as_str()), ("back", "/me")])
            .await;
        assert_eq!(got.status, 303);
    }
}

async fn asked(desk: &Practice, by: &str, comment: CommentId, proposal: Option<&str>) -> EscalationId {
    let people = desk.app.people.list();
    let person = people.iter().find(|person| person.pseudonym == by).expect("them").id;
    let step = Open {
        comment,
        person,
        question: "Är det här <b>kritik</b>?".to_owned(),
        proposal: proposal.map(|text| serde_json::from_str::<Proposal>(text).expect("a proposal")),
    };
    let Ok(opened) = desk.app.writer.change(step).await else {
        panic!("the question is refused")
    };
    opened.escalation
}

#[actix_web::test]
async fn every_page_renders_in_every_locale() {
    let desk = Practice::start().await;
    desk.person("boss", ALL, Lane::ALL).await;
    desk.person("mod", &[Role::Moderator], Lane::ALL).await;
    let Ok(pack) = ImportPack::shipped(crate::change::Actor::Desk) else {
        panic!("the pack cannot be read")
    };
    desk.app.writer.change(pack).await.expect("imported");
    let boss = desk.browser("boss").await;
    let planned = boss
        .post(
            "/shifts",
            &[
                ("week", "2026-W48"),
                ("person", &desk.app.people.list()[0].id.to_string()),
                ("lane", "ar"),
                ("start", "2026-11-23T08:00"),
                ("end", "2026-11-23T16:00"),
            ],
        )
        .await;
    assert_eq!(
        planned.place.as_deref(),
        Some("/shifts?week=2026-W48&notice=saved"),
        "{}",
        planned.body
    );
    let comment = desk.comment("one").await;
    let question = asked(
        &desk,
        "mod",
        comment,
        Some(r#"{"kind":"leave","reason":"Det är en fråga"}"#),
    )
    .await;
    let bare = desk.comment("two").await;
    let open = asked(&desk, "boss", bare, None).await;
    let pages = [
        "/esc".to_owned(),
        "/esc?show=done".to_owned(),
        format!("/esc/{question}"),
        format!("/esc/{open}"),
        "/load".to_owned(),
        "/load?wall=1".to_owned(),
        "/shifts".to_owned(),
        "/shifts?week=2026-W43".to_owned(),
        "/templates".to_owned(),
        "/templates?q=inget+alls".to_owned(),
        "/templates/thanks-general".to_owned(),
        "/people".to_owned(),
        "/me".to_owned(),
        "/accessibility".to_owned(),
    ];
    for locale in LocaleKey::ALL {
        boss.speaks(*locale).await;
        for page in &pages {
            let got = boss.get(page).await;
            assert_eq!(got.status, 200, "{page} in {locale}: {}", got.body);
            assert!(
                got.body.contains(&format!("<html lang=\"{}\"", locale.tag())),
                "{page} in {locale}"
            );
            assert!(!got.body.contains("<b>kritik"), "{page} shows a question as markup");
        }
    }
    boss.speaks(LocaleKey::Sv).await;
    let list = boss.get("/templates").await.body;
    assert!(list.contains("href=\"/templates/thanks-general\""));
    let week = boss.get("/shifts?week=2026-W43").await.body;
    assert!(
        week.contains("25\u{2069} timmar)"),
        "the day on which the clocks go back has an hour more"
    );
}

#[actix_web::test]
async fn who_proposed_has_no_approve_and_cannot_approve() {
    let desk = Practice::start().await;
    for name in ["boss", "chief"] {
        desk.person(name, &[Role::Supervisor], Lane::ALL).await;
    }
    let comment = desk.comment("one").await;
    let question = asked(&desk, "boss", comment, Some(r#"{"kind":"leave"}"#)).await;
    let address = format!("/esc/{question}/resolve");
    let (boss, chief) = (desk.browser("boss").await, desk.browser("chief").await);
    let own = boss.get(&format!("/esc/{question}")).await.body;
    assert!(!own.contains("value=\"approve\""));
    assert!(
        chief
            .get(&format!("/esc/{question}"))
            .await
            .body
            .contains("value=\"approve\"")
    );
    let refused = boss.wire(&address, &[("kind", "approve"), ("revision", "1")]).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let silent = chief.wire(&address, &[("kind", "overturn"), ("revision", "1")]).await;
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains("href=\"#esc-reason\""), "{}", silent.body);
    let stale = chief.wire(&address, &[("kind", "approve"), ("revision", "7")]).await;
    assert_eq!(stale.status, 409, "{}", stale.body);
    let done = chief.wire(&address, &[("kind", "approve"), ("revision", "1")]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(
        done.body
            .contains(&format!("data-op=\"del\" data-to=\"esc-row-{question}\"")),
        "{}",
        done.body
    );
    let row = find(desk.app.db.reader(), question)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(row.escalation.state, EscalationState::Resolved);
    let again = chief.post(&address, &[("kind", "approve"), ("revision", "1")]).await;
    assert_eq!(again.status, 303, "sent twice, the page shows what became of it");
}

#[actix_web::test]
async fn a_moderator_checks_in_reads_what_was_left_and_checks_out_without_script() {
    let desk = Practice::start().await;
    desk.person("first", &[Role::Moderator], &[Lane::Ar]).await;
    desk.person("second", &[Role::Moderator], &[Lane::Ar]).await;
    let first = desk.browser("first").await;
    assert_eq!(first.get("/shifts/check-in").await.status, 200);
    let into = first
        .post("/shifts/check-in", &[("lane", "ar"), ("handover_read", "true")])
        .await;
    assert_eq!(
        into.place.as_deref(),
        Some("/desk?lane=ar&notice=checked-in"),
        "{}",
        into.body
    );
    let people = desk.app.people.list();
    let id = people
        .iter()
        .find(|person| person.pseudonym == "first")
        .expect("them")
        .id;
    let shift = desk.app.duty.shift(id, Lane::Ar).expect("on shift");
    let out = format!("/shifts/{shift}/check-out");
    assert_eq!(first.get(&out).await.status, 200);
    let second = desk.browser("second").await;
    assert_eq!(
        second.get(&out).await.status,
        404,
        "another's shift is nobody's business"
    );
    let left = first
        .post(&out, &[("going_on", "Många frågor"), ("waits", ""), ("watch", "")])
        .await;
    assert_eq!(left.place.as_deref(), Some("/shifts?week=2026-W48&notice=checked-out"));
    assert!(desk.app.duty.lanes(id).is_empty());
    let form = second.get("/shifts/check-in").await.body;
    assert!(form.contains("Många frågor"), "{form}");
    let unread = second.post("/shifts/check-in", &[("lane", "ar")]).await;
    assert_eq!(unread.status, 409);
    assert!(unread.body.contains("Läs överlämningen"), "{}", unread.body);
}

#[actix_web::test]
async fn a_template_is_written_by_one_and_approved_by_another() {
    let desk = Practice::start().await;
    desk.person("writer", &[Role::Editor], &[]).await;
    desk.person("reader", &[Role::Editor], &[]).await;
    let Ok(pack) = ImportPack::shipped(crate::change::Actor::Desk) else {
        panic!("the pack cannot be read")
    };
    desk.app.writer.change(pack).await.expect("imported");
    let (writer, reader) = (desk.browser("writer").await, desk.browser("reader").await);
    let at = "/templates/thanks-general";
    let wrong = writer
        .post(&format!("{at}/sv/edit"), &[("short", ""), ("long", "Tack {{nobody}}")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("href=\"#short-sv\"") && wrong.body.contains("nobody"),
        "{}",
        wrong.body
    );
    let saved = writer
        .post(
            &format!("{at}/sv/edit"),
            &[("short", "Tack!"), ("long", "Tack för att du skriver.\r\nHej")],
        )
        .await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let version = async || {
        let document = template(desk.app.db.reader(), "thanks-general")
            .await
            .expect("read")
            .expect("there");
        document.current(Variant::Sv).expect("a version").clone()
    };
    let draft = version().await;
    assert_eq!(
        (draft.version, draft.long.as_str()),
        (2, "Tack för att du skriver.\nHej")
    );
    let id = draft.id.to_string();
    let fields: &[(&str, &str)] = &[("version", &id), ("expires_on", "2027-11-01")];
    assert_eq!(writer.post(&format!("{at}/sv/submit"), fields).await.status, 303);
    assert_eq!(writer.post(&format!("{at}/sv/approve"), fields).await.status, 403);
    assert_eq!(
        reader.post(&format!("{at}/ar/approve"), fields).await.status,
        404,
        "the version is of another language"
    );
    let undated = reader.post(&format!("{at}/sv/approve"), &[("version", &id)]).await;
    assert_eq!(undated.status, 422);
    let approved = reader.wire(&format!("{at}/sv/approve"), fields).await;
    assert_eq!(approved.status, 200, "{}", approved.body);
    assert!(approved.body.contains("data-op=\"go\""));
    assert_eq!(version().await.state, TemplateState::Approved);
    assert_eq!(reader.post(&format!("{at}/sv/pause"), fields).await.status, 303);
    assert_eq!(version().await.state, TemplateState::Paused);
    assert_eq!(reader.post(&format!("{at}/sv/pause"), fields).await.status, 409);
}

#[actix_web::test]
async fn a_first_password_is_shown_once_and_only_administrators_see_the_staff() {
    let desk = Practice::start().await;
    desk.person("admin", &[Role::Admin], &[]).await;
    desk.person("mod", &[Role::Moderator], &[Lane::Sv]).await;
    let (admin, moderator) = (desk.browser("admin").await, desk.browser("mod").await);
    assert_eq!(moderator.get("/people").await.status, 403);
    assert_eq!(
        moderator.post("/people", &[("email", "x@example.se")]).await.status,
        403
    );
    let bad = admin
        .post("/people", &[("email", "nobody"), ("name", ""), ("pseudonym", "SV-9")])
        .await;
    assert_eq!(bad.status, 422);
    assert!(bad.body.contains("href=\"#p-email\"") && bad.body.contains("value=\"SV-9\""));
    let fields: &[(&str, &str)] = &[
        ("email", "new@example.se"),
        ("name", "Ny"),
        ("pseudonym", "SV-9"),
        ("roles", "moderator"),
        ("lanes", "sv"),
    ];
    let added = admin.post("/people", fields).await;
    assert_eq!(added.status, 200, "{}", added.body);
    assert!(added.body.contains("Tillfälligt lösenord"));
    assert!(!admin.get("/people").await.body.contains("Tillfälligt lösenord"));
    assert_eq!(admin.post("/people", fields).await.status, 409);
    let people = desk.app.people.list();
    let of = |name: &str| people.iter().find(|person| person.pseudonym == name).expect("them").id;
    let last = admin
        .post(&format!("/people/{}", of("admin")), &[("roles", "lead")])
        .await;
    assert_eq!(last.status, 409);
    assert!(last.body.contains("sista administratören"));
    let new = of("SV-9");
    assert_eq!(
        admin
            .post(&format!("/people/{new}"), &[("roles", "lead"), ("roles", "editor")])
            .await
            .status,
        303
    );
    let roles = desk.app.people.find(new).expect("them").roles.clone();
    assert_eq!(roles, [Role::Lead, Role::Editor]);
}

#[actix_web::test]
async fn settings_are_kept_and_words_that_are_none_are_refused() {
    let desk = Practice::start().await;
    desk.person("mod", &[Role::Moderator], &[Lane::Ar]).await;
    let browser = desk.browser("mod").await;
    browser.speaks(LocaleKey::Ar).await;
    let saved = browser
        .post("/me", &[("theme", "dark"), ("digits", "arab"), ("unknown", "x")])
        .await;
    assert_eq!(saved.place.as_deref(), Some("/me?notice=saved"));
    let page = browser.get("/me").await.body;
    assert!(page.contains("data-theme=\"dark\""), "{page}");
    assert!(page.contains("data-locale=\"ar-arab\""));
    assert_eq!(browser.post("/me", &[("theme", "neon")]).await.status, 400);
    let wrong = browser
        .post(
            "/me/password",
            &[("current", "not it"), ("password", "another long password")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("href=\"#current\""), "{}", wrong.body);
    let changed = browser
        .post(
            "/me/password",
            &[("current", PASSWORD), ("password", "another long password")],
        )
        .await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert_eq!(
        browser.get("/me").await.status,
        200,
        "the session that changed it stays"
    );
}
