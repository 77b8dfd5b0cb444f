//! Reads what parts are made of, for pages and frames alike, so that both show the same.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::clock;
use crate::domain::comment::Presence;
use crate::domain::decision::{DecisionKind, OutboxState};
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::outbox::BY_HAND;
use crate::store::Error;
use crate::store::entity::{campaign, comment, decision, event, outbox, post, revision};
use crate::teaching::blind::is_pending;
use crate::view::model::card::Near;
use crate::view::model::item::{Facts, Under};
use crate::view::model::outbox::{Sending, sending};

/// Most comments of a conversation shown with one of them.
const THREAD: u64 = 12;
/// Most events of a history.
const HISTORY: u64 = 200;
/// Most actions on their way shown to one person.
const SENDING: u64 = 20;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// What is done stays in sight this long, as in the browser.
const DONE_SHOWN_MS: i64 = 6_000;
/// What a person is to carry out is in sight this long; then it waits on its own page, and the desk holds still.
const HANDED_SHOWN_MS: i64 = 60_000;

/// The instant and margin by which cards are near their deadline.
#[must_use]
pub fn near(app: &App) -> Near {
    Near {
        now: clock::ms(app.clock.now()),
        margin: i64::from(app.config.lane.near_min) * 60_000,
        blind_percent: app.config.teaching.blind_percent,
    }
}

/// Everything an item is made of.
///
/// # Errors
/// Any [`Error`].
pub async fn facts(app: &App, row: comment::Model) -> Result<Facts, Error> {
    let history = event::Entity::find()
        .filter(event::Column::CommentId.eq(row.id))
        .filter(event::Column::Kind.is_not_in([EventKind::ClaimExtended, EventKind::CommentRevealed]))
        .order_by_asc(event::Column::Seq)
        .limit(HISTORY)
        .all(app.db.reader())
        .await?;
    let (thread, more) = thread(app, &row).await?;
    let (earlier, answered) = account(app, &row).await?;
    Ok(Facts {
        before: before(app, &row, &history).await?,
        failed: failed(app, &row).await?,
        blind: is_pending(app, &row).await?,
        post: under(app, &row).await?,
        thread,
        more,
        history,
        earlier,
        answered,
        row,
    })
}

async fn before(
    app: &App,
    row: &comment::Model,
    history: &[event::Model],
) -> Result<Option<(revision::Model, i64)>, Error> {
    if row.revision <= 1 {
        return Ok(None);
    }
    let earlier = revision::Entity::find()
        .filter(revision::Column::CommentId.eq(row.id))
        .filter(revision::Column::Revision.lt(row.revision))
        .order_by_desc(revision::Column::Revision)
        .one(app.db.reader())
        .await?;
    let edited_at = history
        .iter()
        .rev()
        .find(|event| event.kind == EventKind::CommentEdited)
        .map_or(row.text_at, |event| event.at);
    Ok(earlier.map(|earlier| (earlier, edited_at)))
}

async fn failed(app: &App, row: &comment::Model) -> Result<bool, Error> {
    let last = decision::Entity::find()
        .filter(decision::Column::CommentId.eq(row.id))
        .order_by_desc(decision::Column::MadeAt)
        .one(app.db.reader())
        .await?;
    let Some(last) = last else { return Ok(false) };
    let failed = outbox::Entity::find()
        .filter(outbox::Column::DecisionId.eq(last.id))
        .filter(outbox::Column::State.eq(OutboxState::Failed))
        .count(app.db.reader())
        .await?;
    Ok(failed > 0)
}

async fn under(app: &App, row: &comment::Model) -> Result<Under, Error> {
    let known = app
        .posts
        .of(&row.connector, row.post.as_deref(), row.ad.as_deref())
        .unwrap_or_default();
    let campaign = match known.campaign.or(row.campaign_id) {
        Some(id) => campaign::Entity::find_by_id(id)
            .one(app.db.reader())
            .await?
            .map(|campaign| campaign.name),
        None => None,
    };
    let address = match &row.post {
        Some(id) => post::Entity::find_by_id((row.connector.clone(), id.clone()))
            .one(app.db.reader())
            .await?
            .and_then(|post| post.permalink),
        None => None,
    };
    Ok(Under {
        is_ad: known.ad.is_some() || row.ad.is_some(),
        title: known.title,
        language: known.language,
        campaign,
        has_address: address.is_some(),
    })
}

/// The conversation: its first comment, the answers to that one, oldest first.
async fn thread(app: &App, row: &comment::Model) -> Result<(Vec<comment::Model>, u64), Error> {
    let root = match &row.parent {
        Some(parent) => {
            comment::Entity::find()
                .filter(comment::Column::Connector.eq(&row.connector))
                .filter(comment::Column::ExternalId.eq(parent))
                .one(app.db.reader())
                .await?
        }
        None => None,
    };
    let (first, from) = match &root {
        Some(root) => (root.external_id.clone(), root.written_at),
        None => (row.external_id.clone(), row.written_at),
    };
    let Some(post) = &row.post else {
        return Ok((root.into_iter().chain([row.clone()]).collect(), 0));
    };
    // Answers are never older than what they answer, so the index of the post is walked from there on only.
    let select = comment::Entity::find()
        .filter(comment::Column::Connector.eq(&row.connector))
        .filter(comment::Column::Post.eq(post))
        .filter(comment::Column::WrittenAt.gte(from))
        .filter(comment::Column::Presence.eq(Presence::Known))
        .filter(
            Condition::any()
                .add(comment::Column::ExternalId.eq(&first))
                .add(comment::Column::Parent.eq(&first))
                .add(comment::Column::Id.eq(row.id)),
        );
    let mut rows = select
        .clone()
        .order_by_asc(comment::Column::WrittenAt)
        .order_by_asc(comment::Column::Id)
        .limit(THREAD + 1)
        .all(app.db.reader())
        .await?;
    let mut more = 0;
    if rows.len() as u64 > THREAD {
        more = select.count(app.db.reader()).await?.saturating_sub(THREAD);
        rows.truncate(usize::try_from(THREAD).unwrap_or(12));
        if !rows.iter().any(|one| one.id == row.id) {
            rows.pop();
            rows.push(row.clone());
        }
    }
    Ok((rows, more))
}

/// Earlier comments of the same account, and how many of them were answered.
async fn account(app: &App, row: &comment::Model) -> Result<(u64, u64), Error> {
    let Some(author) = &row.author_id else {
        return Ok((0, 0));
    };
    let earlier = comment::Entity::find()
        .filter(comment::Column::Connector.eq(&row.connector))
        .filter(comment::Column::AuthorId.eq(author))
        .filter(comment::Column::Presence.eq(Presence::Known))
        .filter(comment::Column::WrittenAt.lt(row.written_at));
    let count = earlier.clone().count(app.db.reader()).await?;
    if count == 0 {
        return Ok((0, 0));
    }
    let answers = Query::select()
        .expr(Expr::val(1))
        .from(decision::Entity)
        .and_where(
            Expr::col((decision::Entity, decision::Column::CommentId)).equals((comment::Entity, comment::Column::Id)),
        )
        .and_where(Expr::col((decision::Entity, decision::Column::Kind)).eq(DecisionKind::Reply))
        .and_where(Expr::col((decision::Entity, decision::Column::UndoneAt)).is_null())
        .to_owned();
    let answered = earlier.filter(Expr::exists(answers)).count(app.db.reader()).await?;
    Ok((count, answered))
}

/// A person's actions on their way, newest first; what is done stays a moment, what failed an hour.
///
/// # Errors
/// Any [`Error`].
pub async fn outbox_of(app: &App, person: PersonId) -> Result<Vec<Sending>, Error> {
    let now = clock::ms(app.clock.now());
    let decisions = decision::Entity::find()
        .filter(decision::Column::PersonId.eq(person))
        .filter(decision::Column::MadeAt.gt(now - DAY_MS))
        .order_by_desc(decision::Column::MadeAt)
        .limit(SENDING)
        .all(app.db.reader())
        .await?;
    if decisions.is_empty() {
        return Ok(Vec::new());
    }
    let rows = outbox::Entity::find()
        .filter(outbox::Column::DecisionId.is_in(decisions.iter().map(|one| one.id)))
        .all(app.db.reader())
        .await?;
    let comments = comment::Entity::find()
        .filter(comment::Column::Id.is_in(rows.iter().map(|one| one.comment_id)))
        .all(app.db.reader())
        .await?;
    let shown = |row: &&outbox::Model| {
        let age = now - row.updated_at;
        match row.state {
            OutboxState::Asked if row.code.as_deref() == Some(BY_HAND) => age < HANDED_SHOWN_MS,
            OutboxState::Pending | OutboxState::Sending | OutboxState::Unknown | OutboxState::Asked => true,
            OutboxState::Failed => age < HOUR_MS,
            OutboxState::Delivered | OutboxState::Undone => age < DONE_SHOWN_MS,
        }
    };
    Ok(decisions
        .iter()
        .filter_map(|decision| {
            let row = rows.iter().filter(shown).find(|row| row.decision_id == decision.id)?;
            let comment = comments.iter().find(|comment| comment.id == row.comment_id)?;
            Some(sending(row, decision, comment, now))
        })
        .collect())
}
