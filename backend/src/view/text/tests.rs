use super::*;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Hostile {
    name: String,
    text: String,
    /// What the HTML must hold.
    shows: Vec<String>,
    #[serde(default)]
    cut: bool,
    /// Nothing in it is a trick: no chip, no mark of mixed script.
    #[serde(default)]
    clean: bool,
    /// Direction marks kept.
    marks: Option<usize>,
}

fn fixture() -> Vec<Hostile> {
    serde_json::from_str(include_str!("../../../../tests/data/hostile-text.json")).unwrap()
}

fn plain(text: &str) -> Rendered {
    render(text, &Options::default())
}

fn span(key: &str, start: usize, end: usize, number: usize) -> (Span, usize) {
    (
        Span {
            key: key.to_owned(),
            start,
            end,
        },
        number,
    )
}

/// Takes the HTML apart, admitting only the elements that are ours, and gives the text of the author that is left.
/// Chips, hosts and numbers are left out.
fn visible(html: &str) -> String {
    let mut left = String::new();
    let (mut rest, mut open, mut ours) = (html, Vec::new(), None);
    while let Some(c) = rest.chars().next() {
        if c != '<' {
            assert!(!matches!(c, '>' | '"' | '\''), "raw {c} in {html}");
            let entities = [
                ("&lt;", '<'),
                ("&gt;", '>'),
                ("&amp;", '&'),
                ("&quot;", '"'),
                ("&#39;", '\''),
            ];
            let entity = entities.into_iter().find(|(entity, _)| rest.starts_with(entity));
            assert!(c != '&' || entity.is_some(), "raw & in {html}");
            let (length, c) = entity.map_or((c.len_utf8(), c), |(entity, c)| (entity.len(), c));
            if ours.is_none() {
                left.push(c);
            }
            rest = &rest[length..];
            continue;
        }
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..=end];
        rest = &rest[end + 1..];
        if tag == "<br>" {
            left.push('\n');
        } else if let Some(name) = tag.strip_prefix("</") {
            assert_eq!(open.pop(), Some(name.trim_end_matches('>')), "{html}");
            if ours == Some(open.len()) {
                ours = None;
            }
        } else {
            let starts = [
                ("<span class=\"ctl\" dir=\"ltr\" title=\"", "span", true),
                ("<span class=\"mixed\" title=\"", "span", false),
                ("<bdi class=\"link\" dir=\"ltr\" translate=\"no\">", "bdi", false),
                ("<bdi class=\"host\" dir=\"ltr\">", "bdi", true),
                ("<mark class=\"span\" data-key=\"", "mark", false),
                ("<sup class=\"span-n\">", "sup", true),
            ];
            let known = starts.into_iter().find(|(start, _, _)| tag.starts_with(start));
            let (_, name, is_ours) = known.unwrap_or_else(|| panic!("{tag} is not ours in {html}"));
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            if is_ours && ours.is_none() {
                ours = Some(open.len());
            }
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} left open in {html}");
    left
}

fn is_hidden(c: char) -> bool {
    use GeneralCategory::{Control, Format};
    matches!(CodePointMapData::<GeneralCategory>::new().get(c), Control | Format)
}

/// What must come through in any case: letters that are seen, digits, signs.
fn substance(text: &str) -> String {
    let blank = |c: char| matches!(c, '\u{3164}' | '\u{115f}' | '\u{ffa0}' | '\u{2800}') || c.is_whitespace();
    text.chars()
        .filter(|c| {
            use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark, Unassigned};
            let category = CodePointMapData::<GeneralCategory>::new().get(*c);
            !blank(*c)
                && !is_hidden(*c)
                && !matches!(category, NonspacingMark | EnclosingMark | SpacingMark | Unassigned)
        })
        .collect()
}

fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|c| rest.any(|other| other == c))
}

fn hold_properties(name: &str, text: &str, shown: &Rendered, end: usize) {
    let flags = ["gbeng", "gbsct", "gbwls"].map(|flag| {
        flag.chars()
            .map(|c| char::from_u32(0xe0000 + u32::from(c)).unwrap())
            .chain(['\u{e007f}'])
            .collect::<String>()
    });
    let rest = flags
        .iter()
        .fold(shown.html.clone(), |html, flag| html.replace(flag.as_str(), ""));
    for c in rest.chars().filter(|c| is_hidden(*c)) {
        let kept = matches!(c, '\t' | '\u{200c}'..='\u{200f}' | '\u{61c}' | '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{890}' | '\u{891}' | '\u{8e2}');
        assert!(kept, "{name}: raw U+{:04X}", u32::from(c));
    }
    let left = visible(
        shown
            .html
            .strip_suffix('…')
            .filter(|_| shown.cut)
            .unwrap_or(&shown.html),
    );
    let lines = text[..end]
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    assert!(
        is_subsequence(&left, &lines),
        "{name}: something was added or moved: {left:?}"
    );
    assert_eq!(substance(&left), substance(&text[..end]), "{name}: something was lost");
}

#[test]
fn hostile_texts_keep_their_letters_and_lose_their_tricks() {
    let fixture = fixture();
    assert!(fixture.len() >= 40);
    for hostile in &fixture {
        let shown = plain(&hostile.text);
        hold_properties(&hostile.name, &hostile.text, &shown, cut_at(&hostile.text, LIMIT));
        assert_eq!(shown.cut, hostile.cut, "{}", hostile.name);
        assert_eq!(is_cut(&hostile.text), hostile.cut, "{}", hostile.name);
        for part in &hostile.shows {
            assert!(
                shown.html.contains(part),
                "{}: {part} is not in {}",
                hostile.name,
                shown.html
            );
        }
        if hostile.clean {
            assert!(!shown.html.contains('<'), "{}: {}", hostile.name, shown.html);
        }
        if let Some(marks) = hostile.marks {
            assert_eq!(shown.direction_marks, marks, "{}", hostile.name);
        }
    }
}

#[test]
fn evidence_at_any_place_breaks_nothing() {
    for hostile in fixture() {
        let text = &hostile.text;
        let end = cut_at(text, LIMIT);
        let step = (text.len() / 12).max(1);
        for start in (0..=text.len()).step_by(step) {
            for stop in [start + 1, start + step, start + 3 * step, usize::MAX] {
                let spans = [span("a\"><b", start, stop, 1), span("b", start / 2, start, 2)];
                let shown = render(
                    text,
                    &Options {
                        spans: &spans,
                        ..Options::default()
                    },
                );
                hold_properties(&hostile.name, text, &shown, end);
            }
        }
    }
}

#[test]
fn evidence_is_widened_to_whole_graphemes_and_numbered() {
    // The span starts inside the family and ends before the accent.
    let text = "x 👩‍👧 e\u{301} y";
    let start = text.find('\u{200d}').unwrap();
    let end = text.find('\u{301}').unwrap();
    let shown = render(
        text,
        &Options {
            spans: &[span("k", start, end, 7)],
            ..Options::default()
        },
    );
    let expected =
        "x <mark class=\"span\" data-key=\"k\" data-n=\"7\">👩‍👧 e\u{301}</mark><sup class=\"span-n\">7</sup> y";
    assert_eq!(shown.html, expected);
}

#[test]
fn evidence_that_overlaps_names_every_reason() {
    let spans = [span("a", 0, 6, 1), span("b", 3, 9, 2)];
    let html = render(
        "abcdefghi",
        &Options {
            spans: &spans,
            ..Options::default()
        },
    )
    .html;
    assert!(
        html.contains("data-key=\"a b\" data-n=\"1 2\">def</mark><sup class=\"span-n\">1</sup>"),
        "{html}"
    );
    assert_eq!(visible(&html), "abcdefghi");
}

#[test]
fn evidence_outside_the_text_is_passed_over() {
    let spans = [span("a", 50, 60, 1), span("b", 3, 3, 2), span("c", 4, 2, 3)];
    assert_eq!(
        render(
            "kort",
            &Options {
                spans: &spans,
                ..Options::default()
            }
        )
        .html,
        "kort"
    );
}

#[test]
fn three_blank_lines_stay_and_the_rest_folds() {
    assert_eq!(plain("a\n\n\n\nb").html, "a<br><br><br><br>b");
    let html = plain("a\n\n\n\n\n\nb").html;
    assert_eq!(
        html,
        "a<br><br><br><br><span class=\"ctl\" dir=\"ltr\" title=\"U+000A ×2\">⟦+2 ⏎⟧</span>b"
    );
    assert_eq!(
        render(
            "a\nb",
            &Options {
                inline: true,
                ..Options::default()
            }
        )
        .html,
        "a b"
    );
}

#[test]
fn four_marks_stay_on_a_letter() {
    assert_eq!(
        plain("e\u{300}\u{301}\u{302}\u{303}x").html,
        "e\u{300}\u{301}\u{302}\u{303}x"
    );
    assert!(
        plain("e\u{300}\u{301}\u{302}\u{303}\u{304}x")
            .html
            .contains("⟦+1⟧</span>x")
    );
}

#[test]
fn a_cut_never_splits_a_grapheme() {
    let text = format!("{}👩‍👧‍👦", "x".repeat(LIMIT - 2));
    let shown = plain(&text);
    assert!(shown.cut);
    assert_eq!(shown.html, format!("{}…", "x".repeat(LIMIT - 2)));
    let all = render(
        &text,
        &Options {
            limit: None,
            ..Options::default()
        },
    );
    assert!(!all.cut && all.html.ends_with("👩‍👧‍👦"));
}

#[test]
fn hidden_characters_can_be_listed() {
    let listed: Vec<_> = code_points("a\u{202e}").collect();
    assert_eq!(
        listed,
        [("U+0061".to_owned(), None), ("U+202E".to_owned(), Some("RLO"))]
    );
}

#[test]
fn ten_thousand_tricks_stay_small() {
    for trick in [
        "\u{202e}",
        "\u{301}",
        "\u{e0041}",
        "\n",
        "\u{200b}\u{202e}",
        "sо ",
        "www.å.se ",
        "\u{200d}",
    ] {
        let shown = plain(&trick.repeat(10_000));
        assert!(shown.html.len() < 250_000, "{:?}: {}", trick, shown.html.len());
        let everything = trick.repeat(10_000);
        let all = render(
            &everything,
            &Options {
                limit: None,
                ..Options::default()
            },
        );
        assert!(
            !all.cut && all.html.len() < 2_000_000,
            "{:?}: {}",
            trick,
            all.html.len()
        );
    }
}
