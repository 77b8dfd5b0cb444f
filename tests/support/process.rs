//! The real program as a process of its own, for what only a process can do: be killed.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use super::desk::Door;

/// The program, as built beside the tests.
pub fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("KLARSVAR_BIN") {
        return path.into();
    }
    let tests = std::env::current_exe().expect("a path");
    let path = tests
        .parent()
        .and_then(|deps| deps.parent())
        .expect("a folder")
        .join("klarsvar");
    assert!(
        path.exists(),
        "{} is not there; run `cargo build -p klarsvar` first",
        path.display()
    );
    path
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// `klarsvar serve`, running.
pub struct Process {
    child: Child,
    out: tokio::io::Lines<BufReader<ChildStdout>>,
    /// How to reach it.
    pub door: Door,
}

impl Process {
    /// Starts it and waits until it says that it is ready.
    pub async fn serves(database: &str, port: u16) -> Self {
        Self::serves_with(database, port, &[]).await
    }

    /// The same with settings, by the names of their variables.
    pub async fn serves_with(database: &str, port: u16, settings: &[(&str, &str)]) -> Self {
        let address = format!("127.0.0.1:{port}");
        let url = format!("http://{address}");
        let mut child = Command::new(program())
            .arg("serve")
            .env_remove("KLARSVAR_BIN")
            .env("KLARSVAR_DATABASE__URL", database)
            .env("KLARSVAR_SECRETS__KEY_FILE", super::database::key_file())
            .env("KLARSVAR_HTTP__LISTEN", &address)
            .env("KLARSVAR_HTTP__PUBLIC_URL", &url)
            .env("KLARSVAR_INTAKE__LEFTOVER_AFTER_MS", "200")
            .env("KLARSVAR_LOG", "error")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output")).lines();
        let said = out.next_line().await.expect("a line");
        assert_eq!(said.as_deref(), Some(format!("ready {url}").as_str()));
        let door = Door {
            address: address.parse().expect("an address"),
            url,
            http: super::desk::http(),
        };
        Self { child, out, door }
    }

    /// Ends it as a power cut would.
    pub async fn loses_power(mut self) {
        self.child.kill().await.expect("it is killed");
    }

    /// Asks it to stop and gives its exit code and what else it printed.
    pub async fn stops_when_asked(mut self) -> (Option<i32>, Vec<String>) {
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .expect("kill is there");
        assert!(told.success());
        let mut lines = Vec::new();
        while let Ok(Some(line)) = self.out.next_line().await {
            lines.push(line);
        }
        (self.child.wait().await.expect("it ends").code(), lines)
    }
}
