//! One process of the built program, `sso-why serve`, ended by its id.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard};

use tokio::sync::{oneshot, watch};

/// What the bot logs once it listens.
const LISTENING: &str = "listening on http://";

/// One process, killed when dropped.
pub struct Replica {
    pub address: SocketAddr,
    process: Mutex<Child>,
    /// It has closed its standard error, which it does by ending.
    gone: watch::Receiver<bool>,
    id: u32,
    log: PathBuf,
}

impl Replica {
    /// Starts the program with this environment and nothing of the test's own, and waits until it listens.
    pub async fn start(environment: &[(&'static str, String)], folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sso-why"))
            .arg("serve")
            .env_clear()
            .envs(environment.iter().cloned())
            .env("HOME", folder)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let id = process.id();
        let log = folder.join(format!("replica-{id}.log"));
        let (tell, told) = oneshot::channel();
        let (ended, gone) = watch::channel(false);
        let said = BufReader::new(process.stderr.take().expect("it is piped"));
        let mut written = File::create(&log).expect("a file");
        std::thread::spawn(move || {
            let mut tell = Some(tell);
            for line in said.lines().map_while(Result::ok) {
                let _ = writeln!(written, "{line}");
                if let Some(address) = listening(&line)
                    && let Some(tell) = tell.take()
                {
                    let _ = tell.send(address);
                }
            }
            ended.send_replace(true);
        });
        let address = told.await;
        let read = || std::fs::read_to_string(&log).unwrap_or_default();
        let address = address.unwrap_or_else(|_| panic!("it did not listen: {}", read()));
        Self { address, process: Mutex::new(process), gone, id, log }
    }

    /// Ends it where it stands.
    pub async fn kill(&self) {
        let _may_have_ended = self.process().kill();
        self.ended().await;
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let asked = Command::new("kill").arg("-TERM").arg(self.id.to_string()).status();
        assert!(asked.is_ok_and(|status| status.success()), "{} could not be asked to stop", self.id);
    }

    /// How it ended, once it has.
    pub async fn ended(&self) -> ExitStatus {
        let mut gone = self.gone.clone();
        let _whoever_tells_ends_with_it = gone.wait_for(|gone| *gone).await;
        self.process().wait().expect("it is our child")
    }

    /// The status of its `/readyz`; nothing where it does not answer.
    pub async fn readiness(&self) -> Option<u16> {
        readiness(self.address).await
    }

    /// All that it has said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn process(&self) -> MutexGuard<'_, Child> {
        self.process.lock().expect("nobody broke off")
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        if let Ok(mut process) = self.process.lock() {
            // Where the test has ended it, it is gone already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The status of the `/readyz` there; nothing where nobody answers.
pub async fn readiness(address: SocketAddr) -> Option<u16> {
    let answer = reqwest::get(format!("http://{address}/readyz")).await;
    answer.ok().map(|answer| answer.status().as_u16())
}

fn listening(line: &str) -> Option<SocketAddr> {
    let (_, after) = line.split_once(LISTENING)?;
    let address: String = after
        .chars()
        .take_while(|character| character.is_ascii_digit() || ".:".contains(*character))
        .collect();
    address.parse().ok()
}
