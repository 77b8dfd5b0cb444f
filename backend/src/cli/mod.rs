//! The commands of the program, a file per command. The only place that prints.

mod bench;
mod check;
mod demo;
mod import;
mod migrate;
mod report;
mod serve;
mod staffing;
pub mod tag;
mod token;
mod train;
mod user;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// How a command ended.
#[derive(Debug)]
pub enum Failed {
    /// The work failed: exit code 1.
    Work(String),
    /// Bad arguments, configuration or input: exit code 2.
    Input(String),
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Work(error.to_string())
    }
}

#[derive(Debug, Parser)]
#[command(
    name = "klarsvar",
    version,
    about = "Comment moderation and response desk for public authorities"
)]
struct Arguments {
    /// Settings (TOML); the environment (KLARSVAR_SECTION__KEY) goes over it
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The desk with nothing configured, on platforms of its own
    Demo(demo::Demo),
    /// The desk
    Serve,
    /// Bring the database's schema up or down, or say how it stands
    Migrate {
        #[arg(value_enum)]
        what: migrate::What,
    },
    /// Whether configuration, database, connectors and clock are as they must be
    Check,
    /// Tag JSON lines of comments from standard input
    Tag {
        /// Say why
        #[arg(long)]
        explain: bool,
    },
    /// Bring in comments from a platform's export: CSV or JSON lines
    Import(import::Import),
    /// The figures of a week or a month, as CSV or JSON
    Report(report::Report),
    /// How many people hold an answering time (Erlang C)
    Staffing(staffing::Staffing),
    /// Measure a desk from outside, or a shipped model
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Make a shipped model again from its training files
    #[command(subcommand)]
    Train(train::Train),
    /// Staff
    #[command(subcommand)]
    User(user::User),
    /// API tokens
    #[command(subcommand)]
    Token(token::Token),
}

/// Runs the command named by the arguments.
#[must_use]
#[expect(clippy::print_stderr, reason = "the one line a failed command says")]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    log();
    match dispatch(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Work(why)) => {
            eprintln!("klarsvar: {why}");
            ExitCode::from(1)
        }
        Err(Failed::Input(why)) => {
            eprintln!("klarsvar: {why}");
            ExitCode::from(2)
        }
    }
}

fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KLARSVAR_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,klarsvar=info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// Loads the sentence encoder of a folder, if one is named, and the model trained with it, if asked for.
#[cfg(feature = "encoder")]
pub(crate) fn put_encoder_in_use(folder: Option<&Path>, with_model: bool) -> Result<(), Failed> {
    use crate::tagging::encoder;
    let unusable = |error: encoder::Error| Failed::Input(format!("the sentence encoder cannot be used: {error}"));
    let Some(folder) = folder else { return Ok(()) };
    encoder::put_in_use(folder).map_err(unusable)?;
    if with_model {
        encoder::put_model_in_use(folder).map_err(unusable)?;
    }
    Ok(())
}

/// Refuses a sentence encoder: this program cannot use one.
#[cfg(not(feature = "encoder"))]
pub(crate) fn put_encoder_in_use(folder: Option<&Path>, _with_model: bool) -> Result<(), Failed> {
    folder.map_or(Ok(()), |_| {
        Err(Failed::Input(
            "a sentence encoder is named, but this program was built without the feature \"encoder\"".to_owned(),
        ))
    })
}

fn dispatch(arguments: Arguments) -> Result<(), Failed> {
    if let Command::Tag { explain } = arguments.command {
        let fine = tag::run(std::io::stdin().lock(), std::io::stdout().lock(), explain)?;
        return if fine {
            Ok(())
        } else {
            Err(Failed::Work(
                "some lines could not be read; each has its error".to_owned(),
            ))
        };
    }
    // Neither needs a configuration.
    let arguments = match arguments.command {
        Command::Train(train) => return train::run(train),
        Command::Bench(bench::Bench::Tags { dev, curve, encoder }) => {
            // The curve trains models of its own.
            put_encoder_in_use(encoder.as_deref(), curve.is_empty())?;
            return bench::tags::run(&dev, &curve);
        }
        Command::Staffing(staffing) => return staffing::run(staffing),
        Command::Bench(bench::Bench::Forecast(ask)) => return bench::forecast::run(ask, arguments.json),
        Command::Bench(bench::Bench::Waves(ask)) => return bench::waves::run(ask, arguments.json),
        Command::Bench(bench::Bench::Quota(ask)) => return bench::quota::run(ask, arguments.json),
        Command::Bench(bench::Bench::Need) => return bench::need::run(arguments.json),
        Command::Bench(bench::Bench::Language { dev, predictions }) => {
            return bench::language::run(&dev, predictions.as_deref());
        }
        _ => arguments,
    };
    let config = Config::load(arguments.config.as_deref()).map_err(|error| Failed::Input(error.to_string()))?;
    let encoder = Some(config.tagging.encoder.as_path()).filter(|path| !path.as_os_str().is_empty());
    put_encoder_in_use(encoder, true)?;
    let json = arguments.json;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async {
        match arguments.command {
            Command::Demo(demo) => demo::run(config, demo, json).await,
            Command::Serve => serve::run(config).await,
            Command::Import(import) => import::run(config, import, json).await,
            Command::Report(report) => report::run(config, report, json).await,
            Command::Check => check::run(&config, json).await,
            Command::Migrate { what } => migrate::run(&config, what, json).await,
            Command::Bench(bench) => bench::run(config, bench, json).await,
            Command::User(user) => user::run(config, user, json).await,
            Command::Token(token) => token::run(config, token, json).await,
            Command::Tag { .. } | Command::Train(_) | Command::Staffing(_) => Ok(()),
        }
    })
}
