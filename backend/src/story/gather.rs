//! Reads stored comments into memory after a start, and gives a story to those that came in meanwhile.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::index::Reading;
use crate::app::App;
use crate::change::{Change, Failure, Step};
use crate::domain::id::{CommentId, StoryId};
use crate::store::Error;
use crate::store::entity::comment;

/// Comments read at a time.
const CHUNK: u64 = 1_000;
/// For this long after all are read, those that came in before and were stored after are looked for.
const LATE_MS: i64 = 60_000;

#[derive(Debug, FromQueryResult)]
struct Row {
    id: CommentId,
    number: i64,
    text: Option<String>,
    own: bool,
    story: Option<StoryId>,
}

/// Reads what is stored and not yet read, at most as many comments as are kept; the number of those read.
///
/// # Errors
/// Any [`Error`]; it goes on from there when it is run again.
pub async fn gather(app: &App) -> Result<usize, Error> {
    move_split(app).await?;
    let now = app.now_ms();
    let (ready_at, read_to) = {
        let kept = app.stories.kept();
        (kept.ready_at, kept.read_to)
    };
    if ready_at.is_some_and(|at| now - at > LATE_MS) {
        return Ok(0);
    }
    let mut from = match read_to {
        Some(number) => number,
        None => first_kept(app).await?,
    };
    let mut read = 0;
    loop {
        let rows = rows(app, from).await?;
        let (count, last) = (rows.len(), rows.last().map(|row| row.number));
        read += count;
        let found = place(app, rows);
        if !found.is_empty() {
            assign(app, found).await?;
        }
        if let Some(last) = last {
            from = last;
            app.stories.kept().read_to = Some(last);
        }
        if count as u64 != CHUNK || app.stop.is_cancelled() {
            break;
        }
        tokio::task::yield_now().await;
    }
    if ready_at.is_none() && !app.stop.is_cancelled() {
        let uncounted = uncounted(app, from).await?;
        let mut kept = app.stories.kept();
        kept.changed.extend(uncounted);
        kept.read_to = Some(from);
        kept.ready_at = Some(now);
    }
    Ok(read)
}

/// The number before the first comment that is read.
async fn first_kept(app: &App) -> Result<i64, Error> {
    let most = app.stories.kept().index.most() as u64;
    let number: Option<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Number)
        .order_by_desc(comment::Column::Number)
        .offset(most)
        .limit(1)
        .into_tuple()
        .one(app.db.reader())
        .await?;
    Ok(number.unwrap_or(-1))
}

async fn rows(app: &App, after: i64) -> Result<Vec<Row>, Error> {
    let rows = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .column(comment::Column::Number)
        .column(comment::Column::Text)
        .column(comment::Column::Own)
        .column(comment::Column::Story)
        .filter(comment::Column::Number.gt(after))
        .order_by_asc(comment::Column::Number)
        .limit(CHUNK)
        .into_model::<Row>()
        .all(app.db.reader())
        .await?;
    Ok(rows)
}

/// Takes rows into the index; for those without a story, which they belong to.
fn place(app: &App, rows: Vec<Row>) -> Vec<(CommentId, StoryId)> {
    let mut found = Vec::new();
    for row in rows.into_iter().filter(|row| !row.own) {
        let Some(text) = row.text else { continue };
        let reading = Reading::of(&text);
        let mut kept = app.stories.kept();
        match row.story {
            Some(story) => kept.keep(&reading, story),
            None => {
                let placed = kept.place(&reading, || app.ids.make(app.clock.now()));
                if let Some(placed) = placed {
                    kept.note(placed);
                    found.push((row.id, placed.story));
                }
            }
        }
    }
    found
}

/// Stories of the last comments whose figures were not written before the desk stopped.
async fn uncounted(app: &App, last: i64) -> Result<Vec<StoryId>, Error> {
    const RECENT: i64 = 20_000;
    let stale = Expr::cust(
        "COUNT(*) > 1 AND MAX(\"number\") > COALESCE((SELECT s.last_number FROM story s WHERE s.id = \"comment\".\"story\"), -1)",
    );
    let stories = comment::Entity::find()
        .select_only()
        .column(comment::Column::Story)
        .filter(comment::Column::Number.gt(last.saturating_sub(RECENT)))
        .filter(comment::Column::Story.is_not_null())
        .group_by(comment::Column::Story)
        .having(stale)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    Ok(stories)
}

async fn assign(app: &App, found: Vec<(CommentId, StoryId)>) -> Result<(), Error> {
    match app.writer.change(Assign { found }).await {
        Ok(()) => Ok(()),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

/// Writes the story of comments that have none.
struct Assign {
    found: Vec<(CommentId, StoryId)>,
}

impl Step for Assign {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        for (id, story) in &self.found {
            change.later(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::Story, Expr::value(*story))
                    .filter(comment::Column::Id.eq(*id))
                    .filter(comment::Column::Story.is_null()),
            );
        }
        Ok(())
    }
}

/// What a person made a story of its own is known by its texts from now on.
async fn move_split(app: &App) -> Result<(), Error> {
    let split = std::mem::take(&mut app.stories.kept().split);
    for one in split {
        let texts: Vec<Option<String>> = comment::Entity::find()
            .select_only()
            .column(comment::Column::Text)
            .filter(comment::Column::Id.is_in(one.comments.iter().copied()))
            .into_tuple()
            .all(app.db.reader())
            .await?;
        for text in texts.into_iter().flatten() {
            let reading = Reading::of(&text);
            app.stories.kept().part(&reading, one.into);
        }
    }
    Ok(())
}
