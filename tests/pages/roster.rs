//! The roster without script: drafts, publishing, exchanges, absence, breaks, the bell, and the calendar for other programs.

use chrono::TimeDelta;
use klarsvar::domain::lane::Lane;
use klarsvar::shift::bell;

use super::{form, page};
use crate::support::sample::ARABIC;
use crate::support::{Cast, Member, TestDesk};

/// A week after the desk's first day, which is a Sunday.
const WEEK: &str = "2026-W49";

/// Lars plans somebody in Arabic from one wall-clock time to another on a day of that week.
async fn plans(desk: &TestDesk, lars: &Member, person: &Member, day: u32, times: (&str, &str)) {
    let body = format!(
        "week={WEEK}&person={}&lane=ar&start=2026-12-{day:02}T{}&end=2026-12-{day:02}T{}&break_from=12:00&break_to=12:30",
        person.id, times.0, times.1
    );
    form(desk, lars, "/shifts", &body, false).await.is(303);
}

async fn roster(desk: &TestDesk, member: &Member) -> String {
    page(desk, member, &format!("/shifts?week={WEEK}")).await.text
}

/// What stands in the address of the first form or link that begins so.
fn after<'a>(text: &'a str, beginning: &str) -> &'a str {
    let at = text
        .find(beginning)
        .unwrap_or_else(|| panic!("{beginning} is not on {text}"));
    let rest = &text[at + beginning.len()..];
    &rest[..rest.find(['/', '"']).expect("an end")]
}

#[tokio::test]
async fn a_week_is_planned_as_drafts_and_published_and_then_everybody_sees_it() {
    let desk = TestDesk::start().await;
    let (lars, amal) = (desk.signs_in(Cast::Lars).await, desk.signs_in(Cast::Amal).await);
    plans(&desk, &lars, &amal, 1, ("08:00", "16:00")).await;
    assert!(roster(&desk, &lars).await.contains("cell-draft"));
    assert!(!roster(&desk, &amal).await.contains("class=\"cell "));
    let sent = form(&desk, &lars, "/shifts/publish", &format!("week={WEEK}"), false).await;
    sent.is(303);
    let seen = roster(&desk, &amal).await;
    assert!(
        seen.contains("class=\"cell cell-planned\"") && seen.contains("12:30"),
        "{seen}"
    );
    let again = form(&desk, &lars, "/shifts/publish", &format!("week={WEEK}"), false).await;
    again.is(409);
    assert!(again.text.contains("redan publicerat"), "{}", again.text);
}

#[tokio::test]
async fn what_cannot_be_planned_is_told_in_a_sentence_and_the_form_keeps_what_was_written() {
    let desk = TestDesk::start().await;
    let (lars, amal) = (desk.signs_in(Cast::Lars).await, desk.signs_in(Cast::Amal).await);
    plans(&desk, &lars, &amal, 1, ("08:00", "16:00")).await;
    let wrong = [
        ("start=2026-12-01T15:00&end=2026-12-01T18:00", 409, "har redan ett pass"),
        ("start=2026-12-02T16:00&end=2026-12-02T08:00", 422, "senare än starten"),
        ("start=&end=", 422, "senare än starten"),
        (
            "start=2026-12-02T08:00&end=2026-12-02T16:00&break_from=17:00&break_to=18:00",
            422,
            "Rasten ska ligga inom passet",
        ),
    ];
    for (times, status, sentence) in wrong {
        let body = format!("week={WEEK}&person={}&lane=ar&{times}", amal.id);
        let answer = form(&desk, &lars, "/shifts", &body, false).await;
        answer.is(status);
        assert!(answer.text.contains(sentence), "{times}: {}", answer.text);
        assert!(
            answer.text.contains(&format!("value=\"{}\" selected", amal.id)),
            "{times}"
        );
    }
}

#[tokio::test]
async fn a_shift_changes_hands_when_the_colleague_and_the_lead_say_yes() {
    let desk = TestDesk::start().await;
    let people = desk.hires(2, Lane::Ar).await;
    let (lars, amal, other) = (desk.signs_in(Cast::Lars).await, &people[0], &people[1]);
    plans(&desk, &lars, amal, 1, ("08:00", "16:00")).await;
    form(&desk, &lars, "/shifts/publish", &format!("week={WEEK}"), false)
        .await
        .is(303);
    let shown = roster(&desk, amal).await;
    let shift = after(&shown, "id=\"cell-").to_owned();
    let ask = format!("week={WEEK}&shift={shift}&of={}&in_return=", other.id);
    form(&desk, amal, "/shifts/exchange", &ask, false).await.is(303);
    let shown = roster(&desk, other).await;
    assert!(
        shown.contains("<span class=\"count\">1</span>"),
        "it is theirs to answer: {shown}"
    );
    let exchange = after(&shown, "action=\"/shifts/exchange/").to_owned();
    let say = async |by: &Member, said: &str| {
        let path = format!("/shifts/exchange/{exchange}/{said}");
        form(&desk, by, &path, &format!("week={WEEK}"), false).await
    };
    say(&lars, "approve").await.is(409);
    say(amal, "approve").await.is(403);
    say(other, "accept").await.is(303);
    assert!(
        roster(&desk, &lars)
            .await
            .contains(&format!("/shifts/exchange/{exchange}/approve"))
    );
    say(&lars, "approve").await.is(303);
    let shown = roster(&desk, amal).await;
    assert!(shown.contains(&format!("data-owner=\"{}\"", other.id)), "{shown}");
}

#[tokio::test]
async fn why_somebody_is_away_is_told_to_them_and_the_lead_only() {
    let desk = TestDesk::start().await;
    let people = desk.hires(2, Lane::Ar).await;
    let lars = desk.signs_in(Cast::Lars).await;
    let ill = format!("week={WEEK}&kind=sick&from=2026-12-01T00:00&to=2026-12-02T00:00");
    form(&desk, &people[0], "/shifts/absence", &ill, false).await.is(303);
    for (who, told) in [(&people[0], true), (&lars, true), (&people[1], false)] {
        let shown = roster(&desk, who).await;
        let absences = &shown[shown.find("id=\"absences\"").expect("the absences")..];
        assert!(absences.contains(&people[0].pseudonym), "{absences}");
        assert_eq!(
            absences.contains("<span class=\"chip\">Sjuk</span>"),
            told,
            "{absences}"
        );
    }
    let leave = ill.replace("sick", "leave").replace("12-0", "12-1");
    form(&desk, &people[0], "/shifts/absence", &leave, false).await.is(403);
    let others = format!("{ill}&person={}", people[1].id);
    form(&desk, &people[0], "/shifts/absence", &others, false).await.is(403);
}

#[tokio::test]
async fn on_a_break_the_desk_is_closed_and_after_it_open_again() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let id = desk.has_comment("p-1", ARABIC).await;
    amal.claims(&id).await.is(200);
    let away = form(&desk, &amal, "/shifts/break", "", false).await;
    away.is(303);
    let shown = page(&desk, &amal, away.header("location")).await.text;
    assert!(shown.contains("action=\"/shifts/break/end\""), "{shown}");
    amal.claims(&id).await.refuses(403, "not-checked-in");
    assert!(
        !page(&desk, &amal, "/desk?lane=ar")
            .await
            .text
            .contains(&format!("card-{id}"))
    );
    form(&desk, &amal, "/shifts/break/end", "", false).await.is(303);
    amal.claims(&id).await.is(200);
}

#[tokio::test]
async fn the_next_shift_reads_what_the_bell_wrote_and_signs_it() {
    let desk = TestDesk::start().await;
    let (lars, amal) = (desk.signs_in(Cast::Lars).await, desk.signs_in(Cast::Amal).await);
    let next = desk.hires(1, Lane::Ar).await.remove(0);
    form(&desk, &next, "/shifts/break", "", false).await;
    let plan = serde_json::json!({
        "person": amal.id, "lane": "ar", "starts_at": "2026-11-22T10:00:00Z", "ends_at": "2026-11-22T11:00:00Z",
    });
    let shift = lars.posts("/api/v1/shifts", plan).await.json(201)["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let path = format!("/shifts/{shift}");
    form(
        &desk,
        &amal,
        &format!("{path}/check-in"),
        "lane=ar&handover_read=true&shown=",
        false,
    )
    .await
    .is(303);
    let id = desk.has_comment("p-1", ARABIC).await;
    amal.claims(&id).await.is(200);
    let early = form(&desk, &amal, &format!("{path}/prolong"), "", false).await;
    early.is(409);
    desk.clock.advance(TimeDelta::minutes(50));
    let prolonged = form(&desk, &amal, &format!("{path}/prolong"), "", true).await;
    prolonged.is(200);
    assert!(
        prolonged.text.contains("id=\"on-shift\""),
        "the page stays: {}",
        prolonged.text
    );
    desk.clock.advance(TimeDelta::minutes(40));
    assert_eq!(
        desk.runs(|app| async move { bell::ring(&app).await })
            .await
            .expect("the job"),
        1
    );
    let seen = page(&desk, &amal, &format!("{path}/check-out")).await.text;
    assert!(seen.contains("tillbaka i kön"), "{seen}");
    form(&desk, &next, "/shifts/break/end", "", false).await;
    let me = next.gets("/api/v1/me").await.json(200);
    let own = me["shift"][0]["shift"].as_str().expect("a shift").to_owned();
    form(&desk, &next, &format!("/shifts/{own}/check-out"), "", false)
        .await
        .is(303);
    let shown = page(&desk, &next, "/shifts/check-in").await.text;
    let handover = after(&shown, "id=\"handover-0").to_owned();
    assert!(
        shown.contains("Ingen checkade ut") && shown.contains(&format!("/desk/{id}")),
        "{shown}"
    );
    let unseen = form(
        &desk,
        &next,
        "/shifts/check-in",
        "lane=ar&handover_read=true&shown=",
        false,
    )
    .await;
    unseen.is(409);
    let shown = format!("lane=ar&handover_read=true&shown=0{handover}");
    form(&desk, &next, "/shifts/check-in", &shown, false).await.is(303);
    let left = next.gets("/api/v1/shifts/handover?lane=ar").await.json(200);
    assert_eq!(left["facts"]["returned"][0]["id"], id.as_str());
    assert_eq!(left["read_by"][0]["by"], next.pseudonym.as_str());
}

#[tokio::test]
async fn a_calendar_holds_what_is_published_at_an_address_that_can_be_changed() {
    let desk = TestDesk::start().await;
    let (lars, amal) = (desk.signs_in(Cast::Lars).await, desk.signs_in(Cast::Amal).await);
    plans(&desk, &lars, &amal, 1, ("08:00", "16:00")).await;
    let renew = async || {
        let shown = form(&desk, &amal, "/me/calendar", "", false).await;
        shown.is(200);
        let secret = after(&shown.text, "/shifts/calendar/").to_owned();
        format!("/shifts/calendar/{secret}")
    };
    let first = renew().await;
    let read = async |path: &str| desk.nobody().gets(path).await;
    assert!(!read(&first).await.text.contains("VEVENT"), "a draft is nobody's");
    form(&desk, &lars, "/shifts/publish", &format!("week={WEEK}"), false)
        .await
        .is(303);
    let answer = read(&first).await;
    answer.is(200);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    for line in ["DTSTART:20261201T070000Z", "DTEND:20261201T150000Z", "END:VCALENDAR"] {
        assert_eq!(
            answer.text.matches(&format!("{line}\r\n")).count(),
            1,
            "{}",
            answer.text
        );
    }
    assert!(!answer.text.contains(&amal.pseudonym) && !answer.text.contains(&amal.id.to_string()));
    let second = renew().await;
    read(&first).await.is(404);
    read(&second).await.is(200);
    read(&second.replace(".ics", "")).await.is(404);
    assert!(
        !page(&desk, &amal, "/me").await.text.contains("/shifts/calendar/"),
        "shown once"
    );
    let adam = desk.signs_in(Cast::Adam).await;
    adam.posts(&format!("/api/v1/users/{}/disable", amal.id), serde_json::json!({}))
        .await
        .is(200);
    read(&second).await.is(404);
}
