//! Reads one post (`app.bsky.feed.post`), wherever it is shown: in a list, in a thread, on the stream.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::key;
use crate::connector::json::Word;
use crate::connector::{Attachment, Author, CommentEvent, Happened};

/// Most pictures of a post.
const PICTURES: usize = 10;

/// A post and what is known of it besides.
pub(super) struct Post<'a> {
    /// Its address.
    pub(super) uri: &'a str,
    /// The record as its author's client wrote it.
    pub(super) record: &'a RawValue,
    /// Handle of the author, where shown.
    pub(super) handle: Option<String>,
    /// Display name of the author, where shown.
    pub(super) name: Option<String>,
    /// When a server first saw it. What the author's client claims is not to be trusted (bsky-docs, "Timestamps").
    pub(super) at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(default)]
    text: Word,
    #[serde(default, borrow)]
    reply: Option<&'a RawValue>,
    #[serde(default, borrow)]
    langs: Option<&'a RawValue>,
    #[serde(default, borrow)]
    embed: Option<&'a RawValue>,
    #[serde(default, borrow)]
    facets: Option<&'a RawValue>,
}

/// Address and content hash of a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
pub(super) struct Strong {
    pub(super) uri: String,
    pub(super) cid: String,
}

/// What a post answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
pub(super) struct Reply {
    pub(super) root: Strong,
    pub(super) parent: Strong,
}

#[derive(Deserialize)]
struct Embed<'a> {
    #[serde(default)]
    images: Option<Vec<serde::de::IgnoredAny>>,
    #[serde(default)]
    video: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    external: Option<External>,
    /// The quoted post, by itself or with pictures.
    #[serde(default, borrow)]
    record: Option<&'a RawValue>,
    #[serde(default, borrow)]
    media: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct External {
    #[serde(default)]
    uri: Word,
}

#[derive(Deserialize)]
struct Quoted {
    #[serde(default)]
    uri: Word,
    #[serde(default)]
    record: Option<Strong>,
}

#[derive(Deserialize)]
struct Facet {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    did: Word,
}

fn read<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

/// What the record answers, if anything.
pub(super) fn answered(record: &RawValue) -> Option<Reply> {
    let record: Record<'_> = serde_json::from_str(record.get()).ok()?;
    read(record.reply)
}

/// Why a post is of concern to an account.
struct Bond {
    reply: Option<Reply>,
    /// One of the account's posts that it quotes.
    quoted: Option<String>,
    /// Whether it names the account.
    is_named: bool,
}

impl Bond {
    fn of(account: &str, record: &Record<'_>) -> Self {
        let is_ours = |uri: &str| key::address(uri).is_some_and(|address| address.did == account);
        let embed: Option<Embed<'_>> = read(record.embed);
        let quoted = embed.and_then(|embed| read::<Quoted>(embed.record)).and_then(|quoted| {
            let uri = quoted.record.map(|inner| inner.uri).or(quoted.uri.filled());
            uri.filter(|uri| is_ours(uri))
        });
        let facets: Vec<Facet> = read(record.facets).unwrap_or_default();
        let mut features = facets.into_iter().flat_map(|facet| facet.features);
        Self {
            reply: read(record.reply),
            quoted,
            is_named: features.any(|feature| feature.did.0.as_deref() == Some(account)),
        }
    }

    fn holds(&self, account: &str, author: &str) -> bool {
        let ours = |uri: &str| key::address(uri).is_some_and(|address| address.did == account);
        let in_thread = self.reply.as_ref().is_some_and(|reply| ours(&reply.root.uri));
        if author == account {
            return in_thread;
        }
        let answers = self.reply.as_ref().is_some_and(|reply| ours(&reply.parent.uri));
        in_thread || answers || self.quoted.is_some() || self.is_named
    }
}

/// What a post of everybody's is to an account: a comment if it answers, quotes or names it; else nothing.
pub(super) fn concern(account: &str, what: Happened, post: Post<'_>) -> Option<CommentEvent> {
    let author = key::post(post.uri)?.did;
    let record: Record<'_> = serde_json::from_str(post.record.get()).ok()?;
    let bond = Bond::of(account, &record);
    bond.holds(account, author)
        .then(|| event(account, what, post, record, bond))?
}

/// A post as a comment; none if it is no post, or one of the account's own that answers nothing.
pub(super) fn comment(account: &str, what: Happened, post: Post<'_>) -> Option<CommentEvent> {
    let record: Record<'_> = serde_json::from_str(post.record.get()).ok()?;
    let bond = Bond::of(account, &record);
    event(account, what, post, record, bond)
}

fn event(account: &str, what: Happened, post: Post<'_>, record: Record<'_>, bond: Bond) -> Option<CommentEvent> {
    let address = key::post(post.uri)?;
    let own = address.did == account;
    if own && bond.reply.is_none() {
        return None;
    }
    let (root, parent) = bond.reply.map(|reply| (reply.root.uri, reply.parent.uri)).unzip();
    let languages: Vec<Word> = read(record.langs).unwrap_or_default();
    Some(CommentEvent {
        what,
        account: account.to_owned(),
        external_id: post.uri.to_owned(),
        parent: parent.filter(|parent| root.as_ref() != Some(parent)),
        post: root.or(bond.quoted),
        ad: None,
        ad_title: None,
        author: Some(Author {
            id: Some(address.did.to_owned()),
            handle: post.handle,
            name: post.name,
        }),
        own,
        text: record.text.0,
        attachments: attachments(read(record.embed), address),
        declared_language: languages.into_iter().find_map(Word::filled),
        at: post.at,
        created_at: Some(post.at),
    })
}

/// Pictures and videos lie on the author's server under no address of their own: the post's is given.
fn attachments(embed: Option<Embed<'_>>, address: key::Address<'_>) -> Vec<Attachment> {
    let Some(embed) = embed else { return Vec::new() };
    let page = format!("https://bsky.app/profile/{}/post/{}", address.did, address.key);
    let inner: Option<Embed<'_>> = read(embed.media);
    let one = |kind: &str, url: String| Attachment { kind: kind.into(), url };
    [Some(embed), inner]
        .into_iter()
        .flatten()
        .flat_map(|embed| {
            let pictures = embed.images.map_or(0, |images| images.len().min(PICTURES));
            let link = embed.external.and_then(|external| external.uri.filled());
            std::iter::repeat_n(one("photo", page.clone()), pictures)
                .chain(embed.video.map(|_| one("video", page.clone())))
                .chain(link.map(|url| one("link", url)))
                .collect::<Vec<_>>()
        })
        .collect()
}
