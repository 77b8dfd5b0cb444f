//! A year of history to measure pages with: `klarsvar bench year`.
//!
//! Comments, decisions and events are written as intake and moderators would have left them, by the hour of the week; the
//! counts are then made by the desk's own job. The lists it writes are for `klarsvar bench run`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use klarsvar_migrations::Migrator;
use sea_orm::IntoActiveModel;
use sea_orm_migration::MigratorTrait;
use serde_json::json;

use super::dice::Dice;
use super::prepare::{AddConnector, CONNECTOR, people, read_list, text, through};
use crate::change::{Actor, Change, Failure, Step};
use crate::cli::{Failed, serve};
use crate::clock::{self, SystemClock};
use crate::config::Config;
use crate::domain::comment::{CommentState, Presence, Visibility};
use crate::domain::decision::DecisionKind;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, IdMaker, PersonId, StoryId};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::hourly::keep::keep;
use crate::insight::span::Period;
use crate::store::Db;
use crate::store::entity::{comment, decision, event, story};
use crate::{app::App, hourly};

/// Comments written in one change.
const BATCH: usize = 2_000;
/// Days of history.
const DAYS: i64 = 365;
/// Stories among the comments.
const STORIES: usize = 2_000;
/// Languages by lane, the first the most common.
const LANGUAGES: [(Lane, &[&str]); 4] = [
    (Lane::Ar, &["ar"]),
    (Lane::Sv, &["sv"]),
    (Lane::En, &["en"]),
    (Lane::Other, &["so", "tr", "fa", "ku", "other", "und"]),
];
const NARRATIVES: [&str; 7] = [
    "social-services-kidnap",
    "lvu-trivial-grounds",
    "abuse-in-care",
    "trafficking-pedophiles",
    "silenced-coverup",
    "assimilation-targeting",
    "west-islamophobic",
];

/// What to make.
#[derive(Debug, Clone, clap::Args)]
pub struct Year {
    /// Folder for the lists of requests
    #[arg(long)]
    out: PathBuf,
    /// Comments of the year
    #[arg(long, default_value_t = 2_000_000)]
    comments: usize,
    /// What chance begins with
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// Fills the configured database, which must be new or empty.
///
/// # Errors
/// The database's.
#[expect(clippy::print_stdout, reason = "the command's result")]
pub async fn run(config: Config, ask: Year) -> Result<(), Failed> {
    std::fs::create_dir_all(&ask.out)?;
    let db = Db::open(&config.database.url).await?;
    Migrator::up(db.writer(), None).await?;
    db.close().await;
    let app = App::start(config, Arc::new(SystemClock))
        .await
        .map_err(serve::started)?;
    through(app.writer.change(AddConnector).await)?;
    app.load_connectors().await?;
    let cookies = people(&app).await?;
    let lead = cookies.last().cloned().unwrap_or_default();
    let now = app.clock.now();
    let begun = Instant::now();
    let mut dice = Dice::new(ask.seed);
    let ids = IdMaker::default();
    let mut times = instants(now, ask.comments, &mut dice);
    times.sort_unstable();
    let person = app
        .people
        .list()
        .first()
        .map_or_else(|| ids.make(now), |person| person.id);
    for (nth, part) in times.chunks(BATCH).enumerate() {
        let rows = part.iter().enumerate();
        let rows = rows
            .map(|(at, ms)| one(nth * BATCH + at, *ms, person, &ids, &mut dice))
            .collect();
        through(app.writer.change(Write { rows }).await)?;
    }
    through(app.writer.change(stories(now, &ids, &mut dice)).await)?;
    println!("{} comments in {:.0} s", ask.comments, begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    keep(&app).await?;
    println!("counted in {:.0} s", begun.elapsed().as_secs_f64());
    let month = Period::last("month", now)
        .map(|period| period.name())
        .unwrap_or_default();
    for (name, path) in [
        ("load", "/load".to_owned()),
        ("insight-1", "/insight?days=1".to_owned()),
        ("insight-7", "/insight".to_owned()),
        ("insight-30", "/insight?days=30".to_owned()),
        ("insight-90", "/insight?days=90".to_owned()),
        ("insight-365", "/insight?days=365".to_owned()),
        (
            "insight-narrative",
            "/insight?days=365&narrative=abuse-in-care".to_owned(),
        ),
        (
            "insight-language",
            "/insight?days=365&language=ar&platform=tiktok".to_owned(),
        ),
        ("insight-csv", "/insight.csv?days=365".to_owned()),
        ("report-month", format!("/reports/month/{month}")),
    ] {
        std::fs::write(ask.out.join(format!("{name}.jsonl")), read_list(&path, &lead))?;
    }
    println!("{}", json!({ "lead_cookie": lead, "lists": ask.out }));
    app.stop().await;
    Ok(())
}

/// When comments came: most by day, and the more the later in the year.
fn instants(now: DateTime<Utc>, count: usize, dice: &mut Dice) -> Vec<i64> {
    let begin = clock::ms(now - TimeDelta::days(DAYS));
    let at = |dice: &mut Dice| loop {
        let hour = i64::try_from(dice.below(usize::try_from(DAYS * 24).unwrap_or(1))).unwrap_or(0);
        let of_week = hourly::of_week(begin / hourly::HOUR_MS + hour);
        let weight = match of_week % 24 {
            0..6 => 1,
            6..9 | 23 => 4,
            _ => 10,
        };
        if dice.below(10) < weight {
            let within = i64::try_from(dice.below(usize::try_from(hourly::HOUR_MS).unwrap_or(1))).unwrap_or(0);
            return (begin + hour * hourly::HOUR_MS + within).min(clock::ms(now) - 1);
        }
    };
    (0..count).map(|_| at(dice)).collect()
}

/// One comment with what was decided.
type One = (comment::Model, Option<decision::Model>);

fn one(nth: usize, at: i64, person: PersonId, ids: &IdMaker, dice: &mut Dice) -> One {
    let (lane, languages) = LANGUAGES[[0, 0, 1, 1, 1, 2, 3][dice.below(7)]];
    let language = dice.one(languages);
    let platform = *dice.one(Platform::ALL);
    let labels: String = (0..[0, 0, 1, 1, 2][dice.below(5)])
        .map(|_| format!("{}|", dice.one(&NARRATIVES)))
        .collect();
    let decided = dice.below(20) > 0;
    let waited = i64::try_from(dice.below(4 * 3_600_000)).unwrap_or(0);
    let id: CommentId = ids.make(clock::from_ms(at));
    let row = comment::Model {
        id,
        number: 0,
        connector: CONNECTOR.to_owned(),
        platform,
        external_id: format!("y{nth}"),
        parent: None,
        post: Some(format!("post-{}", nth % 20)),
        ad: None,
        campaign_id: None,
        author_id: Some(format!("author-{}", nth % 100_003)),
        author_handle: None,
        author_name: None,
        own: false,
        text: Some(text(nth)),
        attachments: None,
        revision: 1,
        text_at: at,
        visibility: Visibility::Visible,
        visibility_at: at,
        presence: Presence::Known,
        state: if decided { CommentState::Decided } else { CommentState::Withdrawn },
        lane,
        tags: json!({ "language": { "code": language, "script": "Latn", "confidence": 0.99, "source": "model", "version": "year" },
            "narratives": [], "classes": [], "flags": [], "spans": [], "version": "year" })
        .to_string(),
        labels: format!("|{labels}"),
        urgent: dice.below(20) == 0,
        severity: 0,
        due_at: at + 3_600_000,
        written_at: at,
        opened_at: at,
        claimed_by: None,
        claimed_until: None,
        decided_at: decided.then_some(at + waited),
        story: None,
        story_by: None,
    };
    let decision = decided.then(|| decision::Model {
        id: ids.make(clock::from_ms(at + waited)),
        comment_id: id,
        revision: 1,
        kind: *dice.one(&[
            DecisionKind::Reply,
            DecisionKind::Leave,
            DecisionKind::Leave,
            DecisionKind::Hide,
        ]),
        person_id: person,
        ground: None,
        reason: None,
        template_key: Some(format!("template-{}", dice.below(49))),
        version_id: None,
        variant: None,
        text: None,
        confirmed: None,
        made_at: at + waited,
        undo_until: None,
        undone_at: None,
    });
    (row, decision)
}

struct Write {
    rows: Vec<One>,
}

impl Step for Write {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let count = i64::try_from(self.rows.len()).unwrap_or(0);
        let first = change.reserve(count).await?;
        let numbered = (first..).zip(&self.rows);
        let comments = numbered
            .clone()
            .map(|(number, (row, _))| comment::Model { number, ..row.clone() }.into_active_model());
        change.insert_many::<comment::Entity>(comments.collect());
        let events = numbered.map(|(seq, (row, _))| {
            event::Model {
                seq,
                at: row.opened_at,
                kind: EventKind::CommentOpen,
                comment_id: Some(row.id),
                lane: Some(row.lane),
                actor: Some(Actor::Outside.to_string()),
                data: json!({ "platform": row.platform }).to_string(),
            }
            .into_active_model()
        });
        change.insert_many::<event::Entity>(events.collect());
        let decisions = self.rows.iter().filter_map(|(_, decision)| decision.clone());
        change.insert_many::<decision::Entity>(decisions.map(IntoActiveModel::into_active_model).collect());
        Ok(())
    }
}

struct Told(Vec<story::Model>);

impl Step for Told {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let rows = self.0.iter().cloned().map(IntoActiveModel::into_active_model);
        change.insert_many::<story::Entity>(rows.collect());
        Ok(())
    }
}

fn stories(now: DateTime<Utc>, ids: &IdMaker, dice: &mut Dice) -> Told {
    let story = |dice: &mut Dice| {
        let ago = TimeDelta::minutes(i64::try_from(dice.below(365 * 24 * 60)).unwrap_or(0));
        let first_at = clock::ms(now - ago);
        story::Model {
            id: ids.make::<StoryId>(now - ago),
            example: None,
            size: i32::try_from(2 + dice.below(500)).unwrap_or(2),
            accounts: i32::try_from(2 + dice.below(100)).unwrap_or(2),
            languages: json!({ "ar": 9, "sv": 4 }).to_string(),
            platforms: json!({ "facebook": 9 }).to_string(),
            burst: None,
            first_at,
            last_at: (first_at + 86_400_000).min(clock::ms(now)),
            last_number: 0,
            merged_into: None,
            split_from: None,
            title: None,
        }
    };
    Told((0..STORIES).map(|_| story(dice)).collect())
}
