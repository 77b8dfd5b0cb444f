//! Settings, a struct per section, from `--config FILE` (TOML) and the environment (`KLARSVAR_SECTION__KEY`). Read here only.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::lane::order::Sla;

/// All settings, with defaults for every one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the desk serves.
    pub http: Http,
    /// Where it stores.
    pub database: Database,
    /// What secrets of accounts are sealed with.
    pub secrets: Secrets,
    /// How deliveries are taken in.
    pub intake: Intake,
    /// Lanes and claims.
    pub lane: Lane,
    /// What goes out.
    pub outbox: Outbox,
    /// Sign-in and sessions.
    pub person: Person,
    /// Time in lanes.
    pub shift: Shift,
    /// From when the load wall calls for action.
    pub load: Load,
    /// What people needed are calculated with.
    pub need: Need,
    /// Push.
    pub wire: Wire,
    /// What people teach the desk.
    pub teaching: Teaching,
    /// What comments are tagged with.
    pub tagging: Tagging,
}

/// Where the desk serves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address to listen on.
    pub listen: String,
    /// The address people use, without a slash at the end. Decides the cookie's name and which origins may write.
    pub public_url: String,
    /// Threads that serve requests.
    pub workers: usize,
    /// Largest delivery or API body, in bytes.
    pub body_limit: usize,
    /// Whether a proxy of ours stands in front, whose word on the caller's address is taken.
    pub behind_proxy: bool,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            workers: 2,
            body_limit: 4 * 1024 * 1024,
            behind_proxy: false,
        }
    }
}

/// Where it stores.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite:///path` or `postgres://…`.
    pub url: String,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite://klarsvar.db".to_owned(),
        }
    }
}

/// What secrets of accounts are sealed with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    /// The file of the key, the same for every instance; made if there is none. Empty: beside the SQLite file, or
    /// `klarsvar.key`.
    pub key_file: PathBuf,
}

impl Secrets {
    /// Where the key lies for this database.
    #[must_use]
    pub fn key_file(&self, database_url: &str) -> PathBuf {
        if !self.key_file.as_os_str().is_empty() {
            return self.key_file.clone();
        }
        let beside = database_url
            .strip_prefix("sqlite://")
            .map(|file| file.split('?').next().unwrap_or(file));
        match beside {
            Some(file) => PathBuf::from(format!("{file}.key")),
            None => PathBuf::from("klarsvar.key"),
        }
    }
}

/// How deliveries are taken in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// A kept delivery that is not taken apart after this many milliseconds is picked up again.
    pub leftover_after_ms: i64,
    /// Most comments in one API call.
    pub most_per_call: usize,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            leftover_after_ms: 5_000,
            most_per_call: 500,
        }
    }
}

/// Lanes and claims.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lane {
    /// Minutes to answer a comment with an urgent flag.
    pub sla_urgent_min: u32,
    /// Minutes to answer a question or a request for help.
    pub sla_asked_min: u32,
    /// Minutes to answer anything else.
    pub sla_rest_min: u32,
    /// Seconds a claim lasts without a heartbeat.
    pub lease_s: u32,
    /// Most comments one person may hold at once.
    pub most_claims: u32,
    /// Minutes before its deadline from which a comment counts as near.
    pub near_min: u32,
}

impl Default for Lane {
    fn default() -> Self {
        Self {
            sla_urgent_min: 15,
            sla_asked_min: 60,
            sla_rest_min: 240,
            lease_s: 600,
            most_claims: 50,
            near_min: 15,
        }
    }
}

impl Lane {
    /// The deadlines as durations.
    #[must_use]
    pub fn sla(&self) -> Sla {
        Sla {
            urgent: TimeDelta::minutes(self.sla_urgent_min.into()),
            asked: TimeDelta::minutes(self.sla_asked_min.into()),
            rest: TimeDelta::minutes(self.sla_rest_min.into()),
        }
    }

    /// How long a claim lasts.
    #[must_use]
    pub fn lease(&self) -> TimeDelta {
        TimeDelta::seconds(self.lease_s.into())
    }
}

/// What goes out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outbox {
    /// Seconds in which a decision can be undone.
    pub undo_s: u32,
    /// Tries before a person is told that it failed.
    pub most_tries: u32,
    /// Hours in which a platform that is away or refuses calls as too many makes nothing fail, however often it was tried.
    pub patience_h: u32,
    /// First pause between tries, in seconds; doubles up to an hour.
    pub first_pause_s: u32,
    /// Seconds to wait for a platform's answer, 10 at most: connections give up then.
    pub answer_within_s: u32,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            undo_s: 10,
            most_tries: 8,
            patience_h: 6,
            first_pause_s: 5,
            answer_within_s: 10,
        }
    }
}

/// Sign-in and sessions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// Hours a session lasts at most.
    pub session_h: u32,
    /// Minutes without a request after which a session is over.
    pub idle_min: u32,
    /// Refused sign-ins before an account is locked.
    pub tries: u32,
    /// Minutes an account stays locked.
    pub locked_min: u32,
    /// Sign-ins one source address may try in ten minutes.
    pub tries_per_source: u32,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            session_h: 12,
            idle_min: 120,
            tries: 5,
            locked_min: 15,
            tries_per_source: 60,
        }
    }
}

/// Time in lanes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shift {
    /// Minutes before its start from which a person can check in to a shift.
    pub early_min: u32,
    /// Minutes by which a person can prolong their shift in the last quarter of an hour.
    pub prolong_min: u32,
    /// Most hours a shift lasts that nobody planned.
    pub unplanned_h: u32,
    /// Hours in which a handover must be read before the next check-in.
    pub handover_h: u32,
    /// Hours of rest between shifts below which planning warns.
    pub rest_h: u32,
    /// Hours of work without a break above which planning warns.
    pub unbroken_h: u32,
    /// Lanes that are heavy to read: planning warns of two shifts there in a row.
    pub severe: Vec<crate::domain::lane::Lane>,
}

impl Default for Shift {
    fn default() -> Self {
        Self {
            early_min: 30,
            prolong_min: 30,
            unplanned_h: 8,
            handover_h: 24,
            rest_h: 11,
            unbroken_h: 5,
            severe: Vec::new(),
        }
    }
}

/// From when the load wall calls for action.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Load {
    /// Comments near their deadline from which a lane calls for action. One that is overdue always does.
    pub act_near: u32,
    /// Minutes the oldest comment may wait before a lane calls for action.
    pub act_oldest_min: u32,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            act_near: 5,
            act_oldest_min: 240,
        }
    }
}

/// What people needed are calculated with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Need {
    /// Of a hundred urgent comments, how many are to be begun within their time.
    pub target_percent: u32,
    /// Percent of paid time in which a person is not at the lane: breaks, meetings, coaching.
    pub shrinkage_percent: u32,
    /// Seconds one comment takes, until enough claims have been measured.
    pub handling_s: u32,
    /// The hour of the day, in Stockholm, by which lanes are to be level.
    pub level_by_hour: u32,
}

impl Default for Need {
    fn default() -> Self {
        Self {
            target_percent: 80,
            shrinkage_percent: 30,
            handling_s: 120,
            level_by_hour: 20,
        }
    }
}

/// Push.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wire {
    /// Frames that may wait for one client before it is told to read again.
    pub waiting_frames: usize,
    /// Most events replayed to a client that comes back.
    pub replay: u32,
    /// Pause between two HTML frames of one topic, in milliseconds.
    pub html_pause_ms: u64,
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            waiting_frames: 256,
            replay: 2_000,
            html_pause_ms: 100,
        }
    }
}

/// What people teach the desk.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Teaching {
    /// Of a hundred comments, how many a moderator tags before the machine's tags are shown.
    pub blind_percent: u32,
}

impl Default for Teaching {
    fn default() -> Self {
        Self { blind_percent: 5 }
    }
}

/// What comments are tagged with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tagging {
    /// Folder of a sentence encoder, for a program built with the feature `encoder`; empty for none.
    pub encoder: PathBuf,
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing, unknown or of the wrong kind.
    #[error("the configuration cannot be used: {0}")]
    Unusable(String),
    /// The file is not there.
    #[error("the configuration file {0} cannot be read; check the path given with --config")]
    NoFile(PathBuf),
}

impl Config {
    /// Reads the file, if any, and the environment over it.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut sources = Figment::from(Serialized::defaults(Self::default()));
        if let Some(path) = file {
            if !path.is_file() {
                return Err(ConfigError::NoFile(path.to_owned()));
            }
            sources = sources.merge(Toml::file_exact(path));
        }
        sources
            .merge(Env::prefixed("KLARSVAR_").split("__").ignore(&["log"]))
            .extract()
            .map_err(|error| ConfigError::Unusable(error.to_string()))
    }
}
