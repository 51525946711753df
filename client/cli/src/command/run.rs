//! `cofferdam run`.

use std::path::{Path, PathBuf};

use cofferdam_ledger::Journal;
use cofferdam_stress::{
    engine::{self, Finished, RunError},
    outcome,
    prices::Candles,
    report::{self, Report},
    scenario,
};

use crate::{args::RunArgs, bar::Bar, fault::Fault, say::say};

/// Plays a scenario, prints who paid, and writes the outputs.
pub(crate) fn run(args: &RunArgs) -> Result<(), Fault> {
    let mut loaded = scenario::load(&args.scenario).map_err(|error| Fault::input(&error))?;
    if let Some(seed) = args.seed {
        loaded.scenario.seed = seed;
    }
    let load = |file: &PathBuf| Candles::load(file).map_err(|error| Fault::input(&error));
    let candles = args.prices.as_ref().map(load).transpose()?;
    if let Some(candles) = &candles {
        move_onto(&mut loaded.scenario, candles);
    }
    let finished = play(&loaded.scenario, candles.as_ref())?;

    say(format_args!("{}", report::table(&finished.summary)));
    let default = || Path::new("out").join(&loaded.scenario.name);
    let dir = args.out.clone().unwrap_or_else(default);
    write(&dir, &loaded, &finished)
}

/// A file of other days than the scenario's is played on its own days.
fn move_onto(scenario: &mut scenario::Scenario, candles: &Candles) {
    let moved = scenario.moved_onto(candles.span_s());
    if moved.start != scenario.start {
        say(format_args!("prices cover other days: playing {} to {}", moved.start, moved.end));
    }
    *scenario = moved;
}

fn play(scenario: &scenario::Scenario, candles: Option<&Candles>) -> Result<Finished, Fault> {
    let mut bar = Bar::new("running");
    let finished = engine::run(scenario, candles, |progress| {
        let message = || format!("{} positions liquidatable", progress.liquidatable);
        bar.at(progress.done, progress.steps, message);
    });
    bar.finish();
    finished.map_err(|error| match error {
        RunError::Client(_) | RunError::Warp(_) => Fault::failed(&error),
        _ => Fault::input(&error),
    })
}

fn write(dir: &Path, loaded: &scenario::Loaded, finished: &Finished) -> Result<(), Fault> {
    let html = report::html(&Report {
        scenario: &loaded.scenario,
        scenario_text: &loaded.text,
        summary: &finished.summary,
        timelines: &finished.timelines,
        health: &finished.health,
    });
    let journal = finished.ledger.journal().map(Journal::to_json).unwrap_or_default();
    let files = outcome::write_outputs(dir, &finished.summary, &html, &journal)
        .map_err(|error| Fault::failed(&error))?;
    for file in [&files.summary, &files.journal, &files.report] {
        say(format_args!("wrote {}", file.display()));
    }
    Ok(())
}
