use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use crate::units::Shares;

/// What one person has in a reserve's insurance fund.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Stake {
    /// Bump of the stake's address.
    pub bump: u8,
    /// The reserve.
    pub reserve: Address,
    /// Who may add to it and take it out.
    pub owner: Address,
    /// Shares of the fund, those cooling down included: whoever is leaving still bears losses.
    pub shares: Shares,
    /// The fund's epoch the shares belong to; shares of a fund that was used up are worth nothing.
    pub epoch: u32,
    /// Shares on their way out.
    pub cooling: Shares,
    /// When they set out, unix time.
    pub cooling_from_s: i64,
}
