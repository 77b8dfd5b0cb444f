//! Finds links and words of mixed script in a text. Positions only, no HTML; opens and looks up nothing.

use super::chars::{Kind, code_point, kind, script};
use icu_properties::props::Script;
use std::ops::Range;

/// What was found, each list in order and without overlaps.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Addresses, with the host in ASCII form if what is written is not plain.
    pub(super) links: Vec<(Range<usize>, Option<String>)>,
    /// Words whose letters come from several scripts that look alike, with the code points of the fewer ones.
    pub(super) mixed: Vec<(Range<usize>, String)>,
}

pub(super) fn scan(text: &str) -> Found {
    let mut found = Found::default();
    let mut word: Option<usize> = None;
    let mut resume = 0;
    let mut letter_before = false;
    for (at, c) in text.char_indices() {
        if at < resume {
            continue;
        }
        let inside = c.is_alphabetic() || (word.is_some() && kind(c) == Kind::Mark);
        if !letter_before
            && matches!(c, 'h' | 'H' | 'w' | 'W')
            && let Some(end) = link_end(text, at)
        {
            found.links.push((at..end, text.get(at..end).and_then(odd_host)));
            resume = end;
            word = None;
            continue;
        }
        if inside {
            word.get_or_insert(at);
        } else if let Some(start) = word.take() {
            note_mixed(text, start..at, &mut found);
        }
        letter_before = c.is_alphanumeric();
    }
    if let Some(start) = word {
        note_mixed(text, start..text.len(), &mut found);
    }
    found
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// The end of the address that starts at `at`, if one does.
fn link_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let begin = ["https://", "http://", "www."]
        .into_iter()
        .find(|begin| starts_with(rest, begin))?;
    let stop = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | '،' | '؛');
    let whole = rest.get(..rest.find(stop).unwrap_or(rest.len()))?;
    let kept = whole.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '؟']);
    (kept.len() > begin.len()).then_some(at + kept.len())
}

/// The host that a browser would go to, when what is written does not show it plainly.
fn odd_host(link: &str) -> Option<String> {
    let after = link.split_once("://").map_or(link, |(_, after)| after);
    let authority = after.split(['/', '?', '#', '\\']).next().unwrap_or(after);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let plain = authority.len() == host.len()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && !name
            .to_ascii_lowercase()
            .split('.')
            .any(|label| label.starts_with("xn--"));
    if plain {
        return None;
    }
    // No host is longer (RFC 1035, section 2.3.4), and encoding a long one would cost its square.
    let ascii = Some(name).filter(|name| name.chars().count() <= 253);
    let ascii = ascii
        .and_then(|name| idna::domain_to_ascii(name).ok())
        .filter(|ascii| !ascii.is_empty());
    Some(ascii.unwrap_or_else(|| "?".to_owned()))
}

/// Scripts that are written together as a matter of course, or look like no other.
fn is_apart(script: Script) -> bool {
    [
        Script::Common,
        Script::Inherited,
        Script::Arabic,
        Script::Hebrew,
        Script::Syriac,
        Script::Han,
        Script::Hiragana,
        Script::Katakana,
        Script::Hangul,
        Script::Bopomofo,
    ]
    .contains(&script)
}

fn note_mixed(text: &str, range: Range<usize>, found: &mut Found) {
    let Some(word) = text.get(range.clone()).filter(|word| !word.is_ascii()) else {
        return;
    };
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in word.chars().map(script).filter(|script| !is_apart(*script)) {
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    let Some((usual, _)) = counts
        .iter()
        .max_by_key(|(_, count)| *count)
        .filter(|_| counts.len() > 1)
    else {
        return;
    };
    let odd = word.chars().filter(|c| !is_apart(script(*c)) && script(*c) != *usual);
    let points: Vec<String> = odd.take(8).map(code_point).collect();
    found.mixed.push((range, points.join(" ")));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<(&str, Option<String>)> {
        scan(text)
            .links
            .into_iter()
            .map(|(range, host)| (&text[range], host))
            .collect()
    }

    fn mixed(text: &str) -> Vec<(&str, String)> {
        scan(text)
            .mixed
            .into_iter()
            .map(|(range, points)| (&text[range], points))
            .collect()
    }

    #[test]
    fn links_end_before_punctuation_and_plain_hosts_are_left_alone() {
        assert_eq!(
            links("se (https://a.se/b?c=1). och WWW.a.se, hej"),
            [("https://a.se/b?c=1", None), ("WWW.a.se", None)]
        );
        assert!(links("xhttp://a.se www. https://").is_empty());
    }

    #[test]
    fn the_real_host_of_an_odd_link_is_told() {
        assert_eq!(
            links("https://bank.se@evil.example/x")[0].1.as_deref(),
            Some("evil.example")
        );
        assert_eq!(
            links("http://räksmörgås.se:80/")[0].1.as_deref(),
            Some("xn--rksmrgs-5wao1o.se")
        );
        assert_eq!(
            links("http://xn--rksmrgs-5wao1o.se")[0].1.as_deref(),
            Some("xn--rksmrgs-5wao1o.se")
        );
        assert_eq!(links("http://pаypal.com")[0].1.as_deref(), Some("xn--pypal-4ve.com"));
        assert_eq!(links("http://a\u{202e}b.se")[0].1.as_deref(), Some("?"));
    }

    #[test]
    fn words_that_mix_scripts_that_look_alike_are_found() {
        assert_eq!(mixed("hej sосial tjänst"), [("sосial", "U+043E U+0441".to_owned())]);
        assert!(mixed("социальная служба, socialtjänst, الـLVU, 日本のカタカナ, café").is_empty());
    }
}
