//! What the hourly counts and the look for waves cost intake: `klarsvar bench hourly`.
//!
//! Rounds of comments are taken in by the desk's own way, one a delivery, in turn without and with the two jobs beside
//! it. At the end the counts are compared with the comments.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use klarsvar_migrations::Migrator;
use sea_orm::{ColumnTrait, sea_query::Expr};
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use sea_orm_migration::MigratorTrait;
use tokio::sync::Mutex;

use super::prepare::{AddConnector, CONNECTOR, text, through};
use crate::app::App;
use crate::change::Actor;
use crate::cli::{Failed, serve};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::connector::registry::Connected;
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::delivery::take_apart::keep_and_apply;
use crate::hourly::keep::{Pace, keep};
use crate::store::Db;
use crate::store::entity::{comment, hourly};
use crate::wave::look::Look;

/// Deliveries under way at once.
const AT_ONCE: usize = 64;
/// What to measure.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Hourly {
    /// Comments in each round
    #[arg(long, default_value_t = 200_000)]
    comments: usize,
    /// Rounds without, and as many with
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Milliseconds between two runs of the jobs; at a desk one runs every 20 seconds, the other every 30
    #[arg(long, default_value_t = 20_000)]
    every_ms: u64,
}

/// Measures on the configured database, which must be new or empty.
///
/// # Errors
/// The database's, and [`Failed::Work`] when the counts are not those of the comments.
#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub async fn run(config: Config, ask: Hourly, as_json: bool) -> Result<(), Failed> {
    let db = Db::open(&config.database.url).await?;
    Migrator::up(db.writer(), None).await?;
    db.close().await;
    let app = App::start(config, Arc::new(SystemClock))
        .await
        .map_err(serve::started)?;
    through(app.writer.change(AddConnector).await)?;
    app.load_connectors().await?;
    let connected = app
        .connectors
        .find(CONNECTOR)
        .ok_or_else(|| Failed::Work("the connector is missing".to_owned()))?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    // What the jobs remember lasts from round to round, as it does at a desk; the first round warms up both.
    let remembered = Arc::new(Mutex::new((Pace::default(), Look::default())));
    round(&app, &connected, 0, ask.comments).await?;
    remembered.lock().await.1.look(&app).await?;
    for number in 0..ask.rounds {
        without.push(round(&app, &connected, 2 * number + 1, ask.comments).await?);
        let jobs = tokio::spawn(jobs(
            Arc::clone(&app),
            Arc::clone(&remembered),
            Duration::from_millis(ask.every_ms),
        ));
        with.push(round(&app, &connected, 2 * number + 2, ask.comments).await?);
        jobs.abort();
    }
    keep(&app).await?;
    let counted: Option<i64> = hourly::Entity::find()
        .select_only()
        .column_as(Expr::cust("CAST(SUM(\"arrived\") AS BIGINT)"), "arrived")
        .filter(hourly::Column::Narrative.eq(crate::hourly::ALL))
        .into_tuple()
        .one(app.db.reader())
        .await?
        .flatten();
    let stored = comment::Entity::find().count(app.db.reader()).await?;
    let (alone, beside) = (middle(&mut without), middle(&mut with));
    let cost = 1.0 - alone.as_secs_f64() / beside.as_secs_f64();
    let rate = |took: Duration| f64::from(u32::try_from(ask.comments).unwrap_or(u32::MAX)) / took.as_secs_f64();
    if as_json {
        println!(
            "{}",
            serde_json::json!({ "per_s_without": rate(alone), "per_s_with": rate(beside), "cost": cost,
                "counted": counted, "stored": stored })
        );
    } else {
        println!(
            "{:.0} comments/s without, {:.0} with: {:.1} % less; {} counted of {stored}",
            rate(alone),
            rate(beside),
            100.0 * cost,
            counted.unwrap_or(0)
        );
    }
    if counted.and_then(|count| u64::try_from(count).ok()) != Some(stored) {
        return Err(Failed::Work(
            "the hourly counts are not those of the comments".to_owned(),
        ));
    }
    Ok(())
}

/// Takes in so many comments and says how long it took.
async fn round(app: &App, connected: &Connected, round: usize, comments: usize) -> Result<Duration, Failed> {
    let begun = Instant::now();
    let mut under_way = stream::iter(0..comments)
        .map(|number| async move {
            let name = format!("r{round}-{number}");
            let said = Inbound::Comment(Box::new(CommentEvent {
                what: Happened::Added,
                account: "bench".to_owned(),
                external_id: name.clone(),
                parent: None,
                post: Some(format!("post-{}", number % 20)),
                ad: None,
                ad_title: None,
                author: None,
                own: false,
                text: Some(text(number)),
                attachments: Vec::new(),
                declared_language: None,
                at: app.clock.now(),
                created_at: None,
            }));
            keep_and_apply(app, connected, Bytes::from(name), vec![said], Actor::Desk).await
        })
        .buffer_unordered(AT_ONCE);
    while let Some(stored) = under_way.next().await {
        stored?;
    }
    Ok(begun.elapsed())
}

/// Both jobs, until they are ended.
async fn jobs(app: Arc<App>, remembered: Arc<Mutex<(Pace, Look)>>, every: Duration) {
    loop {
        let mut guard = remembered.lock().await;
        let (pace, look) = &mut *guard;
        if let Err(error) = pace.keep(&app).await {
            tracing::warn!(%error, "hours were not counted");
        }
        if let Err(error) = look.look(&app).await {
            tracing::warn!(%error, "waves were not looked for");
        }
        drop(guard);
        tokio::time::sleep(every).await;
    }
}

fn middle(took: &mut [Duration]) -> Duration {
    took.sort_unstable();
    took.get(took.len() / 2).copied().unwrap_or_default()
}
