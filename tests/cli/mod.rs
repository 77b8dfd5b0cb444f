//! The command line, as a process of its own.

mod check;
mod demo;
mod import;
mod user;

use tokio::process::Command;

use crate::support::process::program;

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a command on a database to its end.
pub(crate) async fn runs(database: &str, arguments: &[&str]) -> Said {
    let output = Command::new(program())
        .args(arguments)
        .env_remove("KLARSVAR_BIN")
        .env("KLARSVAR_DATABASE__URL", database)
        .env("KLARSVAR_SECRETS__KEY_FILE", crate::support::database::key_file())
        .env("KLARSVAR_LOG", "error")
        .output()
        .await
        .expect("the program runs");
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}
