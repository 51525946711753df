//! `cofferdam stress SCENARIO`.

use std::path::PathBuf;

use cofferdam_stress::{
    campaign::{self, Floor, POLICIES, Size, Subject},
    report::monte_carlo::PolicyLosses,
};

use super::{
    common::{self, Campaign, Place},
    validate,
    write::{self, Extras},
};
use crate::{fault::Fault, options::Output, say::say, sheet::Sheet};

#[derive(Debug, clap::Args)]
#[group(id = "played")]
pub(super) struct Args {
    /// The scenario file.
    pub(super) scenario: Option<PathBuf>,
    #[command(flatten)]
    campaign: Campaign,
    #[command(flatten)]
    place: Place,
    /// Play the same paths under other loss policies too, and say who pays under each: all, or
    /// names with commas between them.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    policies: Vec<String>,
    /// Figures of `stress validate` for the report's validation section [default:
    /// out/validate/validation.json when there is one].
    #[arg(long, value_name = "FILE")]
    validation: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Fault> {
    let file = args.scenario.as_ref().ok_or_else(|| {
        Fault::Input("no scenario given; try: cofferdam stress --help".to_owned())
    })?;
    let subject = args.campaign.subject(file)?;
    let size = Size::of(args.campaign.paths, args.campaign.mode());
    let floor = args.place.floor(&subject, size)?;
    let names = policies(&args.policies);
    // Refused before the first path is played.
    for name in &names {
        let _checked = campaign::under(&subject, name)?;
    }
    let validation = validate::read(args.validation.as_deref())?;
    let played = common::play(&floor, &subject, "stressing")?;
    let policies =
        names.iter().map(|name| under(&floor, &subject, name)).collect::<Result<_, _>>()?;
    let extras = Extras { policies, validation, ..Extras::default() };
    table(&extras.policies);
    write::close(&floor.dir, &subject, &played, &extras)
}

fn policies(wanted: &[String]) -> Vec<String> {
    match wanted {
        [all] if all == "all" => POLICIES.map(String::from).to_vec(),
        names => names.to_vec(),
    }
}

fn under(floor: &Floor, subject: &Subject, name: &str) -> Result<PolicyLosses, Fault> {
    say(format_args!("under the policy {name}"));
    let played = common::play(floor, &campaign::under(subject, name)?, "stressing")?;
    Ok(PolicyLosses::of(name, &played.rows))
}

/// Who pays under each policy, on average, in dollars.
fn table(policies: &[PolicyLosses]) {
    if policies.is_empty() {
        return;
    }
    let columns =
        ["policy", "bad_debt", "fees", "insurance", "suppliers", "deficit", "uncollected"];
    let dollars = |micros: i128| campaign::thousands(micros.unsigned_abs() / 1_000_000);
    let row = |policy: &PolicyLosses| {
        let paid = policy.payers.iter().map(|(_, paid)| dollars(*paid));
        [policy.policy.clone(), dollars(policy.total)].into_iter().chain(paid).collect()
    };
    let rows = policies.iter().map(row).collect();
    Sheet::default().list("policies", &columns, rows).show(Output::Table);
}
