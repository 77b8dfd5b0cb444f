//! `klarsvar demo`: the whole desk with nothing configured, on platforms of its own.
//!
//! Everything in it is invented. Uses the stand-in, as the tests do; whatever it sets up is set up through the desk's
//! own steps, and comments come in over HTTP with signatures.

mod campaign;
mod entered;
mod people;
mod posts;
mod texts;
mod videos;
mod waves;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use klarsvar_migrations::Migrator;
use sea_orm_migration::MigratorTrait;
use serde_json::json;

use self::campaign::{AD_ACCOUNT, ADVERTS, Keys, PLATFORMS};
use self::people::Staff;
use self::posts::Posts;
use self::videos::{Place, Videos};
use crate::app::App;
use crate::cli::{Failed, serve};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::http::server::server;
use crate::jobs;
use crate::standin::{Standin, StandinConfig};
use crate::store::Db;

/// Longest wait for the first comments to be at the desk.
const FIRST_WAIT: Duration = Duration::from_secs(10);

/// Of a thousand deliveries so many are lost, as on the platforms: reading finds what they told.
const LOST: u64 = 20;

/// How the demonstration runs.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Port of the desk; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Keep the desk's data here; without it every start is a fresh one
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Comments a minute, on average; they come in waves
    #[arg(long, default_value_t = 20)]
    rate: u32,
}

/// Where the data lies, and whether it stays.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is left to the system's own cleaning of its temporary folder.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Runs it until told to stop.
pub async fn run(mut config: Config, demo: Demo, json: bool) -> Result<(), Failed> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, demo.port))).map_err(|error| {
        Failed::Input(format!(
            "cannot listen on port {}: {error}; choose another with --port",
            demo.port
        ))
    })?;
    let address = listener.local_addr()?;
    let url = format!("http://{address}");
    let folder = folder(demo.data.as_deref())?;
    config.http.listen = address.to_string();
    config.http.public_url.clone_from(&url);
    config.database.url = format!("sqlite://{}", folder.path.join("klarsvar.db").display());
    migrate(&config).await?;

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = App::start(config, Arc::clone(&clock)).await.map_err(serve::started)?;
    let keys = Keys::make(&clock)?;
    let standin = standin(&keys, &clock)?;
    let staff = people::ready(&app).await?;
    texts::ready(&app, &staff).await?;
    let videos = Videos::start(&clock, keys.first_number)?;
    videos.ready(&app).await?;
    let posts = Posts::start(&clock, keys.first_number)?;
    posts.ready(&app).await?;
    campaign::ready(&app, &standin, &keys).await?;
    entered::ready(&app, &staff).await?;

    jobs::start(&app);
    let server = server(Arc::clone(&app), listener)?;
    let handle = server.handle();
    let serving = tokio::task::spawn_local(server);
    for at in PLATFORMS {
        standin
            .subscribe(at.platform, &format!("{url}/hooks/{}", at.name))
            .await?;
    }
    let mut crowd = waves::Crowd::new(clock.now());
    let places: Vec<Place<'_>> = videos.places().chain(posts.places()).collect();
    crowd.first(&standin, &places);
    if tokio::time::timeout(FIRST_WAIT, standin.settled()).await.is_err() {
        tracing::warn!("the first comments are still on their way");
    }
    announce(&url, &staff, (&standin, &videos, &posts), &keys, json);

    let arriving = crowd.keep_coming(&standin, &places, &clock, demo.rate);
    tokio::select! {
        stopped = serve::stop_signal() => stopped?,
        () = arriving => {}
    }
    app.stop.cancel();
    app.hub.end_all();
    handle.stop(true).await;
    app.stop().await;
    serving.await??;
    drop(standin);
    Ok(())
}

fn folder(given: Option<&Path>) -> Result<Folder, Failed> {
    let unusable = |path: &Path, error: std::io::Error| {
        Failed::Input(format!(
            "cannot keep data in {}: {error}; choose another folder with --data",
            path.display()
        ))
    };
    if let Some(path) = given {
        std::fs::create_dir_all(path).map_err(|error| unusable(path, error))?;
        return Ok(Folder {
            path: path.to_owned(),
            kept: true,
        });
    }
    let path = std::env::temp_dir().join(format!("klarsvar-demo-{}", std::process::id()));
    // Left behind by a demonstration that was killed.
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).map_err(|error| unusable(&path, error))?;
    Ok(Folder { path, kept: false })
}

async fn migrate(config: &Config) -> Result<(), Failed> {
    let db = Db::open(&config.database.url).await?;
    Migrator::up(db.writer(), None).await?;
    db.close().await;
    Ok(())
}

fn standin(keys: &Keys, clock: &Arc<dyn Clock>) -> std::io::Result<Standin> {
    let told = Arc::clone(clock);
    let mut config = StandinConfig::new(Arc::new(move || told.now()));
    config.app_secret.clone_from(&keys.app_secret);
    config.verify_token.clone_from(&keys.verify_token);
    config.first_number = keys.first_number;
    config.flow.lost = LOST;
    Standin::start(config)
}

#[expect(clippy::print_stdout, reason = "the contract's lines")]
fn announce(url: &str, staff: &Staff, on: (&Standin, &Videos, &Posts), keys: &Keys, json: bool) {
    let (standin, videos, posts) = on;
    let page = format!("{}/", standin.url());
    if json {
        let people: Vec<_> = staff
            .people
            .iter()
            .map(|one| json!({ "role": one.role, "email": one.email, "password": one.password, "lanes": one.lanes }))
            .collect();
        let platforms: Vec<_> = PLATFORMS
            .iter()
            .map(|at| {
                let of = ADVERTS.iter().filter(|advert| advert.platform == at.platform);
                let carry: Vec<&str> = of.map(|advert| advert.post).collect();
                json!({
                    "connector": at.name, "platform": at.platform, "api": standin.api_url(), "page": page,
                    "webhook_secret": keys.app_secret, "account": at.account, "access_token": keys.access_token,
                    "ad_account": AD_ACCOUNT, "posts": carry,
                })
            })
            .chain(videos.announced())
            .chain(posts.announced())
            .collect();
        let line = json!({ "ready": url, "people": people, "token": staff.token, "platforms": platforms });
        println!("{line}");
        return;
    }
    println!("Sign in as one of these (passwords are new at every start):\n");
    for one in &staff.people {
        let lanes: Vec<&str> = one.lanes.iter().map(|lane| lane.as_str()).collect();
        let (role, lanes) = (one.role.as_str(), lanes.join(" "));
        println!("  {role:<11} {lanes:<15} {:<24} {}", one.email, one.password);
    }
    println!("\nReplies appear on {page}");
    for page in videos.pages().into_iter().chain(posts.pages()) {
        println!("  and on {page}, where the platform can be switched off");
    }
    println!("Hand comments in with the token {}\n", staff.token);
    println!("ready {url}");
}
