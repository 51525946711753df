use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use crate::{error::LendingError, units::Shares, zoo};

/// How long shares of an insurance fund cool down before they may leave: 10 days. Longer than any
/// loss stays unseen, so that whoever sees one coming has to stay for it.
pub const COOLDOWN_S: u32 = 10 * 86_400;

/// How long they may leave after that: 2 days. Then they have to cool down again: otherwise
/// everybody would let everything cool down once and could leave at any time ever after.
pub const EXIT_WINDOW_S: u32 = 2 * 86_400;

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

impl Stake {
    /// Forgets shares of a fund that was used up: they are worth nothing.
    pub fn settle(&mut self, epoch: u32) {
        if zoo!(self.epoch != epoch; StaleEpoch => false) {
            (self.shares, self.cooling) = (Shares::ZERO, Shares::ZERO);
            (self.epoch, self.cooling_from_s) = (epoch, 0);
        }
    }

    /// Lets `shares` begin to cool down at `now_s`, in place of what was cooling before.
    ///
    /// # Errors
    /// [`LendingError::InsufficientStake`] beyond what the stake holds.
    pub fn cool(&mut self, shares: Shares, now_s: i64) -> Result<(), LendingError> {
        if shares > self.shares {
            return Err(LendingError::InsufficientStake);
        }
        (self.cooling, self.cooling_from_s) = (shares, now_s);
        Ok(())
    }

    /// From when on the shares that cool down may leave, unix time.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] beyond the end of time.
    pub fn ready_at_s(&self) -> Result<i64, LendingError> {
        self.cooling_from_s.checked_add(i64::from(COOLDOWN_S)).ok_or(LendingError::MathOverflow)
    }

    /// Refuses unless `shares` have cooled down and may leave at `now_s`.
    ///
    /// # Errors
    /// [`LendingError::InsufficientStake`] beyond what the stake holds;
    /// [`LendingError::CooldownRequired`] beyond what cools down, before [`COOLDOWN_S`] has passed,
    /// and after [`EXIT_WINDOW_S`] more.
    pub fn require_cooled(&self, shares: Shares, now_s: i64) -> Result<(), LendingError> {
        if shares > self.shares {
            return Err(LendingError::InsufficientStake);
        }
        let ready_s = self.ready_at_s()?;
        let until_s =
            ready_s.checked_add(i64::from(EXIT_WINDOW_S)).ok_or(LendingError::MathOverflow)?;
        let cooled = shares <= self.cooling && (ready_s..=until_s).contains(&now_s);
        if zoo!(!cooled; CooldownSkipped => false) {
            return Err(LendingError::CooldownRequired);
        }
        Ok(())
    }
}
