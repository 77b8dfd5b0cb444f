//! Looking after known comments: platforms that tell of no edit and no removal are asked for each comment once a day,
//! and for older ones as often as their terms demand.

use std::collections::HashSet;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::errand::{Ended, Reading, take_in};
use super::{CHECKED_DAYS, Read};
use crate::app::App;
use crate::clock;
use crate::connector::reading::Known;
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::delivery::take_apart::keep_page;
use crate::domain::comment::{CommentState, Presence};
use crate::store::Error;
use crate::store::entity::comment;

/// Days in a row on which an older comment is asked for, so that one day without reading does not leave it out.
const TURNS: i64 = 2;
const DAY_MS: i64 = 86_400_000;

/// Asks for every comment of the last days, as many at once as the platform takes.
pub(super) async fn run(app: &App, read: &Read, began: DateTime<Utc>, reading: &mut Reading) -> Result<(), Ended> {
    let mut after = i64::MIN;
    loop {
        let rows = next(app, read, after, began).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.number;
        batch(app, read, rows, began, reading).await?;
    }
}

async fn next(app: &App, read: &Read, after: i64, began: DateTime<Utc>) -> Result<Vec<comment::Model>, Error> {
    let most = u64::try_from(read.reader.checked_at_once()).unwrap_or(1);
    let since = clock::ms(began - TimeDelta::days(CHECKED_DAYS));
    let mut asked = Condition::any().add(comment::Column::WrittenAt.gte(since));
    if let Some(days) = read.reader.refreshed_days() {
        // By its age alone: whoever reads, and however long nobody did, no comment is left out for good.
        let age = Expr::val(clock::ms(began))
            .sub(Expr::col(comment::Column::WrittenAt))
            .div(DAY_MS);
        asked = asked.add(age.modulo(days - 2 * TURNS).lt(TURNS));
    }
    Ok(comment::Entity::find()
        .filter(comment::Column::Connector.eq(&*read.connected.name))
        .filter(comment::Column::Number.gt(after))
        .filter(asked)
        .filter(comment::Column::State.ne(CommentState::Withdrawn))
        .filter(comment::Column::Presence.eq(Presence::Known))
        .order_by_asc(comment::Column::Number)
        .limit(most)
        .all(app.db.reader())
        .await?)
}

async fn batch(
    app: &App,
    read: &Read,
    rows: Vec<comment::Model>,
    began: DateTime<Utc>,
    reading: &mut Reading,
) -> Result<(), Ended> {
    let known: Vec<Known> = rows
        .iter()
        .map(|row| Known {
            external_id: row.external_id.clone(),
            parent: row.parent.clone(),
            post: row.post.clone(),
            ad: row.ad.clone(),
            written_at: clock::from_ms(row.written_at),
        })
        .collect();
    reading.units += 1;
    let pages = read.reader.check(&read.connected.account, &known, began).await?;
    let mut there: HashSet<String> = HashSet::new();
    let mut unclear = 0;
    let mut said = Vec::new();
    for (key, body) in pages {
        said.extend_from_slice(body.as_bytes());
        said.push(b'\n');
        let taken = take_in(app, read, &key, body, began, reading).await?;
        there.extend(taken.ids);
        unclear += taken.ignored;
    }
    // What could not be understood may be the very comment that seems to be gone.
    if unclear > 0 {
        return Ok(());
    }
    let gone: Vec<Inbound> = rows
        .into_iter()
        .filter(|row| !there.contains(&row.external_id))
        .map(|row| removed(read, row, began))
        .collect();
    if !gone.is_empty() {
        reading.new += gone.len();
        keep_page(app, &read.connected, Bytes::from(said), gone, 0).await?;
    }
    Ok(())
}

fn removed(read: &Read, row: comment::Model, at: DateTime<Utc>) -> Inbound {
    Inbound::Comment(Box::new(CommentEvent {
        what: Happened::Removed,
        account: read.connected.account.external_id.clone(),
        external_id: row.external_id,
        parent: row.parent,
        post: row.post,
        ad: row.ad,
        ad_title: None,
        author: None,
        own: row.own,
        text: None,
        attachments: Vec::new(),
        declared_language: None,
        at,
        created_at: None,
    }))
}
