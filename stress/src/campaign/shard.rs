//! A shard: some paths of a plan, played anywhere, in a file that proves what it is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bincode::Options;
use sha2::{Digest, Sha256};

use super::{CampaignError, Plan, store};
use crate::{
    engine::{Mode, Prepared, RunError},
    outcome::PathOutcome,
};

/// Whatever turns the number of a path into its outcome, and nothing else into anything.
pub trait Player: Sync {
    /// Plays a path: a pure function of its number.
    ///
    /// # Errors
    /// A path that cannot be played.
    fn play(&self, path: u64) -> Result<PathOutcome, RunError>;
}

/// The real program on a prepared stage.
#[derive(Debug)]
pub struct Engine {
    prepared: Prepared,
    mode: Mode,
}

impl Engine {
    /// Sets the stage of a plan's scenario.
    ///
    /// # Errors
    /// As [`Plan::subject`], or a stage that cannot be set.
    pub fn of(plan: &Plan) -> Result<Self, CampaignError> {
        let subject = plan.subject()?;
        let prepared = Prepared::new(subject.scenario());
        let prepared = prepared.map_err(|error| CampaignError::Stage(Box::new(error)))?;
        Ok(Self { prepared, mode: plan.mode })
    }
}

impl Player for Engine {
    fn play(&self, path: u64) -> Result<PathOutcome, RunError> {
        self.prepared.play(path, self.mode)
    }
}

/// Whether a shard had to be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It was played now.
    Played,
    /// Its valid result was there.
    Before,
}

const MAGIC: &[u8; 8] = b"CFDSHRD1";
const SUM_LEN: usize = 32;

/// Where the shards of a plan lie below `dir`.
pub fn folder(dir: &Path, plan: &Plan) -> PathBuf {
    dir.join("shards").join(&plan.hash[..16])
}

/// The file of a shard.
pub fn file(dir: &Path, plan: &Plan, index: u64) -> PathBuf {
    folder(dir, plan).join(format!("{index:05}.shard"))
}

/// Plays a shard into its file, unless a valid one is there. `tell` hears of each path.
///
/// # Errors
/// A shard that is none, a path that cannot be played, a file that cannot be written.
pub fn run(
    plan: &Plan,
    player: &impl Player,
    index: u64,
    dir: &Path,
    tell: &(impl Fn(&PathOutcome) + Sync),
) -> Result<Done, CampaignError> {
    let file = file(dir, plan, index);
    if read(&file, plan, index).is_some() {
        return Ok(Done::Before);
    }
    let mut rows = Vec::new();
    for path in plan.shard(index)? {
        let played = player.play(path);
        let row = played.map_err(|error| CampaignError::Play { path, source: Box::new(error) })?;
        tell(&row);
        rows.push(row);
    }
    store::write(&file, &encode(plan, index, &rows))?;
    Ok(Done::Played)
}

/// The rows of a shard's file; `None` when it is not there, of another plan or damaged.
pub fn read(file: &Path, plan: &Plan, index: u64) -> Option<Vec<PathOutcome>> {
    let bytes = fs::read(file).ok()?;
    let (body, sum) = bytes.split_last_chunk::<SUM_LEN>()?;
    if Sha256::digest(body)[..] != sum[..] {
        return None;
    }
    let rows = body.strip_prefix(&head(plan, index)[..])?;
    let rows: Vec<PathOutcome> = coding().deserialize(rows).ok()?;
    let paths = plan.shard(index).ok()?;
    rows.iter().map(|row| row.path).eq(paths).then_some(rows)
}

/// Head, rows in order, and the hash of both. Integers have as many bytes as they need, weights
/// are their bits.
fn encode(plan: &Plan, index: u64, rows: &[PathOutcome]) -> Vec<u8> {
    let mut bytes = head(plan, index);
    coding().serialize_into(&mut bytes, rows).expect("memory takes everything");
    let sum = Sha256::digest(&bytes);
    bytes.extend(sum);
    bytes
}

fn head(plan: &Plan, index: u64) -> Vec<u8> {
    [&MAGIC[..], plan.hash.as_bytes(), &index.to_le_bytes()].concat()
}

fn coding() -> impl Options {
    bincode::DefaultOptions::new()
}
