//! `cofferdam run`.

use std::path::{Path, PathBuf};

use cofferdam_stress::{
    engine::{self, Finished, RunError},
    outcome,
    prices::Candles,
    report::{self, Report},
    scenario,
};

use crate::{args::RunArgs, bar::Bar, fault::Fault};

/// Plays a scenario, prints who paid, and writes the outputs.
pub(crate) fn run(args: &RunArgs) -> Result<(), Fault> {
    let mut loaded = scenario::load(&args.scenario).map_err(|error| Fault::input(&error))?;
    if let Some(seed) = args.seed {
        loaded.scenario.seed = seed;
    }
    let load = |file: &PathBuf| Candles::load(file).map_err(|error| Fault::input(&error));
    let candles = args.prices.as_ref().map(load).transpose()?;
    let finished = play(&loaded.scenario, candles.as_ref())?;

    println!("{}", report::table(&finished.summary));
    let default = || Path::new("out").join(&loaded.scenario.name);
    let dir = args.out.clone().unwrap_or_else(default);
    write(&dir, &loaded, &finished)
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
    let journal = String::new();
    let files = outcome::write_outputs(dir, &finished.summary, &html, &journal)
        .map_err(|error| Fault::failed(&error))?;
    println!("state root {}", finished.summary.state_root);
    println!("wrote {}", files.summary.display());
    println!("wrote {}", files.journal.display());
    println!("wrote {}", files.report.display());
    Ok(())
}
