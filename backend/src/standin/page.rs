//! The stand-in's own page: posts with their comments and replies, so that a person sees a reply land.

use std::fmt::Write;

use actix_web::{HttpResponse, web};

use super::Shared;
use super::world::{Comment, World};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;\
color:#1c1e21;background:#f0f2f5}article{background:#fff;border:1px solid #ccd0d5;border-radius:8px;padding:1rem;\
margin:0 0 1.5rem}.comment{margin:.75rem 0;padding-inline-start:.75rem;border-inline-start:3px solid #ccd0d5}\
.reply{margin-inline-start:2rem}.own{border-color:#0b57d0}.hidden{opacity:.6}p{margin:.15rem 0;white-space:pre-wrap;\
overflow-wrap:anywhere}small{color:#50555c}@media(prefers-color-scheme:dark){body{background:#18191a;color:#e4e6eb}\
article{background:#242526;border-color:#3e4042}small{color:#b0b3b8}}";

pub(super) async fn show(shared: web::Data<Shared>) -> HttpResponse {
    let html = render(&shared.world());
    HttpResponse::Ok()
        .insert_header(("content-type", "text/html; charset=utf-8"))
        .insert_header((
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
        ))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("cache-control", "no-store"))
        .body(html)
}

fn render(world: &World) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"3\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Stand-in platform</title><style>{STYLE}</style>\
         </head><body><h1>Stand-in platform</h1><p>What the public sees. Newest first; refreshes by itself.</p>"
    );
    for post in world.posts.iter().filter(|post| world.post(&post.id).is_some()) {
        let Some(holder) = world.holder(&post.holder) else {
            continue;
        };
        // Writing to a String does not fail.
        let _ = write!(
            html,
            "<article id=\"p{}\"><h2 dir=\"auto\">{}</h2><small>{} · {}</small>",
            escape(&post.id),
            escape(&post.text),
            escape(&holder.name),
            holder.platform
        );
        let top = world
            .comments
            .iter()
            .rev()
            .filter(|c| c.post == post.id && c.parent.is_none() && !c.removed);
        for comment in top {
            one(&mut html, comment, "", &post.holder);
            let below = world
                .comments
                .iter()
                .filter(|c| c.parent.as_deref() == Some(&comment.id) && !c.removed);
            for reply in below {
                one(&mut html, reply, " reply", &post.holder);
            }
        }
        html.push_str("</article>");
    }
    html.push_str("</body></html>");
    html
}

fn one(html: &mut String, comment: &Comment, level: &str, holder: &str) {
    let own = if comment.author_id == holder { " own" } else { "" };
    let (hidden, word) = if comment.hidden {
        (" hidden", " · hidden")
    } else {
        ("", "")
    };
    let photo = if comment.photo.is_some() { "[photo]" } else { "" };
    let _ = write!(
        html,
        "<div class=\"comment{level}{own}{hidden}\" id=\"c{}\"><small><bdi>{}</bdi> · {}{word}</small>\
         <p dir=\"auto\">{}{photo}</p></div>",
        escape(&comment.id),
        escape(&comment.author_name),
        comment.at.format("%H:%M:%S"),
        escape(comment.text.as_deref().unwrap_or_default()),
    );
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(character),
        }
    }
    safe
}
