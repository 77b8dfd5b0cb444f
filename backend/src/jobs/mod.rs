//! Periodic work. Each job is a function of (App, now), safe to run twice and on two instances; only the table below
//! knows how often, and only `start` waits.

pub mod elsewhere;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::MissedTickBehavior;

use self::elsewhere::Followed;
use crate::app::App;
use crate::change::Failure;
use crate::clock;
use crate::delivery::take_apart::take_apart_waiting;
use crate::hourly::keep::Pace;
use crate::lane::claim::ReleaseExpired;
use crate::outbox;
use crate::store::Error;
use crate::wave::look::Look;

/// One job: its name, how often, what it does.
type Job = (
    &'static str,
    Duration,
    fn(Arc<App>) -> BoxFuture<'static, Result<(), Error>>,
);

/// Every job.
pub const TABLE: &[Job] = &[
    ("release-expired", Duration::from_secs(1), |app| {
        Box::pin(async move { release_expired(&app).await })
    }),
    ("outbox", Duration::from_millis(250), |app| {
        Box::pin(async move { outbox::dispatch(&app).await.map(|_| ()) })
    }),
    ("take-apart-waiting", Duration::from_secs(5), |app| {
        Box::pin(async move { take_apart_waiting(&app).await.map(|_| ()) })
    }),
    ("plan-errands", Duration::from_secs(10), |app| {
        Box::pin(async move { crate::intake::plan(&app).await })
    }),
    ("errands", Duration::from_secs(1), |app| {
        Box::pin(async move { crate::intake::dispatch(&app).await.map(|_| ()) })
    }),
    ("listen", Duration::from_secs(1), |app| {
        Box::pin(async move { crate::intake::listen::dispatch(&app).await.map(|_| ()) })
    }),
    ("look-for-blind", Duration::from_secs(5), |app| {
        Box::pin(async move { crate::intake::sight::look(&app).await })
    }),
    ("renew-tokens", Duration::from_secs(30), |app| {
        Box::pin(async move { crate::intake::token::renew_soon(&app).await })
    }),
    ("tell-load", Duration::from_secs(1), |app| {
        Box::pin(async move {
            crate::load::push::tell(&app);
            Ok(())
        })
    }),
    ("tell-load-pages", Duration::from_millis(500), |app| {
        Box::pin(async move { crate::wire::html_staff::load(&app).await })
    }),
    ("end-shifts", Duration::from_secs(1), |app| {
        Box::pin(async move { crate::shift::bell::ring(&app).await.map(|_| ()) })
    }),
    ("end-sessions", Duration::from_secs(60), |app| {
        Box::pin(async move { crate::person::session::end_over(&app).await.map(|_| ()) })
    }),
    ("forget-answers", Duration::from_secs(3_600), |app| {
        Box::pin(async move { crate::http::idempotency::forget_old(&app).await.map(|_| ()) })
    }),
    ("gather-stories", Duration::from_secs(2), |app| {
        Box::pin(async move { crate::story::gather::gather(&app).await.map(|_| ()) })
    }),
    ("tally-stories", Duration::from_secs(2), |app| {
        Box::pin(async move { crate::story::tally::tally(&app).await.map(|_| ()) })
    }),
    ("look-ahead", Duration::from_secs(30), |app| {
        Box::pin(async move { crate::load::outlook::look_ahead(&app).await })
    }),
    ("count-load", Duration::from_secs(60), |app| {
        Box::pin(async move { count_load(&app).await })
    }),
];

/// Starts every job in the background.
pub fn start(app: &Arc<App>) {
    for (name, every, job) in TABLE {
        repeat(app, name, *every, *job);
    }
    let pace = Arc::new(tokio::sync::Mutex::new(Pace::default()));
    repeat(app, "keep-hourly", Duration::from_secs(20), move |app| {
        let pace = Arc::clone(&pace);
        Box::pin(async move { pace.lock().await.keep(&app).await.map(|_| ()) })
    });
    let look = Arc::new(tokio::sync::Mutex::new(Look::default()));
    repeat(app, "look-for-waves", Duration::from_secs(30), move |app| {
        let look = Arc::clone(&look);
        Box::pin(async move { look.lock().await.look(&app).await.map(|_| ()) })
    });
    let followed = Arc::new(tokio::sync::Mutex::new(Followed::by(app)));
    repeat(app, "follow-elsewhere", Duration::from_secs(1), move |app| {
        let followed = Arc::clone(&followed);
        Box::pin(async move { followed.lock().await.follow(&app).await })
    });
}

fn repeat(
    app: &Arc<App>,
    name: &'static str,
    every: Duration,
    job: impl Fn(Arc<App>) -> BoxFuture<'static, Result<(), Error>> + Send + 'static,
) {
    let app = Arc::clone(app);
    app.tasks.clone().spawn(async move {
        let mut tick = tokio::time::interval(every);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = app.stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            if let Err(error) = job(Arc::clone(&app)).await {
                tracing::warn!(job = name, %error, "a job did not finish; it runs again");
            }
        }
    });
}

/// Gives back comments whose lease ran out.
///
/// # Errors
/// Any [`Error`].
pub async fn release_expired(app: &App) -> Result<(), Error> {
    match app.writer.change(ReleaseExpired { most: 200 }).await {
        Ok(_) => Ok(()),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

/// Compares the kept load with a count.
///
/// # Errors
/// Any [`Error`].
pub async fn count_load(app: &App) -> Result<(), Error> {
    if app.board.count(app.db.reader(), clock::ms(app.clock.now())).await? {
        tracing::warn!("the kept load differed from the count and was put right");
    }
    Ok(())
}
