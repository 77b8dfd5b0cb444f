//! What became of threads after they were answered: calmed, or the same told again.
//!
//! An answer counts once a day has passed since it was made. Its thread *repeats* if within that day somebody in it wrote a
//! comment with a narrative of the one that was answered, and is *calmed* if nobody did. This is told of templates, never of
//! people; it says what followed, not what the answer caused.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use super::read::of_span;
use super::span::Span;
use crate::domain::comment::Presence;
use crate::domain::decision::DecisionKind;
use crate::hourly::narratives;
use crate::store::Error;
use crate::store::entity::{comment, decision};

/// How long a thread is watched after its answer, in milliseconds.
const WATCHED_MS: i64 = 24 * 3_600_000;
/// Answers looked at, the last ones.
const LOOKED_AT: u64 = 2_000;
/// Threads asked for at once.
const AT_ONCE: usize = 400;
/// With fewer answers a share says nothing.
const ENOUGH: i64 = 20;

/// What became of the threads answered with one template.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Threads in which nobody told it again within a day.
    pub calmed: i64,
    /// Threads in which somebody did.
    pub repeated: i64,
}

impl Outcome {
    /// The shares calmed and repeated; none of fewer than twenty threads.
    #[must_use]
    pub fn shares(self) -> Option<(f64, f64)> {
        let number = |count: i64| f64::from(i32::try_from(count).unwrap_or(i32::MAX));
        let all = self.calmed + self.repeated;
        (all >= ENOUGH).then(|| (number(self.calmed) / number(all), number(self.repeated) / number(all)))
    }
}

/// An answer, and where it stands.
struct Answer {
    template: String,
    at: i64,
    thread: Thread,
    told: Vec<String>,
}

/// A thread: its account and its first comment.
type Thread = (String, String);

/// What became of the threads answered in a span with each template, or with one, by the template's key. A thread that was
/// answered within the last day is left out, and so is one whose comment carried no narrative.
///
/// # Errors
/// Any [`Error`].
pub async fn outcomes(
    db: &impl ConnectionTrait,
    span: Span,
    only: Option<&str>,
    now: i64,
) -> Result<BTreeMap<String, Outcome>, Error> {
    let answers = answers(db, span, only, now).await?;
    let first = answers.iter().map(|answer| answer.at).min().unwrap_or(now);
    let mut threads: Vec<&Thread> = answers.iter().map(|answer| &answer.thread).collect();
    threads.sort_unstable();
    threads.dedup();
    let mut later: HashMap<Thread, Vec<(i64, String)>> = HashMap::new();
    for some in threads.chunks(AT_ONCE) {
        for (connector, first, at, labels) in written(db, some, first).await? {
            later.entry((connector, first)).or_default().push((at, labels));
        }
    }
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for answer in answers {
        let within = |at: i64| at > answer.at && at <= answer.at + WATCHED_MS;
        let repeats = later.get(&answer.thread).is_some_and(|written| {
            written.iter().any(|(at, labels)| {
                within(*at) && narratives(labels).any(|key| answer.told.iter().any(|told| told == key))
            })
        });
        let outcome = outcomes.entry(answer.template).or_default();
        if repeats {
            outcome.repeated += 1;
        } else {
            outcome.calmed += 1;
        }
    }
    Ok(outcomes)
}

/// A row of an answer: template, when, account, post, parent, comment, labels.
type Row = (
    Option<String>,
    i64,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
);

async fn answers(db: &impl ConnectionTrait, span: Span, only: Option<&str>, now: i64) -> Result<Vec<Answer>, Error> {
    let which = match only {
        Some(key) => Condition::all().add(decision::Column::TemplateKey.eq(key)),
        None => Condition::all().add(decision::Column::TemplateKey.is_not_null()),
    };
    let rows: Vec<Row> = of_span(span)
        .filter(which)
        .filter(decision::Column::Kind.eq(DecisionKind::Reply))
        .filter(decision::Column::MadeAt.lte(now - WATCHED_MS))
        .join(
            JoinType::InnerJoin,
            decision::Entity::belongs_to(comment::Entity)
                .from(decision::Column::CommentId)
                .to(comment::Column::Id)
                .into(),
        )
        .select_only()
        .column(decision::Column::TemplateKey)
        .column(decision::Column::MadeAt)
        .column(comment::Column::Connector)
        .column(comment::Column::Post)
        .column(comment::Column::Parent)
        .column(comment::Column::ExternalId)
        .column(comment::Column::Labels)
        .order_by_desc(decision::Column::Id)
        .limit(LOOKED_AT)
        .into_tuple()
        .all(db)
        .await?;
    let answer = |(template, at, connector, post, parent, own, labels): Row| {
        // A top-level comment's parent may be the post itself.
        let first = parent.filter(|parent| Some(parent) != post.as_ref()).unwrap_or(own);
        let told: Vec<String> = narratives(&labels).map(str::to_owned).collect();
        (!told.is_empty()).then_some(Answer {
            template: template?,
            at,
            thread: (connector, first),
            told,
        })
    };
    Ok(rows.into_iter().filter_map(answer).collect())
}

/// What people wrote in these threads from an instant on: account, first comment of the thread, when, labels.
async fn written(
    db: &impl ConnectionTrait,
    threads: &[&Thread],
    from: i64,
) -> Result<Vec<(String, String, i64, String)>, Error> {
    let rows: Vec<(String, Option<String>, i64, String)> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Connector)
        .column(comment::Column::Parent)
        .column(comment::Column::OpenedAt)
        .column(comment::Column::Labels)
        .filter(comment::Column::Parent.is_in(threads.iter().map(|(_, first)| first.as_str())))
        .filter(comment::Column::OpenedAt.gt(from))
        .filter(comment::Column::Own.eq(false))
        .filter(comment::Column::Presence.eq(Presence::Known))
        .into_tuple()
        .all(db)
        .await?;
    let named =
        |(connector, parent, at, labels): (String, Option<String>, i64, String)| Some((connector, parent?, at, labels));
    Ok(rows.into_iter().filter_map(named).collect())
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn a_share_of_fewer_than_twenty_threads_is_none() {
        let few = Outcome {
            calmed: 19,
            repeated: 0,
        };
        assert_eq!(few.shares(), None);
        assert_eq!(Outcome::default().shares(), None);
        let enough = Outcome {
            calmed: 15,
            repeated: 5,
        };
        assert_eq!(enough.shares(), Some((0.75, 0.25)));
    }
}
