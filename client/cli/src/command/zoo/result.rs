//! What a search came to, as a line of a file.

use std::{fs, io::Write, path::Path};

use serde_json::{Value, json};

use crate::fault::Fault;

/// What one search came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Search {
    /// Name of the bug; [`CONTROL`] for none.
    pub(super) bug: String,
    pub(super) arm: String,
    pub(super) seed: u64,
    /// CPU-milliseconds the search may take.
    pub(super) limit_ms: u64,
    /// CPU-milliseconds it took.
    pub(super) cpu_ms: u64,
    /// Actions it ran.
    pub(super) actions: u64,
    /// Findings that were not the bug's: the sound program makes them too.
    pub(super) alarms: u64,
    pub(super) found: Option<Found>,
}

/// What it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Id of the invariant that fired.
    pub(super) id: String,
    /// Name of the verb by which it did.
    pub(super) verb: String,
    /// Actions on the way there after shrinking.
    pub(super) length: u64,
}

/// Stands for the name of a bug where none is planted.
pub(super) const CONTROL: &str = "none";

impl Search {
    fn to_json(&self) -> Value {
        let mut line = json!({
            "bug": self.bug, "arm": self.arm, "seed": self.seed, "limit_ms": self.limit_ms,
            "cpu_ms": self.cpu_ms, "actions": self.actions, "alarms": self.alarms,
        });
        if let Some(found) = &self.found {
            line["id"] = json!(found.id);
            line["verb"] = json!(found.verb);
            line["length"] = json!(found.length);
        }
        line
    }

    fn of_json(line: &Value) -> Option<Self> {
        let text = |key: &str| line.get(key)?.as_str().map(str::to_owned);
        let number = |key: &str| line.get(key)?.as_u64();
        let found = text("id")
            .and_then(|id| Some(Found { id, verb: text("verb")?, length: number("length")? }));
        Some(Self {
            bug: text("bug")?,
            arm: text("arm")?,
            seed: number("seed")?,
            limit_ms: number("limit_ms")?,
            cpu_ms: number("cpu_ms")?,
            actions: number("actions")?,
            alarms: number("alarms")?,
            found,
        })
    }
}

/// Reads the results of earlier runs; none without a file.
pub(super) fn read(path: &Path) -> Result<Vec<Search>, Fault> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).map_err(|error| named(path, &error))?;
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let value: Option<Value> = serde_json::from_str(line).ok();
        let search = value.as_ref().and_then(Search::of_json);
        let wrong =
            || Fault::Input(format!("{}: line {} is no result", path.display(), number + 1));
        all.push(search.ok_or_else(wrong)?);
    }
    Ok(all)
}

/// Adds a result.
#[cfg_attr(not(zoo), expect(dead_code, reason = "a build without bugs searches for none"))]
pub(super) fn append(path: &Path, search: &Search) -> Result<(), Fault> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| named(path, &error))?;
    }
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    let mut file = file.map_err(|error| named(path, &error))?;
    writeln!(file, "{}", search.to_json()).map_err(|error| named(path, &error))
}

/// What is wrong with a file.
pub(super) fn named(path: &Path, error: &std::io::Error) -> Fault {
    Fault::Input(format!("{}: {error}", path.display()))
}
