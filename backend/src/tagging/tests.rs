use super::*;
use crate::domain::tag::Tier;

fn tags(text: &str) -> Tags {
    tag(text, &Context::default())
}

#[test]
fn shipped_codebook_is_good() {
    assert!(Tagger::new(Codebook::shipped().unwrap()).is_ok());
}

fn pack_texts(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| pack_texts(item, texts)),
        serde_json::Value::Object(fields) => {
            for (name, item) in fields {
                if matches!(name.as_str(), "short" | "long" | "sv" | "ar" | "en" | "text") {
                    pack_texts(item, texts);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn no_reply_of_the_pack_repeats_a_claim() {
    let pack: serde_json::Value = serde_json::from_str(include_str!("../template/pack/replies.json")).unwrap();
    let templates = pack["templates"].as_array().unwrap();
    assert_eq!(templates.len(), 49);
    let mut texts = Vec::new();
    for template in templates {
        pack_texts(&template["variants"], &mut texts);
    }
    assert!(texts.len() >= 49 * 2, "{}", texts.len());
    for text in &texts {
        for narrative in Narrative::ALL {
            let places = claim_words(*narrative, text);
            assert!(
                places.is_empty(),
                "{narrative}: {:?} in {text}",
                places.iter().map(|place| &text[place.clone()]).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn claim_words_of_an_edited_reply_are_named_by_place() {
    let text = "Nej, vi kidnappar barn inte.";
    let places = claim_words(Narrative::SocialServicesKidnap, text);
    assert!(places.iter().any(|place| &text[place.clone()] == "kidnappar barn"));
    assert!(claim_words(Narrative::SilencedCoverup, text).is_empty());
}

fn tier_of(text: &str, narrative: Narrative) -> Option<Tier> {
    tags(text)
        .narratives
        .iter()
        .find(|tag| tag.key == narrative.as_str())
        .and_then(|tag| tag.tier)
}

#[test]
fn the_bare_claim_is_tagged_in_every_language() {
    for text in [
        "Socialtjänsten kidnappar barn",
        "الخدمات الاجتماعية تخطف الأطفال",
        "Social services kidnap children",
        "by5atfo el wlad!!",
        "كيخطفو الدراري",
        "خَطْفُ الأطـــفال",
        "kidnappaaaar barn",
    ] {
        assert_eq!(
            tier_of(text, Narrative::SocialServicesKidnap),
            Some(Tier::Auto),
            "{text}"
        );
    }
}

#[test]
fn near_misses_are_never_shown_as_narratives() {
    for text in [
        "Is it true that they steal children without a court?",
        "Someone says children are sold. How do I explain that it's wrong?",
        "\"They kidnap children\" – no, a court decides",
        "Stämmer det att de kidnappar barn?",
        "Socialtjänsten kidnappar inte barn, det är ett rykte",
        "هل صحيح أنهم يخطفون الأطفال؟",
        "خطف الأطفال إشاعة",
        "My son was placed and I still think the reasons were weak",
        "The inspectorate criticised our municipality",
        "They don't pick up the phone",
    ] {
        assert!(
            tags(text).narratives.iter().all(|tag| tag.tier != Some(Tier::Auto)),
            "{text}: {:?}",
            tags(text).narratives
        );
    }
}

#[test]
fn spans_are_exact_under_marks_and_elongation() {
    let text = "🙈 قالوا خَطْفُ الأطـــفااال!";
    let tags = tags(text);
    let span = tags
        .spans
        .iter()
        .find(|span| span.key == "social-services-kidnap")
        .unwrap();
    assert_eq!(&text[span.start..span.end], "خَطْفُ الأطـــفااال");
}

#[test]
fn personal_data_is_masked_and_nothing_else() {
    let text = "Nr ٦٤٠٨٢٣-٣٢٣٤ eller 070-174 06 05, enligt 2025:400.";
    assert_eq!(mask(text, &tags(text)), "Nr ▮▮▮ eller ▮▮▮, enligt 2025:400.");
}

#[test]
fn mask_takes_places_that_do_not_fit_the_text() {
    let mut wrong = tags("");
    for (start, end) in [(1, 3), (2, 900), (5, 1), (usize::MAX, 0), (0, 2)] {
        wrong.spans.push(Span {
            key: "personal-data".to_owned(),
            start,
            end,
        });
    }
    assert_eq!(mask("åäö", &wrong), "▮▮▮");
    assert_eq!(mask("", &wrong), "");
}

#[test]
fn lane_follows_the_ad_when_the_text_has_no_language() {
    let context = Context {
        ad_language: Some("ar"),
        declared_language: None,
    };
    assert_eq!(lane(&tags("😭😭😭"), &context), Lane::Ar);
    assert_eq!(lane(&tags("😭😭😭"), &Context::default()), Lane::Other);
    assert_eq!(lane(&tags("Hur överklagar jag ett beslut?"), &context), Lane::Sv);
    assert_eq!(tags("").language.code, "und");
    assert_eq!(tags(" \n\u{200B}").language.code, "und");
}

#[test]
fn arabizi_is_arabic_and_neighbours_of_swedish_are_not_swedish() {
    for text in [
        "3anjad byekhdo el wlad?",
        "wallah ma 7ada byi7ki 3an hal mawdo3",
        "la2 mish sa7 hal kalam",
    ] {
        assert_eq!(
            (tags(text).language.code.as_str(), tags(text).language.script.as_str()),
            ("ar", "Latn"),
            "{text}"
        );
    }
    assert_eq!(
        tags("Hvorfor tar barnevernet barna uten å si noe til oss?")
            .language
            .code,
        "no"
    );
    assert_eq!(tags("Jeg ved ikke hvad kommunen vil med mine børn").language.code, "da");
    assert_eq!(tags("چرا بچه ها را از خانواده می گیرند؟").language.code, "fa");
}

#[test]
fn hostile_texts_never_panic_and_spans_stay_on_borders() {
    let long = [
        "a",
        "ا",
        "\u{301}",
        "😀",
        "\u{E0041}",
        "0",
        "?",
        "\"",
        "kidnappar barn ",
        "خطف الاطفال ",
        "070-174 06 05 ",
        "@",
        "\u{202E}",
        "ﷺ",
    ];
    let mut texts: Vec<String> = long
        .iter()
        .map(|piece| piece.repeat(100_000 / piece.chars().count()))
        .collect();
    texts.extend([
        "\u{301}".to_owned(),
        "a\u{301}\u{301}\u{301}".to_owned(),
        "\u{E0067}\u{E007F}".to_owned(),
        "İ".repeat(50),
        "@@.@-.a.bc@".to_owned(),
        "0-0+46".to_owned(),
    ]);
    for block in 0..0x300_u32 {
        texts.push((0..64).filter_map(|low| char::from_u32(block * 64 + low)).collect());
    }
    for text in &texts {
        let tags = tags(text);
        assert!(tags.spans.iter().all(|span| text.get(span.start..span.end).is_some()));
        let _ = mask(text, &tags);
        let _ = claim_words(Narrative::LvuTrivialGrounds, text);
    }
}
