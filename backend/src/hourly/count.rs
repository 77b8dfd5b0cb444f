//! Counts one hour from the comments and their decisions.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use super::{ALL, HOUR_MS, WITHIN_MIN, first_of, narratives};
use crate::domain::id::CampaignId;
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::store::Error;
use crate::store::entity::hourly;

/// What came in and what became of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Comments that came.
    pub arrived: i64,
    /// Urgent ones among them, as they are tagged now.
    pub urgent: i64,
    /// Answered, in public or in private.
    pub answered: i64,
    /// Hidden or deleted.
    pub hidden: i64,
    /// Decided in another way: left, liked, a duplicate.
    pub let_be: i64,
    /// Removed on the platform.
    pub withdrawn: i64,
    /// Decided ones by how long they had waited; see [`WITHIN_MIN`].
    pub within: [i64; 9],
}

impl Counts {
    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut within = self.within;
        for (sum, more) in within.iter_mut().zip(other.within) {
            *sum += more;
        }
        Self {
            arrived: self.arrived + other.arrived,
            urgent: self.urgent + other.urgent,
            answered: self.answered + other.answered,
            hidden: self.hidden + other.hidden,
            let_be: self.let_be + other.let_be,
            withdrawn: self.withdrawn + other.withdrawn,
            within,
        }
    }

    /// The share that was answered; none of nothing.
    #[must_use]
    pub fn answered_share(&self) -> Option<f64> {
        (self.arrived > 0).then(|| f64_of(self.answered) / f64_of(self.arrived))
    }

    /// The minutes within which half of the decided ones were decided, as the upper end of their kind in
    /// [`WITHIN_MIN`]. None if nothing was decided; the last kind has no end and is told as [`i64::MAX`].
    #[must_use]
    pub fn half_within_min(&self) -> Option<i64> {
        let decided: i64 = self.within.iter().sum();
        if decided == 0 {
            return None;
        }
        let mut so_far = 0;
        let kind = self.within.iter().position(|count| {
            so_far += count;
            so_far * 2 >= decided
        });
        kind.map(|kind| WITHIN_MIN.get(kind).copied().unwrap_or(i64::MAX))
    }
}

fn f64_of(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

#[derive(Debug, FromQueryResult)]
struct Group {
    lane: Lane,
    language: String,
    platform: Platform,
    labels: String,
    campaign: Option<CampaignId>,
    urgent: bool,
    ended: String,
    waited: i64,
    count: i64,
}

/// One statement, so that it sees one state of the desk.
fn sql(backend: DbBackend) -> String {
    let language = match backend {
        DbBackend::Sqlite => "json_extract(c.tags, '$.language.code')",
        _ => "(c.tags::json #>> '{language,code}')",
    };
    let (from, to) = match backend {
        DbBackend::Sqlite => ("?", "?"),
        _ => ("$1", "$2"),
    };
    let kinds: Vec<String> = WITHIN_MIN
        .iter()
        .enumerate()
        .map(|(at, min)| format!("WHEN c.decided_at - c.opened_at <= {} THEN {at}", min * 60_000))
        .collect();
    format!(
        "SELECT c.lane AS lane, COALESCE({language}, 'und') AS language, c.platform AS platform, c.labels AS labels, \
         c.campaign_id AS campaign, c.urgent AS urgent, \
         CASE WHEN c.state = 'decided' THEN COALESCE(d.kind, 'leave') WHEN c.state = 'withdrawn' THEN 'withdrawn' ELSE '' END AS ended, \
         CAST(CASE WHEN c.state <> 'decided' OR c.decided_at IS NULL THEN -1 {} ELSE {} END AS BIGINT) AS waited, \
         COUNT(*) AS count \
         FROM comment c LEFT JOIN decision d ON c.state = 'decided' AND d.id = (\
         SELECT s.id FROM decision s WHERE s.comment_id = c.id AND s.undone_at IS NULL AND s.kind <> 'escalate' \
         ORDER BY s.made_at DESC, s.id DESC LIMIT 1) \
         WHERE c.id >= {from} AND c.id < {to} AND NOT c.own AND c.presence = 'known' \
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8",
        kinds.join(" "),
        WITHIN_MIN.len(),
    )
}

/// The rows of one hour, counted from 1970, in the order of their key.
///
/// # Errors
/// Any [`Error`].
pub async fn count(db: &impl ConnectionTrait, hour: i64) -> Result<Vec<hourly::Model>, Error> {
    let backend = db.get_database_backend();
    let bounds = [hour * HOUR_MS, (hour + 1) * HOUR_MS].map(|at| Value::from(first_of(at).0));
    let groups = Group::find_by_statement(Statement::from_sql_and_values(backend, sql(backend), bounds))
        .all(db)
        .await?;
    let mut rows: BTreeMap<(Lane, String, Platform, String, String), Counts> = BTreeMap::new();
    for group in &groups {
        let campaign = group.campaign.map(|id| id.to_string()).unwrap_or_default();
        for narrative in std::iter::once(ALL).chain(narratives(&group.labels)) {
            let key = (
                group.lane,
                group.language.clone(),
                group.platform,
                narrative.to_owned(),
                campaign.clone(),
            );
            add(rows.entry(key).or_default(), group);
        }
    }
    Ok(rows
        .into_iter()
        .map(|((lane, language, platform, narrative, campaign), counts)| {
            row(hour, lane, language, platform, narrative, campaign, &counts)
        })
        .collect())
}

fn add(counts: &mut Counts, group: &Group) {
    let count = group.count;
    counts.arrived += count;
    if group.urgent {
        counts.urgent += count;
    }
    match group.ended.as_str() {
        "" => {}
        "withdrawn" => counts.withdrawn += count,
        "reply" | "private-reply" => counts.answered += count,
        "hide" | "delete" => counts.hidden += count,
        _ => counts.let_be += count,
    }
    if let Ok(kind) = usize::try_from(group.waited)
        && let Some(within) = counts.within.get_mut(kind)
    {
        *within += count;
    }
}

fn row(
    hour: i64,
    lane: Lane,
    language: String,
    platform: Platform,
    narrative: String,
    campaign: String,
    counts: &Counts,
) -> hourly::Model {
    let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    let [in_5, in_15, in_30, in_60, in_120, in_240, in_480, in_1440, in_more] = counts.within.map(small);
    hourly::Model {
        hour,
        lane,
        language,
        platform,
        narrative,
        campaign,
        arrived: small(counts.arrived),
        urgent: small(counts.urgent),
        answered: small(counts.answered),
        hidden: small(counts.hidden),
        let_be: small(counts.let_be),
        withdrawn: small(counts.withdrawn),
        in_5,
        in_15,
        in_30,
        in_60,
        in_120,
        in_240,
        in_480,
        in_1440,
        in_more,
    }
}

impl From<&hourly::Model> for Counts {
    fn from(row: &hourly::Model) -> Self {
        Self {
            arrived: row.arrived.into(),
            urgent: row.urgent.into(),
            answered: row.answered.into(),
            hidden: row.hidden.into(),
            let_be: row.let_be.into(),
            withdrawn: row.withdrawn.into(),
            within: [
                row.in_5,
                row.in_15,
                row.in_30,
                row.in_60,
                row.in_120,
                row.in_240,
                row.in_480,
                row.in_1440,
                row.in_more,
            ]
            .map(i64::from),
        }
    }
}
