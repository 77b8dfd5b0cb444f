//! Counts stories beside intake: size, accounts, languages, platforms, and whether it came as a burst.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, StoryId};
use crate::domain::platform::Platform;
use crate::store::Error;
use crate::store::entity::{comment, story};

/// Most stories counted in one run.
const MOST: usize = 100;
/// Time within which copies make a burst.
const WITHIN_MS: i64 = 10 * 60_000;
/// Fewest copies of a burst.
const COPIES: usize = 10;
/// Fewest accounts of a burst: one person who repeats themselves is none.
const ACCOUNTS: usize = 5;
/// Copies looked at for a burst, newest first.
const LOOKED_AT: u64 = 512;
/// A burst this much later than the one before is told anew.
const ANEW_MS: i64 = 3_600_000;

/// Many copies by many accounts within ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Burst {
    /// Copies; counted up to 512.
    pub copies: usize,
    /// Different accounts.
    pub accounts: usize,
    /// When the first was written, in milliseconds.
    pub from: i64,
    /// Milliseconds from the first to the last.
    pub lasted_ms: i64,
}

#[derive(Debug, FromQueryResult)]
struct Counted {
    platform: Platform,
    language: Option<String>,
    count: i64,
    first_at: i64,
    last_at: i64,
    last_number: i64,
}

#[derive(Debug, FromQueryResult)]
struct Copy {
    connector: String,
    author_id: Option<String>,
    written_at: i64,
}

/// Counts stories that changed; how many.
///
/// # Errors
/// Any [`Error`]; what was not counted is counted when it is run again.
pub async fn tally(app: &App) -> Result<usize, Error> {
    let ids: Vec<StoryId> = {
        let mut kept = app.stories.kept();
        let ids: Vec<StoryId> = kept.changed.iter().copied().take(MOST).collect();
        for id in &ids {
            kept.changed.remove(id);
        }
        ids
    };
    let done = count(app, &ids).await;
    if done.is_err() {
        app.stories.kept().changed.extend(ids);
    }
    done
}

async fn count(app: &App, ids: &[StoryId]) -> Result<usize, Error> {
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(figures(app, *id).await?);
    }
    let counted = rows.len();
    if rows.is_empty() {
        return Ok(0);
    }
    match app.writer.change(Tally { rows }).await {
        Ok(strays) => {
            app.stories.kept().changed.extend(strays);
            Ok(counted)
        }
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

async fn figures(app: &App, id: StoryId) -> Result<Option<story::Model>, Error> {
    let of_story = || comment::Entity::find().filter(comment::Column::Story.eq(id));
    let language = Expr::cust(match app.db.backend() {
        DbBackend::Sqlite => "json_extract(\"tags\", '$.language.code')",
        _ => "(\"tags\"::json #>> '{language,code}')",
    });
    let counted = of_story()
        .select_only()
        .column(comment::Column::Platform)
        .column_as(language.clone(), "language")
        .column_as(comment::Column::Id.count(), "count")
        .column_as(comment::Column::WrittenAt.min(), "first_at")
        .column_as(comment::Column::WrittenAt.max(), "last_at")
        .column_as(comment::Column::Number.max(), "last_number")
        .group_by(comment::Column::Platform)
        .group_by(language)
        .into_model::<Counted>()
        .all(app.db.reader())
        .await?;
    if counted.is_empty() {
        return Ok(None);
    }
    let accounts = of_story()
        .select_only()
        .distinct()
        .column(comment::Column::Connector)
        .column(comment::Column::AuthorId)
        .filter(comment::Column::AuthorId.is_not_null())
        .count(app.db.reader())
        .await?;
    let copies = of_story()
        .select_only()
        .column(comment::Column::Connector)
        .column(comment::Column::AuthorId)
        .column(comment::Column::WrittenAt)
        .order_by_desc(comment::Column::Number)
        .limit(LOOKED_AT)
        .into_model::<Copy>()
        .all(app.db.reader())
        .await?;
    let example: Option<CommentId> = of_story()
        .select_only()
        .column(comment::Column::Id)
        .order_by_asc(comment::Column::Number)
        .limit(1)
        .into_tuple()
        .one(app.db.reader())
        .await?;
    let mut row = summed(id, &counted);
    row.accounts = i32::try_from(accounts).unwrap_or(i32::MAX);
    row.example = example;
    row.burst = burst(copies).and_then(|burst| serde_json::to_string(&burst).ok());
    Ok(Some(row))
}

fn summed(id: StoryId, counted: &[Counted]) -> story::Model {
    let mut languages: BTreeMap<&str, i64> = BTreeMap::new();
    let mut platforms: BTreeMap<&str, i64> = BTreeMap::new();
    for one in counted {
        *languages.entry(one.language.as_deref().unwrap_or("und")).or_default() += one.count;
        *platforms.entry(one.platform.as_str()).or_default() += one.count;
    }
    let size: i64 = counted.iter().map(|one| one.count).sum();
    story::Model {
        id,
        example: None,
        size: i32::try_from(size).unwrap_or(i32::MAX),
        accounts: 0,
        languages: json!(languages).to_string(),
        platforms: json!(platforms).to_string(),
        burst: None,
        first_at: counted.iter().map(|one| one.first_at).min().unwrap_or(0),
        last_at: counted.iter().map(|one| one.last_at).max().unwrap_or(0),
        last_number: counted.iter().map(|one| one.last_number).max().unwrap_or(0),
        merged_into: None,
        split_from: None,
        title: None,
    }
}

/// The largest burst among copies.
fn burst(mut copies: Vec<Copy>) -> Option<Burst> {
    copies.sort_unstable_by_key(|copy| copy.written_at);
    let mut best: Option<Burst> = None;
    let mut accounts: HashMap<(&str, &str), usize> = HashMap::new();
    let mut first = 0;
    for (at, copy) in copies.iter().enumerate() {
        if let Some(author) = copy.author_id.as_deref() {
            *accounts.entry((&copy.connector, author)).or_default() += 1;
        }
        while copy.written_at - copies[first].written_at > WITHIN_MS {
            let gone = &copies[first];
            let key = gone
                .author_id
                .as_deref()
                .map(|author| (gone.connector.as_str(), author));
            if let Some(key) = key
                && let Some(left) = accounts.get_mut(&key)
            {
                *left -= 1;
                if *left == 0 {
                    accounts.remove(&key);
                }
            }
            first += 1;
        }
        let size = at + 1 - first;
        if size >= COPIES && accounts.len() >= ACCOUNTS && best.is_none_or(|best| size > best.copies) {
            best = Some(Burst {
                copies: size,
                accounts: accounts.len(),
                from: copies[first].written_at,
                lasted_ms: copy.written_at - copies[first].written_at,
            });
        }
    }
    best
}

/// A burst as stored.
#[must_use]
pub fn burst_of(row: &story::Model) -> Option<Burst> {
    serde_json::from_str(row.burst.as_deref()?).ok()
}

/// Writes figures. Gives the stories that got comments of stories merged into them.
struct Tally {
    rows: Vec<story::Model>,
}

impl Step for Tally {
    type Out = Vec<StoryId>;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Vec<StoryId>, Failure<Self::Refusal>> {
        let ids = self.rows.iter().map(|row| row.id);
        let known = story::Entity::find()
            .filter(story::Column::Id.is_in(ids))
            .all(change.read())
            .await?;
        let known: HashMap<StoryId, story::Model> = known.into_iter().map(|row| (row.id, row)).collect();
        let mut strays = Vec::new();
        for row in &self.rows {
            let before = known.get(&row.id);
            if let Some(into) = before.and_then(|before| before.merged_into) {
                // On their way in while a person put the two together.
                change.later(
                    &comment::Entity::update_many()
                        .col_expr(comment::Column::Story, Expr::value(into))
                        .filter(comment::Column::Story.eq(row.id)),
                );
                strays.push(into);
            } else if before.is_some() || row.size > 1 {
                write(change, row, before);
            }
        }
        Ok(strays)
    }
}

fn write(change: &mut Change, row: &story::Model, before: Option<&story::Model>) {
    let mut row = row.clone();
    let (now, old) = (burst_of(&row), before.and_then(burst_of));
    // The largest stays to be seen after the copies that made it have gone out of sight.
    if old.is_some_and(|old| now.is_none_or(|now| now.copies < old.copies)) {
        row.burst = before.and_then(|before| before.burst.clone());
    }
    if let Some(now) = now
        && old.is_none_or(|old| now.from - old.from > ANEW_MS)
    {
        let data = json!({
            "story": row.id,
            "copies": now.copies,
            "accounts": now.accounts,
            "within_s": now.lasted_ms / 1_000,
        });
        change.note(EventKind::Wave, None, Actor::Desk, data);
    }
    let key = OnConflict::column(story::Column::Id)
        .update_columns([
            story::Column::Example,
            story::Column::Size,
            story::Column::Accounts,
            story::Column::Languages,
            story::Column::Platforms,
            story::Column::Burst,
            story::Column::FirstAt,
            story::Column::LastAt,
            story::Column::LastNumber,
        ])
        .to_owned();
    change.later(&story::Entity::insert(row.into_active_model()).on_conflict(key));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(author: i64, minute: i64) -> Copy {
        Copy {
            connector: "facebook".to_owned(),
            author_id: Some(author.to_string()),
            written_at: minute * 60_000,
        }
    }

    #[test]
    fn many_copies_by_many_accounts_in_a_short_time_are_a_burst() {
        let mut copies: Vec<Copy> = (0..12).map(|n| copy(n, 100 + n / 2)).collect();
        copies.extend((0..30).map(|n| copy(50 + n, 1_000 + 20 * n)));
        let found = burst(copies).unwrap();
        assert_eq!(
            (found.copies, found.accounts, found.from, found.lasted_ms),
            (12, 12, 6_000_000, 300_000)
        );
    }

    #[test]
    fn one_account_that_repeats_itself_and_copies_over_days_are_none() {
        assert_eq!(burst((0..40).map(|n| copy(n % 4, 5)).collect()), None);
        assert_eq!(burst((0..40).map(|n| copy(n, 11 * n)).collect()), None);
    }
}
