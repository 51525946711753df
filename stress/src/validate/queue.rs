//! Waiting for a place in a block (A9): an inclusion by chance, and room for a few at a time.

use rand_chacha::rand_core::RngCore;

use super::{
    delay::{design, gbm, morpho},
    fault::ValidateError,
    lab::{Lab, OneStep, Played, figures, share, shift},
    rig::{DEBT, Design, OPENING, Rig, wad},
};
use crate::{
    closed_form::{Terms, capacity_limited, queued},
    math::{ln, years},
    prices::{
        Grid,
        process::{Draw, Market, Model},
    },
    seeded,
    statistics::{Losses, Sampled},
};

const BLOCK_S: u32 = 12;
const VOLATILITY: f64 = 4.0;
/// Chances of being included in a block.
const CHANCES: [f64; 3] = [0.1, 0.01, 0.002];
/// Positions that become liquidatable at once.
const POSITIONS: u32 = 12;
/// How many of them a slow block takes.
const CAPACITIES: [u32; 4] = [1, 2, 3, 6];
const SLOW_BLOCK_S: u32 = 3_600;

/// A geometric wait, drawn where losses are.
#[derive(Debug, Clone, Copy)]
struct Wait {
    chance: f64,
    drawn_with: f64,
}

impl Wait {
    /// A loss wants a long wait and a long wait is rare: the product is largest where the
    /// exponents of both balance.
    fn new(terms: Terms, chance: f64) -> Self {
        let variance = VOLATILITY * VOLATILITY * years(f64::from(BLOCK_S));
        let far = ln(terms.cover()) * ln(terms.cover()) / (2.0 * variance);
        let best = (-ln(1.0 - chance) / far).sqrt();
        Self { chance, drawn_with: best.min(chance) }
    }

    /// Blocks until inclusion, and how much rarer that is in truth.
    fn draw(&self, uniform: f64) -> (u32, f64) {
        let (p, q) = (self.chance, self.drawn_with);
        let missed = (ln(uniform) / ln(1.0 - q)).floor();
        let weight = p / q * crate::math::exp(missed * (ln(1.0 - p) - ln(1.0 - q)));
        let blocks = u32::try_from(super::lab::units(missed)).unwrap_or(u32::MAX);
        (blocks.saturating_add(1), weight)
    }
}

/// A9 by chance.
pub(super) fn by_chance(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let terms = morpho(0.915);
    let rig = Rig::new(&design(terms))?;
    for chance in CHANCES {
        let wait = Wait::new(terms, chance);
        let name = format!("inclusion {chance} a block of 12 s, limit 0.915, volatility 400 %");
        let (waits, prices) = (lab.seed(&name), lab.seed(&format!("{name}, price")));
        let played = lab.each(lab.options.paths, |path| {
            let number = seeded::stream(waits, "wait", "", path.cast_signed()).next_u32();
            let (blocks, rarer) = wait.draw((f64::from(number) + 0.5) / 4_294_967_296.0);
            let delay_s = blocks.saturating_mul(BLOCK_S);
            let deviation = VOLATILITY * years(f64::from(delay_s)).sqrt();
            let step = OneStep::new(gbm(VOLATILITY), delay_s, prices)?;
            let (price, weight) = step.tilted(shift(terms, deviation), 1.0)?.price(path)?;
            let mut run = rig.run();
            run.wait(delay_s.into())?;
            Ok(Played { loss: run.settle(0, wad(price))?, weight: weight * rarer })
        })?;
        let form = queued(terms, VOLATILITY, chance, years(f64::from(BLOCK_S)));
        let mean = figures(&played, 1, |loss| share(loss.recognised))?.mean();
        let figure = format!("E[bad debt]: {name}");
        lab.sampled("A9", figure, [form, 0.0], mean, lab.options.paths);
    }
    Ok(())
}

/// A9 by capacity.
pub(super) fn by_capacity(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let mut means = Vec::new();
    for capacity in CAPACITIES {
        let losses = crowd(lab, capacity)?;
        let terms = morpho(0.86);
        let block_years = years(f64::from(SLOW_BLOCK_S));
        let form = capacity_limited(terms, VOLATILITY, POSITIONS, capacity, block_years);
        let name = format!(
            "E[bad debt]: {POSITIONS} positions at once, {capacity} a block of 1 h, limit 0.86"
        );
        let mean = losses.mean();
        lab.sampled("A9", name, [form, 0.0], mean, crowd_paths(lab) * u64::from(POSITIONS));
        means.push(mean.value);
    }
    let rises = means.windows(2).filter(|pair| pair[1] >= pair[0]).count();
    let figure = "capacities of 1, 2, 3, 6 a block of which the larger one does not lose less";
    lab.exact("L", figure, [0.0, super::run::whole(rises as u128), 0.0], 0);
    Ok(())
}

/// A path of the crowd is a dozen settlements.
fn crowd_paths(lab: &Lab<'_>) -> u64 {
    lab.options.paths / 4
}

/// Mean loss of the positions that a block takes in turn; each has its one turn.
fn crowd(lab: &Lab<'_>, capacity: u32) -> Result<Losses, ValidateError> {
    let plain = design(morpho(0.86));
    let count = usize::try_from(POSITIONS).unwrap_or(usize::MAX);
    let loans = vec![plain.loans[0]; count];
    let suppliers = vec![2 * u64::from(POSITIONS) * DEBT];
    let rig = Rig::new(&Design { loans, suppliers, ..plain })?;
    let model = Model::new(OPENING, gbm(VOLATILITY))?;
    let market = Market::new(vec![("COLL".to_owned(), model)]);
    // The same prices for every capacity.
    let (seed, scheme) = (lab.seed("crowd"), lab.sobol()?);
    let blocks = POSITIONS.div_ceil(capacity);
    let steps = usize::try_from(blocks).unwrap_or(usize::MAX) + 1;
    let grid = Grid { start_s: 0, step_s: SLOW_BLOCK_S, steps };
    let lost = lab.each(crowd_paths(lab), |path| {
        let sample = market.sample(&grid, &Draw { seed, path, scheme })?;
        let prices = sample.paths.iter().flat_map(|(_, path)| path.prices().iter().skip(1));
        let (mut run, mut sum) = (rig.run(), 0.0);
        let mut waiting = 0..count;
        for price in prices {
            run.wait(SLOW_BLOCK_S.into())?;
            for at in waiting.by_ref().take(usize::try_from(capacity).unwrap_or(usize::MAX)) {
                sum += share(run.settle(at, wad(*price))?.recognised);
            }
        }
        Ok(Sampled { loss: sum / f64::from(POSITIONS), weight: sample.weight })
    })?;
    Ok(Losses::new(lost, usize::try_from(scheme.group_paths()).unwrap_or(1))?)
}
