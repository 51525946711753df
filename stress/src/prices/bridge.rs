//! A seeded bridge: from a bar to one price a step.
//!
//! The path opens at the first step of the bar, closes at the last, touches the high and the low
//! once at least, and never leaves them. Between two anchors it is a discrete Brownian bridge:
//! each step moves by the drift that would still reach the next anchor, plus a uniform draw that
//! shrinks to nothing as the anchor nears. The draw's half-width is `(high - low) / sqrt(steps)`,
//! for which the range of a free walk is about the range of the bar. Every bar has its own random
//! stream, so a bar expands the same way whatever stands before it.

use rand_chacha::ChaCha12Rng;

use super::{Bar, Grid, MicroUsd, PricePath};
use crate::seeded;

/// Seconds of a day.
pub const DAY_S: u32 = 86_400;

/// Open, high, low and close need a step each.
const MIN_STEPS: usize = 4;

/// Times at which a bar's extremes were seen, where they are known; drawn where they are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pins {
    /// When the high was touched, in Unix seconds.
    pub high_at_s: Option<i64>,
    /// When the low was touched, in Unix seconds.
    pub low_at_s: Option<i64>,
}

/// Why a bar cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BridgeError {
    /// The bar is not a whole number of steps, or has too few of them.
    #[error(
        "a bar of {bar_s} s at step_s = {step_s} has no four whole steps for open, high, low and close; choose a step_s that divides {bar_s} at least four times"
    )]
    Steps {
        /// Length of the bar.
        bar_s: u32,
        /// Length of a step.
        step_s: u32,
    },
    /// A bar does not begin on a step.
    #[error("a bar starts {offset_s} s after a step; start the scenario on the bars' grid")]
    OffGrid {
        /// Seconds from the step before to the bar's start.
        offset_s: i64,
    },
    /// No bar covers the first step.
    #[error("no bar covers the first {missing_s} s")]
    Uncovered {
        /// Seconds from the first step to the first bar.
        missing_s: i64,
    },
    /// No bar covers the last step.
    #[error("no bar covers the last {missing_s} s")]
    Short {
        /// Seconds from the end of the last bar to the end of the last step.
        missing_s: i64,
    },
    /// A pinned time outside its bar.
    #[error("the time is outside the bar it belongs to")]
    PinOutside {
        /// `high_at` or `low_at`.
        field: &'static str,
    },
    /// A pinned step that already holds another price.
    #[error("the time falls on the step of another price of the bar; move it by a step or more")]
    PinTaken {
        /// `high_at` or `low_at`.
        field: &'static str,
    },
}

impl BridgeError {
    /// The key of a day that is at fault, when it is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::PinOutside { field } | Self::PinTaken { field } => Some(field),
            _ => None,
        }
    }
}

/// One price a step for bars of `bar_s` seconds in time order; where bars are missing, the last
/// price is carried forward. The stream of a bar is `(seed, "bridge", label, start of the bar)`.
///
/// # Errors
/// See [`BridgeError`].
pub fn path(
    bars: &[(Bar, Pins)],
    bar_s: u32,
    grid: &Grid,
    seed: u64,
    label: &str,
) -> Result<PricePath, BridgeError> {
    assemble(bars, bar_s, grid, |bar, pins| expand(bar, pins, bar_s, grid.step_s, seed, label))
}

/// As [`path`] for bars of one to three steps, which have no room for all four prices. The close
/// comes first in importance, then the extreme that lies farther from it, then the open.
///
/// # Errors
/// See [`BridgeError`].
pub fn coarse_path(
    bars: &[(Bar, Pins)],
    bar_s: u32,
    grid: &Grid,
) -> Result<PricePath, BridgeError> {
    let steps = bar_s / grid.step_s.max(1);
    assemble(bars, bar_s, grid, |bar, _| Ok(coarse(bar, steps)))
}

/// Whether bars of that length have one to three steps.
pub const fn is_coarse(bar_s: u32, step_s: u32) -> bool {
    step_s > 0 && bar_s.is_multiple_of(step_s) && matches!(bar_s / step_s, 1..=3)
}

fn coarse(bar: &Bar, steps: u32) -> Vec<MicroUsd> {
    let from_close = |price: MicroUsd| price.0.abs_diff(bar.close().0);
    let low_is_farther = from_close(bar.low()) >= from_close(bar.high());
    let extreme = if low_is_farther { bar.low() } else { bar.high() };
    match steps {
        1 => vec![bar.close()],
        2 => vec![extreme, bar.close()],
        _ => vec![bar.open(), extreme, bar.close()],
    }
}

/// Puts the steps of all bars on the grid.
fn assemble(
    bars: &[(Bar, Pins)],
    bar_s: u32,
    grid: &Grid,
    expand: impl Fn(&Bar, Pins) -> Result<Vec<MicroUsd>, BridgeError>,
) -> Result<PricePath, BridgeError> {
    let mut prices: Vec<Option<MicroUsd>> = vec![None; grid.steps];
    let mut before = None;
    let last_end_s = bars.last().map_or(grid.start_s, |(bar, _)| bar.start_s() + i64::from(bar_s));
    if last_end_s < grid.end_s() {
        return Err(BridgeError::Short { missing_s: grid.end_s() - last_end_s });
    }
    for (bar, pins) in bars.iter().filter(|(bar, _)| bar.start_s() < grid.end_s()) {
        if bar.start_s() + i64::from(bar_s) <= grid.start_s {
            before = Some(bar.close());
            continue;
        }
        let first = first_step(bar, grid)?;
        let steps = expand(bar, *pins)?;
        for (step, price) in (first..).zip(steps) {
            match usize::try_from(step) {
                Ok(step) if step < grid.steps => prices[step] = Some(price),
                Ok(_) => break,
                Err(_) => before = Some(price),
            }
        }
    }
    carry_forward(prices, before, grid, bars)
}

/// The prices of one bar, a step apart, the first at its start.
///
/// # Errors
/// When the bar has fewer than four whole steps, or a pin cannot be honoured.
pub fn expand(
    bar: &Bar,
    pins: Pins,
    bar_s: u32,
    step_s: u32,
    seed: u64,
    label: &str,
) -> Result<Vec<MicroUsd>, BridgeError> {
    let steps = whole_steps(bar_s, step_s)?;
    let mut rng = seeded::stream(seed, "bridge", label, bar.start_s());
    let anchors = anchors(bar, pins, steps, step_s, &mut rng)?;
    let band = Band::of(bar, steps);
    let mut prices = vec![bar.open(); steps];
    for pair in anchors.windows(2) {
        fill(&mut prices, pair[0], pair[1], &band, &mut rng);
    }
    Ok(prices)
}

/// A step and the price it must hold.
type Anchor = (usize, MicroUsd);

/// What a price may not leave, and how far a draw may push it in one step.
struct Band {
    low: i128,
    high: i128,
    half_width: u64,
}

impl Band {
    fn of(bar: &Bar, steps: usize) -> Self {
        let range = bar.high().0 - bar.low().0;
        let half_width = range / (steps as u64).isqrt();
        Self { low: bar.low().0.into(), high: bar.high().0.into(), half_width }
    }

    /// Mirrors a price that left the band back into it. Holding it at the edge instead would
    /// make a path stick to its low.
    fn reflect(&self, price: i128) -> i128 {
        let mirrored = if price < self.low {
            2 * self.low - price
        } else if price > self.high {
            2 * self.high - price
        } else {
            price
        };
        mirrored.clamp(self.low, self.high)
    }
}

fn whole_steps(bar_s: u32, step_s: u32) -> Result<usize, BridgeError> {
    let refused = BridgeError::Steps { bar_s, step_s };
    if step_s == 0 || !bar_s.is_multiple_of(step_s) {
        return Err(refused);
    }
    match usize::try_from(bar_s / step_s) {
        Ok(steps) if steps >= MIN_STEPS => Ok(steps),
        _ => Err(refused),
    }
}

/// The step a bar starts on; negative when it starts before the grid.
fn first_step(bar: &Bar, grid: &Grid) -> Result<i64, BridgeError> {
    let since_start_s = bar.start_s() - grid.start_s;
    let offset_s = since_start_s.rem_euclid(grid.step_s.into());
    if offset_s != 0 {
        return Err(BridgeError::OffGrid { offset_s });
    }
    Ok(since_start_s / i64::from(grid.step_s))
}

fn carry_forward(
    prices: Vec<Option<MicroUsd>>,
    before: Option<MicroUsd>,
    grid: &Grid,
    bars: &[(Bar, Pins)],
) -> Result<PricePath, BridgeError> {
    let first_bar_s = bars.first().map_or(grid.end_s(), |(bar, _)| bar.start_s());
    let uncovered = BridgeError::Uncovered { missing_s: first_bar_s - grid.start_s };
    let mut last = before;
    let mut carried = Vec::with_capacity(prices.len());
    for price in prices {
        last = price.or(last);
        carried.push(last.ok_or_else(|| uncovered.clone())?);
    }
    PricePath::new(*grid, carried).ok_or(uncovered)
}

/// The steps of open, high, low and close in time order, each step once.
fn anchors(
    bar: &Bar,
    pins: Pins,
    steps: usize,
    step_s: u32,
    rng: &mut ChaCha12Rng,
) -> Result<Vec<Anchor>, BridgeError> {
    let last = steps - 1;
    let mut anchors = vec![(0, bar.open()), (last, bar.close())];
    pin(&mut anchors, "high_at", pins.high_at_s, bar, bar.high(), step_s)?;
    pin(&mut anchors, "low_at", pins.low_at_s, bar, bar.low(), step_s)?;
    place_extremes(&mut anchors, bar, last, rng);
    anchors.sort_unstable();
    anchors.dedup();
    Ok(anchors)
}

/// Adds the anchor of an extreme whose time is known.
fn pin(
    anchors: &mut Vec<Anchor>,
    field: &'static str,
    at_s: Option<i64>,
    bar: &Bar,
    price: MicroUsd,
    step_s: u32,
) -> Result<(), BridgeError> {
    let Some(at_s) = at_s else { return Ok(()) };
    let last = anchors[1].0;
    let step = usize::try_from((at_s - bar.start_s()).div_euclid(step_s.into()))
        .ok()
        .filter(|step| *step <= last)
        .ok_or(BridgeError::PinOutside { field })?;
    if anchors.iter().any(|(taken, held)| *taken == step && *held != price) {
        return Err(BridgeError::PinTaken { field });
    }
    anchors.push((step, price));
    Ok(())
}

/// Draws a step for each extreme that no anchor touches yet.
///
/// A falling bar is taken to rise to its high first and a rising bar to fall to its low first:
/// the shorter of the two ways through four prices.
fn place_extremes(anchors: &mut Vec<Anchor>, bar: &Bar, last: usize, rng: &mut ChaCha12Rng) {
    let (first, second) =
        if bar.close() < bar.open() { (bar.high(), bar.low()) } else { (bar.low(), bar.high()) };
    let held = |anchors: &[Anchor], price| anchors.iter().find(|(_, held)| *held == price).copied();
    match (held(anchors, first), held(anchors, second)) {
        (Some(_), Some(_)) => {}
        (Some((step, _)), None) => {
            let after = if step < last { step } else { 0 };
            anchors.push((free_step(anchors, after, last, rng), second));
        }
        (None, Some((step, _))) => {
            let before = if step > 0 { step } else { last };
            anchors.push((free_step(anchors, 0, before, rng), first));
        }
        (None, None) => {
            // Room is left for the second extreme between the first and the close.
            let step = free_step(anchors, 0, last - 1, rng);
            anchors.push((step, first));
            anchors.push((free_step(anchors, step, last, rng), second));
        }
    }
}

/// A drawn step strictly between `after` and `before`; when there is none, a free one anywhere
/// inside the bar, of which four steps and three taken anchors always leave one.
fn free_step(anchors: &[Anchor], after: usize, before: usize, rng: &mut ChaCha12Rng) -> usize {
    let last = anchors[1].0;
    let free = |step: &usize| anchors.iter().all(|(taken, _)| taken != step);
    let mut steps: Vec<usize> = (after + 1..before).filter(free).collect();
    if steps.is_empty() {
        steps = (1..last).filter(free).collect();
    }
    let drawn = usize::try_from(seeded::below(rng, steps.len() as u64));
    steps[drawn.expect("a draw below a slice's length")]
}

/// Walks from one anchor to the next, both held exactly.
fn fill(prices: &mut [MicroUsd], from: Anchor, to: Anchor, band: &Band, rng: &mut ChaCha12Rng) {
    let target = i128::from(to.1.0);
    let mut price = i128::from(from.1.0);
    prices[from.0] = from.1;
    for (step, slot) in prices.iter_mut().enumerate().take(to.0).skip(from.0 + 1) {
        let remaining = (to.0 - step + 1) as i128;
        let drift = (target - price) / remaining;
        let draw = i128::from(seeded::below(rng, 2 * band.half_width + 1));
        let noise = (draw - i128::from(band.half_width)) * (remaining - 1) / remaining;
        price = band.reflect(price + drift + noise);
        *slot = micro_usd(price);
    }
    prices[to.0] = to.1;
}

/// A price within a band of `u64` prices.
fn micro_usd(price: i128) -> MicroUsd {
    MicroUsd(u64::try_from(price).expect("a reflected price lies between a bar's low and high"))
}
