//! The helpers, through templates as pages use them.

use super::*;
use serde_json::{Value, json};

const MONTHS: &str = "month-11 = november\nweekday-7 = söndag\n";

fn views(template: &str) -> Views {
    let text = |extra: &str| {
        format!("{MONTHS}hi = Hej {{ $name }}!\nflag-self-harm = Flagga & fara\nuntil = till {{ $at }}\n{extra}")
    };
    let sources: Vec<Source> = ["sv", "ar", "en"]
        .iter()
        .map(|language| (format!("{language}/a.ftl"), text("")))
        .collect();
    let templates = [
        ("pages/x.hbs".to_owned(), template.to_owned()),
        ("parts/p.hbs".to_owned(), "<p>{{label}}</p>".to_owned()),
    ];
    Views::from_sources(&templates, &sources, true).unwrap()
}

fn show_in(locale: LocaleKey, template: &str, data: &Value) -> String {
    views(template).render(locale, "pages/x", data).unwrap()
}

fn show(template: &str, data: &Value) -> String {
    show_in(LocaleKey::Sv, template, data)
}

fn refuse(template: &str, data: &Value) -> String {
    let error = views(template).render(LocaleKey::Sv, "pages/x", data).unwrap_err();
    format!("{error}: {}", std::error::Error::source(&error).unwrap())
}

#[test]
fn texts_escape_every_argument_and_attributes_get_no_isolates() {
    let data = json!({ "who": "<img onerror=x> \"&" });
    assert_eq!(
        show("{{t \"hi\" name=who}}", &data),
        "Hej \u{2068}&lt;img onerror&#x3D;x&gt; &quot;&amp;\u{2069}!"
    );
    assert_eq!(
        show(
            "<a title=\"{{t \"hi\" name=who plain=true}}\">",
            &json!({ "who": "\"Å" })
        ),
        "<a title=\"Hej &quot;Å!\">"
    );
    assert_eq!(
        show("{{t (key \"flag\" k)}}", &json!({ "k": "self-harm" })),
        "Flagga &amp; fara"
    );
}

#[test]
fn keys_are_joined_and_hold_no_dots() {
    assert_eq!(
        show("{{key \"event\" k 2}}", &json!({ "k": "comment.open" })),
        "event-comment-open-2"
    );
}

#[test]
fn a_text_given_to_a_part_is_escaped_once() {
    assert_eq!(
        show("{{> parts/p label=(t \"flag-self-harm\")}}", &json!({})),
        "<p>Flagga &amp; fara</p>"
    );
}

#[test]
fn an_override_in_an_argument_does_not_reach_the_page() {
    assert!(!show("{{t \"hi\" name=who}}", &json!({ "who": "a\u{202e}b\u{2069}" })).contains('\u{202e}'));
}

#[test]
fn what_is_missing_is_an_error_and_names_itself() {
    assert!(refuse("{{t \"nowhere\"}}", &json!({})).contains("nowhere"));
    assert!(refuse("{{t \"hi\"}}", &json!({})).contains("hi"));
    assert!(refuse("{{t \"hi\" name=who}}", &json!({})).contains("hi"));
    assert!(refuse("{{num count}}", &json!({})).contains("count"));
    assert!(refuse("{{ut text}}", &json!({})).contains("text"));
    assert!(refuse("{{label}}", &json!({})).contains("label"));
    assert!(refuse("{{asset \"css/nowhere.css\"}}", &json!({})).contains("css/nowhere.css"));
    assert!(refuse("{{icon name}}", &json!({ "name": "a\"><b" })).contains("icon"));
    let error = views("")
        .render(LocaleKey::Sv, "pages/nowhere", &json!({}))
        .unwrap_err();
    assert!(matches!(error, ViewError::Render { .. }));
}

#[test]
fn instants_are_machine_readable_and_local() {
    let data = json!({ "at": 1_795_352_520_000_i64 });
    assert_eq!(
        show("{{time at}}", &data),
        "<time datetime=\"2026-11-22T14:02:00+01:00\">14.02</time>"
    );
    assert_eq!(
        show("{{date at}}", &data),
        "<time datetime=\"2026-11-22\">22 november 2026</time>"
    );
    assert_eq!(
        show("{{ago at}}", &data),
        "<time datetime=\"2026-11-22T14:02:00+01:00\" data-ago>22 november 2026 kl. 14.02</time>"
    );
    assert_eq!(show("{{t \"until\" at=(time at) plain=true}}", &data), "till 14.02");
    assert!(show_in(LocaleKey::ArArab, "{{time at}}", &data).contains("١٤:٠٢"));
    assert!(show_in(LocaleKey::ArArab, "{{time at deadline=true}}", &data).contains(">14:02<"));
}

#[test]
fn numbers_shares_and_lengths_follow_the_locale() {
    let data = json!({ "n": 1234, "share": 0.82, "s": 300 });
    assert_eq!(
        show("{{num n}} {{pct share}} {{dur s}}", &data),
        "1\u{a0}234 82\u{a0}% 5\u{a0}min"
    );
    assert_eq!(
        show_in(LocaleKey::ArArab, "{{num n}} {{pct share}}", &data),
        "١٬٢٣٤ ٨٢٪\u{61c}"
    );
}

#[test]
fn text_from_outside_is_wrapped_with_its_language() {
    let data = json!({ "text": "a\u{202e}<b>", "lang": "ar", "spans": [{ "key": "k", "start": 0, "end": 1 }] });
    let html = show("{{ut text lang=lang spans=spans}}", &data);
    assert!(
        html.starts_with("<div class=\"ut\" dir=\"auto\" lang=\"ar\" data-controls=\"1\"><mark class=\"span\""),
        "{html}"
    );
    assert!(html.contains("⟦RLO⟧") && html.contains("&lt;b&gt;"), "{html}");
    assert_eq!(
        show(
            "{{ut text inline=true lang=lang}}",
            &json!({ "text": "hej", "lang": "other" })
        ),
        "<bdi lang=\"\">hej</bdi>"
    );
    assert_eq!(
        show("{{ut text lang=lang}}", &json!({ "text": "", "lang": "\"><x" })),
        "<div class=\"ut\" dir=\"auto\" lang=\"\"></div>"
    );
    let long = json!({ "text": "x".repeat(3000) });
    assert_eq!(show("{{#if (cut text)}}more{{/if}}", &long), "more");
    assert!(show("{{ut text all=true}}", &long).contains(&"x".repeat(3000)));
    assert!(show("{{ut text inline=true max=5}}", &long).ends_with(">xxxxx…</bdi>"));
}

#[test]
fn icons_are_hidden_from_readers_and_mirror_on_request() {
    let tree = assets::tree();
    assert_eq!(
        show("{{icon \"chevron\" dir=true}}", &json!({})),
        format!(
            "<svg class=\"i i-chevron i-dir\" aria-hidden=\"true\"><use href=\"/a/{tree}/icons/icons.svg#i-chevron\"/></svg>"
        )
    );
}

#[test]
fn the_view_from_a_folder_shows_edits_at_once() {
    let root = Path::new(env!("OUT_DIR")).join("view-from-dir");
    let write = |path: &str, text: &str| {
        std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        std::fs::write(root.join(path), text).unwrap();
    };
    write("locales/sv/a.ftl", "hi = Hej\n");
    write("templates/parts/p.hbs", "ett");
    write("templates/pages/x.hbs", "{{t \"hi\"}} {{> parts/p}}");
    let views = Views::from_dir(&root).unwrap();
    assert_eq!(views.render(LocaleKey::Sv, "pages/x", &json!({})).unwrap(), "Hej ett");
    write("templates/parts/p.hbs", "två");
    assert_eq!(views.render(LocaleKey::Sv, "pages/x", &json!({})).unwrap(), "Hej två");
    assert!(matches!(
        Views::from_dir(Path::new("/nowhere")),
        Err(ViewError::Folder { .. })
    ));
}

#[test]
fn views_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Views>();
    shared::<ReplyTemplates>();
}
