use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use super::{Mode, ReserveConfig};
use crate::{
    error::LendingError,
    math::{
        interest::{fee_down, utilisation_down},
        loss::LossSplit,
        outflow::OutflowWindows,
        ramp::ThresholdRamp,
        shares::{Supply, debt_down},
    },
    units::{Amount, DebtShares, Fine, Index, Shares},
    zoo,
};

/// One asset of a pool: its cash, its debt, and who has a claim on both.
///
/// The books are `cash + debt + flash loan + deficit = supply + vesting + fees + insurance`:
/// whatever is not the protocol's fees and not insurance belongs to the suppliers. The vault holds
/// exactly `cash`; tokens sent to it in any other way are nobody's and move no share price.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Reserve {
    /// Bump of the reserve's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// The pool.
    pub pool: Address,
    /// The asset.
    pub mint: Address,
    /// Token account that holds the cash; the reserve's address owns it.
    pub vault: Address,
    /// The asset's price feed.
    pub feed: Address,
    /// A second feed that the first is compared with; zero for none.
    pub second_feed: Address,
    /// The mint's decimals.
    pub decimals: u8,
    /// What the reserve still lets people do, if the pool's own mode is not stricter.
    pub mode: Mode,
    /// Risk parameters.
    pub config: ReserveConfig,
    /// How the liquidation threshold is being lowered.
    pub ramp: ThresholdRamp,
    /// Up to when interest is in the books, unix time.
    pub accrued_at_s: i64,
    /// Tokens in the vault, as booked.
    pub cash: Amount,
    /// What left by loan and withdrawal lately.
    pub outflow: OutflowWindows,
    /// Tokens out on a flash loan: out of the vault, due back in the same transaction.
    pub flash_loan: Amount,
    /// Rate a year at target utilisation, in units of 10⁻²⁷; for the adaptive model.
    pub rate_at_target: u128,
    /// Supply shares of all positions.
    pub supply_shares: Shares,
    /// Debt shares of all positions.
    pub debt_shares: DebtShares,
    /// What one debt share owes.
    pub index: Index,
    /// The protocol's accrued fees.
    pub fees: Fine,
    /// The insurance fund: what was paid into it and what it earned.
    pub insurance: Fine,
    /// What was paid into it, as far as it is still there: it has the first claim on `cash`, is
    /// never lent and never withdrawn by suppliers. What the fund earned never came in as tokens
    /// of its own; it stands with the suppliers' money, lent out like theirs.
    pub insurance_cash: Fine,
    /// Shares of the insurance fund; those that no stake holds are the protocol's.
    pub insurance_shares: Shares,
    /// Those of them that stakes of the current epoch hold.
    pub insurance_staked: Shares,
    /// How often the fund was used up.
    pub insurance_epoch: u32,
    /// Loss that nobody has paid yet; it counts among the suppliers' assets and bears no interest.
    pub deficit: Fine,
    /// Deficit that was paid down so far by fees or by somebody who covered it.
    pub covered: Fine,
    /// What came back of losses to the suppliers and does not count among their assets yet.
    pub vesting: Fine,
    /// By when all of it counts, unix time.
    pub vesting_until_s: i64,
    /// All losses so far and who paid them.
    pub losses: LossSplit,
    /// What was recovered of them, and whom it went back to.
    pub recovered: LossSplit,
}

/// What makes a reserve the one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReserveOrigin {
    /// Bump of the reserve's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// The pool.
    pub pool: Address,
    /// The asset.
    pub mint: Address,
    /// The mint's decimals.
    pub decimals: u8,
    /// Token account that holds the cash.
    pub vault: Address,
    /// The asset's price feed.
    pub feed: Address,
    /// A second feed; zero for none.
    pub second_feed: Address,
}

impl Reserve {
    /// An empty reserve, at `now_s`.
    #[must_use]
    pub fn new(origin: ReserveOrigin, config: ReserveConfig, now_s: i64) -> Self {
        let ReserveOrigin { bump, vault_bump, pool, mint, decimals, vault, feed, second_feed } =
            origin;
        Self {
            bump,
            vault_bump,
            pool,
            mint,
            vault,
            feed,
            second_feed,
            decimals,
            mode: Mode::Active,
            config,
            ramp: ThresholdRamp::default(),
            accrued_at_s: now_s,
            cash: Amount::ZERO,
            outflow: OutflowWindows::default(),
            flash_loan: Amount::ZERO,
            rate_at_target: 0,
            supply_shares: Shares::ZERO,
            debt_shares: DebtShares::ZERO,
            index: Index::ONE,
            fees: Fine::ZERO,
            insurance: Fine::ZERO,
            insurance_cash: Fine::ZERO,
            insurance_shares: Shares::ZERO,
            insurance_staked: Shares::ZERO,
            insurance_epoch: 0,
            deficit: Fine::ZERO,
            covered: Fine::ZERO,
            vesting: Fine::ZERO,
            vesting_until_s: 0,
            losses: LossSplit::default(),
            recovered: LossSplit::default(),
        }
    }

    /// Whether the price is compared with a second feed's.
    #[must_use]
    pub fn has_second_feed(&self) -> bool {
        self.second_feed != Address::default()
    }

    /// What borrowers owe together, rounded down.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn debt(&self) -> Result<Fine, LendingError> {
        debt_down(self.debt_shares, self.index)
    }

    /// What suppliers own together, and their shares.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] when claims exceed assets, which the program never allows.
    pub fn supply(&self) -> Result<Supply, LendingError> {
        let lent = self.debt()?.plus(self.flash_loan.fine())?.plus(self.deficit)?;
        let fees = zoo!(self.fees; FeeDoubleCount => Fine::ZERO);
        let claimed = fees.plus(self.insurance)?.plus(self.vesting)?;
        let assets = self.cash.fine().plus(lent)?.minus(claimed)?;
        Ok(Supply { assets, shares: self.supply_shares })
    }

    /// Cash that may be lent or withdrawn: all but what was paid into the insurance fund, rounded
    /// down. What the fund earned is not kept back: while all is lent out, a claim on interest that
    /// nobody has paid yet would take the first cash that comes in from suppliers who want to leave.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn available(&self) -> Result<Amount, LendingError> {
        let kept = zoo!(self.insurance_cash; FundIsLent => Fine::ZERO);
        self.cash.minus(kept.units_up()?)
    }

    /// Share of the reserve's funds that is lent out, in units of 10⁻²⁷, rounded down.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn utilisation_down(&self) -> Result<u128, LendingError> {
        let policy = self.config.loss_policy;
        let deficit = if policy.lends_deficit() { self.deficit } else { Fine::ZERO };
        let lent = self.debt()?.plus(deficit)?;
        zoo!(
            utilisation_down(lent, self.available()?.fine());
            UtilOver100 => self.utilisation_of_deposits(lent),
        )
    }

    /// Puts the interest up to `now_s` into the books and returns it. A second call in the same
    /// second does nothing; a clock that stands before the last accrual is taken as no time.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] for books the program never makes: with claims beyond the
    /// assets, or a debt beyond [`Reserve::DEBT_MAX`]. No time and no rate makes it fail: an error
    /// would lock a reserve for ever, its suppliers' cash included.
    pub fn accrue(&mut self, now_s: i64) -> Result<Fine, LendingError> {
        let elapsed_s = now_s.checked_sub(self.accrued_at_s).and_then(|s| u64::try_from(s).ok());
        let Some(elapsed_s) = elapsed_s.filter(|s| *s > 0) else {
            return Ok(Fine::ZERO);
        };
        let before = self.debt()?;
        self.compound(elapsed_s)?;
        let interest = self.debt()?.minus(before)?;
        self.credit_protocol(fee_down(interest, self.config.reserve_factor)?)?;
        self.vest(now_s)?;
        self.accrued_at_s = zoo!(now_s; AccruesTwice => self.accrued_at_s);
        Ok(interest)
    }
}
