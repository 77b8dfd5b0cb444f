//! What can be made to go wrong, for the next calls.

use std::time::Duration;

use serde_json::{Value, json};

/// Which calls a fault meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every call.
    Every,
    /// POST and DELETE.
    Writes,
    /// GET.
    Reads,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers late, correctly.
    Slow(Duration),
    /// Takes no effect and does not answer until released; then answers with a passing failure.
    Hang,
    /// Takes effect and does not answer until released.
    EffectThenHang,
    /// Closes the connection without effect.
    Drop,
    /// Takes effect and closes the connection: the answer is lost.
    EffectThenDrop,
    /// Answers with an error, without effect.
    Refuse(Refusal),
}

/// An error answer of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 4: the app's limit.
    AppLimit,
    /// 17: the user's limit.
    UserLimit,
    /// 32: the Page's limit.
    PageLimit,
    /// 613: a custom limit.
    CustomLimit,
    /// 80001 or 80002 with the minutes until calls are let through again.
    BusinessLimit(u32),
    /// 190/463: the token has expired.
    TokenExpired,
    /// 200: permission lost.
    PermissionLost,
    /// 10: permission missing.
    PermissionMissing,
    /// 2: failing for a moment.
    Transient,
    /// 368: blocked for reasons of policy.
    Blocked,
    /// 506: the same text was just posted.
    Duplicate,
    /// 100: a parameter is not taken.
    Parameter,
}

/// An error body with its status.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Error {
    pub status: u16,
    pub body: Value,
    /// Percent of the call budget to report.
    pub used: u32,
    /// Minutes until calls are let through again.
    pub regain_minutes: u32,
}

impl Error {
    /// An error with a code.
    pub(super) fn new(status: u16, kind: &str, code: u32, subcode: Option<u32>, message: &str) -> Self {
        let mut error = json!({
            "message": message, "type": kind, "code": code, "fbtrace_id": format!("Astandin{code:012}"),
        });
        if let Some(subcode) = subcode {
            error["error_subcode"] = subcode.into();
        }
        Self {
            status,
            body: json!({ "error": error }),
            used: 3,
            regain_minutes: 0,
        }
    }

    /// 100/33.
    pub(super) fn gone(method: &str, id: &str) -> Self {
        let message = format!(
            "Unsupported {} request: object {id} cannot be found or is not accessible with this token.",
            method.to_lowercase()
        );
        Self::new(400, "GraphMethodException", 100, Some(33), &message)
    }

    /// 100 without a subcode.
    pub(super) fn parameter(message: &str) -> Self {
        Self::new(400, "OAuthException", 100, None, message)
    }

    /// Token not accepted.
    pub(super) fn token(subcode: Option<u32>) -> Self {
        Self::new(
            400,
            "OAuthException",
            190,
            subcode,
            "Error validating access token: session expired.",
        )
    }
}

impl Refusal {
    /// The answer; the business limit's code depends on the platform.
    pub(super) fn error(self, instagram: bool) -> Error {
        let oauth = |status, code, message| Error::new(status, "OAuthException", code, None, message);
        let limited = |code, message| Error {
            used: 100,
            ..oauth(400, code, message)
        };
        match self {
            Self::AppLimit => limited(4, "(#4) Application limit"),
            Self::UserLimit => limited(17, "(#17) User limit"),
            Self::PageLimit => limited(32, "(#32) Page limit"),
            Self::CustomLimit => limited(613, "(#613) Custom limit"),
            Self::BusinessLimit(minutes) => {
                let code = if instagram { 80_002 } else { 80_001 };
                Error {
                    regain_minutes: minutes,
                    ..limited(code, "Too many calls for this account")
                }
            }
            Self::TokenExpired => Error::token(Some(463)),
            Self::PermissionLost => oauth(403, 200, "(#200) Permissions error"),
            Self::PermissionMissing => oauth(403, 10, "(#10) Permission is missing"),
            Self::Transient => {
                let mut error = oauth(500, 2, "Temporary failure, try again");
                error.body["error"]["is_transient"] = true.into();
                error
            }
            Self::Blocked => oauth(400, 368, "Action not allowed for policy reasons"),
            Self::Duplicate => oauth(400, 506, "(#506) Duplicate message"),
            Self::Parameter => Error::parameter("(#100) Invalid parameter"),
        }
    }
}
