//! What the Graph API's error answers mean. Decided on `code` and `error_subcode`, never on the text.

use std::time::Duration;

use serde::Deserialize;

use super::usage::Usage;
use crate::connector::json::Word;
use crate::connector::reading::Untold;
use crate::connector::{Readback, Sent};

/// What an error says about the call it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) enum Meaning {
    /// Too many calls; not done.
    Limited,
    /// The platform failed; whether it took effect first is not said.
    Failing,
    /// The token is not accepted; somebody has to sign in again.
    Token,
    /// A permission or role is missing.
    Permission,
    /// The object is deleted, or not visible to this token.
    Gone,
    /// Blocked for reasons of policy: writing must stop.
    Blocked,
    /// The same text was just posted, perhaps by us.
    Duplicate,
    /// A private reply was already sent.
    AlreadyAnswered,
    /// The time for a private reply is over.
    TooLate,
    /// Wrong in itself; the same call fails again.
    Invalid,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::connector) struct Failure {
    status: u16,
    code: Option<i64>,
    subcode: Option<i64>,
    transient: bool,
    message: String,
    usage: Usage,
}

#[derive(Deserialize)]
struct Body {
    error: Said,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    code: Word,
    #[serde(default)]
    error_subcode: Word,
    #[serde(default)]
    is_transient: Option<bool>,
    #[serde(default)]
    message: Word,
    #[serde(default)]
    error_user_msg: Word,
}

impl Failure {
    /// Reads an error answer. Something else than Graph's error body (a proxy's page) is judged by its status alone.
    pub(in crate::connector) fn read(status: u16, body: &str, usage: Usage) -> Self {
        let said = serde_json::from_str::<Body>(body).ok().map(|body| body.error);
        let Some(said) = said else {
            let message = format!("HTTP {status} without a readable error");
            return Self {
                status,
                code: None,
                subcode: None,
                transient: false,
                message,
                usage,
            };
        };
        let number = |word: &Word| word.0.as_deref().and_then(|n| n.parse().ok());
        let (code, subcode) = (number(&said.code), number(&said.error_subcode));
        let transient = said.is_transient.unwrap_or(false);
        let text = said
            .error_user_msg
            .filled()
            .or(said.message.filled())
            .unwrap_or_default();
        let mark = match (code, subcode) {
            (Some(code), Some(subcode)) => format!(" ({code}/{subcode})"),
            (Some(code), None) => format!(" ({code})"),
            (None, _) => format!(" (HTTP {status})"),
        };
        let message = text.chars().take(400).collect::<String>() + &mark;
        Self {
            status,
            code,
            subcode,
            transient,
            message,
            usage,
        }
    }

    /// What it means.
    pub(in crate::connector) fn meaning(&self) -> Meaning {
        let Some(code) = self.code else {
            return match self.status {
                429 => Meaning::Limited,
                401 => Meaning::Token,
                403 => Meaning::Permission,
                408 | 500.. => Meaning::Failing,
                _ => Meaning::Invalid,
            };
        };
        match (code, self.subcode) {
            (10, Some(2_018_278 | 2_534_022 | 2_018_065 | 2_018_108)) | (10_901, _) => Meaning::TooLate,
            (100, Some(33)) | (803, _) => Meaning::Gone,
            (102 | 190, _) => Meaning::Token,
            // 1705: the token acts as a person instead of the Page.
            (3 | 10 | 200..=299 | 1705, _) => Meaning::Permission,
            (4 | 17 | 32 | 341 | 613 | 80_000..=80_014, _) => Meaning::Limited,
            (1 | 2, _) => Meaning::Failing,
            (368, _) => Meaning::Blocked,
            (506, _) => Meaning::Duplicate,
            (10_900, _) => Meaning::AlreadyAnswered,
            _ if self.status == 429 => Meaning::Limited,
            _ if self.transient || self.status >= 500 => Meaning::Failing,
            _ => Meaning::Invalid,
        }
    }

    /// How an attempt that got this answer ended. `repeatable`: doing it twice is the same as once.
    pub(in crate::connector) fn into_sent(self, repeatable: bool) -> Sent {
        let meaning = self.meaning();
        let (message, after) = (self.message, self.usage.regain);
        let refused = |code, message| Sent::Refused { code, message };
        match meaning {
            Meaning::Limited => Sent::Later {
                code: "rate-limited",
                message,
                after: after.or(patience(self.code)),
            },
            Meaning::Failing if repeatable => Sent::Later {
                code: "unavailable",
                message,
                after: None,
            },
            // Back-off and retry are allowed for reads and repeatable writes only: a reply may be out there.
            Meaning::Failing | Meaning::Duplicate => Sent::Unknown { message },
            Meaning::Token => refused("token-expired", message),
            Meaning::Permission => refused("permission-lost", message),
            Meaning::Gone => refused("gone", message),
            Meaning::Blocked => refused("blocked", message),
            Meaning::AlreadyAnswered => refused("already-answered", message),
            Meaning::TooLate => refused("too-late", message),
            Meaning::Invalid => refused("invalid", message),
        }
    }

    /// Why a page could not be read.
    pub(in crate::connector) fn into_untold(self) -> Untold {
        let code = match self.meaning() {
            Meaning::Limited => "rate-limited",
            Meaning::Failing => "unavailable",
            Meaning::Token => "token-expired",
            Meaning::Permission | Meaning::Blocked => "permission-lost",
            Meaning::Gone => "gone",
            Meaning::Duplicate | Meaning::AlreadyAnswered | Meaning::TooLate | Meaning::Invalid => "invalid",
        };
        Untold {
            after: self.usage.regain,
            ..Untold::new(code, self.message)
        }
    }

    /// What a reading that got this answer shows.
    pub(in crate::connector) fn into_readback(self) -> Readback {
        match self.meaning() {
            // With a new token, a permission given back, or patience, the same reading tells.
            Meaning::Limited | Meaning::Failing | Meaning::Token | Meaning::Permission | Meaning::Blocked => {
                Readback::Later { message: self.message }
            }
            Meaning::Gone | Meaning::Duplicate | Meaning::AlreadyAnswered | Meaning::TooLate | Meaning::Invalid => {
                Readback::CannotTell { message: self.message }
            }
        }
    }
}

/// The wait where the platform names none. Calling while throttled lengthens it.
fn patience(code: Option<i64>) -> Option<Duration> {
    code.is_some().then_some(Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::graph::sample;

    fn of(platform: &str, file: &str) -> Failure {
        let exchange = sample::json(platform, file);
        let response = &exchange["response"];
        let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
        Failure::read(
            status,
            &response["body"].to_string(),
            Usage::read(&sample::headers(&exchange)),
        )
    }

    #[test]
    fn every_documented_error_exchange_has_its_meaning() {
        let table = [
            ("facebook", "delete_again_error_100_33", Meaning::Gone),
            ("facebook", "error_100_parameter", Meaning::Invalid),
            ("facebook", "error_10_permission", Meaning::Permission),
            ("facebook", "error_190_460_password_changed", Meaning::Token),
            ("facebook", "error_190_463_expired", Meaning::Token),
            ("facebook", "error_190_492_role_lost", Meaning::Token),
            ("facebook", "error_200_permission", Meaning::Permission),
            ("facebook", "error_2_transient", Meaning::Failing),
            ("facebook", "error_32_page_limit", Meaning::Limited),
            ("facebook", "error_368_blocked", Meaning::Blocked),
            ("facebook", "error_4_app_limit", Meaning::Limited),
            ("facebook", "error_506_duplicate", Meaning::Duplicate),
            ("facebook", "error_80001_business_limit", Meaning::Limited),
            ("facebook", "hide_gone_error_100_33", Meaning::Gone),
            (
                "facebook",
                "private_reply_error_10900_already_replied",
                Meaning::AlreadyAnswered,
            ),
            ("facebook", "private_reply_error_10903_not_possible", Meaning::Invalid),
            ("facebook", "private_reply_error_10_window", Meaning::TooLate),
            ("instagram", "delete_again_error_100_33", Meaning::Gone),
            ("instagram", "delete_with_ad_id_error_100", Meaning::Invalid),
            ("instagram", "error_10_permission", Meaning::Permission),
            ("instagram", "error_190_463_expired", Meaning::Token),
            ("instagram", "error_80002_business_limit", Meaning::Limited),
            ("instagram", "error_igapi_2500", Meaning::Invalid),
            (
                "instagram",
                "private_reply_error_10900_already_replied",
                Meaning::AlreadyAnswered,
            ),
            ("instagram", "reply_to_hidden_error", Meaning::Invalid),
        ];
        for (platform, name, meaning) in table {
            assert_eq!(
                of(platform, &format!("api/{name}.json")).meaning(),
                meaning,
                "{platform} {name}"
            );
        }
        for platform in ["facebook", "instagram"] {
            for file in sample::names(platform, "api")
                .iter()
                .filter(|file| file.contains("error"))
            {
                let known = table
                    .iter()
                    .any(|(p, n, _)| *p == platform && *file == format!("api/{n}.json"));
                assert!(known, "{platform}/{file} is not judged");
            }
        }
    }

    #[test]
    fn codes_without_a_file_have_the_meaning_of_the_table() {
        for (code, meaning) in [
            (17, Meaning::Limited),
            (613, Meaning::Limited),
            (341, Meaning::Limited),
            (80_006, Meaning::Limited),
            (1, Meaning::Failing),
            (102, Meaning::Token),
            (3, Meaning::Permission),
            (294, Meaning::Permission),
            (1705, Meaning::Permission),
            (803, Meaning::Gone),
            (551, Meaning::Invalid),
            (10_901, Meaning::TooLate),
        ] {
            let body =
                format!(r#"{{"error":{{"message":"m","type":"OAuthException","code":{code},"fbtrace_id":"A"}}}}"#);
            assert_eq!(Failure::read(400, &body, Usage::default()).meaning(), meaning, "{code}");
        }
    }

    #[test]
    fn the_documented_wait_is_handed_on() {
        let Sent::Later { code, after, message } =
            of("facebook", "api/error_80001_business_limit.json").into_sent(false)
        else {
            panic!("not later")
        };
        assert_eq!((code, after), ("rate-limited", Some(Duration::from_secs(17 * 60))));
        assert_eq!(message, "(#80001) Too many calls for this Page (80001)");
    }

    #[test]
    fn a_passing_failure_is_repeated_only_where_repeating_is_harmless() {
        let failure = of("facebook", "api/error_2_transient.json");
        assert!(matches!(
            failure.clone().into_sent(true),
            Sent::Later {
                code: "unavailable",
                ..
            }
        ));
        assert!(matches!(failure.into_sent(false), Sent::Unknown { .. }));
        assert!(matches!(
            of("facebook", "api/error_506_duplicate.json").into_sent(false),
            Sent::Unknown { .. }
        ));
    }

    #[test]
    fn a_proxy_page_is_judged_by_its_status() {
        for (status, meaning) in [
            (502, Meaning::Failing),
            (429, Meaning::Limited),
            (404, Meaning::Invalid),
        ] {
            assert_eq!(Failure::read(status, "<html>", Usage::default()).meaning(), meaning);
        }
    }
}
