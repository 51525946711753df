//! Searches for many bugs, a few at a time.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    thread,
};

use cofferdam_lending_interface::zoo::{self, Bug};
use cofferdam_tests::{
    hunt::Ground,
    zoo::{CATALOGUE, Entry, entry},
};

use super::{
    Args,
    result::{self, CONTROL, Found, Search},
    searcher::{self, Case},
};
use crate::fault::Fault;

/// What is still to be searched, and what was.
struct Plan {
    left: Vec<(String, String)>,
    done: Vec<Search>,
}

pub(super) fn run(args: &Args) -> Result<(), Fault> {
    let bugs = chosen(args)?;
    if let Some(wrong) = args.arms.iter().find(|arm| !searcher::is_arm(arm)) {
        return Err(Fault::Input(format!("there is no arm {wrong}")));
    }
    let mut left = Vec::new();
    for bug in bugs.iter().rev() {
        left.extend(args.arms.iter().rev().map(|arm| (bug.clone(), arm.clone())));
    }
    let plan = Mutex::new(Plan { left, done: result::read(&args.results)? });
    let failed = thread::scope(|scope| {
        let crew: Vec<_> =
            (0..args.jobs.max(1)).map(|_| scope.spawn(|| work(args, &plan))).collect();
        crew.into_iter().find_map(|worker| match worker.join() {
            Ok(end) => end.err(),
            Err(_) => Some(Fault::Failed("a search panicked".to_owned())),
        })
    });
    match failed {
        Some(fault) => Err(fault),
        None => verdict(args, &bugs, &plan.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

/// The bugs to search for, by name.
fn chosen(args: &Args) -> Result<Vec<String>, Fault> {
    for name in &args.bugs {
        let unknown = || Fault::Input(format!("no bug is called {name}; see docs/ZOO.md"));
        let _known = entry(name).ok_or_else(unknown)?;
    }
    let named = |entry: &&Entry| args.bugs.is_empty() || args.bugs.iter().any(|n| n == entry.name);
    let all: Vec<&Entry> = CATALOGUE.into_iter().flatten().filter(named).collect();
    let easy = |entry: &&&Entry| entry.tier.number() <= args.tiers;
    let mut names: Vec<String> = all.iter().filter(easy).map(|e| e.name.to_owned()).collect();
    let mut rest: Vec<&&Entry> = all.iter().filter(|entry| !easy(entry)).collect();
    for drawn in 0..args.draw.min(rest.len()) {
        let place = draw(args.draw_seed, drawn) % rest.len();
        names.push(rest.swap_remove(place).name.to_owned());
    }
    if args.control {
        names.push(CONTROL.to_owned());
    }
    Ok(names)
}

/// A number that seed and place decide.
fn draw(seed: u64, place: usize) -> usize {
    let place = u64::try_from(place).unwrap_or_default();
    let mixed = seed.wrapping_add(place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 33).unwrap_or_default()
}

/// Takes one bug and arm after the other and searches with every seed.
fn work(args: &Args, plan: &Mutex<Plan>) -> Result<(), Fault> {
    zoo::plant_here(None);
    let ground = Ground::wild();
    loop {
        let next = plan.lock().unwrap_or_else(PoisonError::into_inner).left.pop();
        let Some((bug, arm)) = next else { return Ok(()) };
        seeds(args, plan, &ground, (&bug, &arm))?;
    }
}

fn seeds(
    args: &Args,
    plan: &Mutex<Plan>,
    ground: &Ground,
    (bug, arm): (&str, &str),
) -> Result<(), Fault> {
    let (mut missed, mut found) = (0, 0);
    for seed in 1..=args.seeds {
        if bug != CONTROL && found == 0 && missed >= args.patience {
            break;
        }
        let (search, is_new) = match known(args, plan, (bug, arm), seed) {
            Some(search) => (search, false),
            None => (one(args, ground, (bug, arm), seed), true),
        };
        if search.found.is_some() {
            found += 1;
        } else {
            missed += 1;
        }
        let mut plan = plan.lock().unwrap_or_else(PoisonError::into_inner);
        if is_new {
            result::append(&args.results, &search)?;
            plan.done.push(search);
        }
    }
    eprintln!("{bug} by {arm}: found in {found} of {}", found + missed);
    Ok(())
}

/// The same search of an earlier run, unless it was shorter and found nothing.
fn known(args: &Args, plan: &Mutex<Plan>, (bug, arm): (&str, &str), seed: u64) -> Option<Search> {
    let plan = plan.lock().unwrap_or_else(PoisonError::into_inner);
    let same = |search: &&Search| {
        let enough = search.found.is_some() || search.limit_ms >= args.seconds * 1_000;
        search.bug == bug && search.arm == arm && search.seed == seed && enough
    };
    plan.done.iter().find(same).cloned()
}

fn one(args: &Args, ground: &Ground, (bug, arm): (&str, &str), seed: u64) -> Search {
    let limit_ms = args.seconds * 1_000;
    let case = Case { bug: Bug::named(bug), arm, seed };
    zoo::plant_here(case.bug);
    let end = catch_unwind(AssertUnwindSafe(|| searcher::search(ground, case, limit_ms)));
    zoo::plant_here(None);
    let (bug, arm) = (bug.to_owned(), arm.to_owned());
    match end {
        Ok(end) => Search {
            bug,
            arm,
            seed,
            limit_ms,
            cpu_ms: end.cpu_ms,
            actions: end.actions,
            alarms: end.alarms,
            found: end.found,
        },
        // A panic is a finding too, though one without figures.
        Err(_) => {
            let found = Some(Found { id: "PANIC".to_owned(), verb: "?".to_owned(), length: 0 });
            Search { bug, arm, seed, limit_ms, cpu_ms: 0, actions: 0, alarms: 0, found }
        }
    }
}

/// Fails when a bug was missed, or when something was found without one.
fn verdict(args: &Args, bugs: &[String], plan: &Plan) -> Result<(), Fault> {
    let asked = |search: &&Search| {
        bugs.contains(&search.bug)
            && args.arms.contains(&search.arm)
            && search.seed <= args.seeds
            && (search.found.is_some() || search.limit_ms >= args.seconds * 1_000)
    };
    let searches: Vec<&Search> = plan.done.iter().filter(asked).collect();
    let missed: BTreeSet<String> = searches
        .iter()
        .filter(|search| (search.bug == CONTROL) == search.found.is_some())
        .map(|search| format!("{} by {}", search.bug, search.arm))
        .collect();
    println!("{} bugs, {} searches", bugs.len(), searches.len());
    if missed.is_empty() {
        return Ok(());
    }
    let missed = missed.into_iter().collect::<Vec<_>>().join(", ");
    Err(Fault::Failed(format!("not found in every seed, or found where there is none: {missed}")))
}
