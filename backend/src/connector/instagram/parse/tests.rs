use chrono::TimeZone;

use super::*;
use crate::connector::graph::sample;

fn at(seconds: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(seconds, 0).unwrap()
}

fn file(name: &str) -> (Vec<CommentEvent>, usize) {
    let bytes = sample::bytes("instagram", &format!("webhooks/{name}.json"));
    let parsed = parse(&bytes, at(1_800_000_000)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let comment = |event| match event {
        Inbound::Comment(comment) => *comment,
        Inbound::PostRemoved { .. } | Inbound::AuthorRemoved { .. } => panic!("{name}: no such event on Instagram"),
    };
    (parsed.events.into_iter().map(comment).collect(), parsed.ignored)
}

fn only(name: &str) -> CommentEvent {
    let (mut events, ignored) = file(name);
    assert_eq!((events.len(), ignored), (1, 0), "{name}");
    events.remove(0)
}

fn author(id: &str, handle: &str) -> Option<Author> {
    Some(Author {
        id: Some(id.into()),
        handle: Some(handle.into()),
        name: None,
    })
}

#[test]
fn a_comment_under_an_ad_is_read_whole() {
    let expected = CommentEvent {
        what: Happened::Added,
        account: "17841400000000019".into(),
        external_id: "18020000000000001".into(),
        parent: None,
        post: Some("17990000000000001".into()),
        ad: Some("120210000000000301".into()),
        ad_title: Some("Skyddsrum SV A".into()),
        author: author("6800000000000021", "elin.exempel"),
        own: false,
        text: Some("Hur länge ska vattnet räcka, tre dagar eller en vecka? 💧".into()),
        attachments: vec![],
        declared_language: None,
        at: at(1_795_341_601),
        created_at: None,
    };
    assert_eq!(only("01_comment_ad_sv"), expected);
}

#[test]
fn ads_media_and_replies_are_joined_as_far_as_said() {
    let arabic = only("02_comment_ad_ar");
    assert_eq!(
        (arabic.text.as_deref(), arabic.ad.as_deref()),
        (Some("وين أقرب ملجأ؟ 🙏"), Some("120210000000000303"))
    );
    let feed = only("03_comment_feed_en");
    assert_eq!(
        (feed.post.as_deref(), feed.ad, feed.ad_title),
        (Some("17990000000000900"), None, None)
    );
    assert_eq!(
        only("04_reply_with_parent").parent.as_deref(),
        Some("18020000000000001")
    );
    let dynamic = only("05_dynamic_ad_without_ad_id");
    assert_eq!((dynamic.post.as_deref(), dynamic.ad), (Some("17990000000000005"), None));
}

#[test]
fn minimal_deliveries_are_enough() {
    let minimal = only("06_minimal_text_and_id");
    assert_eq!((minimal.author, minimal.post, minimal.own), (None, None, false));
    assert_eq!((minimal.text.as_deref(), minimal.at), (Some("Bra!"), at(1_795_341_731)));
    let nameless = only("07_missing_username").author;
    assert_eq!(
        nameless,
        Some(Author {
            id: Some("6800000000000025".into()),
            ..Author::default()
        })
    );
    assert_eq!(only("08_comment_id_instead_of_id").external_id, "18020000000000008");
}

#[test]
fn a_flat_entry_is_read_like_any_other() {
    let flat = only("09_flat_entry_instagram_login");
    assert_eq!(
        (flat.external_id.as_str(), flat.at),
        ("18020000000000009", at(1_795_341_761))
    );
    assert_eq!(flat.author, author("6800000000000023", "sam_sample"));
}

#[test]
fn texts_come_through_unchanged() {
    let long = only("10_long_text_2200").text.unwrap();
    assert!(long.chars().count() >= 2_000, "{}", long.chars().count());
    assert!(
        only("11_bidi_and_zero_width")
            .text
            .unwrap()
            .contains("fil\u{202e}gpj.exe\u{202c} \u{200b}dold\u{2060}text")
    );
    assert_eq!(only("12_emoji_only").text.as_deref(), Some("\u{2764}\u{fe0f}🔥👏🏽"));
    assert!(
        only("16_mention_spam_many_tags")
            .text
            .unwrap()
            .starts_with("@a_test1 @b_test2")
    );
}

#[test]
fn comments_on_a_live_broadcast_count() {
    let live = only("13_live_comment");
    assert_eq!(
        (live.external_id.as_str(), live.post.as_deref()),
        ("18020000000000013", Some("17990000000000950"))
    );
}

#[test]
fn mentions_elsewhere_are_ignored() {
    let (events, ignored) = file("14_batch_two_entries");
    let ids: Vec<_> = events.iter().map(|e| e.external_id.as_str()).collect();
    assert_eq!((ids, ignored), (vec!["18020000000000014", "18020000000000002"], 1));
}

#[test]
fn the_accounts_own_reply_is_marked_own() {
    let own = only("15_own_reply_echo");
    assert!(own.own);
    assert_eq!(own.author, author("17841400000000019", "kustberedskap"));
    assert_eq!(own.parent.as_deref(), Some("18020000000000001"));
}

#[test]
fn every_file_is_read_in_some_test_above() {
    let names = sample::names("instagram", "webhooks");
    assert_eq!(names.len(), 16);
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
    for name in sample::names("instagram", "webhooks") {
        let whole = sample::bytes("instagram", &name);
        let whole = whole.trim_ascii_end();
        assert!(parse(whole, at(0)).is_ok());
        for cut in 0..whole.len() {
            let outcome = parse(&whole[..cut], at(0));
            assert!(
                matches!(outcome, Err(ParseError::Unreadable(_))),
                "{name} cut at {cut}: {outcome:?}"
            );
        }
    }
}

#[test]
fn values_without_a_comment_are_ignored() {
    for value in ["{}", "{\"id\":\"\"}", "[]", "null", "{\"id\":{\"x\":1}}"] {
        let body = format!(
            r#"{{"object":"instagram","entry":[{{"id":"1","changes":[{{"field":"comments","value":{value}}}]}}]}}"#
        );
        assert_eq!(
            parse(body.as_bytes(), at(0)).unwrap(),
            Parsed {
                events: vec![],
                ignored: 1
            },
            "{value}"
        );
    }
}
