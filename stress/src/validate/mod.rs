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
mod queue;
mod ramp;
mod rig;
mod row;
mod run;

pub use fault::ValidateError;
pub use lab::{Options, PATHS_MIN};
pub use page::{Run, heading, line, page, summary};
pub use row::{Check, DEVIATIONS_MAX, Row, Validation};

/// Every row, told one by one as they come.
///
/// # Errors
/// [`ValidateError`] when a figure could not be measured at all; one that is off is a row.
pub fn run(options: Options, tell: &mut dyn FnMut(&Row)) -> Result<Validation, ValidateError> {
    if options.paths < PATHS_MIN {
        return Err(ValidateError::TooFewPaths { found: options.paths, least: PATHS_MIN });
    }
    let mut lab = lab::Lab::new(options, tell);
    delay::puts(&mut lab)?;
    delay::jumps(&mut lab)?;
    passage::first(&mut lab)?;
    passage::whole_way(&mut lab)?;
    delay::tranches(&mut lab)?;
    market::constant_product(&mut lab)?;
    market::dust(&mut lab)?;
    queue::by_chance(&mut lab)?;
    queue::by_capacity(&mut lab)?;
    bonus::toxic(&mut lab)?;
    bonus::spiral(&mut lab)?;
    market::impact(&mut lab)?;
    bonus::morpho(&mut lab)?;
    ramp::recommendations(&mut lab)?;
    bonus::readme(&mut lab)?;
    bonus::two_steps(&mut lab)?;
    laws::all(&mut lab)?;
    let Options { seed, paths, .. } = options;
    Ok(Validation { seed, paths, rows: lab.rows })
}
