//! What is read on Facebook: the Page's posts, posts that exist only as ads, and the comments of each with their replies.

use crate::connector::graph::{Carriers, Lists};

const FIELDS: &str = "id,message,from,created_time,parent{id},is_hidden,attachment";

pub(super) const LISTS: Lists = Lists {
    posts: ("published_posts", "id,created_time"),
    ads_posts: Some("ads_posts"),
    fields: FIELDS,
    single: FIELDS,
    limit: "100",
    // Replies stand between the others, so that the newest of all come first.
    extra: &[
        ("filter", "stream"),
        ("order", "reverse_chronological"),
        ("summary", "1"),
    ],
    counted: true,
    carrier,
};

fn carrier(of: Carriers) -> Option<String> {
    of.story
}
