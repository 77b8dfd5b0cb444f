//! Whether a call to the hook is the platform's. The rules are Meta's and shared.

use crate::connector::graph;
use crate::connector::{Account, VerifyError};

/// The challenge to answer a subscription with.
pub(super) fn handshake(account: &Account, query: &str) -> Option<String> {
    graph::challenge(&account.verify_token, query)
}

/// Whether the body was signed with the account's app secret.
pub(super) fn verify(
    account: &Account,
    header: &dyn Fn(&str) -> Option<String>,
    body: &[u8],
) -> Result<(), VerifyError> {
    graph::verify(&account.app_secret, header, body)
}
