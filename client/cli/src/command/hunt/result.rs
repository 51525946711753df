//! What a part of a campaign found and counted, as a file that any machine can add to others: two
//! lines, a head with a sum over the second one, and everything else.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use cofferdam_tests::{
    action::{Record, Verb},
    hunt::{Best, Canary, Count, Discoveries, Finding, Key, Measure, Plan},
    tally::Tally,
};
use serde_json::{Map, Value, json};

use super::{
    crew::{Haul, State},
    folder,
};
use crate::fault::Fault;

/// The folder of results, in that of a hunt.
pub(crate) const RESULTS: &str = "results";
/// Raised whenever a result says something else or says it otherwise.
const VERSION: u64 = 1;

/// What a part is a part of. Parts of the same campaign were drawn the same way from the same
/// numbers and ran the same program.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Campaign(Value);

impl Campaign {
    /// Shards of so many rounds.
    pub(crate) fn of_rounds(plan: Plan, seed: u64, bug: Option<&str>, rounds: u32) -> Self {
        Self::of(plan, seed, bug, &json!({ "rounds": rounds }))
    }

    /// A hunt for so many seconds.
    pub(crate) fn of_seconds(plan: Plan, seed: u64, bug: Option<&str>, seconds: u64) -> Self {
        Self::of(plan, seed, bug, &json!({ "seconds": seconds }))
    }

    fn of(plan: Plan, seed: u64, bug: Option<&str>, length: &Value) -> Self {
        Self(json!({
            "strategy": plan.strategy.name(),
            "objective": plan.objective.map(Measure::name),
            "bug": bug,
            "seed": seed,
            "length": length,
            "hunted": env!("COFFERDAM_HUNTED"),
        }))
    }

    /// Whether its figures mean the same as those of this build with this bug.
    fn is_of(&self, bug: Option<&str>) -> bool {
        self.0["hunted"] == env!("COFFERDAM_HUNTED") && self.0["bug"] == json!(bug)
    }

    /// Sixteen digits that stand for it.
    fn id(&self) -> String {
        folder::content_name(self.0.to_string().as_bytes())
    }
}

/// Name of the file of a shard.
pub(crate) fn name(campaign: &Campaign, shard: u64) -> String {
    format!("{}-{shard}.json", campaign.id())
}

/// Writes what shard `number` came to.
pub(crate) fn write(
    out: &Path,
    campaign: &Campaign,
    number: u64,
    haul: &Haul,
) -> Result<(), Fault> {
    let text = encode(campaign, Some(number), haul);
    folder::write(&out.join(RESULTS).join(name(campaign, number)), text.as_bytes())
}

/// Name of the file of a hunt by the clock.
fn timed_name(campaign: &Campaign, text: &[u8]) -> String {
    format!("{}-{}.json", campaign.id(), folder::content_name(text))
}

/// Writes what a hunt by the clock came to, named by its content: no two are the same. Its
/// sequences stand in its corpus already.
pub(crate) fn write_timed(out: &Path, campaign: &Campaign, state: &State) -> Result<(), Fault> {
    let haul = Haul { state: state.clone(), corpus: Vec::new() };
    let text = encode(campaign, None, &haul);
    let name = timed_name(campaign, text.as_bytes());
    folder::write(&out.join(RESULTS).join(name), text.as_bytes())
}

/// What shard `number` of a campaign came to; `None` when there is no such file, or half of one,
/// or one of another campaign or shard.
pub(crate) fn read(out: &Path, campaign: &Campaign, number: u64) -> Option<Haul> {
    let text = folder::read(&out.join(RESULTS).join(name(campaign, number))).ok()?;
    let body = body(&text)?;
    let own = body["campaign"] == campaign.0 && body["shard"] == number;
    own.then(|| decode(&body))?
}

/// Results of many folders, each once however often it was copied.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Bytes and content of each, by the name that its content gives it.
    pub(crate) results: BTreeMap<String, (Vec<u8>, Haul)>,
    /// What this build cannot add up, by content: of other sources, of another bug, or not whole.
    pub(crate) foreign: BTreeSet<String>,
}

impl Gathered {
    /// Adds those of a folder.
    pub(crate) fn add(&mut self, dir: &Path, bug: Option<&str>) -> Result<(), Fault> {
        for file in folder::entries(&dir.join(RESULTS)) {
            let text = folder::read(&file)?;
            let Some((name, haul)) = of_build(&text, bug) else {
                let _new = self.foreign.insert(folder::content_name(&text));
                continue;
            };
            match self.results.get(&name) {
                Some((known, _)) if *known == text => {}
                Some(_) => return Err(differ(&file)),
                None => drop(self.results.insert(name, (text, haul))),
            }
        }
        Ok(())
    }
}

/// A shard is a pure function: two results of one are a fault of a machine or of this program.
fn differ(file: &Path) -> Fault {
    let file = file.display();
    Fault::Failed(format!("{file} differs from the result of the same shard in another folder"))
}

/// A result of this build with this bug, and the name that its file was written under.
fn of_build(text: &[u8], bug: Option<&str>) -> Option<(String, Haul)> {
    let body = body(text)?;
    let campaign = Campaign(body["campaign"].clone());
    let name = match body["shard"].as_u64() {
        Some(shard) => name(&campaign, shard),
        None => timed_name(&campaign, text),
    };
    campaign.is_of(bug).then(|| decode(&body))?.map(|haul| (name, haul))
}

/// The second line, when the first one is right about it.
fn body(text: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(text).ok()?;
    let (head, body) = text.split_once('\n')?;
    let head: Value = serde_json::from_str(head).ok()?;
    let body = body.strip_suffix('\n')?;
    let whole = head["cofferdam_hunt_result"] == VERSION
        && head["sum"] == folder::content_name(body.as_bytes());
    whole.then(|| serde_json::from_str(body).ok())?
}

fn encode(campaign: &Campaign, shard: Option<u64>, haul: &Haul) -> String {
    let State { count, discoveries, kept, .. } = &haul.state;
    let best = discoveries.best.0.iter().map(|(measure, (figure, path))| {
        let path = json!({ "figure": figure.to_string(), "records": digits(path) });
        (measure.name().to_owned(), path)
    });
    let findings = discoveries.findings.values().map(|finding| {
        let mut facts = folder::facts(finding);
        facts["records"] = json!(digits(&finding.records));
        facts
    });
    let body = json!({
        "campaign": campaign.0,
        "shard": shard,
        "count": of_count(count),
        "kept": [kept.0, kept.1, kept.2],
        "best": Map::from_iter(best),
        "findings": findings.collect::<Vec<_>>(),
        "corpus": haul.corpus.iter().map(|path| digits(path)).collect::<Vec<_>>(),
    })
    .to_string();
    let sum = folder::content_name(body.as_bytes());
    format!("{}\n{body}\n", json!({ "cofferdam_hunt_result": VERSION, "sum": sum }))
}

fn of_count(count: &Count) -> Value {
    let tally = count.tally.counts().map(|(verb, end, times)| json!([verb.name(), end, times]));
    let canaries = count.canaries.iter().map(|(canary, times)| json!([canary.name(), times]));
    let violations = count.violations.iter().map(|(key, times)| json!([key.id, key.verb, times]));
    json!({
        "actions": count.actions,
        "transactions": count.transactions,
        "sequences": count.sequences,
        "probed": count.probed,
        "tally": tally.collect::<Vec<_>>(),
        "canaries": canaries.collect::<Vec<_>>(),
        "violations": violations.collect::<Vec<_>>(),
    })
}

fn decode(body: &Value) -> Option<Haul> {
    let kept = (
        usize::try_from(body["kept"][0].as_u64()?).ok()?,
        usize::try_from(body["kept"][1].as_u64()?).ok()?,
        u32::try_from(body["kept"][2].as_u64()?).ok()?,
    );
    let discoveries = Discoveries { findings: findings(body)?, best: best(body)? };
    let count = to_count(&body["count"])?;
    let state = State { count, discoveries, kept, ..State::default() };
    Some(Haul {
        state,
        corpus: body["corpus"].as_array()?.iter().map(path).collect::<Option<_>>()?,
    })
}

fn to_count(count: &Value) -> Option<Count> {
    let mut tally = Tally::default();
    for line in count["tally"].as_array()? {
        tally.add(Verb::of_name(line[0].as_str()?)?, line[1].as_str()?, line[2].as_u64()?);
    }
    let canary = |line: &Value| Some((Canary::of_name(line[0].as_str()?)?, line[1].as_u64()?));
    let violation = |line: &Value| {
        let (id, verb) = (line[0].as_str()?.to_owned(), line[1].as_str()?.to_owned());
        Some((Key { id, verb }, line[2].as_u64()?))
    };
    Some(Count {
        actions: count["actions"].as_u64()?,
        transactions: count["transactions"].as_u64()?,
        sequences: count["sequences"].as_u64()?,
        probed: count["probed"].as_u64()?,
        tally,
        canaries: count["canaries"].as_array()?.iter().map(canary).collect::<Option<_>>()?,
        violations: count["violations"].as_array()?.iter().map(violation).collect::<Option<_>>()?,
    })
}

fn findings(body: &Value) -> Option<BTreeMap<Key, Finding>> {
    let finding = |facts: &Value| {
        let finding = folder::of_facts(facts, path(&facts["records"])?);
        Some((finding.key.clone(), finding))
    };
    body["findings"].as_array()?.iter().map(finding).collect()
}

fn best(body: &Value) -> Option<Best> {
    let worst = |(measure, worst): (&String, &Value)| {
        let figure = worst["figure"].as_str()?.parse().ok()?;
        Some((Measure::of_name(measure)?, (figure, path(&worst["records"])?)))
    };
    body["best"].as_object()?.iter().map(worst).collect::<Option<_>>().map(Best)
}

fn digits(path: &[Record]) -> String {
    hex::encode(folder::to_bytes(path))
}

fn path(digits: &Value) -> Option<Vec<Record>> {
    folder::of_bytes(&hex::decode(digits.as_str()?).ok()?)
}
