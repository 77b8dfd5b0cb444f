//! The stand-in's own page: posts with their comments and replies, so that a person sees a reply land.

use std::fmt::Write;

use actix_web::{HttpResponse, web};

use super::Shared;
use super::world::{Comment, World};
use crate::standin::ground::{escape, public_page, switch_form, switched};

pub(super) async fn show(shared: web::Data<Shared>) -> HttpResponse {
    public_page("Stand-in platform", &render(&shared.world()))
}

/// Switches both platforms off, or on again: one API serves them.
pub(super) async fn switch(shared: web::Data<Shared>) -> HttpResponse {
    let down = !shared.world().down;
    shared.set_down(down);
    switched()
}

fn render(world: &World) -> String {
    let mut html = switch_form(world.down);
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
