//! A scenario from its file to its results, on this machine.

use std::{num::NonZeroUsize, path::PathBuf};

use super::{CampaignError, Engine, Plan, Progress, Results, Size, Subject, run};
use crate::outcome::PathOutcome;

/// Where and how campaigns are played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    /// Where shards go, and where those of an earlier run are.
    pub dir: PathBuf,
    /// How large campaigns are.
    pub size: Size,
    /// What computes them; see [`Plan::build`].
    pub build: String,
    /// Threads.
    pub jobs: NonZeroUsize,
}

/// A campaign that came to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// Its plan.
    pub plan: Plan,
    /// Its paths, in order.
    pub rows: Vec<PathOutcome>,
    /// Its figures.
    pub results: Results,
}

impl Floor {
    /// Plans a campaign, plays what is missing of it, and draws its figures.
    ///
    /// # Errors
    /// Whatever stops one of the three.
    pub fn play(
        &self,
        subject: &Subject,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<Played, CampaignError> {
        let plan = Plan::new(subject, self.size, &self.build)?;
        let rows = run(&plan, &Engine::of(&plan)?, &self.dir, self.jobs, tell)?;
        let results = Results::of(&plan, subject.scenario(), &rows)?;
        Ok(Played { plan, rows, results })
    }
}
