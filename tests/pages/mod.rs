//! The desk's pages over HTTP, and the frames pushed to them.

mod campaigns;
mod desk;
mod enter;
mod forms;
mod insight;
mod roster;
mod sign_in;
mod wire;

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE};

use crate::support::cast::Member;
use crate::support::{Answer, TestDesk};

/// The media type of frames.
pub const FRAMES: &str = "text/vnd.desk+html";

/// Asks for a page as a browser does.
pub async fn page(desk: &TestDesk, member: &Member, path: &str) -> Answer {
    let request = desk.door().http.get(format!("{}{path}", desk.url()));
    Answer::of(
        request
            .header(COOKIE, member.cookie())
            .header(ACCEPT, "text/html")
            .send()
            .await,
    )
    .await
}

/// Sends a form; with script the answer is frames.
pub async fn form(desk: &TestDesk, member: &Member, path: &str, body: &str, script: bool) -> Answer {
    let request = desk
        .door()
        .http
        .request(Method::POST, format!("{}{path}", desk.url()))
        .header(COOKIE, member.cookie())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, if script { FRAMES } else { "text/html" })
        .body(body.to_owned());
    Answer::of(request.send().await).await
}
