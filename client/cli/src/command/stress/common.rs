//! What all campaigns take and say.

use std::{
    env, fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
};

use cofferdam_stress::{
    campaign::{self, CampaignError, Change, Floor, Played, Progress, Results, Size, Subject},
    engine::Mode,
};
use sha2::{Digest, Sha256};

use crate::{bar::Bar, command::hunt::clock::Watch, fault::Fault};

/// The scenario of a campaign, and how it is played.
#[derive(Debug, clap::Args)]
pub(super) struct Campaign {
    /// Paths; each is another draw of the prices.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(super) paths: u64,
    /// Seed that replaces the scenario's.
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Play every step of every path, instead of only those in which somebody can act. The
    /// result is the same.
    #[arg(long)]
    pub(super) exact: bool,
    /// Another value for a key, such as pools.eth-dai.ETH.liquidation_threshold_bps=7500.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
}

/// Where a campaign is played.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// Threads; they change no figure [default: one a core].
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Where everything goes, and where what an interrupted run has done is found again
    /// [default: out/NAME].
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

/// A scenario that a search plays over and over.
#[derive(Debug, clap::Args)]
pub(super) struct Searched {
    /// The scenario file.
    scenario: PathBuf,
    #[command(flatten)]
    campaign: Campaign,
    #[command(flatten)]
    place: Place,
}

impl Searched {
    /// The scenario, and where each of its variations is played.
    pub(super) fn open(&self) -> Result<(Subject, Floor), Fault> {
        let subject = self.campaign.subject(&self.scenario)?;
        let size = Size::of(self.campaign.paths, self.campaign.mode());
        let floor = self.place.floor(&subject, size)?;
        Ok((subject, floor))
    }
}

impl Campaign {
    pub(super) fn subject(&self, file: &Path) -> Result<Subject, Fault> {
        let seed = self.seed.map(|seed| Change::new("seed", seed.to_string()));
        let set = self.set.iter().map(|text| Change::parse(text));
        let changes: Vec<Change> = seed.map(Ok).into_iter().chain(set).collect::<Result<_, _>>()?;
        let subject = Subject::load(file)?;
        Ok(if changes.is_empty() { subject } else { subject.with(&changes)? })
    }

    pub(super) fn mode(&self) -> Mode {
        if self.exact { Mode::Exact } else { Mode::Fast }
    }
}

impl Place {
    pub(super) fn dir(&self, subject: &Subject) -> PathBuf {
        let default = || Path::new("out").join(&subject.scenario().name);
        self.out.clone().unwrap_or_else(default)
    }

    pub(super) fn floor(&self, subject: &Subject, size: Size) -> Result<Floor, Fault> {
        let dir = self.dir(subject);
        Ok(Floor { dir, size, build: build()?, jobs: jobs(self.jobs) })
    }
}

pub(super) fn jobs(wanted: Option<NonZeroUsize>) -> NonZeroUsize {
    let all = || thread::available_parallelism().ok();
    wanted.or_else(all).unwrap_or(NonZeroUsize::MIN)
}

/// The hash of this program file: what another build computes may differ, so its shards are not
/// taken for ours.
pub(super) fn build() -> Result<String, Fault> {
    let fault = |error| Fault::Failed(format!("cannot read this program's own file: {error}"));
    let path = env::current_exe().map_err(fault)?;
    let bytes = fs::read(path).map_err(fault)?;
    Ok(format!("{} {}", env!("CARGO_PKG_VERSION"), hex::encode(Sha256::digest(bytes))))
}

/// Plays one variation of a search with a bar.
pub(super) fn probe(
    floor: &Floor,
    subject: &Subject,
    what: &'static str,
) -> Result<Results, CampaignError> {
    let mut meter = Meter::new(what);
    let played = floor.play(subject, &mut |progress| meter.tell(progress));
    meter.finish();
    Ok(played?.results)
}

/// Plays a campaign with a bar: paths done, rate, time left, bad debt so far.
pub(super) fn play(floor: &Floor, subject: &Subject, what: &'static str) -> Result<Played, Fault> {
    let mut meter = Meter::new(what);
    let played = floor.play(subject, &mut |progress| meter.tell(progress));
    meter.finish();
    Ok(played?)
}

/// A bar over paths.
pub(super) struct Meter {
    bar: Bar,
    watch: Watch,
}

impl Meter {
    pub(super) fn new(what: &'static str) -> Self {
        Self { bar: Bar::new(what), watch: Watch::start() }
    }

    pub(super) fn tell(&mut self, progress: Progress) {
        let Progress { paths, done, resumed, bad_debt } = progress;
        let elapsed = self.watch.elapsed();
        self.bar.at(whole(done), whole(paths), || {
            let played = done - resumed;
            let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
            let rate = played.saturating_mul(1_000) / millis;
            let before =
                if resumed > 0 { format!(", {resumed} from before") } else { String::new() };
            format!("{done} of {paths} paths, {rate} paths/s{before}, bad debt {}", short(bad_debt))
        });
    }

    pub(super) fn finish(&self) {
        self.bar.finish();
    }
}

fn whole(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Millionths of a dollar, for a bar.
fn short(micros: u128) -> String {
    format!("${}", campaign::thousands(micros / 1_000_000))
}

impl From<CampaignError> for Fault {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Play { .. }
            | CampaignError::Write { .. }
            | CampaignError::Missing { .. }
            | CampaignError::Differ(_)
            | CampaignError::Threads(_)
            | CampaignError::Stage(_) => Self::failed(&error),
            _ => Self::input(&error),
        }
    }
}
