//! What is read on Instagram: the account's media, those that ads show, and the comments of each with their replies.

use crate::connector::graph::{Carriers, Lists};

pub(super) const LISTS: Lists = Lists {
    posts: ("media", "id,timestamp"),
    ads_posts: None,
    fields: "id,text,timestamp,username,from,user,hidden,parent_id,replies{id,text,timestamp,username,from,user,hidden}",
    single: "id,text,timestamp,username,from,user,hidden,media,parent_id",
    // "a maximum of 50 comments per query" (Instagram Platform, IG Media comments).
    limit: "50",
    extra: &[],
    counted: false,
    carrier,
};

fn carrier(of: Carriers) -> Option<String> {
    of.medium
}
