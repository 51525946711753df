//! All shards of a plan on the threads of one machine.

use std::{num::NonZeroUsize, path::Path, sync::mpsc, thread};

use rayon::{ThreadPoolBuilder, prelude::*};

use super::{
    CampaignError, Plan,
    merge::collect,
    shard::{self, Done, Player},
};
use crate::outcome::PathOutcome;

/// How far a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Paths there are.
    pub paths: u64,
    /// Paths done, those of an earlier run included.
    pub done: u64,
    /// Paths that an earlier run did.
    pub resumed: u64,
    /// Bad debt of the paths played now, in millionths of a dollar.
    pub bad_debt: u128,
}

enum News {
    Path(u128),
    Resumed(u64),
}

/// Plays what is missing of a plan below `dir`, and returns all of its paths in order: the same
/// on any number of threads, and after any number of interruptions.
///
/// # Errors
/// The first shard that cannot be played or written. Shards done before stay.
pub fn run(
    plan: &Plan,
    player: &impl Player,
    dir: &Path,
    jobs: NonZeroUsize,
    tell: &mut dyn FnMut(Progress),
) -> Result<Vec<PathOutcome>, CampaignError> {
    let pool = ThreadPoolBuilder::new().num_threads(jobs.get()).build();
    let pool = pool.map_err(|error| CampaignError::Threads(error.to_string()))?;
    let (sender, news) = mpsc::channel();
    let mut progress = Progress { paths: plan.paths, ..Progress::default() };
    thread::scope(|scope| {
        let work = scope.spawn(move || pool.install(|| all(plan, player, dir, &sender)));
        for news in news {
            progress.add(&news);
            tell(progress);
        }
        work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    collect(plan, &[dir.to_owned()])
}

fn all(
    plan: &Plan,
    player: &impl Player,
    dir: &Path,
    sender: &mpsc::Sender<News>,
) -> Result<(), CampaignError> {
    // One by one: halves of the range, as they are cut by default, would leave the end to a
    // single thread.
    let shards: Vec<u64> = (0..plan.shards).collect();
    shards.into_par_iter().with_max_len(1).try_for_each(|index| {
        // Nobody listens any more only when the campaign is over.
        let send = |news| drop(sender.send(news));
        let told = |row: &PathOutcome| send(News::Path(row.bad_debt()));
        if shard::run(plan, player, index, dir, &told)? == Done::Before {
            let paths = plan.shard(index)?;
            send(News::Resumed(paths.end - paths.start));
        }
        Ok(())
    })
}

impl Progress {
    fn add(&mut self, news: &News) {
        match news {
            News::Path(bad_debt) => {
                self.done += 1;
                self.bad_debt += bad_debt;
            }
            News::Resumed(paths) => {
                self.done += paths;
                self.resumed += paths;
            }
        }
    }
}
