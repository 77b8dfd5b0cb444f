//! How statuses and accounts look in answers (docs.joinmastodon.org, entities Status, Account and Instance).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Book, Entry, Standing, World, instant};
use crate::standin::ground::escape;

/// Signs of a link that readers see; the rest is there for those who copy it.
const SHOWN: usize = 30;
/// The server on which the public writes.
const ELSEWHERE: &str = "annan.example";

/// What the server says of itself.
pub(super) fn instance(book: &Book) -> Value {
    json!({
        "domain": book.address.to_string(), "title": "Stand-in Mastodon", "version": "4.5.0",
        "configuration": {
            "urls": { "streaming": format!("ws://{}", book.address) },
            "statuses": {
                "max_characters": super::write::MOST, "max_media_attachments": 4,
                "characters_reserved_per_url": super::write::LINK,
            },
        },
    })
}

/// The account that the token belongs to.
pub(super) fn own(book: &Book, account: &str) -> Value {
    person(account, &book.username, "", &book.address.to_string())
}

fn person(id: &str, acct: &str, name: &str, server: &str) -> Value {
    let username = acct.split('@').next().unwrap_or_default();
    json!({
        "id": id, "username": username, "acct": acct, "display_name": name, "locked": false, "bot": false,
        "discoverable": null, "group": false, "created_at": "2024-05-01T00:00:00.000Z", "note": "",
        "url": format!("https://{server}/@{username}"), "uri": format!("https://{server}/users/{username}"),
        "avatar": "", "avatar_static": "", "header": "", "header_static": "", "followers_count": 12,
        "following_count": 20, "statuses_count": 31, "last_status_at": null, "emojis": [], "fields": [],
    })
}

/// The id of who wrote: numbers, as everywhere.
fn author_id(entry: &Entry) -> String {
    if entry.author.bytes().all(|byte| byte.is_ascii_digit()) {
        return entry.author.clone();
    }
    let digest = Sha256::digest(&entry.author);
    let number = digest
        .iter()
        .take(7)
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    format!("11{:016}", number % 10_000_000_000_000_000)
}

/// The address of who wrote: a name and, where it is another, its server.
fn acct(book: &Book, account: &str, entry: &Entry) -> String {
    if entry.author == account {
        return book.username.clone();
    }
    // Of an earlier start.
    if entry.name.contains('@') {
        return entry.name.clone();
    }
    let fits = |c: char| c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
    let name: String = entry.name.chars().filter_map(fits).take(30).collect();
    if name.is_empty() {
        let id = author_id(entry);
        return format!("person{}@{ELSEWHERE}", id.get(14..).unwrap_or_default());
    }
    format!("{name}@{ELSEWHERE}")
}

/// Who wrote.
pub(super) fn author(book: &Book, account: &str, entry: &Entry) -> Value {
    if entry.author == account {
        return own(book, account);
    }
    let name = if entry.name.contains('@') { "" } else { &entry.name };
    person(&author_id(entry), &acct(book, account, entry), name, ELSEWHERE)
}

/// Whether a text names the account: who is not named is not told.
pub(super) fn names(book: &Book, text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '@' | '_')));
    words.any(|word| word.strip_prefix('@').is_some_and(|name| name == book.username))
}

/// A status.
pub(super) fn status(world: &World, book: &Book, account: &str, entry: &Entry) -> Value {
    let answered = match &entry.parent {
        Some(parent) => Some(parent.as_str()),
        None => (entry.video != entry.id).then_some(entry.video.as_str()),
    };
    let find = |id: &str| world.entries.iter().find(|other| other.id == id);
    let answered_author = answered.and_then(find).map(author_id);
    let (visibility, language) = match (entry.standing, book.sent_with.get(&entry.id)) {
        (Standing::Private, _) => ("direct", None),
        (_, Some((visibility, language))) => (visibility.as_str(), language.as_deref()),
        (_, None) => ("public", None),
    };
    let below = world
        .entries
        .iter()
        .filter(|other| other.standing == Standing::Public && other.parent.as_ref() == Some(&entry.id));
    let mentions: Vec<Value> = names(book, &entry.text)
        .then(|| json!({ "id": account, "username": book.username, "acct": book.username, "url": "" }))
        .into_iter()
        .collect();
    let of = author(book, account, entry);
    json!({
        "id": entry.id, "created_at": instant(entry.at), "in_reply_to_id": answered,
        "in_reply_to_account_id": answered_author, "sensitive": false, "spoiler_text": "", "visibility": visibility,
        "language": language, "uri": format!("{}/statuses/{}", of["uri"].as_str().unwrap_or_default(), entry.id),
        "url": format!("{}/{}", of["url"].as_str().unwrap_or_default(), entry.id), "replies_count": below.count(),
        "reblogs_count": 0, "favourites_count": u8::from(book.favourites.contains(&entry.id)), "quotes_count": 0,
        "edited_at": (entry.edited_at > entry.at).then(|| instant(entry.edited_at)),
        "favourited": book.favourites.contains(&entry.id), "reblogged": false, "muted": false, "bookmarked": false,
        "content": html(&entry.text), "filtered": [], "reblog": null, "account": of, "media_attachments": [],
        "mentions": mentions, "tags": [], "emojis": [], "card": null, "poll": null, "quote": null,
    })
}

/// What a notification of a mention says.
pub(super) fn mention(world: &World, book: &Book, account: &str, entry: &Entry) -> Value {
    json!({
        "id": entry.id, "type": "mention", "created_at": instant(entry.at),
        "group_key": format!("ungrouped-{}", entry.id), "account": author(book, account, entry),
        "status": status(world, book, account, entry),
    })
}

/// A text as servers send it: paragraphs, line ends, names and links marked up, everything else escaped.
pub(super) fn html(text: &str) -> String {
    let mut out = String::from("<p>");
    for (at, paragraph) in text.split("\n\n").enumerate() {
        out.push_str(if at == 0 { "" } else { "</p><p>" });
        for (at, line) in paragraph.split('\n').enumerate() {
            out.push_str(if at == 0 { "" } else { "<br />" });
            for (at, word) in line.split(' ').enumerate() {
                out.push_str(if at == 0 { "" } else { " " });
                marked(&mut out, word);
            }
        }
    }
    out.push_str("</p>");
    out
}

fn marked(out: &mut String, word: &str) {
    let name = word.strip_prefix('@').and_then(|name| name.split('@').next());
    if let Some(name) = name.filter(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric())) {
        let name = escape(name);
        out.push_str("<span class=\"h-card\" translate=\"no\"><a href=\"https://");
        out.push_str(&format!(
            "{ELSEWHERE}/@{name}\" class=\"u-url mention\">@<span>{name}</span></a></span>"
        ));
        return;
    }
    let link = ["https://", "http://"]
        .iter()
        .find_map(|scheme| word.strip_prefix(scheme).map(|rest| (*scheme, rest)));
    let Some((scheme, rest)) = link else {
        out.push_str(&escape(word));
        return;
    };
    let cut = rest.char_indices().nth(SHOWN).map_or(rest.len(), |(at, _)| at);
    let (shown, kept) = rest.split_at(cut);
    out.push_str(&format!(
        "<a href=\"{}\" rel=\"nofollow noopener\" translate=\"no\" target=\"_blank\"><span class=\"invisible\">{scheme}</span>\
         <span class=\"ellipsis\">{}</span><span class=\"invisible\">{}</span></a>",
        escape(word),
        escape(shown),
        escape(kept)
    ));
}
