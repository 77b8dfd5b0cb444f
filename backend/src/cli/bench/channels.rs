//! What channels that are read cost a desk while nothing new comes: `klarsvar bench channels`.
//!
//! The platform is a stand-in in a process of its own, so that what it needs is not counted. Time is the machine's own
//! and the jobs are the desk's. Reads `/proc`, so on Linux only.

use std::io::BufRead;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use klarsvar_migrations::Migrator;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use sea_orm_migration::MigratorTrait;
use serde_json::json;

use super::client::{cpu_seconds, rss_kb};
use crate::account::{self, SaveAccount};
use crate::app::App;
use crate::change::Failure;
use crate::cli::{Failed, serve};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::platform::Platform;
use crate::jobs;
use crate::standin::YoutubeStandin;
use crate::store::Db;
use crate::store::entity::errand;

const CHANNEL: &str = "UCexempelmyndigheten0001";
const TOKEN: &str = "access-bench";
/// What every page shows, known after the first reading.
const COMMENTS: usize = 50;
/// How often it is looked whether every channel has been read once.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What to measure.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Channels {
    /// How many channels are connected
    #[arg(long, default_value_t = 64)]
    channels: u32,
    /// How long is measured, before and after they are connected
    #[arg(long, default_value_t = 120)]
    seconds: u32,
    /// Be the platform, until standard input ends
    #[arg(long, hide = true)]
    platform: bool,
}

/// What a while has cost.
struct Cost {
    /// Share of one core.
    core: f64,
    /// Resident memory at its end, KiB.
    memory_kb: u64,
}

/// Measures on the configured database, which must be new or empty.
///
/// # Errors
/// The database's, and [`Failed::Work`] where there is no `/proc`.
#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub async fn run(config: Config, ask: Channels, as_json: bool) -> Result<(), Failed> {
    if ask.platform {
        return be_the_platform().await;
    }
    let (platform, api_url) = start_platform()?;
    let db = Db::open(&config.database.url).await?;
    Migrator::up(db.writer(), None).await?;
    db.close().await;
    let app = App::start(config, Arc::new(SystemClock))
        .await
        .map_err(serve::started)?;
    jobs::start(&app);
    let before = measure(ask.seconds).await?;
    for number in 0..ask.channels {
        let account = SaveAccount {
            platform: Platform::Youtube,
            account: Some(CHANNEL.into()),
            api_url: Some(api_url.clone()),
            access_token: Some(TOKEN.into()),
            settings: Some(json!({ "every_s": 60, "daily_units": 10_000 }).to_string()),
            ..SaveAccount::by_hand(&format!("channel-{number}"))
        };
        account::save(&app, account).await.map_err(|failure| match failure {
            Failure::Store(error) => Failed::from(error),
            Failure::Refused(refused) => Failed::Work(format!("a channel was refused: {refused:?}")),
        })?;
    }
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let read = errand::Entity::find().filter(errand::Column::LastOkAt.is_not_null());
        if read.count(app.db.reader()).await? >= u64::from(ask.channels) {
            break;
        }
    }
    let with = measure(ask.seconds).await?;
    app.stop().await;
    drop(platform.stdin);
    let each_kb = with.memory_kb.saturating_sub(before.memory_kb) / u64::from(ask.channels.max(1));
    let core = with.core - before.core;
    if as_json {
        println!(
            "{}",
            json!({ "channels": ask.channels, "core": core, "core_with": with.core, "core_without": before.core,
                "memory_kb_each": each_kb, "memory_kb_with": with.memory_kb, "memory_kb_without": before.memory_kb })
        );
    } else {
        println!(
            "{} channels: {:.2} % of one core more ({:.2} with, {:.2} without), {each_kb} KiB each ({} KiB with, {} without)",
            ask.channels,
            100.0 * core,
            100.0 * with.core,
            100.0 * before.core,
            with.memory_kb,
            before.memory_kb
        );
    }
    Ok(())
}

async fn measure(seconds: u32) -> Result<Cost, Failed> {
    let blind = || Failed::Work("this machine has no /proc to read CPU time and memory from".to_owned());
    let pid = std::process::id();
    let from = cpu_seconds(pid).ok_or_else(blind)?;
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    let to = cpu_seconds(pid).ok_or_else(blind)?;
    Ok(Cost {
        core: (to - from) / f64::from(seconds.max(1)),
        memory_kb: rss_kb(pid).ok_or_else(blind)?,
    })
}

/// The platform and its address; it ends when its standard input does, which is when the child is dropped.
fn start_platform() -> Result<(Child, String), Failed> {
    let mut platform = Command::new(std::env::current_exe()?)
        .args(["bench", "channels", "--platform"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut url = String::new();
    if let Some(said) = platform.stdout.take() {
        std::io::BufReader::new(said).read_line(&mut url)?;
    }
    match url.trim() {
        "" => Err(Failed::Work("the platform does not start".to_owned())),
        url => Ok((platform, url.to_owned())),
    }
}

#[expect(clippy::print_stdout, reason = "tells who started it where it listens")]
async fn be_the_platform() -> Result<(), Failed> {
    let standin = YoutubeStandin::start(Arc::new(|| SystemClock.now()), CHANNEL, TOKEN)?;
    for number in 0..COMMENTS {
        standin.write("kExempel001", None, "elin", &format!("Vad betyder LVU? {number}"));
    }
    println!("{}", standin.api_url());
    let ended = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink()));
    ended.await.map_err(|error| Failed::Work(error.to_string()))??;
    Ok(())
}
