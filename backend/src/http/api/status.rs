//! Whether the process lives and can serve.

use actix_web::HttpResponse;
use sea_orm::ConnectionTrait;

use crate::http::extract::Desk;
use crate::http::problem::Problem;

/// `GET /healthz`.
pub async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

/// `GET /readyz`.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn ready(app: Desk) -> Result<HttpResponse, Problem> {
    app.db.reader().execute_unprepared("SELECT 1").await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ready\n"))
}

/// `GET /metrics`: Prometheus text.
pub async fn metrics(app: Desk) -> HttpResponse {
    use std::fmt::Write;
    let now = crate::clock::ms(app.clock.now());
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# TYPE klarsvar_sockets gauge\nklarsvar_sockets {}",
        app.hub.count()
    );
    let _ = writeln!(text, "# TYPE klarsvar_backlog gauge");
    for lane in crate::domain::lane::Lane::ALL {
        let load = app.board.load(*lane, now, app.config.lane.near_min);
        let _ = writeln!(text, "klarsvar_backlog{{lane=\"{lane}\"}} {}", load.backlog);
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}
