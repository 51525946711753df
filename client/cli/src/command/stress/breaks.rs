//! `cofferdam break`.

use std::path::Path;

use cofferdam_stress::{
    campaign::{
        CampaignError, Fall, Floor, Results, Shock, Subject,
        reverse::{self, Breaking},
        store,
    },
    scenario::{Assertion, PoolRole, Scenario},
};

use super::common::Searched;
use crate::{fault::Fault, options::Output, say::say, sheet::Sheet};

/// Find the smallest shock that makes suppliers lose money, and write it as a scenario.
///
/// Searched one by one: the fall of a price, the length of a congestion, the delay of the oracle,
/// the loss of a market's depth; then the fall of the price under several severities of each
/// other. Other searches than the price's keep the scenario's own prices.
///
/// Example: cofferdam break scenarios/slow-bleed.toml --paths 1
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    searched: Searched,
    /// Shocks to search: price, congestion, oracle, liquidity [default: all that the scenario has].
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    shocks: Vec<String>,
    /// The asset that is shocked [default: the first borrowers' collateral of the shocked pool].
    #[arg(long, value_name = "SYMBOL")]
    asset: Option<String>,
    /// Seconds after the start at which prices fall and the chain jams [default: one step].
    #[arg(long, value_name = "SECONDS")]
    after_s: Option<u32>,
    /// Seconds that the fall takes.
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    over_s: u32,
    /// What counts as a loss.
    #[arg(long, default_value = "bad_debt.suppliers.max > 1")]
    until: String,
    /// Leave out the searches over two shocks at once.
    #[arg(long)]
    single: bool,
}

struct Search<'a> {
    args: &'a Args,
    subject: Subject,
    floor: Floor,
    until: Assertion,
    asset: String,
    after_s: u32,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let (subject, floor) = args.searched.open()?;
    let until = Assertion::parse_line(&args.until).map_err(|error| Fault::input(&error))?;
    let asset = args.asset.clone().or_else(|| collateral(subject.scenario()));
    let asset = asset.ok_or_else(|| Fault::Input("nobody borrows; give --asset".into()))?;
    let after_s = args.after_s.unwrap_or(subject.scenario().step_s);
    let search = Search { args, subject, floor, until, asset, after_s };
    let all = search.all()?;
    store::write_json(&search.floor.dir.join("break.json"), &all)?;
    say(format_args!("wrote {}", search.floor.dir.join("break.json").display()));
    if all.iter().all(|(_, breaking)| breaking.found.is_none()) {
        say(format_args!("no shock that was searched makes it so"));
    }
    Ok(())
}

fn collateral(scenario: &Scenario) -> Option<String> {
    let shocked = scenario.pools.iter().find(|pool| pool.role == PoolRole::Shocked)?;
    shocked.borrowers.first().map(|group| group.collateral.clone())
}

impl Search<'_> {
    /// Every search, with the name of what it found.
    fn all(&self) -> Result<Vec<(String, Breaking)>, Fault> {
        let names = self.names()?;
        let mut all = Vec::new();
        for name in &names {
            let shock = self.shock(name, &self.subject)?;
            all.push(self.one(name.clone(), &self.subject, &shock)?);
        }
        let others = names.iter().filter(|name| *name != "price");
        let both = !self.args.single && names.iter().any(|name| name == "price");
        for name in others.filter(|_| both) {
            let other = self.shock(name, &self.subject)?;
            for quarter in 1..=3 {
                let step = other.last() * quarter / 4;
                let under = self.subject.with(&other.changes(step))?;
                let shock = self.shock("price", &under)?;
                let name = format!("price-under-{name}-{quarter}");
                say(format_args!("under {}: {}", other.name(), other.severity(step)));
                all.push(self.one(name, &under, &shock)?);
            }
        }
        Ok(all)
    }

    fn names(&self) -> Result<Vec<String>, Fault> {
        if self.args.shocks.is_empty() {
            let mut names = vec!["price".to_owned(), "congestion".into(), "oracle".into()];
            let has_depth = Shock::liquidity(&self.subject, &self.asset).is_ok();
            names.extend(has_depth.then(|| "liquidity".to_owned()));
            return Ok(names);
        }
        Ok(self.args.shocks.clone())
    }

    fn shock(&self, name: &str, subject: &Subject) -> Result<Shock, Fault> {
        let fall = Fall { after_s: self.after_s, over_s: self.args.over_s };
        match name {
            "price" => Ok(Shock::price(subject, &self.asset, fall)?),
            "congestion" => Ok(Shock::congestion(subject, self.after_s)?),
            "oracle" => Ok(Shock::oracle_delay(subject)),
            "liquidity" => Ok(Shock::liquidity(subject, &self.asset)?),
            other => Err(Fault::Input(format!(
                "no shock {other:?}; there are price, congestion, oracle, liquidity"
            ))),
        }
    }

    fn one(
        &self,
        name: String,
        subject: &Subject,
        shock: &Shock,
    ) -> Result<(String, Breaking), Fault> {
        let probe = &mut |changed: &Subject| -> Result<Results, CampaignError> {
            Ok(self.floor.play(changed, &mut |_| {})?.results)
        };
        let breaking = reverse::smallest(subject, shock, &self.until, probe)?;
        show(&breaking);
        if let Some(found) = &breaking.found {
            let text = reverse::replay(subject, &name, found)?;
            save(&self.floor.dir.join(format!("break-{name}.toml")), &text)?;
        }
        Ok((name, breaking))
    }
}

fn save(file: &Path, text: &str) -> Result<(), Fault> {
    store::write(file, text.as_bytes())?;
    say(format_args!("wrote {}; replay it with: cofferdam run {}", file.display(), file.display()));
    Ok(())
}

fn show(breaking: &Breaking) {
    let headline = match &breaking.found {
        Some(found) => {
            format!("{}: {} from {} on", breaking.shock, breaking.until, found.severity)
        }
        None => format!("{}: {} nowhere in the range", breaking.shock, breaking.until),
    };
    let row = |(severity, figure): &(String, f64)| vec![severity.clone(), format!("{figure:.2}")];
    let rows = breaking.tried.iter().map(row).collect();
    Sheet::said(headline).list("tried", &["severity", "figure"], rows).show(Output::Table);
    if !breaking.turns_once {
        say(format_args!("a greater shock was tried that does not: look at the table"));
    }
}
