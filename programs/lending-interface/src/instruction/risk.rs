//! Dealing with positions that fail.

use borsh::{BorshDeserialize, BorshSerialize};

use super::accounts::accounts;
use crate::units::Amount;

/// Repays a liquidatable position's debt for its collateral; takes remaining accounts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Liquidate {
    /// The most debt to repay, in native units; what restores the target health caps it.
    pub repay_max: Amount,
    /// The least collateral to receive, in native units: in a congested chain the price may have
    /// moved since the liquidator decided.
    pub collateral_min: Amount,
}

accounts! {
    /// Accounts of [`Liquidate`].
    LiquidateAccounts {
        /// The liquidator, owner of `source`.
        liquidator: signer,
        /// The pool.
        pool: readonly,
        /// The position.
        position: writable,
        /// Reserve of the debt.
        debt_reserve: writable,
        /// Its feed.
        debt_feed: readonly,
        /// Reserve of the collateral.
        collateral_reserve: writable,
        /// Its feed.
        collateral_feed: readonly,
        /// Token account that pays the debt.
        source: writable,
        /// Vault of the debt reserve.
        debt_vault: writable,
        /// Token account that receives the collateral.
        destination: writable,
        /// Vault of the collateral reserve.
        collateral_vault: writable,
        /// A position of the liquidator's in the pool, which receives supply shares when the
        /// vault is short of cash; the liquidated position again for none.
        receiver: writable,
        /// SPL Token program.
        token_program: readonly,
    }
}

/// Recognises a position's bad debt. Anybody may; nobody gains by it. All reserves and feeds of
/// the position are remaining accounts, the reserves it owes to writable.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AbsorbBadDebt {}

accounts! {
    /// Accounts of [`AbsorbBadDebt`].
    AbsorbBadDebtAccounts {
        /// The pool.
        pool: readonly,
        /// The position.
        position: writable,
    }
}
