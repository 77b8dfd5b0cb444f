//! The one place that calls platforms over HTTP, and that knows whether a call without an answer can have taken effect.
//!
//! Calls go to the configured address and nowhere else: redirects are not followed, answers are cut off at a length.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::Value;

use super::{Readback, Sent};

/// Longest answer read; a page of 100 comments of 8,000 characters stays below it.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the answer is read. A call that runs longer has an unknown outcome.
    pub total: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            total: Duration::from_secs(10),
        }
    }
}

/// Connections to platforms, shared by all accounts.
pub struct Http {
    /// Honours the machine's proxy settings.
    outward: Result<reqwest::Client, String>,
    /// Never through a proxy: a server on this machine (demo, tests) is not reachable through one.
    local: Result<reqwest::Client, String>,
}

impl Http {
    /// Makes the connection pools. Installs the process's TLS provider if none is.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = |local: bool| {
            let builder = reqwest::Client::builder()
                .connect_timeout(timing.connect)
                .timeout(timing.total)
                // A redirect would carry the token to wherever it points.
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("klarsvar/", env!("CARGO_PKG_VERSION")));
            let builder = if local { builder.no_proxy() } else { builder };
            builder.build().map_err(|e| e.to_string())
        };
        Self {
            outward: build(false),
            local: build(true),
        }
    }

    /// Makes one call below the address `base`, once. An error that the platform answers with is an answer.
    pub(in crate::connector) async fn call(&self, base: &str, call: Call<'_>) -> Result<Answer, NoAnswer> {
        let address = format!("{}/{}", base.trim_end_matches('/'), call.path);
        let mut address = Url::parse(&address).map_err(|e| NoAnswer::Impossible(format!("address of the API: {e}")))?;
        if !call.query.is_empty() {
            address.query_pairs_mut().extend_pairs(&call.query);
        }
        let loopback = match address.host() {
            Some(host) => {
                let host = host.to_string();
                host == "localhost" || host == "[::1]" || host.starts_with("127.")
            }
            None => false,
        };
        let pool = if loopback { &self.local } else { &self.outward };
        let pool = pool.as_ref().map_err(|e| NoAnswer::NotSent(e.clone()))?;
        let mut request = pool.request(call.method, address);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let request = match &call.payload {
            Payload::Nothing => request,
            Payload::Form(fields) => request.form(fields),
            Payload::Json(body) => request.json(body),
        };
        let response = request.send().await.map_err(NoAnswer::of)?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: read(response).await?,
        })
    }
}

async fn read(mut response: reqwest::Response) -> Result<String, NoAnswer> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(NoAnswer::of)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(NoAnswer::Lost("the answer is too long".into()));
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| NoAnswer::Lost("the answer is not UTF-8".into()))
}

/// One call to make.
pub(in crate::connector) struct Call<'a> {
    method: Method,
    path: String,
    query: Vec<(&'a str, String)>,
    headers: Vec<(&'static str, String)>,
    payload: Payload<'a>,
}

enum Payload<'a> {
    Nothing,
    Form(Vec<(&'a str, &'a str)>),
    Json(Value),
}

impl<'a> Call<'a> {
    fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            headers: Vec::new(),
            payload: Payload::Nothing,
        }
    }

    /// Reads an object or an edge.
    pub(in crate::connector) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path.into())
    }

    /// Writes.
    pub(in crate::connector) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path.into())
    }

    /// Removes.
    pub(in crate::connector) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path.into())
    }

    /// Adds a query parameter.
    pub(in crate::connector) fn query(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a header.
    pub(in crate::connector) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Shows the token.
    pub(in crate::connector) fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Adds a field of a form.
    pub(in crate::connector) fn form(mut self, name: &'a str, value: &'a str) -> Self {
        if let Payload::Form(fields) = &mut self.payload {
            fields.push((name, value));
        } else {
            self.payload = Payload::Form(vec![(name, value)]);
        }
        self
    }

    /// Sends JSON.
    pub(in crate::connector) fn json(mut self, body: Value) -> Self {
        self.payload = Payload::Json(body);
        self
    }
}

/// What a platform answered.
#[derive(Debug)]
pub(in crate::connector) struct Answer {
    pub(in crate::connector) status: u16,
    pub(in crate::connector) headers: HeaderMap,
    pub(in crate::connector) body: String,
}

impl Answer {
    /// Whether the status says that it was done.
    pub(in crate::connector) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The answer, if it has the expected form.
    pub(in crate::connector) fn json<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_str(&self.body).ok()
    }
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connector) enum NoAnswer {
    /// The call cannot be made as asked.
    Impossible(String),
    /// The request never left: no connection.
    NotSent(String),
    /// The request was written and no whole answer came.
    Lost(String),
}

impl NoAnswer {
    fn of(error: reqwest::Error) -> Self {
        let timeout = error.is_timeout();
        // The address names the comment; whoever reads the message knows it already.
        let error = error.without_url();
        if error.is_builder() {
            Self::Impossible(error.to_string())
        } else if error.is_connect() {
            Self::NotSent("no connection to the platform".into())
        } else if timeout {
            Self::Lost("the platform did not answer in time".into())
        } else {
            Self::Lost("the connection was lost before the answer".into())
        }
    }

    /// What happened, for staff.
    pub(in crate::connector) fn message(self) -> String {
        match self {
            Self::Impossible(message) | Self::NotSent(message) | Self::Lost(message) => message,
        }
    }

    /// How an attempt with this end is told.
    pub(in crate::connector) fn into_sent(self) -> Sent {
        match self {
            Self::Impossible(message) => Sent::Refused {
                code: "invalid",
                message,
            },
            Self::NotSent(message) => Sent::Later {
                code: "unavailable",
                message,
                after: None,
            },
            Self::Lost(message) => Sent::Unknown { message },
        }
    }

    /// What a reading with this end shows.
    pub(in crate::connector) fn into_readback(self) -> Readback {
        match self {
            Self::Impossible(message) => Readback::CannotTell { message },
            Self::NotSent(message) | Self::Lost(message) => Readback::Later { message },
        }
    }
}

/// The id, if it can be one segment of an address or one of a list. Ids are outside text: `../me` would call something else.
pub(in crate::connector) fn object_id(id: &str) -> Option<&str> {
    let fits = (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    fits.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_would_change_the_address_are_none() {
        assert_eq!(
            object_id("520000000000101_630000000000001"),
            Some("520000000000101_630000000000001")
        );
        let long = "1".repeat(129);
        for id in ["", "../me", "1/comments", "1?x", "1#", "%2e", "å", long.as_str()] {
            assert_eq!(object_id(id), None, "{id}");
        }
    }
}
