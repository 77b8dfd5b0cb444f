//! What every stand-in stands on: a listener with a server on a thread and a runtime of its own, and the public's page.
//!
//! Knows no protocol. A stand-in gives its routes and whatever runs beside them.

use std::fmt::Write;
use std::net::TcpListener;

use actix_web::body::SizedStream;
use actix_web::dev::{Server, ServerHandle};
use actix_web::{App, HttpResponse, HttpServer, web};
use tokio::sync::oneshot;

/// A running server. Stops when dropped.
pub(super) struct Ground {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Ground {
    /// Serves `routes` on the listener; `beside` runs on the server's runtime once it serves.
    ///
    /// # Errors
    /// If the server cannot be made.
    pub(super) fn start<R, B, F>(listener: TcpListener, routes: R, beside: B) -> std::io::Result<Self>
    where
        R: Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
        B: FnOnce() -> F + Send + 'static,
        F: Future<Output = ()> + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        let (started, starting) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("standin".into()).spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                match serve(listener, routes) {
                    Ok(server) => {
                        let handle = server.handle();
                        actix_web::rt::spawn(beside());
                        let _ = started.send(Ok(()));
                        until_stopped(server, handle, stopped).await;
                    }
                    Err(error) => {
                        let _ = started.send(Err(error));
                    }
                }
            });
        })?;
        starting
            .recv()
            .map_err(|_| std::io::Error::other("the stand-in did not start"))??;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Gone already if the server ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve<R>(listener: TcpListener, routes: R) -> std::io::Result<Server>
where
    R: Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
{
    let server = HttpServer::new(move || App::new().configure(routes.clone()))
        .workers(1)
        .disable_signals()
        .shutdown_timeout(0)
        .listen(listener)?;
    Ok(server.run())
}

async fn until_stopped(server: Server, handle: ServerHandle, stopped: oneshot::Receiver<()>) {
    tokio::select! {
        _ = server => {}
        _ = stopped => handle.stop(false).await,
    }
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;\
color:#1c1e21;background:#f0f2f5}article{background:#fff;border:1px solid #ccd0d5;border-radius:8px;padding:1rem;\
margin:0 0 1.5rem}.comment{margin:.75rem 0;padding-inline-start:.75rem;border-inline-start:3px solid #ccd0d5}\
.reply{margin-inline-start:2rem}.own{border-color:#0b57d0}.hidden{opacity:.6}p{margin:.15rem 0;white-space:pre-wrap;\
overflow-wrap:anywhere}small{color:#50555c}@media(prefers-color-scheme:dark){body{background:#18191a;color:#e4e6eb}\
article{background:#242526;border-color:#3e4042}small{color:#b0b3b8}}";

/// The page that shows what the public sees, around `content`, which is HTML with every outside text escaped.
pub(super) fn public_page(name: &str, content: &str) -> HttpResponse {
    let mut html = String::new();
    // Writing to a String does not fail.
    let _ = write!(
        html,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"3\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{name}</title><style>{STYLE}</style></head><body>\
         <h1>{name}</h1><p>What the public sees. Newest first; refreshes by itself.</p>{content}</body></html>"
    );
    HttpResponse::Ok()
        .insert_header(("content-type", "text/html; charset=utf-8"))
        .insert_header((
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
        ))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("cache-control", "no-store"))
        .body(html)
}

/// The form that switches a platform off, or on again.
pub(super) fn switch_form(down: bool) -> String {
    let (said, word) = if down {
        ("<strong>Switched off: answers nobody.</strong> ", "on")
    } else {
        ("", "off")
    };
    format!("<form method=\"post\" action=\"/switch\"><p>{said}<button>Switch the platform {word}</button></p></form>")
}

/// Back to the page once the platform was switched.
pub(super) fn switched() -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("location", "/")).finish()
}

/// Ends the connection without an answer: the announced body fails before its first byte.
pub(super) fn broken() -> HttpResponse {
    let nothing = futures_util::stream::once(async { Err::<web::Bytes, _>(std::io::Error::other("dropped")) });
    HttpResponse::Ok().body(SizedStream::new(1_000, Box::pin(nothing)))
}

/// Never answers to the end: whoever waits gives up.
pub(super) fn silent() -> HttpResponse {
    let nothing = futures_util::stream::pending::<Result<web::Bytes, std::io::Error>>();
    HttpResponse::Ok().body(SizedStream::new(1_000, Box::pin(nothing)))
}

/// Text as HTML shows it.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
