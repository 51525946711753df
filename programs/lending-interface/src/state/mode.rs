use borsh::{BorshDeserialize, BorshSerialize};

use super::{PoolHead, Reserve};
use crate::{error::LendingError, zoo};

/// What a pool, or one reserve of it, still lets people do. Ordered: later is stricter. Of the two
/// modes that concern an operation the stricter holds; [`Operation::strictest`] is the table.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub enum Mode {
    /// Everything.
    #[default]
    Active,
    /// No new loans; supply only into positions that owe, to save them.
    ReduceOnly,
    /// No new loans, no supply.
    Frozen,
    /// Frozen for good: there is no way back.
    Killed,
}

/// What a mode allows or forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Supplying to a position that owes nothing.
    Deposit,
    /// Supplying to a position that owes something: it makes the position safer.
    DepositToSave,
    /// Taking supply out of a position that owes nothing.
    WithdrawDebtFree,
    /// Taking supply out of a position that owes something.
    WithdrawWithDebt,
    /// Taking a loan.
    Borrow,
    /// Paying a loan back.
    Repay,
    /// Liquidating.
    Liquidate,
    /// Recognising bad debt.
    AbsorbBadDebt,
    /// Paying a deficit down.
    CoverDeficit,
    /// Taking a flash loan.
    FlashBorrow,
    /// Paying a flash loan back.
    FlashRepay,
    /// Paying into the insurance fund without a share in it.
    FundInsurance,
    /// Joining the insurance fund.
    StakeInsurance,
    /// Leaving the insurance fund, its cooldown included.
    UnstakeInsurance,
    /// Announcing a withdrawal.
    GiveNotice,
    /// Paying accrued fees out.
    CollectFees,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 16] = [
        Self::Deposit,
        Self::DepositToSave,
        Self::WithdrawDebtFree,
        Self::WithdrawWithDebt,
        Self::Borrow,
        Self::Repay,
        Self::Liquidate,
        Self::AbsorbBadDebt,
        Self::CoverDeficit,
        Self::FlashBorrow,
        Self::FlashRepay,
        Self::FundInsurance,
        Self::StakeInsurance,
        Self::UnstakeInsurance,
        Self::GiveNotice,
        Self::CollectFees,
    ];

    /// The strictest mode that still allows it. What reduces somebody's risk or lets somebody
    /// leave is allowed in all of them: whoever sets the modes can trap nobody.
    #[must_use]
    pub const fn strictest(self) -> Mode {
        match self {
            Self::Deposit
            | Self::WithdrawWithDebt
            | Self::Borrow
            | Self::FlashBorrow
            | Self::StakeInsurance => Mode::Active,
            Self::DepositToSave => Mode::ReduceOnly,
            Self::WithdrawDebtFree
            | Self::Repay
            | Self::Liquidate
            | Self::AbsorbBadDebt
            | Self::CoverDeficit
            | Self::FlashRepay
            | Self::FundInsurance
            | Self::UnstakeInsurance
            | Self::GiveNotice
            | Self::CollectFees => Mode::Killed,
        }
    }
}

/// On whose word something about a pool changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The pool's admin.
    Admin,
    /// The pool's guardian, who may only reduce risk.
    Guardian,
}

impl Mode {
    /// Every mode, from the loosest to the strictest.
    pub const ALL: [Self; 4] = [Self::Active, Self::ReduceOnly, Self::Frozen, Self::Killed];

    /// Whether the mode allows `operation`.
    #[must_use]
    pub fn allows(self, operation: Operation) -> bool {
        self <= operation.strictest()
    }

    /// Whether `authority` may change this mode to `next`. The admin may, except out of killed.
    /// The guardian only makes it stricter, and does not kill: that could not be undone.
    #[must_use]
    pub fn may_become(self, next: Self, authority: Authority) -> bool {
        match authority {
            Authority::Admin => self != Self::Killed,
            Authority::Guardian => next > self && next != Self::Killed,
        }
    }
}

impl PoolHead {
    /// Refuses `operation` in `reserve` when the mode of either does not allow it.
    ///
    /// # Errors
    /// [`LendingError::ModeForbids`].
    pub fn require_mode(
        &self,
        reserve: &Reserve,
        operation: Operation,
    ) -> Result<(), LendingError> {
        let mode = self.mode.max(reserve.mode);
        if zoo!(mode.allows(operation); ModeIgnored => true) {
            Ok(())
        } else {
            Err(LendingError::ModeForbids)
        }
    }
}
