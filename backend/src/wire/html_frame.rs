//! Frames of HTML parts (`ui.md` 1.1): the same form for a push and for the answer to a form.

use std::fmt::Write;

use super::topic::Topic;

/// Largest frame, in bytes.
pub const LARGEST: usize = 32 * 1024;

/// Operations of one frame, as text.
#[derive(Debug, Clone, Default)]
pub struct Ops(String);

impl Ops {
    /// Replaces the element of this id by a part.
    pub fn put(&mut self, to: &str, part: &str) {
        self.op("put", &[("to", to)], part);
    }

    /// Puts a part into a list before the element of this id; at the end if there is none.
    pub fn add(&mut self, to: &str, before: Option<&str>, part: &str) {
        match before {
            Some(before) => self.op("add", &[("to", to), ("before", before)], part),
            None => self.op("add", &[("to", to)], part),
        }
    }

    /// Takes an element away; the part is what stays of it while somebody looks at it.
    pub fn del(&mut self, to: &str, part: &str) {
        self.op("del", &[("to", to)], part);
    }

    /// Announces a sentence of plain text; `how` is `polite` or `assertive`.
    pub fn say(&mut self, how: &str, sentence: &str) {
        self.op("say", &[("how", how)], &escape(sentence));
    }

    /// Leads to another page of the desk.
    pub fn go(&mut self, path: &str) {
        self.op("go", &[("to", path)], "");
    }

    /// Has a topic's region read again.
    pub fn stale(&mut self, topic: Topic) {
        self.op("stale", &[("to", &topic.to_string())], "");
    }

    fn op(&mut self, op: &str, data: &[(&str, &str)], body: &str) {
        let _ = write!(self.0, "<template data-op=\"{op}\"");
        for (name, value) in data {
            let _ = write!(self.0, " data-{name}=\"{}\"", escape(value));
        }
        let _ = writeln!(self.0, ">{body}</template>");
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds the operations of another.
    pub fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// The answer to a form.
    #[must_use]
    pub fn into_answer(self) -> String {
        self.0
    }

    /// A pushed frame: `prev` is the number of the topic's frame before this one, `seq` of the last event this tells of.
    #[must_use]
    pub fn into_frame(self, topic: Topic, prev: i64, seq: i64) -> String {
        format!("<!--{topic} {prev} {seq}-->\n{}", self.0)
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// What is told of one comment (or other thing) on a topic, and by which event last.
#[derive(Debug, Clone)]
pub struct Told {
    /// Number of the last event about it.
    pub seq: i64,
    /// What to do.
    pub ops: Ops,
}

/// Frames of a topic, each at most [`LARGEST`] unless one thing alone is larger. Their numbers rise from `prev`.
#[must_use]
pub fn frames(topic: Topic, prev: i64, mut told: Vec<Told>) -> Vec<(i64, String)> {
    told.sort_by_key(|one| one.seq);
    let mut frames = Vec::new();
    let (mut prev, mut last, mut ops) = (prev, prev, Ops::default());
    for one in told {
        if !ops.is_empty() && ops.len() + one.ops.len() > LARGEST && one.seq > last {
            frames.push((last, std::mem::take(&mut ops).into_frame(topic, prev, last)));
            prev = last;
        }
        ops.append(&one.ops);
        last = one.seq;
    }
    if !ops.is_empty() {
        frames.push((last, ops.into_frame(topic, prev, last)));
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lane::Lane;

    #[test]
    fn a_frame_names_its_topic_and_the_numbers_before_and_now() {
        let mut ops = Ops::default();
        ops.put("card-1", "<li id=\"card-1\"></li>");
        assert_eq!(
            ops.into_frame(Topic::Queue(Lane::Ar), 7, 9),
            "<!--queue.ar 7 9-->\n<template data-op=\"put\" data-to=\"card-1\"><li id=\"card-1\"></li></template>\n"
        );
    }

    #[test]
    fn what_is_said_and_where_it_leads_is_escaped() {
        let mut ops = Ops::default();
        ops.say("polite", "<img onerror=x>");
        ops.go("/desk?a=1&b=\"2\"");
        let text = ops.into_answer();
        assert!(
            text.contains("&lt;img onerror=x&gt;") && text.contains("a=1&amp;b=&quot;2&quot;"),
            "{text}"
        );
    }

    #[test]
    fn large_frames_are_split_and_their_numbers_join() {
        let told = (1..=10)
            .rev()
            .map(|seq| {
                let mut ops = Ops::default();
                ops.put("x", &"y".repeat(10_000));
                Told { seq, ops }
            })
            .collect();
        let frames = frames(Topic::Esc, 0, told);
        assert_eq!(frames.len(), 4);
        let mut prev = 0;
        for (seq, text) in &frames {
            assert!(text.len() <= LARGEST + 64);
            assert!(text.starts_with(&format!("<!--esc {prev} {seq}-->")), "{}", &text[..30]);
            prev = *seq;
        }
        assert_eq!(prev, 10);
    }
}
