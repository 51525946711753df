//! Telling each second how a hunt goes.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    time::Duration,
};

use cofferdam_tests::{
    action::Verb,
    hunt::{Canary, Measure},
    tally::Tally,
};
use serde_json::{Map, Value, json};

use super::crew::State;
use crate::fault::Fault;

/// Tells of a hunt on standard error and in a file of one JSON object a line.
#[derive(Debug)]
pub(crate) struct Progress {
    file: Option<BufWriter<File>>,
    told: (Duration, u64),
    features: u32,
    new_at: Duration,
    measure: Measure,
    quiet: bool,
}

impl Progress {
    pub(crate) fn new(jsonl: Option<&Path>, measure: Measure, quiet: bool) -> Result<Self, Fault> {
        let open = |path: &Path| {
            let fault = |error| Fault::Input(format!("{}: {error}", path.display()));
            path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(fault)?;
            File::create(path).map(BufWriter::new).map_err(fault)
        };
        let file = jsonl.map(open).transpose()?;
        let start = Duration::ZERO;
        Ok(Self { file, told: (start, 0), features: 0, new_at: start, measure, quiet })
    }

    /// Tells how it stands after `elapsed`.
    pub(crate) fn tell(&mut self, elapsed: Duration, state: &State) {
        if state.kept.2 > self.features {
            (self.features, self.new_at) = (state.kept.2, elapsed);
        }
        let rate = per_second(state.count.actions - self.told.1, elapsed - self.told.0);
        self.told = (elapsed, state.count.actions);
        let quiet_s = (elapsed - self.new_at).as_secs();
        if !self.quiet {
            eprintln!("{}", self.line(elapsed, state, rate, quiet_s));
        }
        if let Some(file) = &mut self.file {
            let mut line = facts(state);
            line.insert("seconds".into(), json!(elapsed.as_secs()));
            line.insert("actions_per_s".into(), json!(rate));
            line.insert("seconds_since_new".into(), json!(quiet_s));
            // A full disk ends the file, not the hunt.
            let _ = writeln!(file, "{}", Value::Object(line)).and_then(|()| file.flush());
        }
    }

    fn line(&self, elapsed: Duration, state: &State, rate: u64, quiet_s: u64) -> String {
        let tally = &state.count.tally;
        let best = state.discoveries.best.figure(self.measure);
        format!(
            "{:>4} s {rate:>8} actions/s | {} % done | liquidated {} of {}, absorbed {} of {} | \
             corpus {}, deep {} | {} {} | new {quiet_s} s ago | findings {}",
            elapsed.as_secs(),
            done_percent(tally),
            tally.succeeded(Verb::Liquidate),
            tally.tried(Verb::Liquidate),
            tally.succeeded(Verb::AbsorbBadDebt),
            tally.tried(Verb::AbsorbBadDebt),
            state.kept.0,
            state.kept.1,
            self.measure.name(),
            self.measure.say(best),
            state.discoveries.findings.len(),
        )
    }
}

/// Everything that is counted, as JSON.
pub(crate) fn facts(state: &State) -> Map<String, Value> {
    let count = &state.count;
    let mut verbs: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (verb, end, times) in count.tally.counts() {
        let _previous = verbs.entry(verb.name()).or_default().insert(end.to_owned(), json!(times));
    }
    let best = Measure::ALL.map(|measure| {
        (measure.name().to_owned(), json!(state.discoveries.best.figure(measure).to_string()))
    });
    let canaries = Canary::ALL.map(|canary| {
        (canary.name().to_owned(), json!(count.canaries.get(&canary).copied().unwrap_or(0)))
    });
    let findings: Map<String, Value> =
        count.violations.iter().map(|(key, times)| (key.to_string(), json!(times))).collect();
    let facts = json!({
        "actions": count.actions,
        "transactions": count.transactions,
        "sequences": count.sequences,
        "probed": count.probed,
        "corpus": state.kept.0,
        "deep_states": state.kept.1,
        "features": state.kept.2,
        "verbs": verbs,
        "best": Map::from_iter(best),
        "canaries": Map::from_iter(canaries),
        "findings": findings,
    });
    match facts {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Each verb: how often it succeeded, and the refusals that came up most.
pub(crate) fn table(tally: &Tally) -> String {
    let mut text =
        format!("{:<22}{:>12}{:>12}{:>9}  refusals\n", "instruction", "tried", "done", "");
    for verb in Verb::ALL {
        let (tried, done) = (tally.tried(verb), tally.succeeded(verb));
        let mut refusals: Vec<_> = tally
            .counts()
            .filter(|(counted, end, _)| *counted == verb && *end != "ok")
            .map(|(_, end, times)| (times, end))
            .collect();
        refusals.sort_by(|a, b| b.cmp(a));
        let top = refusals.iter().take(3).map(|(times, end)| format!("{end} {times}"));
        let top = top.collect::<Vec<_>>().join(", ");
        let part = format!("{}.{} %", done * 100 / tried.max(1), done * 1_000 / tried.max(1) % 10);
        text.push_str(&format!("{:<22}{tried:>12}{done:>12}{part:>9}  {top}\n", verb.name()));
    }
    text
}

fn done_percent(tally: &Tally) -> u64 {
    let (mut all, mut done) = (0, 0);
    for (_, end, times) in tally.counts() {
        all += times;
        done += if end == "ok" { times } else { 0 };
    }
    done * 100 / all.max(1)
}

/// Things in a second.
pub(crate) fn per_second(things: u64, time: Duration) -> u64 {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    things.saturating_mul(1_000) / millis
}
