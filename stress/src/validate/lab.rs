//! What every part of a validation shares: paths drawn and played on several threads, and rows
//! made of them.

use std::{num::NonZeroUsize, thread};

use cofferdam_sdk::interface::{math::loss::LossSplit, units::Fine};
use rand_chacha::rand_core::RngCore;

use super::{
    fault::ValidateError,
    rig::{DEBT, OPENING, Rig, wad},
    row::{Check, Row},
    run::whole,
};
use crate::{
    closed_form::Terms,
    prices::{
        Grid, MicroUsd,
        process::{Draw, Market, Model, Process, Scheme, Tilt},
    },
    seeded,
    statistics::{Estimate, Losses, Sampled},
};

/// Least paths of a sampled figure.
pub const PATHS_MIN: u64 = 1_024;

/// How a validation is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Seed of every random path.
    pub seed: u64,
    /// Paths of a sampled figure, at least [`PATHS_MIN`].
    pub paths: u64,
    /// Threads. They change no figure.
    pub jobs: NonZeroUsize,
}

impl Options {
    /// Paths of a quick validation.
    pub const QUICK_PATHS: u64 = 2_048;
}

/// Rows as they are made.
pub(super) struct Lab<'a> {
    pub(super) options: Options,
    pub(super) rows: Vec<Row>,
    tell: &'a mut dyn FnMut(&Row),
}

/// One path's loss and who paid, with its weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Played {
    pub(super) loss: LossSplit,
    pub(super) weight: f64,
}

/// The price after one step of a process.
#[derive(Debug, Clone)]
pub(super) struct OneStep {
    market: Market,
    step_s: u32,
    seed: u64,
    scheme: Scheme,
}

impl<'a> Lab<'a> {
    pub(super) fn new(options: Options, tell: &'a mut dyn FnMut(&Row)) -> Self {
        Self { options, rows: Vec::new(), tell }
    }

    fn add(&mut self, row: Row) {
        (self.tell)(&row);
        self.rows.push(row);
    }

    /// A figure that nothing random enters.
    pub(super) fn exact(
        &mut self,
        id: &str,
        figure: impl Into<String>,
        [expected, measured, bound]: [f64; 3],
        runs: u64,
    ) {
        let (id, figure, check) = (id.to_owned(), figure.into(), Check::Exact { bound });
        self.add(Row { id, figure, expected, measured, check, runs });
    }

    /// A mean over paths.
    pub(super) fn sampled(
        &mut self,
        id: &str,
        figure: impl Into<String>,
        [expected, form_error]: [f64; 2],
        estimate: Estimate,
        runs: u64,
    ) {
        let check = Check::Sampled { standard_error: estimate.standard_error, form_error };
        let (id, figure, measured) = (id.to_owned(), figure.into(), estimate.value);
        self.add(Row { id, figure, expected, measured, check, runs });
    }

    /// Seed of the paths of one purpose.
    pub(super) fn seed(&self, purpose: &str) -> u64 {
        seeded::stream(self.options.seed, "validate", purpose, 0).next_u64()
    }

    /// Runs of paths that cover the noise evenly: 256 of them or more, so that their spread is well
    /// known.
    pub(super) fn sobol(&self) -> Result<Scheme, ValidateError> {
        let most = (self.options.paths / 256).max(2);
        let replicate = 1_u32 << most.ilog2().min(10);
        Ok(Scheme::sobol(replicate)?)
    }

    /// Plays each path of 0 to `paths`, on all threads; what comes back is in the paths' order.
    pub(super) fn each<T: Send>(
        &self,
        paths: u64,
        play: impl Fn(u64) -> Result<T, ValidateError> + Sync,
    ) -> Result<Vec<T>, ValidateError> {
        each(paths, self.options.jobs, play)
    }

    /// Losses of the first position of `rig` when it is settled at the price of each draw.
    pub(super) fn settle_each(
        &self,
        rig: &Rig,
        step: &OneStep,
    ) -> Result<Vec<Played>, ValidateError> {
        self.each(self.options.paths, |path| {
            let (price, weight) = step.price(path)?;
            let loss = rig.run().settle(0, wad(price))?;
            Ok(Played { loss, weight })
        })
    }
}

/// Plays each path of 0 to `paths` on `jobs` threads, each a run of neighbours.
pub(super) fn each<T: Send>(
    paths: u64,
    jobs: NonZeroUsize,
    play: impl Fn(u64) -> Result<T, ValidateError> + Sync,
) -> Result<Vec<T>, ValidateError> {
    let jobs = u64::try_from(jobs.get()).unwrap_or(u64::MAX).min(paths.max(1));
    let share = paths.div_ceil(jobs);
    let play = &play;
    let shards = thread::scope(|scope| {
        let shard = |job: u64| {
            let (from, to) = ((job * share).min(paths), ((job + 1) * share).min(paths));
            scope.spawn(move || (from..to).map(play).collect::<Result<Vec<T>, _>>())
        };
        let threads: Vec<_> = (0..jobs).map(shard).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(shards.into_iter().flatten().collect())
}

impl OneStep {
    /// `step_s` of a process, from [`OPENING`].
    pub(super) fn new(process: Process, step_s: u32, seed: u64) -> Result<Self, ValidateError> {
        Self::from(OPENING, process, step_s, seed)
    }

    /// `step_s` of a process, from `opening`.
    pub(super) fn from(
        opening: MicroUsd,
        process: Process,
        step_s: u32,
        seed: u64,
    ) -> Result<Self, ValidateError> {
        let market = Market::new(vec![("COLL".to_owned(), Model::new(opening, process)?)]);
        Ok(Self { market, step_s, seed, scheme: Scheme::Independent })
    }

    pub(super) fn scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    /// Draws where losses are.
    pub(super) fn tilted(self, shift: f64, jump_multiple: f64) -> Result<Self, ValidateError> {
        let tilt = Tilt { asset: 0, shift, jump_multiple };
        Ok(Self { market: self.market.tilted(tilt)?, ..self })
    }

    /// Paths that hang together.
    pub(super) fn group(&self) -> usize {
        usize::try_from(self.scheme.group_paths()).unwrap_or(usize::MAX)
    }

    /// The price at the end of a path, and the path's weight.
    pub(super) fn price(&self, path: u64) -> Result<(MicroUsd, f64), ValidateError> {
        let grid = Grid { start_s: 0, step_s: self.step_s, steps: 2 };
        let draw = Draw { seed: self.seed, path, scheme: self.scheme };
        let sample = self.market.sample(&grid, &draw)?;
        let price = sample.paths.first().and_then(|(_, path)| path.prices().last().copied());
        Ok((price.unwrap_or(OPENING), sample.weight))
    }
}

/// A share of [`DEBT`].
pub(super) fn share(fine: Fine) -> f64 {
    whole(fine.get()) / (whole(DEBT.into()) * 1e9)
}

/// Weighted figures of what was played.
pub(super) fn figures(
    played: &[Played],
    group: usize,
    figure: impl Fn(&LossSplit) -> f64,
) -> Result<Losses, ValidateError> {
    let sampled = |played: &Played| Sampled { loss: figure(&played.loss), weight: played.weight };
    Ok(Losses::new(played.iter().map(sampled).collect(), group)?)
}

/// The shift, in standard deviations, that puts the middle of the draws a little beyond the first
/// loss: there the product of loss and density is largest.
pub(super) fn shift(terms: Terms, deviation: f64) -> f64 {
    let first_loss = -crate::math::ln(terms.cover()) / deviation + 0.5 * deviation;
    (first_loss - 0.5).max(-19.0)
}

/// The bonus nearest to an incentive factor, in basis points.
pub(super) fn nearest_bonus_bps(lif: f64) -> u32 {
    u32::try_from(units((lif - 1.0) * 1e4)).unwrap_or(u32::MAX)
}

/// The nearest whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "amounts and basis points, all far below 2^53"
)]
pub(super) fn units(number: f64) -> u64 {
    number.round().max(0.0) as u64
}

/// Collateral, in units, of a loan of [`DEBT`] that starts to lose at the fall in which `terms`
/// do, under a bonus of whole basis points: the position stands at `lltv · lif ÷ (1 + bonus)`.
pub(super) fn collateral_for(terms: Terms, bonus_bps: u32) -> u64 {
    let factor = 1.0 + f64::from(bonus_bps) / 1e4;
    units(collateral_units(factor * terms.cover()))
}

/// Units of collateral worth `value` debts at the opening.
pub(super) fn collateral_units(value: f64) -> f64 {
    value * (whole(DEBT.into()) / 1e9) / (whole(OPENING.0.into()) / 1e6) * 1e12
}
