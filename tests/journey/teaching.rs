//! The desk learns from what people say of comments, tells why it tags as it does, and tags by narratives people write.

use klarsvar::domain::lane::Lane;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Cast, Member, TestDesk, eventually};

const NEWS: &str = "Glassbilen kommer alltid på torsdagar";

async fn tags_of(reader: &Member, id: &str, kind: &str) -> Vec<Value> {
    let item = reader.reads(id).await.json(200);
    item[kind].as_array().expect("tags").clone()
}

/// Whether a narrative is shown as a tag, rather than suggested.
async fn shows(reader: &Member, id: &str, key: &str) -> bool {
    let tags = tags_of(reader, id, "narratives").await;
    tags.iter().any(|tag| tag["key"] == key && tag["tier"] == "auto")
}

async fn has(reader: &Member, id: &str, key: &str) -> bool {
    tags_of(reader, id, "narratives")
        .await
        .iter()
        .any(|tag| tag["key"] == key)
}

async fn says(desk: &TestDesk, by: &Member, external: &str, text: &str, narratives: &[&str]) -> String {
    let id = desk.has_comment(external, text).await;
    let tags = json!({ "narratives": narratives });
    by.posts(&format!("/api/v1/comments/{id}/tags"), tags).await.is(200);
    id
}

async fn kept(by: &Member) -> Value {
    by.gets("/api/v1/examples").await.json(200)
}

#[tokio::test]
async fn a_correction_teaches_the_next_comment_and_can_be_taken_back() {
    let mut desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let shipped = kept(&sofia).await["version"].as_str().unwrap().to_owned();
    says(&desk, &sofia, "a", NEWS, &["west-islamophobic"]).await;
    let next = desk.has_comment("next", NEWS).await;
    let learnt = tags_of(&sofia, &next, "narratives").await;
    assert_eq!(learnt[0]["key"], "west-islamophobic", "{learnt:?}");
    assert_eq!(learnt[0]["version"], format!("{shipped}+desk-1"));

    let list = kept(&sofia).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    assert_eq!(list["items"][0]["labels"], json!(["west-islamophobic"]));
    assert_eq!(list["items"][0]["kept_by"], "SUP-1");

    desk.restarts().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let again = desk.has_comment("again", NEWS).await;
    assert_eq!(
        tags_of(&sofia, &again, "narratives").await,
        learnt,
        "a start comes to the same"
    );

    for example in list["items"].as_array().unwrap() {
        let path = format!("/api/v1/examples/{}", example["id"].as_str().unwrap());
        sofia.asks(Method::DELETE, &path, None).await.is(204);
        sofia.asks(Method::DELETE, &path, None).await.is(404);
    }
    let forgotten = desk.has_comment("forgotten", NEWS).await;
    assert!(!shows(&sofia, &forgotten, "west-islamophobic").await);
    assert_eq!(kept(&sofia).await["version"], shipped.as_str());
    let events = desk.events().await;
    let count = |kind: &str| events.iter().filter(|event| event.kind.as_str() == kind).count();
    assert_eq!((count("example.kept"), count("example.taken-back")), (1, 1));
    assert!(events.iter().all(|event| !event.data.contains("Glassbilen")));
}

#[tokio::test]
async fn a_second_correction_replaces_the_first_and_what_nobody_looked_at_is_not_kept() {
    let desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let id = says(&desk, &sofia, "a", NEWS, &["west-islamophobic"]).await;
    let path = format!("/api/v1/comments/{id}/tags");
    sofia.posts(&path, json!({ "classes": ["spam"] })).await.is(200);
    let list = kept(&sofia).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["labels"], json!(["west-islamophobic", "spam"]));
    let all = sofia.gets("/api/v1/examples?holding=false").await.json(200);
    assert_eq!(
        all["items"].as_array().unwrap().len(),
        2,
        "what was replaced is kept to be read"
    );

    sofia.posts(&path, json!({ "language": "en" })).await.is(200);
    sofia.posts(&path, json!({ "narratives": ["no-such"] })).await.is(400);
    assert_eq!(kept(&sofia).await["items"], list["items"], "a language is no example");
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    signe.gets("/api/v1/examples").await.refuses(403, "no-right");
}

#[tokio::test]
async fn another_process_learns_what_this_one_was_taught() {
    let desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let other = desk.another().await;
    let mut followed = klarsvar::jobs::elsewhere::Followed::by(&other);
    for number in 0..4 {
        says(&desk, &sofia, &format!("a-{number}"), NEWS, &["west-islamophobic"]).await;
    }
    followed.follow(&other).await.expect("it follows");
    other.taught.caught_up().await;
    let here = desk.app().taught.tag(NEWS, &klarsvar::tagging::Context::default());
    let there = other.taught.tag(NEWS, &klarsvar::tagging::Context::default());
    assert_eq!(here, there);
    assert!(here.narratives.iter().any(|tag| tag.key == "west-islamophobic"));
    other.stop().await;
}

#[tokio::test]
async fn why_names_places_versions_and_the_nearest_examples_with_personal_data_covered() {
    let desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let taught = "Glassbilen kommer på torsdagar, ring Kalle 070-174 06 05";
    says(&desk, &sofia, "a", taught, &["west-islamophobic"]).await;
    let text = "Socialtjänsten kidnappar barn med glassbilen på torsdagar, 640823-3234";
    let id = desk.has_comment("b", text).await;
    let why = sofia.gets(&format!("/api/v1/comments/{id}/why")).await.json(200);
    let tags = why["tags"].as_array().unwrap();
    let kidnap = tags
        .iter()
        .find(|tag| tag["key"] == "social-services-kidnap")
        .expect("a tag");
    let places = kidnap["places"].as_array().unwrap();
    assert!(places.iter().any(|place| place["text"] == "kidnappar barn"), "{kidnap}");
    assert!(why["model"].as_str().unwrap().ends_with("+desk-1"), "{why}");
    let near = why["nearest"].as_array().unwrap();
    let own = near
        .iter()
        .find(|near| near["origin"] == "desk")
        .expect("the correction");
    assert_eq!(own["labels"], json!(["west-islamophobic"]), "flags were not looked at");
    assert!(own["text"].as_str().unwrap().contains('▮'), "{own}");
    assert!(near.iter().any(|near| near["origin"] == "shipped"), "{near:?}");
    let all = why.to_string();
    assert!(!all.contains("070-174") && !all.contains("640823"), "{all}");
    let outsider = desk.signs_in(Cast::Edvin).await;
    outsider.gets(&format!("/api/v1/comments/{id}/why")).await.is(403);
}

/// Ten ways to say one new thing, and five more that nobody showed the desk.
const TAXI: [&str; 10] = [
    "taxibolagen styr kommunen",
    "kommunen ägs av taxi",
    "taxi bestämmer allt i kommunen",
    "taxiägarna har köpt kommunen",
    "taxi och kommunen är samma sak",
    "the taxi firms own the council",
    "taxi runs this town and the council",
    "council bought by taxi companies",
    "الكومون بيد شركات التكسي",
    "التكسي يحكم البلدية",
];
const UNSEEN: [&str; 5] = [
    "Kommunen är köpt av taxibolagen",
    "Det är taxi som styr hela kommunen",
    "Taxi firms run the council now",
    "Alla vet att taxiägarna bestämmer i kommunen",
    "شركات التكسي تحكم البلدية",
];

fn taxi() -> Value {
    json!({
        "key": "taxi-rule",
        "titles": { "sv": "Taxi styr kommunen", "ar": "التكسي يحكم البلدية", "en": "Taxi rules the council" },
        "definition": "Att taxibolag styr kommunen.",
        "examples": { "sv": TAXI[..5], "en": TAXI[5..8], "ar": TAXI[8..] },
        "counter_examples": { "sv": ["taxi till kommunens möte kostar för mycket"] },
    })
}

async fn published(desk: &TestDesk, narrative: Value) -> Value {
    let (edvin, sofia) = (desk.signs_in(Cast::Edvin).await, desk.signs_in(Cast::Sofia).await);
    let draft = edvin.posts("/api/v1/narratives", narrative).await.json(201);
    let at = format!("/api/v1/narratives/versions/{}", draft["id"].as_str().unwrap());
    edvin.asks(Method::POST, &format!("{at}/test"), None).await.is(200);
    sofia.asks(Method::POST, &format!("{at}/publish"), None).await.json(200)
}

#[tokio::test]
async fn a_narrative_written_on_monday_is_suggested_on_tuesday_from_ten_examples() {
    let mut desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    published(&desk, taxi()).await;
    eventually("the examples are learnt", async || {
        let version = sofia.gets("/api/v1/narratives").await.json(200)["model"].clone();
        version.as_str().unwrap().contains("+desk-").then_some(())
    })
    .await;
    let mut suggested = 0;
    for (number, text) in UNSEEN.iter().enumerate() {
        let id = desk.has_comment(&format!("u-{number}"), text).await;
        let two: Vec<Value> = tags_of(&sofia, &id, "narratives").await.into_iter().take(2).collect();
        if let Some(tag) = two.iter().find(|tag| tag["key"] == "taxi-rule") {
            suggested += 1;
            assert!(tag["version"].as_str().unwrap().contains("+desk-"), "{tag}");
        }
    }
    assert!(suggested >= 4, "{suggested} of {}", UNSEEN.len());
    let other = desk
        .has_comment("o", "Tack för bra information om era öppettider")
        .await;
    assert!(!has(&sofia, &other, "taxi-rule").await);

    desk.restarts().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let id = desk.has_comment("after", UNSEEN[0]).await;
    assert!(
        tags_of(&sofia, &id, "narratives")
            .await
            .iter()
            .any(|tag| tag["key"] == "taxi-rule")
    );
    // The page names it by the desk's own title, and a person may choose it.
    let page = sofia.gets(&format!("/desk/{id}")).await;
    assert!(page.text.contains("Taxi styr kommunen"), "{}", page.text);
    let path = format!("/api/v1/comments/{id}/tags");
    sofia.posts(&path, json!({ "narratives": ["taxi-rule"] })).await.is(200);
    let queue = sofia.gets("/api/v1/queue?lane=sv&narrative=taxi-rule").await.json(200);
    assert!(!queue["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_draft_is_tested_on_last_week_and_published_by_somebody_else() {
    let desk = TestDesk::start().await;
    let (edvin, sofia) = (desk.signs_in(Cast::Edvin).await, desk.signs_in(Cast::Sofia).await);
    let hit = desk
        .has_comment("a", "Glassbilen styr kommunen, ring 070-174 06 05")
        .await;
    desk.has_comment("b", "När har ni öppet?").await;
    let text =
        |phrase: &str| json!({ "key": "ice-cream", "titles": { "sv": "Glass styr" }, "phrases": { "sv": [phrase] } });
    let draft = edvin
        .posts("/api/v1/narratives", text("glassbilen styr"))
        .await
        .json(201);
    let at = format!("/api/v1/narratives/versions/{}", draft["id"].as_str().unwrap());
    let publish = format!("{at}/publish");
    sofia
        .asks(Method::POST, &publish, None)
        .await
        .refuses(409, "not-tested");
    let trial = edvin.asks(Method::POST, &format!("{at}/test"), None).await.json(200);
    assert_eq!(
        (&trial["looked_at"], &trial["changed"]),
        (&json!(2), &json!(1)),
        "{trial}"
    );
    assert_eq!(trial["examples"][0]["comment"], hit.as_str());
    assert_eq!(trial["examples"][0]["to"], "auto");
    assert!(!trial.to_string().contains("070-174"), "{trial}");
    let untouched = desk.has_comment("c", "Glassbilen styr allt").await;
    assert!(!has(&sofia, &untouched, "ice-cream").await, "a draft has no effect");

    edvin
        .asks(Method::POST, &publish, None)
        .await
        .refuses(403, "second_person");
    let moderator = desk.signs_in(Cast::Signe).await;
    moderator
        .asks(Method::POST, &publish, None)
        .await
        .refuses(403, "no-right");
    sofia.asks(Method::POST, &publish, None).await.is(200);
    sofia
        .asks(Method::POST, &publish, None)
        .await
        .refuses(409, "narrative-state");
    let tagged = desk.has_comment("d", "Glassbilen styr allt igen").await;
    let tag = &tags_of(&sofia, &tagged, "narratives").await[0];
    assert_eq!((&tag["key"], &tag["tier"]), (&json!("ice-cream"), &json!("auto")));
    assert_eq!(tag["version"], "codebook-1+1");

    // Another version, and back to the first.
    published(&desk, text("glasskiosken bestämmer")).await;
    let now = desk.has_comment("e", "Glassbilen styr som vanligt").await;
    assert!(!has(&sofia, &now, "ice-cream").await);
    let back = sofia
        .posts("/api/v1/narratives/ice-cream/revert", json!({ "to": 1 }))
        .await
        .json(200);
    assert_eq!((&back["version"], &back["state"]), (&json!(3), &json!("published")));
    let again = desk.has_comment("f", "Glassbilen styr nu med").await;
    assert_eq!(tags_of(&sofia, &again, "narratives").await[0]["key"], "ice-cream");
    let history = sofia.gets("/api/v1/narratives/ice-cream").await.json(200);
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 3);
    assert_eq!(versions[1]["text"]["phrases"]["sv"], json!(["glasskiosken bestämmer"]));
    sofia
        .posts("/api/v1/narratives/ice-cream/revert", json!({ "to": 9 }))
        .await
        .is(404);
}

#[tokio::test]
async fn a_shipped_narrative_is_taken_out_of_use_and_comes_back_as_shipped() {
    let desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let kidnap = async |external: &str| -> bool {
        let id = desk
            .has_comment(external, &format!("Socialtjänsten kidnappar barn {external}"))
            .await;
        let tags = tags_of(&sofia, &id, "narratives").await;
        tags.iter().any(|tag| tag["key"] == "social-services-kidnap")
    };
    assert!(kidnap("before").await);
    let gone = json!({ "key": "social-services-kidnap", "titles": { "sv": "Kidnappning" }, "retired": true });
    published(&desk, gone).await;
    assert!(!kidnap("gone").await);
    let path = "/api/v1/narratives/social-services-kidnap/revert";
    sofia.posts(path, json!({ "to": 0 })).await.is(200);
    assert!(kidnap("back").await);
}

#[tokio::test]
async fn the_codebook_is_written_tested_and_published_by_forms_alone() {
    let desk = TestDesk::start().await;
    let (edvin, sofia) = (desk.signs_in(Cast::Edvin).await, desk.signs_in(Cast::Sofia).await);
    let new = "key=ice-cream&titles.sv=Glass+styr&examples.sv=en%0Atv%C3%A5";
    let form = async |by: &Member, path: &str, body: &str| {
        let request = desk.door().http.post(format!("{}{path}", desk.url()));
        let request = request
            .header("cookie", by.cookie())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html");
        crate::support::Answer::of(request.body(body.to_owned()).send().await).await
    };
    edvin.gets("/narratives").await.is(200);
    edvin.gets("/narratives/new").await.is(200);
    let short = form(&edvin, "/narratives/new/edit", new).await;
    assert_eq!(short.status, 422, "{}", short.text);
    let told = short.text.contains("minst ett uttryck eller tre exempel");
    assert!(told && short.text.contains("value=\"ice-cream\""), "{}", short.text);
    let good = format!(
        "{}&phrases.sv=glassbilen+styr%0D%0Aglass+bestammer&phrases.ar-Latn=glass+y7kom",
        &new[..34]
    );
    form(&edvin, "/narratives/new/edit", &good).await.is(303);
    form(&edvin, "/narratives/new/edit", &good).await.is(422);
    let text = sofia.gets("/api/v1/narratives/ice-cream").await.json(200);
    assert_eq!(
        text["text"]["phrases"],
        json!({ "sv": ["glassbilen styr", "glass bestammer"], "ar-Latn": ["glass y7kom"] })
    );
    let version = format!("version={}", text["draft"].as_str().unwrap());
    let early = form(&sofia, "/narratives/ice-cream/publish", &version).await;
    assert_eq!(early.status, 409, "{}", early.text);
    assert!(early.text.contains("Pröva utkastet"), "{}", early.text);
    let tested = form(&edvin, "/narratives/ice-cream/test", &version).await;
    assert!(
        tested.status == 200 && tested.text.contains("id=\"trial\""),
        "{}",
        tested.text
    );
    form(&edvin, "/narratives/ice-cream/publish", &version).await.is(403);
    form(&sofia, "/narratives/ice-cream/publish", &version).await.is(303);
    let id = desk.has_comment("a", "Glassbilen styr").await;
    assert!(shows(&sofia, &id, "ice-cream").await);
    sofia
        .posts(&format!("/api/v1/comments/{id}/tags"), json!({ "narratives": [] }))
        .await
        .is(200);
    let examples = sofia.gets("/examples").await;
    assert!(examples.text.contains("Glassbilen styr"), "{}", examples.text);
    let example = &kept(&sofia).await["items"][0]["id"];
    form(
        &sofia,
        &format!("/examples/{}/take-back", example.as_str().unwrap()),
        "",
    )
    .await
    .is(303);
    assert_eq!(kept(&sofia).await["items"], json!([]));
    sofia.gets(&format!("/desk/{id}/why")).await.is(200);
}

#[tokio::test]
async fn a_blind_item_shows_the_machines_tags_after_the_persons_and_both_are_counted() {
    let desk = TestDesk::with(|config| config.teaching.blind_percent = 100).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let id = desk.has_comment("a", "Socialtjänsten kidnappar barn").await;
    let hidden = signe.reads(&id).await.json(200);
    assert_eq!((&hidden["blind"], &hidden["narratives"]), (&json!(true), &json!([])));
    let page = signe.gets(&format!("/desk/{id}")).await;
    assert!(page.text.contains(&format!("/desk/{id}/blind")), "{}", page.text);
    let why = signe.gets(&format!("/api/v1/comments/{id}/why")).await.json(200);
    let flags_only = why["tags"].as_array().unwrap().iter().all(|tag| tag["kind"] == "flag");
    assert!(why["blind"] == true && flags_only, "{why}");

    let path = format!("/api/v1/comments/{id}/blind");
    let said = json!({ "narratives": ["social-services-kidnap", "abuse-in-care"], "classes": [] });
    signe.posts(&path, said.clone()).await.refuses(409, "claim_lost");
    signe.claims(&id).await.is(200);
    signe.gets(&format!("/desk/{id}/blind")).await.is(200);
    let shown = signe.posts(&path, said.clone()).await.json(200);
    assert_eq!(shown["narratives"][0]["key"], "social-services-kidnap");
    signe.posts(&path, said).await.refuses(409, "not-blind");
    signe.gets(&format!("/desk/{id}/blind")).await.is(404);
    assert!(has(&signe, &id, "social-services-kidnap").await);

    let sofia = desk.signs_in(Cast::Sofia).await;
    let counted = sofia.gets("/api/v1/agreement").await.json(200);
    let rows = counted["items"].as_array().unwrap();
    let of = |label: &str| rows.iter().find(|row| row["label"] == label).expect("a row").clone();
    assert_eq!(
        (
            &of("social-services-kidnap")["both"],
            &of("abuse-in-care")["person_only"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(of("abuse-in-care")["share"], json!(0.0));
    sofia.gets("/agreement").await.is(200);
    signe.gets("/agreement").await.is(403);
}
