//! Stories: told again, counted, put together and apart by people, and kept so.

use klarsvar::domain::lane::Lane;
use serde_json::{Value, json};

use crate::support::sample::{ENGLISH, handed};
use crate::support::{Cast, TestDesk};

const TOLD: &str = "Soc hämtade grannens tvillingar från förskolan i Malmö för att kylen var tom";
const TOLD_OTHERWISE: &str =
    "OBS!! soc hämtadeee grannens tvillingar fran forskolan i malmö för att kylen var tom 😡😡";
const ARABIC: &str = "السوسيال خطفوا أولاد جارتنا من المدرسة بمالمو لأن المعلمة كتبت تقرير كذب";
const ARABIZI: &str = "el sosyal 5atafo awlad jaretna men el madrase b malmo la2n el mo3alme katabat ta2reer kezb";
const OTHER: &str = "Hur överklagar man ett beslut om vård när man bor i en annan kommun än barnet?";

/// A desk that has read what is stored.
async fn ready() -> TestDesk {
    let desk = TestDesk::start().await;
    runs(&desk).await;
    desk
}

async fn runs(desk: &TestDesk) {
    desk.runs(async |app| {
        klarsvar::story::gather::gather(&app).await.expect("stories are read");
        klarsvar::story::tally::tally(&app).await.expect("stories are counted");
    })
    .await;
}

async fn by_author(desk: &TestDesk, external_id: &str, author: &str, text: &str) {
    let mut body = handed(external_id, text);
    body["author"] = json!({ "id": author, "name": author });
    desk.hands_in(&body).await.json(201);
}

async fn story_of(desk: &TestDesk, external_id: &str) -> Option<String> {
    let row = desk.comment(external_id).await.expect("the comment");
    row.story.map(|story| story.to_string())
}

async fn stories(desk: &TestDesk) -> Vec<Value> {
    let sofia = desk.signs_in(Cast::Sofia).await;
    let body = sofia.gets("/api/v1/stories").await.json(200);
    body["stories"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn copies_join_one_story_as_they_come_in_and_others_do_not() {
    let desk = ready().await;
    for (id, author, text) in [
        ("e-1", "a", TOLD),
        ("e-2", "b", TOLD_OTHERWISE),
        ("e-3", "c", OTHER),
        ("e-4", "c", ARABIC),
        ("e-5", "d", ARABIZI),
        ("e-6", "d", "Ja tack!"),
    ] {
        by_author(&desk, id, author, text).await;
    }
    let (swedish, arabic) = (story_of(&desk, "e-1").await, story_of(&desk, "e-4").await);
    assert!(swedish.is_some() && arabic.is_some() && swedish != arabic);
    assert_eq!(story_of(&desk, "e-2").await, swedish);
    assert_eq!(story_of(&desk, "e-5").await, arabic);
    assert_ne!(story_of(&desk, "e-3").await, swedish);
    assert_eq!(story_of(&desk, "e-6").await, None);
    runs(&desk).await;
    let listed = stories(&desk).await;
    assert_eq!(listed.len(), 2, "{listed:#?}");
    let one = listed.iter().find(|one| one["id"] == swedish.clone().unwrap()).unwrap();
    assert_eq!(
        (&one["size"], &one["accounts"], &one["last_hour"]),
        (&json!(2), &json!(2), &json!(2))
    );
    assert_eq!(
        (&one["languages"]["sv"], &one["platforms"]["manual"]),
        (&json!(2), &json!(2))
    );
    assert_eq!((&one["example"]["text"], &one["burst"]), (&json!(TOLD), &Value::Null));
}

#[tokio::test]
async fn the_same_link_is_the_same_story_whatever_is_written_beside_it() {
    let desk = ready().await;
    let link = "www.nyheter.example/a/17";
    by_author(&desk, "e-1", "a", &format!("{TOLD} https://{link}?fbclid=1")).await;
    by_author(&desk, "e-2", "b", &format!("Läs! http://{link}/")).await;
    assert_eq!(story_of(&desk, "e-1").await, story_of(&desk, "e-2").await);
}

#[tokio::test]
async fn stories_are_known_again_after_a_restart_and_found_for_what_came_in_meanwhile() {
    let mut desk = ready().await;
    by_author(&desk, "e-1", "a", TOLD).await;
    desk.restarts().await;
    // Stored comments are not read yet: nothing is placed, and nothing is held up.
    by_author(&desk, "e-2", "b", TOLD_OTHERWISE).await;
    assert_eq!(story_of(&desk, "e-2").await, None);
    runs(&desk).await;
    assert_eq!(story_of(&desk, "e-2").await, story_of(&desk, "e-1").await);
    by_author(&desk, "e-3", "c", TOLD).await;
    assert_eq!(story_of(&desk, "e-3").await, story_of(&desk, "e-1").await);
}

#[tokio::test]
async fn many_copies_by_many_accounts_are_marked_as_a_burst_and_told_once() {
    let desk = ready().await;
    for number in 0..12 {
        by_author(&desk, &format!("e-{number}"), &format!("a-{number}"), TOLD).await;
    }
    for _ in 0..2 {
        runs(&desk).await;
        by_author(&desk, &format!("late-{}", desk.last_seq().await), "a-1", TOLD).await;
    }
    let [one] = &stories(&desk).await[..] else {
        panic!("not one story")
    };
    assert_eq!(
        (&one["burst"]["copies"], &one["burst"]["accounts"]),
        (&json!(13), &json!(12)),
        "{one}"
    );
    let waves: Vec<_> = desk
        .events()
        .await
        .into_iter()
        .filter(|event| event.kind.as_str() == "wave")
        .collect();
    assert_eq!(waves.len(), 1);
    assert!(!waves[0].data.contains("kylen"), "{}", waves[0].data);
}

#[tokio::test]
async fn merged_stories_stay_merged() {
    let mut desk = ready().await;
    for (id, text) in [("e-1", TOLD), ("e-2", TOLD), ("e-3", ARABIC), ("e-4", ARABIC)] {
        by_author(&desk, id, id, text).await;
    }
    runs(&desk).await;
    let (from, into) = (
        story_of(&desk, "e-1").await.unwrap(),
        story_of(&desk, "e-3").await.unwrap(),
    );
    let sofia = desk.signs_in(Cast::Sofia).await;
    let path = format!("/api/v1/stories/{from}/merge");
    sofia
        .posts(&path, json!({ "into": from }))
        .await
        .refuses(422, "same-story");
    let lars = desk.signs_in(Cast::Lars).await;
    lars.posts(&path, json!({ "into": into }))
        .await
        .refuses(403, "no-right");
    let answer = sofia.posts(&path, json!({ "into": into })).await.json(200);
    assert_eq!(answer["story"], into);
    sofia
        .posts(&path, json!({ "into": into }))
        .await
        .refuses(404, "not-found");
    by_author(&desk, "e-5", "e-5", TOLD_OTHERWISE).await;
    assert_eq!(story_of(&desk, "e-5").await.as_deref(), Some(into.as_str()));
    desk.restarts().await;
    runs(&desk).await;
    by_author(&desk, "e-6", "e-6", TOLD).await;
    runs(&desk).await;
    assert_eq!(story_of(&desk, "e-6").await.as_deref(), Some(into.as_str()));
    let [one] = &stories(&desk).await[..] else {
        panic!("not one story")
    };
    assert_eq!(one["size"], 6);
    let old = sofia.gets(&format!("/api/v1/stories/{from}")).await.json(200);
    assert_eq!((&old["id"], old["items"].as_array().unwrap().len()), (&json!(into), 6));
    assert!(
        desk.events()
            .await
            .iter()
            .any(|event| event.kind.as_str() == "story.merged")
    );
}

#[tokio::test]
async fn a_comment_split_off_never_rejoins_and_its_copies_follow_it() {
    let mut desk = ready().await;
    for (id, text) in [("e-1", TOLD), ("e-2", TOLD_OTHERWISE), ("e-3", TOLD)] {
        by_author(&desk, id, id, text).await;
    }
    runs(&desk).await;
    let from = story_of(&desk, "e-1").await.unwrap();
    let apart = desk.comment("e-2").await.unwrap().id.to_string();
    let sofia = desk.signs_in(Cast::Sofia).await;
    let path = format!("/api/v1/stories/{from}/split");
    sofia
        .posts(&path, json!({ "comments": [] }))
        .await
        .refuses(422, "not-in-story");
    let into = sofia.posts(&path, json!({ "comments": [apart] })).await.json(201)["story"].clone();
    assert_ne!(into, from);
    sofia
        .posts(&path, json!({ "comments": [apart] }))
        .await
        .refuses(422, "not-in-story");
    for _ in 0..2 {
        runs(&desk).await;
        assert_eq!(json!(story_of(&desk, "e-2").await), into);
        desk.restarts().await;
    }
    runs(&desk).await;
    by_author(&desk, "e-4", "e-4", TOLD_OTHERWISE).await;
    by_author(&desk, "e-5", "e-5", TOLD).await;
    assert_eq!(json!(story_of(&desk, "e-4").await), into);
    assert_eq!(story_of(&desk, "e-5").await, Some(from));
    let row = desk.comment("e-2").await.unwrap();
    assert_eq!(row.story_by, Some(sofia.id));
}

#[tokio::test]
async fn a_title_stays_with_its_story_when_it_is_counted_again_and_is_in_no_event() {
    let mut desk = ready().await;
    for id in ["e-1", "e-2"] {
        by_author(&desk, id, id, TOLD).await;
    }
    runs(&desk).await;
    let story = story_of(&desk, "e-1").await.unwrap();
    let path = format!("/api/v1/stories/{story}/rename");
    let sofia = desk.signs_in(Cast::Sofia).await;
    let lars = desk.signs_in(Cast::Lars).await;
    let title = json!({ "title": "  Tvillingarna i Malmö " });
    lars.posts(&path, title.clone()).await.refuses(403, "no-right");
    for wrong in ["a".repeat(121), "två\nrader".to_owned()] {
        sofia
            .posts(&path, json!({ "title": wrong }))
            .await
            .refuses(400, "bad-input");
    }
    assert_eq!(stories(&desk).await[0]["title"], Value::Null);
    let answer = sofia.posts(&path, title.clone()).await.json(200);
    assert_eq!(answer["story"], json!(story));
    sofia.posts(&path, title).await.is(200);
    by_author(&desk, "e-3", "e-3", TOLD_OTHERWISE).await;
    desk.restarts().await;
    runs(&desk).await;
    let [one] = &stories(&desk).await[..] else {
        panic!("not one story")
    };
    assert_eq!(
        (&one["title"], &one["size"]),
        (&json!("Tvillingarna i Malmö"), &json!(3))
    );
    let events = desk.events().await;
    let renamed: Vec<_> = events
        .iter()
        .filter(|event| event.kind.as_str() == "story.renamed")
        .collect();
    assert_eq!(renamed.len(), 1, "the same title twice is one event");
    assert!(!renamed[0].data.contains("Malmö"), "{}", renamed[0].data);
    let sofia = desk.signs_in(Cast::Sofia).await;
    sofia.posts(&path, json!({ "title": " " })).await.is(200);
    assert_eq!(stories(&desk).await[0]["title"], Value::Null);
    let none = "/api/v1/stories/019a0000-0000-7000-8000-000000000000/rename";
    sofia
        .posts(none, json!({ "title": "x" }))
        .await
        .refuses(404, "not-found");
}

#[tokio::test]
async fn the_list_is_walked_by_pages_and_covers_personal_data() {
    let desk = ready().await;
    let walk = "Var hittar jag närmaste skyddsrum i Göteborg undrar min gamla mormor";
    let texts = [TOLD, OTHER, ARABIC, ENGLISH, walk];
    for (number, text) in texts.into_iter().enumerate() {
        for copy in 0..2 {
            let text = format!("{text} ring mig på 070-174 06 0{number}");
            by_author(&desk, &format!("e-{number}-{copy}"), "a", &text).await;
        }
    }
    runs(&desk).await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let body = sofia
            .gets(&format!("/api/v1/stories?limit=2&cursor={cursor}"))
            .await
            .json(200);
        for story in body["stories"].as_array().unwrap() {
            assert!(!story.to_string().contains("070-174"), "{story}");
            seen.push(story["id"].clone());
        }
        match body["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    let all = stories(&desk).await;
    assert_eq!(seen, all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>());
    assert_eq!(all.len(), 5);
    sofia.gets("/api/v1/stories?cursor=x").await.refuses(400, "bad-input");
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    amal.gets("/api/v1/stories").await.refuses(403, "no-right");
}
