use chrono::TimeZone;

use super::*;
use crate::connector::graph::sample;

fn at(seconds: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(seconds, 0).unwrap()
}

/// Long after every sample, so that a wrong use of it shows.
fn received() -> DateTime<Utc> {
    at(1_800_000_000)
}

fn file(name: &str) -> Parsed {
    let bytes = sample::bytes("facebook", &format!("webhooks/{name}.json"));
    parse(&bytes, received()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn comments(parsed: &Parsed) -> Vec<&CommentEvent> {
    let mut found = Vec::new();
    for event in &parsed.events {
        if let Inbound::Comment(comment) = event {
            found.push(&**comment);
        }
    }
    found
}

fn only(name: &str) -> CommentEvent {
    let parsed = file(name);
    assert_eq!((parsed.events.len(), parsed.ignored), (1, 0), "{name}");
    comments(&parsed)[0].clone()
}

fn author(id: &str, name: &str) -> Option<Author> {
    Some(Author {
        id: Some(id.into()),
        name: Some(name.into()),
        handle: None,
    })
}

fn one(value: &str) -> Parsed {
    let body = format!(
        r#"{{"object":"page","entry":[{{"id":"41","time":1795341601,"changes":[{{"field":"feed","value":{value}}}]}}]}}"#
    );
    parse(body.as_bytes(), received()).unwrap()
}

#[test]
fn a_comment_under_a_dark_post_is_read_whole() {
    let expected = CommentEvent {
        what: Happened::Added,
        account: "410000000000017".into(),
        external_id: "520000000000101_630000000000001".into(),
        parent: None,
        post: Some("410000000000017_520000000000101".into()),
        ad: None,
        ad_title: None,
        author: author("7300000000000011", "Elin Exempel"),
        own: false,
        text: Some("Var hittar jag närmaste skyddsrum? 🙂".into()),
        attachments: vec![],
        declared_language: None,
        at: at(1_795_341_600),
        created_at: Some(at(1_795_341_600)),
    };
    assert_eq!(only("01_comment_add_sv_dark_post"), expected);
}

#[test]
fn every_kind_of_change_is_told_apart() {
    let table = [
        ("02_comment_add_ar", Happened::Added, 1_795_341_630),
        ("03_comment_add_en_reply", Happened::Added, 1_795_341_660),
        ("04_comment_edited_sv", Happened::Edited, 1_795_341_720),
        ("05_comment_remove_minimal", Happened::Removed, 1_795_341_781),
        ("06_comment_hide_by_page", Happened::Hidden, 1_795_341_841),
        ("07_comment_unhide_by_page", Happened::Shown, 1_795_341_901),
    ];
    for (name, what, seconds) in table {
        let event = only(name);
        assert_eq!((event.what, event.at), (what, at(seconds)), "{name}");
        let created = (what == Happened::Added).then(|| at(seconds));
        assert_eq!(event.created_at, created, "{name}");
    }
    assert_eq!(
        only("03_comment_add_en_reply").parent.as_deref(),
        Some("520000000000101_630000000000001")
    );
    let edited = only("04_comment_edited_sv");
    assert_eq!(
        edited.text.as_deref(),
        Some("Var hittar jag närmaste skyddsrum i Göteborg? 🙂")
    );
    assert_eq!(only("05_comment_remove_minimal").text, None);
}

#[test]
fn hides_and_shows_name_no_author() {
    for name in ["06_comment_hide_by_page", "07_comment_unhide_by_page"] {
        let event = only(name);
        assert_eq!(
            (event.author, event.own, event.created_at),
            (None, false, None),
            "{name}"
        );
        assert_eq!(event.external_id, "520000000000102_630000000000002");
    }
}

#[test]
fn the_page_named_on_a_removal_is_not_taken_for_the_author() {
    let parsed = one(r#"{"item":"comment","verb":"delete","comment_id":"5_6","post_id":"41_5","from":{"id":"41"}}"#);
    let event = comments(&parsed)[0];
    assert_eq!(
        (event.what, event.own, &event.author),
        (Happened::Removed, false, &None)
    );
}

#[test]
fn the_pages_own_reply_is_marked_own() {
    let event = only("08_page_reply_echo");
    assert!(event.own);
    assert_eq!(event.external_id, "520000000000101_630000000000090");
    assert_eq!(event.parent.as_deref(), Some("520000000000101_630000000000001"));
}

#[test]
fn a_batch_of_two_pages_keeps_its_order_and_ignores_reactions_and_own_posts() {
    let parsed = file("09_batch_two_entries_mixed");
    let read: Vec<_> = comments(&parsed)
        .iter()
        .map(|c| (c.account.as_str(), c.external_id.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            ("410000000000017", "520000000000101_630000000000004"),
            ("410000000000017", "520000000000103_630000000000005"),
            ("410000000000018", "520000000000801_630000000080001"),
        ]
    );
    assert_eq!(parsed.ignored, 2);
}

#[test]
fn authors_may_be_incomplete_absent_or_in_the_older_fields() {
    let nameless = only("10_missing_author_name").author;
    assert_eq!(
        nameless,
        Some(Author {
            id: Some("7300000000000015".into()),
            ..Author::default()
        })
    );
    assert_eq!(only("11_missing_author").author, None);
    assert_eq!(
        only("13_legacy_sender_fields").author,
        author("7300000000000016", "Bo Provare")
    );
}

#[test]
fn ids_sent_as_numbers_keep_every_digit() {
    let parsed = one(
        r#"{"item":"comment","verb":"add","comment_id":6300000000000000123456789,"post_id":9007199254740993,"sender_id":7300000000000000016}"#,
    );
    let event = comments(&parsed)[0];
    assert_eq!(event.external_id, "6300000000000000123456789");
    assert_eq!(event.post.as_deref(), Some("9007199254740993"));
    assert_eq!(
        event.author.as_ref().unwrap().id.as_deref(),
        Some("7300000000000000016")
    );
}

#[test]
fn a_picture_alone_has_no_text_and_one_attachment() {
    let event = only("12_photo_only");
    assert_eq!(event.text, None);
    let url = "https://cdn.example.org/media/kust-0008.jpg?exp=1795428000";
    assert_eq!(
        event.attachments,
        [Attachment {
            kind: "photo".into(),
            url: url.into()
        }]
    );
    assert_eq!(only("28_sticker_with_empty_message").text.as_deref(), Some(""));
    let link = only("26_spam_link").attachments;
    assert_eq!(
        link,
        [Attachment {
            kind: "link".into(),
            url: "http://lana-nu.example/kust?ref=1".into()
        }]
    );
    let parsed =
        one(r#"{"item":"comment","verb":"add","comment_id":"5_6","photo":"javascript:alert(1)","video":{"a":1}}"#);
    assert_eq!(comments(&parsed)[0].attachments, []);
}

#[test]
fn hostile_and_long_texts_come_through_unchanged() {
    assert!(only("14_very_long_text_sv").text.unwrap().chars().count() > 5_000);
    let bidi = only("15_bidi_and_zero_width");
    assert_eq!(
        bidi.text.unwrap(),
        "Se priset \u{202e}001\u{202c} kr \u{2067}شكراً\u{2069} \u{200f}STOP\u{200e} - fil\u{202e}gpj.exe\u{202c} \u{200b}dold\u{2060}text"
    );
    assert_eq!(bidi.author.unwrap().name.unwrap(), "\u{202e}elpmaxE");
    let emoji = only("16_emoji_sequences_and_combining").text.unwrap();
    assert!(emoji.contains("👨🏽\u{200d}👩🏻\u{200d}👧") && emoji.ends_with("A\u{30a}ngstro\u{308}m"));
    assert!(
        only("21_markup_and_formula_text")
            .text
            .unwrap()
            .starts_with("<script>alert(1)</script> =HYPERLINK")
    );
    assert_eq!(only("22_whitespace_only").text.as_deref(), Some(" \n\u{a0}\t"));
    for name in [
        "20_arabizi_mixed_languages",
        "24_personal_data_and_phone",
        "25_hostile_tone",
    ] {
        assert!(only(name).text.is_some(), "{name}");
    }
    assert_eq!(
        only("27_arabic_with_latin_and_digits").text.as_deref(),
        Some("رقم الطوارئ 112 يعمل بدون شريحة SIM؟ (سؤال مهم جدًا)")
    );
}

#[test]
fn a_removed_post_is_told_as_such() {
    let removed = Inbound::PostRemoved {
        account: "410000000000017".into(),
        post: "410000000000017_520000000000103".into(),
        at: at(1_795_342_090),
    };
    assert_eq!(
        file("17_post_removed"),
        Parsed {
            events: vec![removed],
            ignored: 0
        }
    );
}

#[test]
fn what_says_nothing_or_is_unknown_is_counted_as_ignored() {
    assert_eq!(
        file("18_changed_fields_only"),
        Parsed {
            events: vec![],
            ignored: 1
        }
    );
    assert_eq!(
        file("23_unknown_item_and_verb"),
        Parsed {
            events: vec![],
            ignored: 2
        }
    );
    for value in [
        r#"{"item":"comment","verb":"add"}"#,
        r#"{"item":"comment","verb":"add","comment_id":""}"#,
        r#"{"item":"comment","comment_id":"1_2"}"#,
        r#"{"item":"post","verb":"remove"}"#,
        "[]",
        "null",
        "\"x\"",
    ] {
        assert_eq!(
            one(value),
            Parsed {
                events: vec![],
                ignored: 1
            },
            "{value}"
        );
    }
}

#[test]
fn the_post_as_parent_means_top_level_in_every_spelling() {
    assert_eq!(only("19_parent_id_without_page_prefix").parent, None);
    for (parent, post, expected) in [
        ("41_5", r#""post_id":"41_5""#, None),
        ("5", r#""post_id":"41_5""#, None),
        ("99_5", r#""post_id":"5""#, None),
        ("5", r#""x":1"#, None),
        ("41_5", r#""post":{"id":"41_5"}"#, None),
        ("5_7", r#""post_id":"41_5""#, Some("5_7")),
        ("5_7", r#""x":1"#, Some("5_7")),
    ] {
        let parsed = one(&format!(
            r#"{{"item":"comment","verb":"add","comment_id":"5_6","parent_id":"{parent}",{post}}}"#
        ));
        assert_eq!(comments(&parsed)[0].parent.as_deref(), expected, "{parent} {post}");
    }
}

#[test]
fn older_words_for_edit_and_removal_are_understood() {
    for (verb, what) in [
        ("edit", Happened::Edited),
        ("update", Happened::Edited),
        ("delete", Happened::Removed),
    ] {
        let parsed = one(&format!(
            r#"{{"item":"comment","verb":"{verb}","comment_id":"5_6","created_time":1}}"#
        ));
        let event = comments(&parsed)[0];
        assert_eq!((event.what, event.at), (what, at(1_795_341_601)), "{verb}");
    }
}

#[test]
fn every_file_is_read_in_some_test_above() {
    let names = sample::names("facebook", "webhooks");
    assert_eq!(names.len(), 28);
    let source = include_str!("tests.rs");
    for name in names {
        let name = name
            .trim_start_matches("webhooks/")
            .trim_end_matches(".json")
            .to_owned();
        assert!(source.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn a_body_cut_short_anywhere_gives_nothing() {
    for name in sample::names("facebook", "webhooks") {
        let whole = sample::bytes("facebook", &name);
        let whole = whole.trim_ascii_end();
        assert!(parse(whole, received()).is_ok());
        for cut in 0..whole.len() {
            let outcome = parse(&whole[..cut], received());
            assert!(
                matches!(outcome, Err(ParseError::Unreadable(_))),
                "{name} cut at {cut}: {outcome:?}"
            );
        }
    }
}

#[test]
fn a_thousand_updates_come_out_in_order() {
    let changes: Vec<String> = (0..1_500)
        .map(|n| format!(r#"{{"field":"feed","value":{{"item":"comment","verb":"add","comment_id":"5_{n}"}}}}"#))
        .collect();
    let body = format!(
        r#"{{"object":"page","entry":[{{"id":"41","time":1,"changes":[{}]}}]}}"#,
        changes.join(",")
    );
    let parsed = parse(body.as_bytes(), received()).unwrap();
    let ids: Vec<_> = comments(&parsed).iter().map(|c| c.external_id.clone()).collect();
    assert_eq!(ids, (0..1_500).map(|n| format!("5_{n}")).collect::<Vec<_>>());
}

#[test]
fn a_delivery_without_time_is_dated_by_its_arrival() {
    let body = br#"{"object":"page","entry":[{"id":"41","changes":[{"field":"feed","value":{"item":"comment","verb":"hide","comment_id":"5_6"}}]}]}"#;
    let parsed = parse(body, received()).unwrap();
    assert_eq!(comments(&parsed)[0].at, received());
}

#[test]
fn another_platforms_delivery_is_foreign() {
    let body = sample::bytes("instagram", "webhooks/01_comment_ad_sv.json");
    assert!(matches!(parse(&body, received()), Err(ParseError::Foreign(_))));
}
