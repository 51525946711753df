//! The laboratory's own proof: closed forms, reproduced by the real program.
//!
//! Every figure comes from signed transactions on forks of a staged ledger, through the client SDK,
//! and every loss from the program's own events; nothing here re-implements the protocol.
//! docs/VALIDATION.md has the table and says where parameters had to be chosen.

mod bonus;
mod delay;
mod fault;
mod lab;
mod laws;
mod market;
mod page;
mod passage;
mod played;
mod queue;
mod ramp;
mod rig;
mod row;
mod run;
#[cfg(test)]
mod tests;

pub use fault::ValidateError;
pub use lab::{Options, PATHS_MIN};
pub use page::{Run, heading, line, page, summary};
pub use row::{Check, DEVIATIONS_MAX, Row, Validation};

/// What is validated, by formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A liquidation that comes late.
    A1,
    /// The same when prices jump.
    A2,
    /// Whether a position becomes liquidatable.
    A3,
    /// From a healthy loan to its bad debt.
    A4,
    /// Who pays, and A6, the tail.
    A5,
    /// A liquidator and a constant-product market.
    A7,
    /// Debts too small for their gas.
    A8,
    /// Waiting for a place in a block.
    A9,
    /// Liquidations that make things worse.
    B1,
    /// The spiral of such liquidations.
    B2,
    /// The same when the sale moves the price.
    B3,
    /// Morpho's incentive.
    B4,
    /// Gauntlet's limits for Morpho.
    B5,
    /// The cases of Morpho's README.
    B6,
    /// Two liquidations in place of one.
    B7,
    /// Laws between figures.
    L,
    /// The same by scenario files, played as campaigns play them.
    P,
}

impl Part {
    /// Every part, in the order of the table.
    pub const ALL: [Self; 17] = [
        Self::A1,
        Self::A2,
        Self::A3,
        Self::A4,
        Self::A5,
        Self::A7,
        Self::A8,
        Self::A9,
        Self::B1,
        Self::B2,
        Self::B3,
        Self::B4,
        Self::B5,
        Self::B6,
        Self::B7,
        Self::L,
        Self::P,
    ];

    /// The part with a formula, by its number.
    #[must_use]
    pub fn named(number: &str) -> Option<Self> {
        let number = number.to_uppercase();
        let number = if number == "A6" { "A5" } else { &number };
        Self::ALL.into_iter().find(|part| format!("{part:?}") == number)
    }

    fn measure(self, lab: &mut lab::Lab<'_>) -> Result<(), ValidateError> {
        match self {
            Self::A1 => delay::puts(lab),
            Self::A2 => delay::jumps(lab),
            Self::A3 => passage::first(lab),
            Self::A4 => passage::whole_way(lab),
            Self::A5 => delay::tranches(lab),
            Self::A7 => market::constant_product(lab),
            Self::A8 => market::dust(lab),
            Self::A9 => queue::by_chance(lab).and_then(|()| queue::by_capacity(lab)),
            Self::B1 => bonus::toxic(lab),
            Self::B2 => bonus::spiral(lab),
            Self::B3 => market::impact(lab),
            Self::B4 => bonus::morpho(lab),
            Self::B5 => ramp::recommendations(lab),
            Self::B6 => bonus::readme(lab),
            Self::B7 => bonus::two_steps(lab),
            Self::L => laws::all(lab),
            Self::P => played::all(lab),
        }
    }
}

/// Measures some parts; `tell` hears of every row as it comes.
///
/// # Errors
/// [`ValidateError`] when a figure could not be measured at all; one that is off is a row.
pub fn run(
    options: Options,
    parts: &[Part],
    tell: &mut dyn FnMut(&Row),
) -> Result<Validation, ValidateError> {
    if options.paths < PATHS_MIN {
        return Err(ValidateError::TooFewPaths { found: options.paths, least: PATHS_MIN });
    }
    let mut lab = lab::Lab::new(options, tell);
    parts.iter().try_for_each(|part| part.measure(&mut lab))?;
    let Options { seed, paths, .. } = options;
    Ok(Validation { seed, paths, rows: lab.rows })
}
