//! `cargo bench -p cofferdam-stress --bench lab`: how fast paths are played, and what a position
//! costs in memory. Rates are CPU time of one core; the large runs use all cores, and state both the
//! clock on the wall and CPU time, which a busy machine does not stretch.
//!
//! `-- --share N` plays one path in N of the two large runs and states the rest as an
//! extrapolation. `cargo test --benches` plays a few, to see that it works.

#![expect(clippy::disallowed_types, reason = "a benchmark measures the time people wait")]

use std::{
    fs,
    num::NonZeroUsize,
    thread,
    time::{Duration, Instant},
};

use cofferdam_sdk::ledger::Action;
use cofferdam_stress::{
    engine::{Mode, Prepared, run},
    outcome::PathOutcome,
    scenario::{Scenario, parse},
};
use cpu_time::ProcessTime;

const TEXT: &str = include_str!("../../../scenarios/black-thursday.toml");
const PAGE_BYTES: u64 = 4_096;

/// A run of many paths.
#[derive(Clone, Copy)]
struct Size {
    paths: u64,
    steps: u64,
    positions: u64,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let share = args.iter().skip_while(|arg| *arg != "--share").nth(1);
    let share: u64 = share.and_then(|text| text.parse().ok()).unwrap_or(1).max(1);
    let full = args.iter().any(|arg| arg == "--bench");
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    println!("{cores} cores");
    exact(if full { 1_000 } else { 20 }, if full { 2 } else { 1 });
    if full {
        fast(cores, share, Size { paths: 10_000, steps: 1_440, positions: 1_000 });
        fast(cores, share, Size { paths: 100, steps: 1_000, positions: 1_000_000 });
    } else {
        fast(cores, 1, Size { paths: 20, steps: 50, positions: 40 });
    }
}

/// Rates of a single core.
fn exact(positions: u64, paths: u64) {
    let scenario = scenario(positions, 1_440);
    let (prepared, staging) = timed(|| Prepared::new(&scenario).expect("the stage is set"));
    let sent = prepared.staged_by();
    println!("\nexact, one core");
    println!(
        "{:<44}{:>16}",
        "signed transactions a second, staging",
        per_second(sent, staging.cpu)
    );
    let (_, playing) = timed(|| sent_on(&prepared, paths));
    let looked_at = positions * 1_440 * paths;
    println!("{:<44}{:>16}", "position-steps a second", per_second(looked_at, playing.cpu));
    instructions(if positions > 100 { 20 } else { 1 });
}

/// How fast the program's instructions are played when there are few positions to look at. What
/// is sent while a path is played is one instruction a transaction, but for a swap, which has two.
fn instructions(paths: u64) {
    let prepared = Prepared::new(&scenario(3, 1_440)).expect("the stage is set");
    let (sent, playing) = timed(|| sent_on(&prepared, paths));
    println!("{:<44}{:>16}", "instructions a second, playing", per_second(sent, playing.cpu));
    let whole = scenario(200, 1_440);
    let (finished, running) = timed(|| run(&whole, None, |_| {}).expect("a run"));
    let entries = finished.ledger.journal().expect("a run keeps one").iter();
    let ran: usize = entries.map(|entry| instructions_of(&entry.action)).sum();
    let what = "instructions a second, run with a journal";
    println!("{what:<44}{:>16}", per_second(ran as u64, running.cpu));
}

fn instructions_of(action: &Action) -> usize {
    match action {
        Action::Transaction { wire, .. } => wire.message.instructions.len(),
        _ => 0,
    }
}

/// Plays exact paths and counts what is sent on them.
fn sent_on(prepared: &Prepared, paths: u64) -> u64 {
    let play = |path| prepared.play(path, Mode::Exact).expect("a path").transactions.submitted;
    (0..paths).map(play).sum()
}

/// One of the two large runs.
fn fast(cores: usize, share: u64, size: Size) {
    let scenario = scenario(size.positions, size.steps);
    let before = resident_bytes();
    let (prepared, staging) = timed(|| Prepared::new(&scenario).expect("the stage is set"));
    let bytes = resident_bytes().saturating_sub(before) / size.positions;
    let paths = (size.paths / share).max(1);
    let (sums, playing) = timed(|| play(&prepared, cores, paths));
    let Size { positions, steps, .. } = size;
    println!("\nfast, {} paths x {steps} steps x {positions} positions", size.paths);
    staging.print("staging");
    playing.print(&format!("{paths} paths"));
    if paths < size.paths {
        let times = |time: Duration| time.mul_f64(size.paths as f64 / paths as f64);
        let all = Spent { wall: times(playing.wall), cpu: times(playing.cpu) };
        all.print("EXTRAPOLATED to all paths");
    }
    println!("{:<44}{bytes:>14} B", "resident memory a position");
    let (liquidations, lossy, transactions) = sums;
    println!("{:<44}{liquidations:>16}", "liquidations");
    println!("{:<44}{lossy:>16}", "paths with bad debt");
    println!("{:<44}{transactions:>16}", "transactions, publications included");
}

/// Plays paths on all cores: liquidations, paths with bad debt, transactions.
fn play(prepared: &Prepared, cores: usize, paths: u64) -> (u64, u64, u64) {
    let part = |first: u64| {
        let mut sums = (0, 0, 0);
        for path in (first..paths).step_by(cores) {
            let outcome: PathOutcome = prepared.play(path, Mode::Fast).expect("a path");
            let executed = outcome.pools.iter().map(|pool| u64::from(pool.liquidations.executed));
            sums.0 += executed.sum::<u64>();
            sums.1 += u64::from(outcome.bad_debt() > 0);
            sums.2 += outcome.transactions.submitted;
        }
        sums
    };
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..cores as u64).map(|first| scope.spawn(move || part(first))).collect();
        let sums = threads.into_iter().map(|thread| thread.join().expect("a thread ends"));
        sums.fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2))
    })
}

/// The shocked pool of the shipped scenario with that many borrowers, at a random price of ETH.
fn scenario(positions: u64, steps: u64) -> Scenario {
    let from = TEXT.find("kind = \"daily_ohlc\"").expect("daily bars");
    let until = from + TEXT[from..].find("\n]").expect("the days end") + 2;
    let price = "process = \"gbm\"\nopening = \"200\"\nvolatility = \"1.2\"";
    let end = TEXT.find("[[pools]]\nname = \"usdc-dai\"").expect("a dry pool");
    let (hours, minutes) = (steps / 60, steps % 60);
    let last =
        format!("end = \"2020-03-{:02}T{:02}:{minutes:02}:00Z\"", 11 + hours / 24, hours % 24);
    let (bold, careful) = (positions * 4 / 10, positions - positions * 4 / 10);
    let text = format!("{}{price}{}", &TEXT[..from], &TEXT[until..end])
        .replace("count = 280", &format!("count = {careful}"))
        .replace("count = 160", &format!("count = {bold}"))
        .replace("end = \"2020-03-15T00:00:00Z\"", &last);
    let jam = text.find("# Fees rose").expect("a jam")..text.find("[chain]").expect("a chain");
    let text = [&text[..jam.start], &text[jam.end..]].concat();
    // What the episode asserts is not what happens here.
    let own = text.find("[assert]").expect("assertions")..text.find("[[pools]]").expect("a pool");
    let text = [&text[..own.start], &text[own.end..]].concat();
    parse("lab.toml", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// Time on the wall and CPU time of all threads.
#[derive(Clone, Copy)]
struct Spent {
    wall: Duration,
    cpu: Duration,
}

impl Spent {
    fn print(self, what: &str) {
        println!("{what:<44}{:>14.1} s", self.wall.as_secs_f64());
        println!("{:<44}{:>14.1} s", format!("{what}, CPU time"), self.cpu.as_secs_f64());
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let done = work();
    (done, Spent { wall: wall.elapsed(), cpu: cpu.elapsed() })
}

fn per_second(count: u64, elapsed: Duration) -> u128 {
    u128::from(count) * 1_000_000_000 / elapsed.as_nanos().max(1)
}

/// Memory of this process, in bytes.
fn resident_bytes() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * PAGE_BYTES
}
