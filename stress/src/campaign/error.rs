//! Why a campaign stops: always one line.

use std::{io, path::PathBuf};

use crate::{engine::RunError, scenario::ScenarioError, statistics::SampleError};

/// Why a campaign cannot be planned, run or merged.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// The scenario is refused, as it is or with a changed key.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A key that is not in the scenario.
    #[error(
        "{key}: `{segment}` is nowhere in the scenario; write the way to a key with dots, such as \
         pools.NAME.SYMBOL.liquidation_threshold_bps or assets.SYMBOL.price.volatility"
    )]
    NoKey {
        /// The key that was asked for.
        key: String,
        /// The part of it that leads nowhere.
        segment: String,
    },
    /// A change without its value.
    #[error("`{0}` is no change; write KEY=VALUE")]
    NoChange(String),
    /// A file that cannot be read.
    #[error("{}: cannot read it: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that cannot be written.
    #[error("{}: cannot write it: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is no plan.
    #[error("{}: is no plan: {reason}; make one with: cofferdam stress plan", path.display())]
    NoPlan {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        reason: String,
    },
    /// A plan that does not say what it was hashed over.
    #[error(
        "the plan was changed after it was made: its hash is {found}, not {stated}; plan again"
    )]
    Changed {
        /// The hash in the plan.
        stated: String,
        /// The hash of the plan.
        found: String,
    },
    /// A plan of another build, which may give other results.
    #[error("the plan was made by another build of cofferdam ({0}); plan again with this one")]
    OtherBuild(String),
    /// An input that is not the one the plan was made over.
    #[error("{file} is not the file the plan was made with; bring that one back or plan again")]
    OtherInput {
        /// The file, as the scenario names it.
        file: String,
    },
    /// A number of paths or shards that cannot be.
    #[error("{paths} paths in {shards} shards: {reason}")]
    Size {
        /// Paths.
        paths: u64,
        /// Shards.
        shards: u64,
        /// What is wrong with them.
        reason: String,
    },
    /// A shard the plan does not have.
    #[error("there is no shard {index}: the plan has shards 0 to {last}")]
    NoShard {
        /// The shard.
        index: u64,
        /// The last there is.
        last: u64,
    },
    /// Shards that are not there, or damaged.
    #[error(
        "{missing} of {shards} shards are missing or damaged, the first is {first}; run: cofferdam stress shard PLAN {first}"
    )]
    Missing {
        /// How many.
        missing: u64,
        /// How many there should be.
        shards: u64,
        /// The first of them.
        first: u64,
    },
    /// Two results of one shard, which is a pure function.
    #[error("two results of shard {0} differ; one of the machines computes something else")]
    Differ(u64),
    /// A path that could not be played.
    #[error("path {path}: {source}")]
    Play {
        /// The path.
        path: u64,
        /// Why.
        source: Box<RunError>,
    },
    /// The stage could not be set.
    #[error("{0}")]
    Stage(Box<RunError>),
    /// Paths that no figure can be drawn from.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A figure there is none of.
    #[error("`{0}` is no figure of a campaign; docs/STRESS.md has them all")]
    NoFigure(String),
    /// A grid, a range or a target that cannot be.
    #[error("{what}: {reason}")]
    Refused {
        /// The key, the range or the target.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Threads that the system does not give.
    #[error("cannot start the threads: {0}")]
    Threads(String),
}
