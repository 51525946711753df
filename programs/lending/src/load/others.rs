//! Post-condition of every instruction that moves shares: totals move by what the positions at
//! hand move. A slip in either booking would mint or burn somebody's shares, and no vault shows it.

use alloc::vec::Vec;

use cofferdam_host::{Host, ProgramResult, Shown};
use cofferdam_lending_interface::{
    LendingError,
    plan::{Others, staked_by_others},
    state::{Position, Reserve, Stake},
    units::Shares,
};

use super::{Book, Loaded};
use crate::refuse::{planned, require};

/// Shares of each reserve of a book that others hold, in the book's order.
pub(crate) struct AllOthers(Vec<Others>);

impl Book {
    /// What others than `positions` hold of every reserve.
    pub(crate) fn others(&self, positions: &[&Position]) -> Result<AllOthers, LendingError> {
        let of = |reserve: &Loaded<Reserve>| others(reserve, positions);
        self.reserves().map(of).collect::<Result<_, _>>().map(AllOthers)
    }

    /// Refuses unless others hold what they held `before`.
    pub(crate) fn require_others<H: Host>(
        &self,
        host: &mut H,
        positions: &[&Position],
        before: &AllOthers,
    ) -> ProgramResult {
        self.reserves()
            .zip(&before.0)
            .try_for_each(|(reserve, before)| require_others(host, reserve, positions, *before))
    }
}

/// What others than `positions` hold of a reserve.
pub(crate) fn others(
    reserve: &Loaded<Reserve>,
    positions: &[&Position],
) -> Result<Others, LendingError> {
    Others::of(&reserve.address, &reserve.state, positions.iter().copied())
}

/// Refuses unless others hold what they held `before`.
pub(crate) fn require_others<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    positions: &[&Position],
    before: Others,
) -> ProgramResult {
    let now = others(reserve, positions).and_then(|now| now.require_as(before));
    let detail = format_args!("reserve {}: others held {before}", Shown(&reserve.address));
    planned(host, now, detail)
}

/// Shares of a reserve's insurance fund that other stakes hold.
pub(crate) fn other_stakes(
    reserve: &Loaded<Reserve>,
    stake: &Loaded<Stake>,
) -> Result<Shares, LendingError> {
    staked_by_others(&reserve.state, &stake.state)
}

/// Refuses unless other stakes hold what they held `before`.
pub(crate) fn require_other_stakes<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    stake: &Loaded<Stake>,
    before: Shares,
) -> ProgramResult {
    let now = other_stakes(reserve, stake);
    let (now, address) =
        (planned(host, now, format_args!("stake {}", Shown(&stake.address)))?, reserve.address);
    require!(
        host,
        now == before,
        SharesMismatch,
        "reserve {address}: other stakes held {before} shares and now {now}"
    );
    Ok(())
}
