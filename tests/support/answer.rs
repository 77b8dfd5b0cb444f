//! An HTTP answer, with the checks that every test makes of one.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// Status, headers and body of an answer.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
}

impl Answer {
    /// Reads a response to its end.
    pub async fn of(sent: Result<reqwest::Response, reqwest::Error>) -> Self {
        let response = sent.expect("the desk answers");
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.expect("the answer can be read"),
        }
    }

    /// The body as JSON, after checking the status.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        self.is(status);
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Checks the status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Checks a refusal: status, media type, stable code, and that it tells no internals.
    #[track_caller]
    pub fn refuses(&self, status: u16, code: &str) -> Value {
        let body = self.json(status);
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(body["code"], code, "{self:?}");
        assert_eq!(body["status"], status);
        assert!(
            body["detail"].as_str().is_some_and(|detail| !detail.is_empty()),
            "{self:?}"
        );
        for leak in ["sqlx", "SELECT ", "INSERT ", "panicked", ".rs:"] {
            assert!(!self.text.contains(leak), "the refusal tells internals: {self:?}");
        }
        body
    }

    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}
