//! Files for browsers: `/a/{tree}/{path}`. An address never changes what it gives, so it may be kept for ever.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::problem::Problem;
use crate::view::assets;

/// `GET /a/{tree}/{path}`.
///
/// # Errors
/// 404.
pub async fn read(request: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (tree, path) = path.into_inner();
    // A page from before an upgrade asks for files that are gone: it gets nothing rather than the wrong ones.
    let asset = assets::find(&path)
        .filter(|_| tree == assets::tree())
        .ok_or_else(Problem::not_found)?;
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (coding, bytes) = asset.best(accepted);
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"));
    if let Some(coding) = coding {
        answer.insert_header((header::CONTENT_ENCODING, coding));
    }
    Ok(answer.body(bytes))
}
