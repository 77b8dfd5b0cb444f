//! What insight and reports show beside the counts: stories, waves, what was done, and when a channel was blind.

use futures_util::future::try_join;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::figures::{Filter, sums};
use super::span::Span;
use super::summary::{Summary, summary};
use crate::domain::decision::DecisionKind;
use crate::domain::id::DecisionId;
use crate::hourly::first_of;
use crate::store::Error;
use crate::store::entity::{decision, escalation, event, story, wave};

/// The figures of a span beside those of another.
///
/// # Errors
/// Any [`Error`].
pub async fn compared(db: &impl ConnectionTrait, span: Span, before: Span, filter: &Filter) -> Result<Summary, Error> {
    let (now, earlier) = try_join(sums(db, span, filter), sums(db, before, filter)).await?;
    let float = |hours: i64| f64::from(i32::try_from(hours).unwrap_or(i32::MAX));
    let longer = float(span.hours()) / float(before.hours().max(1));
    Ok(summary(&now, &earlier, longer, filter.narrative.as_deref()))
}

/// The largest stories of more than one comment that were told in a span.
///
/// # Errors
/// Any [`Error`].
pub async fn stories(db: &impl ConnectionTrait, span: Span, most: u64) -> Result<Vec<story::Model>, Error> {
    let at = span.instants();
    Ok(story::Entity::find()
        .filter(story::Column::MergedInto.is_null())
        .filter(story::Column::Size.gt(1))
        .filter(story::Column::LastAt.gte(at.start))
        .filter(story::Column::FirstAt.lt(at.end))
        .order_by_desc(story::Column::Size)
        .order_by_asc(story::Column::Id)
        .limit(most)
        .all(db)
        .await?)
}

/// Waves that opened in a span, the first first.
///
/// # Errors
/// Any [`Error`].
pub async fn waves(db: &impl ConnectionTrait, span: Span) -> Result<Vec<wave::Model>, Error> {
    let at = span.instants();
    Ok(wave::Entity::find()
        .filter(wave::Column::OpenedAt.gte(at.start))
        .filter(wave::Column::OpenedAt.lt(at.end))
        .order_by_asc(wave::Column::OpenedAt)
        .limit(200)
        .all(db)
        .await?)
}

/// What was decided in a span, by kind, and not undone.
///
/// # Errors
/// Any [`Error`].
pub async fn decided(db: &impl ConnectionTrait, span: Span) -> Result<Vec<(DecisionKind, i64)>, Error> {
    Ok(of_span(span)
        .select_only()
        .column(decision::Column::Kind)
        .column_as(decision::Column::Id.count(), "count")
        .group_by(decision::Column::Kind)
        .order_by_asc(decision::Column::Kind)
        .into_tuple()
        .all(db)
        .await?)
}

/// The templates that most answers were made of in a span.
///
/// # Errors
/// Any [`Error`].
pub async fn templates(db: &impl ConnectionTrait, span: Span, most: u64) -> Result<Vec<(String, i64)>, Error> {
    let count = decision::Column::Id.count();
    Ok(of_span(span)
        .filter(decision::Column::TemplateKey.is_not_null())
        .select_only()
        .column(decision::Column::TemplateKey)
        .column_as(count.clone(), "count")
        .group_by(decision::Column::TemplateKey)
        .order_by_desc(count)
        .order_by_asc(decision::Column::TemplateKey)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?)
}

/// How many escalations were opened in a span.
///
/// # Errors
/// Any [`Error`].
pub async fn escalated(db: &impl ConnectionTrait, span: Span) -> Result<i64, Error> {
    let at = span.instants();
    let count: Option<i64> = escalation::Entity::find()
        .select_only()
        .column_as(escalation::Column::Id.count(), "count")
        .filter(escalation::Column::OpenedAt.gte(at.start))
        .filter(escalation::Column::OpenedAt.lt(at.end))
        .into_tuple()
        .one(db)
        .await?;
    Ok(count.unwrap_or(0))
}

/// Connectors that went blind in a span, each time once.
///
/// # Errors
/// Any [`Error`].
pub async fn blind(db: &impl ConnectionTrait, span: Span) -> Result<Vec<String>, Error> {
    let at = span.instants();
    let told: Vec<String> = event::Entity::find()
        .select_only()
        .column(event::Column::Data)
        // A literal: a bound value would hide the partial index from SQLite's planner.
        .filter(Expr::cust("\"event\".\"kind\" = 'connector'"))
        .filter(event::Column::At.gte(at.start))
        .filter(event::Column::At.lt(at.end))
        .filter(event::Column::Data.contains("\"blind\""))
        .into_tuple()
        .all(db)
        .await?;
    let name = |data: String| {
        let data: serde_json::Value = serde_json::from_str(&data).ok()?;
        data["connector"].as_str().map(str::to_owned)
    };
    Ok(told.into_iter().filter_map(name).collect())
}

/// Decisions of a span. Identifiers tell when they were made (RFC 9562), and are the key.
/// Decisions made in a span and not undone.
pub(super) fn of_span(span: Span) -> sea_orm::Select<decision::Entity> {
    let at = span.instants();
    decision::Entity::find()
        .filter(decision::Column::Id.gte(DecisionId(first_of(at.start).0)))
        .filter(decision::Column::Id.lt(DecisionId(first_of(at.end).0)))
        .filter(decision::Column::UndoneAt.is_null())
}
