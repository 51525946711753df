//! A plan: everything a shard needs to know, under one hash.

use std::{collections::BTreeMap, fs, ops::Range, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CampaignError, Change, Subject, store};
use crate::engine::Mode;

/// Everything that decides the result of a campaign.
///
/// The hash is over all other entries but the name of the scenario's file, so two plans of one
/// hash have the same result on any machine, and a shard is known to be of its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// SHA-256 over the plan, in hexadecimal.
    pub hash: String,
    /// What made the plan: a version or the hash of a program file. Another build may compute
    /// something else.
    pub build: String,
    /// Where the scenario came from; its price files are looked for beside it.
    pub scenario_file: String,
    /// Whether every step is played, or only those in which somebody can act.
    pub mode: Mode,
    /// Number of paths.
    pub paths: u64,
    /// Number of shards.
    pub shards: u64,
    /// Keys that differ from the file.
    pub changes: Vec<Change>,
    /// SHA-256 of each price file.
    pub inputs: BTreeMap<String, String>,
    /// The scenario's text.
    pub scenario_text: String,
}

/// How large a campaign is, and how it is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Number of paths.
    pub paths: u64,
    /// Number of shards; more than paths are none.
    pub shards: u64,
    /// How paths are played.
    pub mode: Mode,
}

/// The most paths of a campaign: all of them are in memory when they are merged.
pub const PATHS_MAX: u64 = 10_000_000;
/// The most shards.
pub const SHARDS_MAX: u64 = 100_000;

impl Size {
    /// A size whose shards are small enough to lose one, and do not depend on the machine.
    pub fn of(paths: u64, mode: Mode) -> Self {
        Self { paths, shards: paths.clamp(1, 256), mode }
    }
}

impl Plan {
    /// A plan over a scenario. `build` names what will compute it.
    ///
    /// # Errors
    /// No path, no shard, paths that do not fill a group of the scenario's sampling, or a price
    /// file that cannot be read.
    pub fn new(subject: &Subject, size: Size, build: &str) -> Result<Self, CampaignError> {
        let Size { paths, shards, mode } = size;
        let refuse = |reason: String| Err(CampaignError::Size { paths, shards, reason });
        if paths == 0 || paths > PATHS_MAX {
            return refuse(format!("paths are 1 to {PATHS_MAX}"));
        }
        if shards == 0 || shards > SHARDS_MAX {
            return refuse(format!("shards are 1 to {SHARDS_MAX}"));
        }
        let group = subject.scenario().sampling.scheme().group_paths();
        if !paths.is_multiple_of(group) {
            return refuse(format!("the scenario's sampling draws groups of {group} paths"));
        }
        let mut plan = Self {
            hash: String::new(),
            build: build.to_owned(),
            scenario_file: subject.file().to_owned(),
            mode,
            paths,
            shards: shards.min(paths),
            changes: subject.changes().to_vec(),
            inputs: subject.inputs()?,
            scenario_text: subject.text().to_owned(),
        };
        plan.hash = plan.computed_hash();
        Ok(plan)
    }

    /// Reads a plan and checks that it is whole and made by this build.
    ///
    /// # Errors
    /// A file that is no plan, was changed, or comes from another build.
    pub fn load(path: &Path, build: &str) -> Result<Self, CampaignError> {
        let bytes = fs::read(path)
            .map_err(|source| CampaignError::Read { path: path.to_owned(), source })?;
        let plan: Self = serde_json::from_slice(&bytes).map_err(|error| CampaignError::NoPlan {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        let found = plan.computed_hash();
        if found != plan.hash {
            return Err(CampaignError::Changed { stated: plan.hash, found });
        }
        if plan.build != build {
            return Err(CampaignError::OtherBuild(plan.build));
        }
        Ok(plan)
    }

    /// Writes the plan, whole or not at all.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), CampaignError> {
        store::write_json(path, self)
    }

    /// The scenario of the plan, with the price files it was planned with.
    ///
    /// # Errors
    /// A price file that is not there, or another one than the plan's.
    pub fn subject(&self) -> Result<Subject, CampaignError> {
        let (file, text) = (&self.scenario_file, &self.scenario_text);
        let subject = Subject::new(file, text, self.changes.clone())?;
        let other = |(file, hash): (String, String)| {
            (self.inputs.get(&file) != Some(&hash)).then_some(CampaignError::OtherInput { file })
        };
        match subject.inputs()?.into_iter().find_map(other) {
            Some(error) => Err(error),
            None => Ok(subject),
        }
    }

    /// The paths of a shard. Shards differ by one path at most.
    ///
    /// # Errors
    /// A shard that is none.
    pub fn shard(&self, index: u64) -> Result<Range<u64>, CampaignError> {
        if index >= self.shards {
            return Err(CampaignError::NoShard { index, last: self.shards - 1 });
        }
        let start = |index: u64| {
            let start = u128::from(index) * u128::from(self.paths) / u128::from(self.shards);
            u64::try_from(start).expect("no more than the number of paths")
        };
        Ok(start(index)..start(index + 1))
    }

    fn computed_hash(&self) -> String {
        let mut hash = Sha256::new();
        // Lengths keep neighbours apart.
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        let mode = match self.mode {
            Mode::Exact => "exact",
            Mode::Fast => "fast",
        };
        add("cofferdam campaign 1");
        for text in [&self.build, mode, &self.scenario_text] {
            add(text);
        }
        for number in [self.paths, self.shards, self.changes.len() as u64] {
            add(&number.to_string());
        }
        for Change { key, value } in &self.changes {
            add(key);
            add(value);
        }
        for (file, sum) in &self.inputs {
            add(file);
            add(sum);
        }
        hex::encode(hash.finalize())
    }
}
