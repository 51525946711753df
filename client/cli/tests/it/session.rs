//! A ledger in a directory of its own, driven by commands.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Session {
    dir: TempDir,
}

impl Session {
    /// An empty directory.
    pub(crate) fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A pool of ETH at 200 dollars and USD at 1; Alice has supplied 8,000 USD and insured 100,
    /// Bob has supplied 10 ETH, Carol has 5,000 USD in her wallet.
    pub(crate) fn with_pool() -> Self {
        let session = Self::empty();
        session.all(
            "init
             airdrop admin 10
             airdrop alice 10
             airdrop bob 10
             airdrop carol 10
             token create ETH --as admin
             token create USD --decimals 6 --as admin
             oracle create ETH --as admin
             oracle create USD --as admin
             oracle publish ETH 200 --as admin
             oracle publish USD 1 --as admin
             pool create main --as admin
             reserve add ETH --as admin
             reserve add USD --as admin
             token mint 8100 USD --to alice --as admin
             token mint 10 ETH --to bob --as admin
             token mint 5000 USD --to carol --as admin
             position open --as alice
             position open --as bob
             deposit 8000 USD --as alice
             insurance fund 100 USD --as alice
             deposit 10 ETH --as bob",
        );
        session
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn ledger(&self) -> Vec<u8> {
        fs::read(self.path("cofferdam.ledger.json")).unwrap()
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cofferdam"));
        command.current_dir(self.dir.path()).args(words(line));
        command
    }

    pub(crate) fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Standard output of a command that must succeed.
    pub(crate) fn ok(&self, line: &str) -> String {
        let output = self.run(line);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {error}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub(crate) fn all(&self, lines: &str) {
        lines.lines().for_each(|line| drop(self.ok(line)));
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(&format!("{line} --output json"))).unwrap()
    }

    /// Exit code and the one line of a command that must fail.
    pub(crate) fn refusal(&self, line: &str) -> (i32, String) {
        let output = self.run(line);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.lines().count(), 1, "{line}: {text}");
        assert!(output.stdout.is_empty(), "{line}");
        (output.status.code().unwrap(), text.trim_end().to_owned())
    }

    /// What somebody holds of a token, as the command prints it.
    pub(crate) fn balance(&self, who: &str, token: &str) -> String {
        let held = self.json(&format!("token balance {who}"));
        let rows = held["tokens"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["token"] == token);
        row.map_or("none".into(), |row| row["balance"].as_str().unwrap().to_owned())
    }
}

/// The words of a line as a shell has them: what stands in quotes is one.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split('"').enumerate();
    parts.flat_map(|(at, part)| {
        let quoted = at % 2 == 1;
        let words = part.split_whitespace().filter(move |_| !quoted);
        words.chain(quoted.then_some(part))
    })
}
