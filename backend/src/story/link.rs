//! Links in a text, each as one word however it was shared.

/// Most links that are read of a text.
const MOST: usize = 4;

/// Whether a token is a link.
#[must_use]
pub fn is_link(token: &str) -> bool {
    bare(token).is_some()
}

/// The links of a text: without scheme, `www.`, `m.`, what follows where somebody came from, and a last slash. A bare
/// site names no story and is left out.
pub fn links(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace()
        .filter_map(bare)
        .filter_map(canonical)
        .take(MOST)
}

fn bare(token: &str) -> Option<&str> {
    let token = token.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '='));
    let start = token.get(..8).map(str::to_ascii_lowercase);
    let start = start.as_deref().unwrap_or_default();
    if start.starts_with("https://") {
        return token.get(8..);
    }
    if start.starts_with("http://") {
        return token.get(7..);
    }
    if start.starts_with("www.") {
        return Some(token);
    }
    // A host and a path, without scheme.
    let (host, path) = token.split_once('/')?;
    let (_, top) = host.rsplit_once('.')?;
    let is_host = host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    (is_host && (2..=10).contains(&top.len()) && top.bytes().all(|b| b.is_ascii_alphabetic()) && !path.is_empty())
        .then_some(token)
}

fn canonical(link: &str) -> Option<String> {
    let link = link.split('#').next().unwrap_or_default();
    let (place, query) = link.split_once('?').unwrap_or((link, ""));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = host.to_ascii_lowercase();
    let host = ["www.", "m.", "mobile.", "amp."]
        .iter()
        .fold(host.as_str(), |host, start| host.strip_prefix(start).unwrap_or(host));
    let path = path.trim_matches('/');
    let mut named: Vec<&str> = query.split('&').filter(|part| is_naming(part)).collect();
    named.sort_unstable();
    (!path.is_empty() || !named.is_empty()).then(|| format!("{host}/{path}?{}", named.join("&")))
}

/// Whether a part of a query says what is shown, rather than where the reader came from.
fn is_naming(part: &str) -> bool {
    let name = part.split('=').next().unwrap_or_default().to_ascii_lowercase();
    !name.is_empty()
        && !name.starts_with("utm_")
        && !matches!(
            name.as_str(),
            "fbclid"
                | "gclid"
                | "igshid"
                | "igsh"
                | "si"
                | "ref"
                | "ref_src"
                | "feature"
                | "share"
                | "s"
                | "t"
                | "_r"
                | "_t"
                | "mibextid"
                | "is_from_webapp"
                | "sender_device"
                | "app"
                | "rdid"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_is_one_word_however_it_was_shared() {
        let shared = [
            "https://www.Nyheter.example/a/1?fbclid=x&utm_source=fb",
            "http://m.nyheter.example/a/1/",
            "nyheter.example/a/1#kommentarer",
            "(https://nyheter.example/a/1).",
            "www.nyheter.example/a/1",
        ];
        for text in shared {
            assert_eq!(links(text).collect::<Vec<_>>(), ["nyheter.example/a/1?"], "{text}");
        }
        assert_eq!(
            links("https://tube.example/watch?si=1&v=abc").collect::<Vec<_>>(),
            ["tube.example/watch?v=abc"]
        );
    }

    #[test]
    fn a_bare_site_and_words_with_dots_are_no_story() {
        for text in [
            "https://klarsvar.example",
            "https://klarsvar.example/?fbclid=1",
            "och/eller",
            "kl.12/13",
            "3.5/5",
            "a.b",
            "http://",
            "…/…",
        ] {
            assert_eq!(links(text).count(), 0, "{text}");
        }
    }

    #[test]
    fn a_text_full_of_links_gives_a_few() {
        let many = "https://a.example/b ".repeat(10_000);
        assert_eq!(links(&many).count(), MOST);
    }
}
