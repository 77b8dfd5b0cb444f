//! Pushed parts of the pages beside the desk: the list of questions, and the tiles of the load wall. Knows no viewer.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::html::HtmlError;
use super::html_frame::{Ops, Told};
use super::hub::{Format, Frame};
use super::topic::Topic;
use crate::app::App;
use crate::domain::escalation::EscalationState;
use crate::domain::id::{CommentId, EscalationId};
use crate::escalation::Question;
use crate::escalation::list::{find, latest_of};
use crate::load::{Tile, tiles};
use crate::store::Error;
use crate::store::entity::escalation;
use crate::view::LocaleKey;
use crate::view::model::channel::Channel;
use crate::view::model::escalation::{ghost, row};
use crate::view::model::load::{shown, waves};
use crate::wave::show::open;

/// The questions about these comments as the list shows them now: in their place, or leaving it.
///
/// # Errors
/// [`HtmlError`].
pub async fn esc(
    app: &App,
    comments: impl Iterator<Item = (CommentId, i64)>,
    locale: LocaleKey,
) -> Result<Vec<Told>, HtmlError> {
    let mut told = Vec::new();
    for (comment, seq) in comments {
        let Some(asked) = latest_of(app.db.reader(), comment).await? else {
            continue;
        };
        let Some(question) = find(app.db.reader(), asked.id).await? else {
            continue;
        };
        let mut ops = Ops::default();
        if question.escalation.state == EscalationState::Open {
            let part = app
                .views
                .render(locale, "parts/esc-row", &row(&question, &app.people))?;
            let next = behind(app, &question).await?.map(|id| format!("esc-row-{id}"));
            ops.add("queue", next.as_deref(), &part);
        } else {
            let part = app
                .views
                .render(locale, "parts/esc-row", &ghost(&question, &app.people))?;
            ops.del(&format!("esc-row-{}", question.escalation.id), &part);
        }
        told.push(Told { seq, ops });
    }
    Ok(told)
}

/// The question that is due next after this one.
async fn behind(app: &App, question: &Question) -> Result<Option<EscalationId>, Error> {
    let next = escalation::Entity::find()
        .filter(Expr::cust("\"state\" = 'open'"))
        .filter(escalation::Column::DueAt.gt(question.escalation.due_at))
        .order_by_asc(escalation::Column::DueAt)
        .order_by_asc(escalation::Column::Id)
        .one(app.db.reader())
        .await?;
    Ok(next.map(|row| row.id))
}

/// Every channel as the wall shows it.
#[must_use]
pub fn channels(app: &App) -> Vec<Channel> {
    app.connectors.list().iter().map(|one| Channel::of(one)).collect()
}

/// Puts to the pages that show the load the tiles that are due, and every five seconds the open waves and every channel.
/// Also when nothing changed: a wall must know that its figures live.
///
/// # Errors
/// Any [`Error`]; a tile that cannot be drawn is logged and goes stale on the wall by itself.
pub async fn load(app: &App) -> Result<(), Error> {
    let locales: Vec<LocaleKey> = app
        .hub
        .formats(Topic::Load)
        .into_iter()
        .filter_map(|format| match format {
            Format::Html(locale) => Some(locale),
            Format::Json => None,
        })
        .collect();
    if locales.is_empty() {
        return Ok(());
    }
    let tiles: Vec<Tile> = tiles(app).into_iter().map(shown).collect();
    let (tiles, beat) = app.puts.due(app.now_ms(), tiles);
    if tiles.is_empty() && !beat {
        return Ok(());
    }
    let beside = if beat {
        Some((waves(open(app).await?), channels(app)))
    } else {
        None
    };
    for locale in locales {
        let mut ops = Ops::default();
        for tile in &tiles {
            match app.views.render(locale, "parts/tile", tile) {
                Ok(part) => ops.put(&format!("tile-{}", tile.lane), &part),
                Err(error) => tracing::error!(%error, lane = %tile.lane, "a tile cannot be drawn"),
            }
        }
        if let Some((waves, channels)) = &beside {
            match app.views.render(locale, "parts/waves", waves) {
                Ok(part) => ops.put("waves", &part),
                Err(error) => tracing::error!(%error, "the waves cannot be drawn"),
            }
            for channel in channels {
                match app.views.render(locale, "parts/channel", channel) {
                    Ok(part) => ops.put(&format!("channel-{}", channel.name), &part),
                    Err(error) => tracing::error!(%error, channel = channel.name, "a channel cannot be drawn"),
                }
            }
        }
        // No event tells of the clock, so the frame has no number and no page counts it as seen.
        let frame = Frame {
            topic: Topic::Load,
            seq: i64::MAX,
            text: ops.into_answer().into(),
        };
        app.hub.send(Format::Html(locale), &frame);
    }
    Ok(())
}
