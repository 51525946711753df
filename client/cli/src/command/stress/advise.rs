//! `cofferdam advise`.

use cofferdam_sdk::Decimal;
use cofferdam_stress::{
    campaign::{
        advise::{self, Advice, Goal, Question, Tie, Trial},
        store,
    },
    scenario::Assertion,
};

use super::common::{self, Searched};
use crate::{fault::Fault, options::Output, say::say, sheet::Sheet};

/// Find the largest or smallest value of a key for which a target holds, with its evidence.
///
/// A value counts as safe only when the far end of the figure's 95 % interval is. Exit code 1
/// when the target holds nowhere in the range.
///
/// Example: cofferdam advise scenarios/black-thursday.toml --key pools.eth-dai.DAI.insurance
/// --smallest --between 0..12000000 --step 500000 --target "bad_debt.suppliers.p95 <= 0.1%"
///
/// Caps are such keys too: --key pools.eth-dai.DAI.borrow_cap --largest.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    searched: Searched,
    /// The key.
    #[arg(long)]
    key: String,
    /// Ask for the largest value: low ones are safe.
    #[arg(long, required_unless_present = "smallest", conflicts_with = "smallest")]
    largest: bool,
    /// Ask for the smallest value: high ones are safe.
    #[arg(long)]
    smallest: bool,
    /// The range, ends included.
    #[arg(long, value_name = "A..B", value_parser = range)]
    between: (Decimal, Decimal),
    /// From one value to the next [default: a hundredth of the range].
    #[arg(long)]
    step: Option<Decimal>,
    /// What has to hold, such as "bad_debt.p95 <= 1%".
    #[arg(long)]
    target: String,
    /// A key that moves along, at this distance from the value: KEY=+500.
    #[arg(long, value_name = "KEY=+N")]
    tie: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let (subject, floor) = args.searched.open()?;
    let question = args.question()?;
    let advice = advise::advise(&subject, &question, &mut |subject| {
        common::probe(&floor, subject, "trying")
    })?;
    show(&advice);
    let file = floor.dir.join("advice.json");
    store::write_json(&file, &advice)?;
    say(format_args!("wrote {}", file.display()));
    match advice.answer {
        Some(_) => Ok(()),
        None => Err(Fault::Failed(format!(
            "{} holds nowhere in the range; widen it, or give the intervals more --paths",
            advice.target
        ))),
    }
}

impl Args {
    fn question(&self) -> Result<Question, Fault> {
        let (low, high) = self.between;
        Ok(Question {
            key: self.key.clone(),
            ties: self.tie.iter().map(|text| Tie::parse(text)).collect::<Result<_, _>>()?,
            goal: if self.largest { Goal::Largest } else { Goal::Smallest },
            between: self.between,
            step: self.step.unwrap_or_else(|| hundredth(low, high)),
            target: Assertion::parse_line(&self.target).map_err(|error| Fault::input(&error))?,
        })
    }
}

/// Whole where the range is.
fn hundredth(low: Decimal, high: Decimal) -> Decimal {
    let step = (high - low) / Decimal::ONE_HUNDRED;
    let is_whole = low.fract().is_zero() && high.fract().is_zero();
    if is_whole { step.ceil().max(Decimal::ONE) } else { step }
}

fn range(text: &str) -> Result<(Decimal, Decimal), String> {
    let wrong = || format!("{text:?} is no range; write A..B, such as 5000..9000");
    let (low, high) = text.split_once("..").ok_or_else(wrong)?;
    let number = |text: &str| text.trim().replace('_', "").parse().map_err(|_| wrong());
    Ok((number(low)?, number(high)?))
}

fn show(advice: &Advice) {
    let end = |end: Option<f64>| end.map_or("too few paths".into(), |end| format!("{end:.2}"));
    let row = |trial: &Trial| {
        vec![
            trial.value.normalize().to_string(),
            format!("{:.2}", trial.figure.value),
            end(trial.figure.low),
            end(trial.figure.high),
            format!("{:.2}", trial.bound),
            if trial.holds { "holds" } else { "does not hold" }.to_owned(),
        ]
    };
    let rows = advice.trials.iter().map(row).collect();
    let columns = ["value", "figure", "low", "high", "bound", "verdict"];
    let word = if advice.goal == Goal::Largest { "largest" } else { "smallest" };
    let answer = advice.answer.map_or("none".into(), |answer| answer.normalize().to_string());
    let headline = format!(
        "{}: the {word} value with {} is {answer}, to within {}",
        advice.key,
        advice.target,
        advice.step.normalize()
    );
    Sheet::said(headline).list("trials", &columns, rows).show(Output::Table);
    if !advice.turns_once {
        say(format_args!("the target turns more than once: the answer is the careful one"));
    }
    if !advice.is_monotone {
        say(format_args!("the figure rises and falls over the range: look at the trials"));
    }
}
