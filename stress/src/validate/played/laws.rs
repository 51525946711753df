//! More of what is bad costs more, more of what helps costs less: on common draws, in scenarios
//! with a market, blocks and liquidators who compete.

use super::{
    BONUS_BPS, HOUR_S, late,
    plot::{Plot, WORTH, play, random},
};
use crate::validate::{fault::ValidateError, lab::Lab, run::whole};

/// Laws need no more paths than show them, fewer where liquidators work at every step.
const PATHS: u64 = 512;
const BUSY_PATHS: u64 = 48;

/// What rises, and the scenario each time.
struct Series {
    name: &'static str,
    plots: Vec<Plot>,
    paths: u64,
    loses_more: bool,
}

/// All laws.
pub(super) fn all(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for series in [volatilities(), delays(), limits(), depths(), capacities()] {
        let mut lost = Vec::new();
        for plot in &series.plots {
            // One purpose for all: what differs is the scenario and not the luck.
            let prepared = plot.prepared(lab, "played laws")?;
            let paths = play(lab, &prepared, series.paths, |outcome| {
                whole(outcome.bad_debt()) / whole(outcome.pools[0].borrowed)
            })?;
            lost.push(paths.iter().sum::<f64>());
        }
        let broken = |pair: &[f64]| match series.loses_more {
            true => pair[1] <= pair[0],
            false => pair[1] >= pair[0],
        };
        let broken = lost.windows(2).filter(|pair| broken(pair)).count();
        let how = if series.loses_more { "more" } else { "less" };
        let figure = format!("L, {} of which the larger one does not lose {how}", series.name);
        let runs = series.paths * lost.len() as u64;
        lab.exact("P", figure, [0.0, whole(broken as u128), 0.0], runs);
    }
    Ok(())
}

/// Draws that are not tilted, so that they are common.
fn plain(plot: Plot) -> Plot {
    Plot { tilt: 0.0, ..plot }
}

fn volatilities() -> Series {
    let plots = [1.5, 2.0, 3.0, 4.0].map(|volatility| plain(late(volatility, 6))).to_vec();
    Series { name: "volatilities of 150, 200, 300, 400 %", plots, paths: PATHS, loses_more: true }
}

fn delays() -> Series {
    let plots = [3, 6, 12, 24].map(|hours| plain(late(3.0, hours))).to_vec();
    Series { name: "delays of 3, 6, 12, 24 h", plots, paths: PATHS, loses_more: true }
}

fn limits() -> Series {
    let at = |limit_bps: u32| Plot {
        limit_bps,
        ltv_bps: limit_bps - 10,
        bonus_bps: 400,
        ..plain(late(3.0, 6))
    };
    let plots = [8_000, 8_600, 9_000, 9_400].map(at).to_vec();
    Series { name: "limits of 0.80, 0.86, 0.90, 0.94", plots, paths: PATHS, loses_more: true }
}

/// A wild day of a few positions, and liquidators enough.
fn busy(sections: String) -> Plot {
    let liquidators = format!(
        "[[liquidators]]\ncount = 6\ncapital = {{ DEBT = {} }}\nsizing = \"optimal\"\n",
        20 * WORTH
    );
    Plot {
        steps: 24,
        step_s: HOUR_S,
        borrowers: 6,
        ltv_bps: 8_300,
        sections: sections + &liquidators,
        ..Plot::new(random(4.0), 8_600, BONUS_BPS)
    }
}

fn depths() -> Series {
    let plots = [2, 5, 10, 20].map(|millions| {
        busy(format!(
            "[markets.COLL]\nmodel = \"constant_product\"\ndepth_usd = {millions}000000\nfee_bps = 30\n\
             recovery_half_life_s = 3600\n"
        ))
    });
    let name = "depths of $2m, $5m, $10m, $20m";
    Series { name, plots: plots.to_vec(), paths: BUSY_PATHS, loses_more: false }
}

fn capacities() -> Series {
    let plots = [1, 2, 4].map(|capacity| {
        busy(format!(
            "[fees]\ncapacity_per_step = {capacity}\nbase_fee_usd = \"0.01\"\n\
             base_fee_min_usd = \"0.01\"\nbackground_per_step = 0\nbackground_bid_usd = \"1\"\n"
        ))
    });
    let name = "capacities of 1, 2, 4 a block of [fees]";
    Series { name, plots: plots.to_vec(), paths: BUSY_PATHS, loses_more: false }
}
