//! What a reader sees of a status's HTML, as plain text. Never keeps a tag, an attribute or a script.

/// Longest name of an entity that is decoded.
const LONGEST_ENTITY: usize = 10;

/// Plain text: paragraphs apart by an empty line, `<br>` as a line end, links as they are written out.
///
/// Goes over the text once, whatever it holds. What is no whole tag stays as text: it is shown as text anyhow.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('&') {
            entity(rest, &mut text)
        } else {
            tag(rest, &mut text)
        };
    }
    text.push_str(rest);
    text.trim().to_owned()
}

/// Takes the tag off the front; returns what follows it.
fn tag<'a>(rest: &'a str, text: &mut String) -> &'a str {
    let opens = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    let Some(end) = rest.find('>').filter(|_| opens) else {
        text.push('<');
        return &rest[1..];
    };
    let name: String = rest[1..end]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
        .take(12)
        .collect::<String>()
        .to_ascii_lowercase();
    let after = &rest[end + 1..];
    match name.as_str() {
        "br" | "br/" | "/li" | "/div" => text.push('\n'),
        "/p" | "/ul" | "/ol" | "/blockquote" | "/pre" => text.push_str("\n\n"),
        // What they hold is not for readers.
        "script" | "style" => return after.find("</").map_or("", |end| &after[end..]),
        _ => {}
    }
    after
}

/// Decodes the entity at the front; returns what follows it.
fn entity<'a>(rest: &'a str, text: &mut String) -> &'a str {
    let head = rest.bytes().take(LONGEST_ENTITY).position(|b| b == b';');
    let decoded = head.and_then(|end| decoded(&rest[1..end]).map(|c| (c, end)));
    if let Some((character, end)) = decoded {
        text.push(character);
        &rest[end + 1..]
    } else {
        text.push('&');
        &rest[1..]
    }
}

fn decoded(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || *c == '\n')?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_reads_as_its_author_wrote_it() {
        let html = "<p><span class=\"h-card\"><a href=\"https://s.example/@kust\">@<span>kust</span></a></span> Se \
                    <a href=\"x\"><span class=\"invisible\">https://</span><span>e.example/a?b=1&amp;c=2</span></a>\
                    <br>1 &lt; 2 &amp; <strong>fet</strong></p><p>Slut&#39;</p>";
        assert_eq!(
            plain(html),
            "@kust Se https://e.example/a?b=1&c=2\n1 < 2 & fet\n\nSlut'"
        );
    }

    #[test]
    fn hostile_html_leaves_no_script_and_loses_no_text() {
        assert_eq!(plain("a<script>alert(1)</script>b"), "ab");
        assert_eq!(
            plain("1 < 2 <3 &unknown; &#0; &#xD800; &"),
            "1 < 2 <3 &unknown; &#0; &#xD800; &"
        );
        assert_eq!(plain("<img src=x onerror=alert(1)>hej<a"), "hej<a");
        assert_eq!(plain("&åäö; å<ö"), "&åäö; å<ö");
        assert_eq!(plain("&lt;b&gt;"), "<b>");
    }
}
