//! `klarsvar serve`: the desk.

use std::net::TcpListener;
use std::sync::Arc;

use crate::app::{App, StartError};
use crate::cli::Failed;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::http::server::server;
use crate::jobs;

/// Serves until told to stop: no new intake, what is acknowledged is finished, sockets are closed.
#[expect(clippy::print_stdout, reason = "the contract's one line")]
pub async fn run(config: Config) -> Result<(), Failed> {
    let listener = TcpListener::bind(&config.http.listen).map_err(|error| {
        Failed::Input(format!(
            "cannot listen on {}: {error}; change http.listen",
            config.http.listen
        ))
    })?;
    let url = config.http.public_url.clone();
    let app = App::start(config, Arc::new(SystemClock)).await.map_err(started)?;
    jobs::start(&app);
    let server = server(Arc::clone(&app), listener)?;
    let handle = server.handle();
    let serving = tokio::task::spawn_local(server);
    println!("ready {url}");
    stop_signal().await?;
    tracing::info!("stopping");
    app.stop.cancel();
    app.hub.end_all();
    handle.stop(true).await;
    app.stop().await;
    serving.await??;
    Ok(())
}

/// What to say when the desk does not start.
pub fn started(error: StartError) -> Failed {
    match error {
        StartError::Schema(_) => Failed::Input(error.to_string()),
        StartError::Store(_) | StartError::View(_) | StartError::Writer(_) | StartError::Key(_) => {
            Failed::Work(error.to_string())
        }
    }
}

/// Waits for SIGTERM or Ctrl-C.
pub async fn stop_signal() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}
