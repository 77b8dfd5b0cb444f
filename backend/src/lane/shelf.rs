//! Items as lists and frames show them, as JSON, kept until the next event about the comment.
//!
//! Reading fifty rows with all columns, their tags and times, and writing them as JSON costs over a millisecond; the same page is
//! asked for by everybody on shift. An entry is put back only if nothing happened to the comment while it was read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::value::RawValue;

use super::item::{Shown, item};
use crate::app::App;
use crate::domain::id::CommentId;
use crate::store::Error;
use crate::store::entity::comment;

const SHARDS: usize = 64;
/// Entries in one shard before it is emptied: some 4,000 in all, a few megabytes.
const MOST: usize = 64;

#[derive(Default)]
struct Shard {
    changes: u64,
    items: HashMap<CommentId, Arc<RawValue>>,
}

/// The kept items.
pub struct Shelf(Vec<Mutex<Shard>>);

impl Default for Shelf {
    fn default() -> Self {
        Self((0..SHARDS).map(|_| Mutex::default()).collect())
    }
}

impl Shelf {
    /// Something happened to a comment: what is kept of it is old.
    pub fn forget(&self, id: CommentId) {
        let mut shard = self.shard(id);
        shard.changes += 1;
        shard.items.remove(&id);
    }

    /// A name in every item may have changed.
    pub fn forget_all(&self) {
        for shard in &self.0 {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.changes += 1;
            shard.items.clear();
        }
    }

    /// What is kept, and how often the shard changed so far.
    fn look(&self, id: CommentId) -> (Option<Arc<RawValue>>, u64) {
        let shard = self.shard(id);
        (shard.items.get(&id).cloned(), shard.changes)
    }

    /// Keeps an item unless something happened since `seen`.
    fn keep(&self, id: CommentId, item: &Arc<RawValue>, seen: u64) {
        let mut shard = self.shard(id);
        if shard.changes == seen {
            if shard.items.len() >= MOST {
                shard.items.clear();
            }
            shard.items.insert(id, Arc::clone(item));
        }
    }

    fn shard(&self, id: CommentId) -> MutexGuard<'_, Shard> {
        // The last bytes of a version 7 UUID are random.
        let index = usize::from(id.0.as_bytes()[15]) % SHARDS;
        self.0[index].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The comments of these identifiers as lists show them; those that are gone are left out.
///
/// # Errors
/// Any [`Error`].
pub async fn items(app: &App, ids: &[CommentId]) -> Result<HashMap<CommentId, Arc<RawValue>>, Error> {
    let mut items = HashMap::with_capacity(ids.len());
    let mut missing = Vec::new();
    for id in ids {
        match app.shelf.look(*id) {
            (Some(item), _) => {
                items.insert(*id, item);
            }
            (None, seen) => missing.push((*id, seen)),
        }
    }
    for chunk in missing.chunks(256) {
        let padding = chunk.len().next_power_of_two() - chunk.len();
        let wanted = chunk
            .iter()
            .chain(chunk.iter().take(1).cycle().take(padding))
            .map(|(id, _)| *id);
        let rows = comment::Entity::find()
            .filter(comment::Column::Id.is_in(wanted))
            .all(app.db.reader())
            .await?;
        let seen: HashMap<CommentId, u64> = chunk.iter().copied().collect();
        for row in rows {
            let id = row.id;
            let shown = serde_json::value::to_raw_value(&item(row, &app.people, Shown::Masked))
                .map_err(|_| Error::inconsistent("an item that is no JSON"))?;
            let shown: Arc<RawValue> = shown.into();
            app.shelf.keep(id, &shown, seen.get(&id).copied().unwrap_or(u64::MAX));
            items.insert(id, shown);
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::value::RawValue;
    use uuid::Uuid;

    use super::Shelf;
    use crate::domain::id::CommentId;

    fn raw(text: &str) -> Arc<RawValue> {
        RawValue::from_string(text.to_owned()).expect("JSON").into()
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let shelf = Shelf::default();
        let id = CommentId(Uuid::from_u128(9));
        let (nothing, seen) = shelf.look(id);
        assert!(nothing.is_none());
        shelf.forget(id);
        shelf.keep(id, &raw("1"), seen);
        assert!(shelf.look(id).0.is_none(), "it was read before the change");
        let (_, seen) = shelf.look(id);
        shelf.keep(id, &raw("2"), seen);
        assert_eq!(shelf.look(id).0.map(|item| item.get().to_owned()), Some("2".to_owned()));
        shelf.forget(id);
        assert!(shelf.look(id).0.is_none());
    }
}
