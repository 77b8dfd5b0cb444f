//! How platforms count the length of a text.

use unicode_segmentation::UnicodeSegmentation;

/// Signs that Mastodon counts for a link, however long it is (Mastodon, `StatusLengthValidator::URL_PLACEHOLDER_CHARS`;
/// docs.joinmastodon.org, entity Instance, `characters_reserved_per_url`).
const LINK: &str = "xxxxxxxxxxxxxxxxxxxxxxx";

/// How a platform counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Unicode code points.
    CodePoints,
    /// Extended grapheme clusters.
    Graphemes,
    /// Extended grapheme clusters, where a link counts 23 and the name of somebody on another server counts without its
    /// server (Mastodon, `app/validators/status_length_validator.rb`).
    LinksAndNames,
}

impl Counting {
    /// The word by which pages know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodePoints => "code-points",
            Self::Graphemes => "graphemes",
            Self::LinksAndNames => "links-and-names",
        }
    }

    /// The length of a text.
    #[must_use]
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::CodePoints => text.chars().count(),
            Self::Graphemes => text.graphemes(true).count(),
            Self::LinksAndNames => countable(text).graphemes(true).count(),
        }
    }
}

/// A text with what counts otherwise put into the place of links and names.
fn countable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, ' ');
    while let Some(next) = rest.chars().next() {
        let (counted, length) = if let Some(length) = link(rest, before) {
            (LINK, length)
        } else if let Some((name, length)) = name(rest, before) {
            (name, length)
        } else {
            (&rest[..next.len_utf8()], next.len_utf8())
        };
        out.push_str(counted);
        before = rest[..length].chars().next_back().unwrap_or(' ');
        rest = &rest[length..];
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Bytes of the link that a text begins with. Rather none than one that the server does not take for a link.
fn link(rest: &str, before: char) -> Option<usize> {
    if is_word(before) || matches!(before, '@' | '/' | '#' | '$') {
        return None;
    }
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        rest.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')'))
        .unwrap_or(rest.len());
    let whole = rest[..end].trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', ']', '}', '»', '”', '’']);
    let host = whole.get(scheme.len()..)?.split(['/', '?', '#', ':']).next()?;
    let (_, last) = host.rsplit_once('.')?;
    let is_host = last.len() >= 2 && last.chars().all(char::is_alphabetic);
    is_host.then_some(whole.len())
}

/// The name without its server, and bytes of the whole, where a text begins with somebody on another server.
fn name(rest: &str, before: char) -> Option<(&str, usize)> {
    if is_word(before) || matches!(before, '=' | '/') {
        return None;
    }
    let local = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let after = rest.strip_prefix('@').filter(|after| begins(after))?;
    let end = after.find(local)?;
    let server = after[end..].strip_prefix('@').filter(|server| begins(server))?;
    let length = server
        .find(|c: char| !(is_word(c) || matches!(c, '.' | '-')))
        .unwrap_or(server.len());
    let server = server[..length].trim_end_matches(['.', '-']);
    let name = 1 + end;
    Some((&rest[..name], name + 1 + server.len()))
}

#[cfg(test)]
mod tests {
    use super::Counting;

    #[test]
    fn links_count_alike_and_names_without_their_server() {
        let cases = [
            ("Hej 👨‍👩‍👧‍👦", 5),
            ("https://socialstyrelsen.se/om-lvu/vanliga-fragor-och-svar-om-lvu", 23),
            ("Se https://a.se.", 3 + 23 + 1),
            ("(https://a.se/b)", 1 + 23 + 1),
            ("اقرأ https://a.se/ب، شكرا", 5 + 23 + 5),
            ("@elin@annan.example Hej", 5 + 1 + 3),
            ("@elin@annan.example.", 6),
            ("@elin Hej", 9),
            ("elin@annan.example", 18),
            ("https://localhost:8080/en-lang-vag-som-ingen-tar", 48),
            ("xhttps://a.se", 13),
            ("@@ @ https://", 13),
            ("", 0),
        ];
        for (text, length) in cases {
            assert_eq!(Counting::LinksAndNames.length(text), length, "{text}");
        }
    }
}
