//! `klarsvar bench`: measures a desk from outside, over HTTP, so that anyone can repeat the project's figures.
//!
//! `prepare` fills a database and writes lists of requests; `run` sends a list and reports. Lists are JSON lines
//! `{"m","p","h","b"}`, so that another load client can send them as well. Loopback only.
//! `language` measures the shipped language model on labelled comments, beside whatlang; `stories` how retold comments
//! are found.

mod channels;
mod client;
mod dice;
pub mod forecast;
mod hostile;
mod hourly;
pub mod language;
mod learn;
pub mod need;
mod prepare;
pub mod quota;
mod score;
mod stories;
pub mod tags;
mod wall;
pub mod waves;
mod year;

use std::path::PathBuf;

use crate::cli::Failed;
use crate::config::Config;

/// What to measure.
#[derive(Debug, clap::Subcommand)]
pub enum Bench {
    /// Fill the configured database (new or empty) with open comments and people, and write request lists
    Prepare {
        /// Folder for the lists
        #[arg(long)]
        out: PathBuf,
        /// Open comments to begin with
        #[arg(long, default_value_t = 1_000)]
        open: usize,
        /// Requests in each list
        #[arg(long, default_value_t = 20_000)]
        requests: usize,
    },
    /// Figures of the tagger over labelled comments
    Tags {
        /// JSON lines with text, lang, script, labels and flags
        #[arg(long, value_name = "FILE")]
        dev: PathBuf,
        /// Instead, the learning curve of models trained on parts of these: JSON lines with text, labels and flags
        #[arg(long, value_name = "FILE", num_args = 1..)]
        curve: Vec<PathBuf>,
        /// Folder of a sentence encoder to use, with the model in it
        #[arg(long, value_name = "FOLDER")]
        encoder: Option<PathBuf>,
    },
    /// Send a list of requests to a running desk
    Run {
        /// Address of the desk, for example 127.0.0.1:8080
        #[arg(long)]
        to: String,
        /// The list
        list: PathBuf,
        /// Connections, one request in flight on each
        #[arg(long, short, default_value_t = 1)]
        connections: usize,
        /// Most requests to send; a list of one line is repeated
        #[arg(long, short)]
        number: Option<usize>,
        /// Process whose CPU time and memory are reported
        #[arg(long)]
        pid: Option<u32>,
    },
    /// Measure the language model on labelled comments, beside whatlang
    Language {
        /// Comments with their language: id, lang, script, length_bucket, source, text (TSV)
        #[arg(long, value_name = "FILE")]
        dev: PathBuf,
        /// Also write what the model says: id, lang, confidence (TSV)
        #[arg(long, value_name = "FILE")]
        predictions: Option<PathBuf>,
    },
    /// What a desk learns from corrections, and from ten examples of a new narrative; trains models, takes minutes
    Learn {
        /// JSON lines with text, labels and flags to measure on
        #[arg(long, value_name = "FILE")]
        dev: PathBuf,
        /// The same, to train on
        #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
        labelled: Vec<PathBuf>,
    },
    /// How well and how fast stories are found, on made-up comments
    Stories(stories::Stories),
    /// How far off forecasts of arrivals are, on four made-up worlds
    Forecast(forecast::Forecast),
    /// How soon waves are found, and how often by chance, on made-up histories
    Waves(waves::Waves),
    /// How long comments wait when videos are read within a day's units, on made-up days
    Quota(quota::Quota),
    /// What channels that are read cost in CPU time and memory, on the configured database (new or empty)
    Channels(channels::Channels),
    /// What the hourly counts and the look for waves cost intake, on the configured database (new or empty)
    Hourly(hourly::Hourly),
    /// How soon and how often tiles of the load wall are put by a running desk
    Wall(wall::Wall),
    /// Fill the configured database (new or empty) with a year of history, and write request lists of its pages
    Year(year::Year),
    /// What the need of 48 half hours in four lanes costs to calculate
    Need,
    /// The tagger over hostile texts made by chance: no panic, no place that is none
    Hostile(hostile::Hostile),
}

/// Runs a measurement.
pub async fn run(config: Config, bench: Bench, json: bool) -> Result<(), Failed> {
    match bench {
        Bench::Tags { dev, curve, .. } => tags::run(&dev, &curve),
        Bench::Prepare { out, open, requests } => prepare::run(config, &out, open, requests).await,
        Bench::Run {
            to,
            list,
            connections,
            number,
            pid,
        } => client::run(&to, &list, connections, number, pid).await,
        Bench::Language { dev, predictions } => language::run(&dev, predictions.as_deref()),
        Bench::Learn { dev, labelled } => learn::run(&dev, &labelled),
        Bench::Stories(ask) => stories::run(&ask, json),
        Bench::Forecast(ask) => forecast::run(ask, json),
        Bench::Waves(ask) => waves::run(ask, json),
        Bench::Quota(ask) => quota::run(ask, json),
        Bench::Channels(ask) => channels::run(config, ask, json).await,
        Bench::Hourly(ask) => hourly::run(config, ask, json).await,
        Bench::Wall(ask) => wall::run(ask, json).await,
        Bench::Year(ask) => year::run(config, ask).await,
        Bench::Need => need::run(json),
        Bench::Hostile(ask) => hostile::run(&ask),
    }
}
