//! What is read: notifications, statuses by their ids, threads.

use serde_json::{Value, json};

use super::{Answer, Ask, Book, Entry, Failed, GONE, Standing, Told, World, show};

/// Ids that one call takes (Mastodon, `DEFAULT_STATUSES_LIMIT`).
const STATUSES: usize = 20;
/// Statuses below another that are shown to somebody who is signed in (Mastodon, `CONTEXT_LIMIT`).
const BELOW: usize = 4_096;

/// In the order of time: ids are numbers.
fn order(id: &str) -> (usize, &str) {
    (id.len(), id)
}

/// What the token's account may see under an id.
pub(super) fn seen<'a>(world: &'a World, ask: &Ask<'_>, book: &Book, id: &str) -> Result<&'a Entry, Failed> {
    let entry = world.entries.iter().find(|entry| entry.id == id);
    let may = |entry: &&Entry| match entry.standing {
        Standing::Public | Standing::Hidden => true,
        Standing::Private => entry.author == ask.account || show::names(book, &entry.text),
        Standing::Gone => false,
    };
    entry.filter(may).ok_or(GONE)
}

pub(super) fn notifications(world: &World, book: &Book, ask: &Ask<'_>) -> Answer {
    let limit = ask.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(40);
    let limit = std::cmp::min(limit, 80);
    let wanted: Vec<&str> = ask.all("types[]").collect();
    let mut all: Vec<&Entry> = world
        .entries
        .iter()
        .filter(|entry| entry.author != ask.account && entry.standing != Standing::Gone)
        .filter(|entry| show::names(book, &entry.text) && (wanted.is_empty() || wanted.contains(&"mention")))
        .collect();
    all.sort_by(|a, b| order(&b.id).cmp(&order(&a.id)));
    let below = |entry: &&&Entry| ask.get("max_id").is_none_or(|id| order(&entry.id) < order(id));
    let from = ask.get("min_id").or(ask.get("since_id"));
    let above = |entry: &&&Entry| from.is_none_or(|id| order(&entry.id) > order(id));
    let fits: Vec<&&Entry> = all.iter().filter(below).filter(above).collect();
    // The ones right above `min_id`, otherwise the newest.
    let skipped = match ask.get("min_id") {
        Some(_) => fits.len().saturating_sub(limit),
        None => 0,
    };
    let page: Vec<&Entry> = fits.into_iter().copied().skip(skipped).take(limit).collect();
    let base = format!("http://{}/api/v1/notifications?limit={limit}", book.address);
    let link = page.first().zip(page.last()).map(|(first, last)| {
        format!(
            "<{base}&max_id={}>; rel=\"next\", <{base}&min_id={}>; rel=\"prev\"",
            last.id, first.id
        )
    });
    let rows: Vec<Value> = page
        .into_iter()
        .map(|entry| show::mention(world, book, ask.account, entry))
        .collect();
    Ok(Told {
        body: json!(rows),
        link,
    })
}

pub(super) fn statuses(world: &World, book: &Book, ask: &Ask<'_>) -> Answer {
    let ids: Vec<&str> = ask.all("id[]").collect();
    if ids.len() > STATUSES {
        return Err(Failed(422, "Validation failed"));
    }
    let there = ids.iter().filter_map(|id| seen(world, ask, book, id).ok());
    let rows: Vec<Value> = there
        .map(|entry| show::status(world, book, ask.account, entry))
        .collect();
    Ok(json!(rows).into())
}

pub(super) fn status(world: &World, book: &Book, ask: &Ask<'_>, id: &str) -> Answer {
    let entry = seen(world, ask, book, id)?;
    Ok(show::status(world, book, ask.account, entry).into())
}

pub(super) fn context(world: &World, book: &Book, ask: &Ask<'_>, id: &str) -> Answer {
    let entry = seen(world, ask, book, id)?;
    let (mut above, mut below) = (Vec::new(), Vec::new());
    let mut at = entry;
    while let Some(next) = answered(at).and_then(|id| seen(world, ask, book, id).ok()) {
        above.insert(0, show::status(world, book, ask.account, next));
        at = next;
    }
    gather(world, book, ask, id, &mut below);
    below.truncate(BELOW);
    Ok(json!({ "ancestors": above, "descendants": below }).into())
}

fn answered(entry: &Entry) -> Option<&str> {
    let root = (entry.video != entry.id).then_some(entry.video.as_str());
    entry.parent.as_deref().or(root)
}

/// Everything below, each answer after what it answers. What answers something deleted is not found any more.
fn gather(world: &World, book: &Book, ask: &Ask<'_>, id: &str, into: &mut Vec<Value>) {
    for entry in world.entries.iter().filter(|entry| answered(entry) == Some(id)) {
        if seen(world, ask, book, &entry.id).is_ok() {
            into.push(show::status(world, book, ask.account, entry));
            gather(world, book, ask, &entry.id, into);
        }
    }
}
