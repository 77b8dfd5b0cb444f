//! What is written: statuses, changes of them, favourites.

use chrono::TimeDelta;
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation;

use super::read::seen;
use super::{Answer, Ask, Book, Change, Entry, Failed, GONE, Standing, TOO_MANY, World, id, show};

/// Signs of a status (entity Instance, `max_characters`).
pub(super) const MOST: usize = 500;
/// Signs that a link counts (entity Instance, `characters_reserved_per_url`).
pub(super) const LINK: usize = 23;
/// The same key stands for the same status for so many hours (methods, statuses, "Post a new status").
const KEY_HOURS: i64 = 1;

/// Signs as the server counts them: links alike, names without their server.
fn length(text: &str) -> usize {
    let signs = |word: &str| word.graphemes(true).count();
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let space = signs(&word[bare.len()..]);
        let name = bare.strip_prefix('@').and_then(|rest| rest.split_once('@'));
        space
            + match name {
                Some((name, _)) => 1 + signs(name),
                None if bare.starts_with("https://") || bare.starts_with("http://") => LINK,
                None => signs(bare),
            }
    });
    words.sum()
}

fn checked<'a>(ask: &'a Ask<'_>) -> Result<&'a str, Failed> {
    let text = ask.said("status").filter(|text| !text.trim().is_empty());
    let text = text.ok_or(Failed(422, "Validation failed: Text can't be blank"))?;
    if length(text) > MOST {
        return Err(Failed(422, "Validation failed: Text character limit of 500 exceeded"));
    }
    Ok(text)
}

pub(super) fn post(world: &mut World, book: &mut Book, ask: &Ask<'_>) -> Answer {
    let made = ask.key.as_ref().and_then(|key| book.keys.get(key));
    if let Some((made, at)) = made
        && ask.now - *at < TimeDelta::hours(KEY_HOURS)
    {
        let entry = seen(world, ask, book, made)?;
        return Ok(show::status(world, book, ask.account, entry).into());
    }
    let text = checked(ask)?.to_owned();
    let answered = match ask.said("in_reply_to_id") {
        Some(id) => Some(seen(world, ask, book, id)?.clone()),
        None => None,
    };
    let visibility = ask.said("visibility").unwrap_or("public");
    if !matches!(visibility, "public" | "unlisted" | "private" | "direct") {
        return Err(Failed(422, "Validation failed: Visibility is not included in the list"));
    }
    world.number += 1;
    let id = id(world.number, None);
    let (video, parent) = match answered {
        Some(answered) if answered.id == answered.video => (answered.video, None),
        Some(answered) => (answered.video, Some(answered.id)),
        None => (id.clone(), None),
    };
    let entry = Entry {
        id: id.clone(),
        video,
        parent,
        author: ask.account.to_owned(),
        name: book.username.clone(),
        text,
        standing: match visibility {
            "direct" => Standing::Private,
            _ => Standing::Public,
        },
        at: ask.now,
        edited_at: ask.now,
    };
    let language = ask.said("language").map(str::to_owned);
    book.sent_with.insert(id.clone(), (visibility.to_owned(), language));
    if let Some(key) = &ask.key {
        book.keys.insert(key.clone(), (id, ask.now));
    }
    world.entries.push(entry.clone());
    world.tell(ask.now, Change::Written(entry.clone()));
    Ok(show::status(world, book, ask.account, &entry).into())
}

/// What is the account's own; of others' the server says that it is not there.
fn mine<'a>(world: &'a mut World, ask: &Ask<'_>, id: &str) -> Result<&'a mut Entry, Failed> {
    let entry = world.find(id).filter(|entry| entry.author == ask.account);
    entry.ok_or(GONE)
}

pub(super) fn edit(world: &mut World, book: &Book, ask: &Ask<'_>, id: &str) -> Answer {
    let text = checked(ask)?;
    let entry = mine(world, ask, id)?;
    text.clone_into(&mut entry.text);
    entry.edited_at = ask.now;
    let entry = entry.clone();
    world.tell(ask.now, Change::Edited(entry.clone()));
    Ok(show::status(world, book, ask.account, &entry).into())
}

/// Answers with the status and its source, so that it can be written anew.
pub(super) fn delete(world: &mut World, book: &mut Book, ask: &Ask<'_>, id: &str) -> Answer {
    if !book.deletions.take(ask.now) {
        return Err(TOO_MANY);
    }
    let entry = mine(world, ask, id)?;
    let shown = entry.clone();
    entry.standing = Standing::Gone;
    world.tell(ask.now, Change::Gone(shown.clone()));
    let mut status = show::status(world, book, ask.account, &shown);
    status["text"] = json!(shown.text);
    Ok(status.into())
}

pub(super) fn favourite(world: &World, book: &mut Book, ask: &Ask<'_>, id: &str, liked: bool) -> Answer {
    let entry = seen(world, ask, book, id)?;
    if liked {
        book.favourites.insert(id.to_owned());
    } else {
        book.favourites.remove(id);
    }
    Ok(show::status(world, book, ask.account, entry).into())
}
