//! WebSockets of the desk: a request that asks for none gets a problem for an answer.

use actix_web::{HttpRequest, HttpResponse, web};
use tokio_tungstenite::WebSocketStream;

use super::problem::Problem;
use crate::socket::{self, Duplex};

/// Upgrades a request; `serve` gets the open socket and runs on the worker that took the request.
///
/// # Errors
/// 400 when the request is no WebSocket handshake.
pub fn upgrade<F, T>(request: &HttpRequest, body: web::Payload, serve: F) -> Result<HttpResponse, Problem>
where
    F: FnOnce(WebSocketStream<Box<dyn Duplex>>) -> T + 'static,
    T: Future<Output = ()> + 'static,
{
    socket::upgrade(request, body, serve)
        .ok_or_else(|| Problem::bad_input("This address speaks WebSocket, version 13."))
}
