//! The HTTP server: one port for pages, API, hooks and sockets.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{App as Actix, HttpServer, ResponseError, web};

use super::problem::{self, Problem};
use super::{extract, idempotency, origin, pages, routes};
use crate::app::App;

/// Scripts and connections of our own origin only, one Trusted Types policy (`ui.md` 1.5).
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
require-trusted-types-for 'script'; trusted-types desk";

/// Largest form of a page, in bytes: the longest reply a platform takes, encoded, with room.
const FORM_LIMIT: usize = 64 * 1024;

/// A server on a bound listener; runs when awaited.
///
/// # Errors
/// The listener cannot be used.
pub fn server(app: Arc<App>, listener: TcpListener) -> io::Result<Server> {
    let data = web::Data::from(Arc::clone(&app));
    let limit = app.config.http.body_limit;
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(data.clone())
            .app_data(web::PayloadConfig::new(limit))
            .app_data(web::JsonConfig::default().limit(64 * 1024).error_handler(|error, _| {
                if error.status_code() == StatusCode::PAYLOAD_TOO_LARGE {
                    Problem::too_large().into()
                } else {
                    Problem::bad_input(format!("The body cannot be used: {error}.")).into()
                }
            }))
            .app_data(web::QueryConfig::default().error_handler(|error, _| {
                Problem::bad_input(format!("The address's parameters cannot be used: {error}.")).into()
            }))
            .wrap(from_fn(idempotency::read))
            .app_data(web::FormConfig::default().limit(FORM_LIMIT).error_handler(|error, _| {
                let problem = match error.status_code() {
                    StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        "too-large",
                        "The form is too large. Shorten it and try again.",
                    ),
                    _ => Problem::bad_input(format!("The form cannot be used: {error}.")),
                };
                problem.into()
            }))
            .wrap(from_fn(extract::recognise))
            .wrap(from_fn(origin::guard))
            .wrap(from_fn(problem::unify))
            .wrap(from_fn(pages::error::pages))
            .wrap(
                DefaultHeaders::new()
                    .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
                    .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                    .add((header::REFERRER_POLICY, "no-referrer"))
                    .add(("cross-origin-opener-policy", "same-origin"))
                    .add((header::CACHE_CONTROL, "no-store")),
            )
            .configure(routes::register)
            .default_service(web::to(|| async { Err::<String, _>(Problem::not_found()) }))
    })
    .workers(app.config.http.workers)
    .tcp_nodelay(true)
    .max_connections(20_000)
    .backlog(4096)
    .shutdown_timeout(5)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}
