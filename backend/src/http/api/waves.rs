//! Waves, open ones and those that are over.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::wave::{note, show};

/// Which part of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    limit: Option<u64>,
}

/// `GET /api/v1/waves`, the one opened last first. Open ones say whether an approved reply is there for them.
///
/// # Errors
/// 400, 401, 403, 503.
pub async fn list(app: Desk, _by: By<right::SeeLoad>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let rows = note::latest(app.db.reader(), ask.limit.unwrap_or(50).clamp(1, 200)).await?;
    let mut waves: Vec<Value> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut view = note::view(&row);
        view["has_reply"] = if row.closed_at.is_none() {
            json!(show::tell(&app, row).await?.has_reply)
        } else {
            Value::Null
        };
        waves.push(view);
    }
    Ok(HttpResponse::Ok().json(json!({ "waves": waves })))
}
