//! `klarsvar token add`.

use std::sync::Arc;

use crate::app::App;
use crate::cli::{Failed, serve};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::role::Right;
use crate::person::secret;
use crate::person::token::AddToken;

/// What to do with tokens.
#[derive(Debug, clap::Subcommand)]
pub enum Token {
    /// Make a token; prints it once
    Add {
        /// What it is for
        #[arg(long)]
        name: String,
        /// Rights, comma-separated, for example ingest
        #[arg(long, default_value = "ingest")]
        rights: String,
    },
}

#[expect(clippy::print_stdout, reason = "the command's result")]
pub async fn run(config: Config, token: Token, json: bool) -> Result<(), Failed> {
    let Token::Add { name, rights } = token;
    let rights = rights
        .split(',')
        .map(|word| {
            word.trim()
                .parse::<Right>()
                .map_err(|error| Failed::Input(error.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let app = App::start(config, Arc::new(SystemClock))
        .await
        .map_err(serve::started)?;
    let made = secret::make()?;
    let step = AddToken {
        name,
        digest: secret::digest(&made),
        rights,
        by: None,
    };
    match app.writer.change(step).await {
        Ok(id) if json => println!("{}", serde_json::json!({ "id": id, "token": made })),
        Ok(_) => println!("{made}"),
        Err(crate::change::Failure::Store(error)) => return Err(error.into()),
        Err(crate::change::Failure::Refused(never)) => match never {},
    }
    app.stop().await;
    Ok(())
}
