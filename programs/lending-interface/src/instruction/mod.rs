//! Instructions: arguments, and accounts in wire order. Each verb has its file; the accounts of
//! a verb are declared once and serve clients (as addresses) and the program (as positions).
//!
//! Instructions that need a position's health take, behind their own accounts, reserve and feed
//! of every other entry the position uses, two by two, in any order. More of the same pool do no
//! harm: a client that fears the position may change first can add them. Second feeds, of any
//! reserve at hand, stand anywhere between the pairs.

mod accounts;
mod flash;
mod governance;
mod insurance;
mod market;
mod oracle;
mod position;
mod risk;

use alloc::vec::Vec;

use borsh::{BorshDeserialize, BorshSerialize};

pub use flash::{FlashBorrow, FlashBorrowAccounts, FlashRepay, FlashRepayAccounts};
pub use governance::{
    AcceptAdmin, AcceptAdminAccounts, ApplyPoolChange, ApplyPoolChangeAccounts, ApplyReserveChange,
    ApplyReserveChangeAccounts, CancelChangeAccounts, CancelPoolChange, CancelReserveChange,
    PoolAdminAccounts, ProposeAdmin, QueuePoolChange, QueuePoolChangeAccounts, QueueReserveChange,
    QueueReserveChangeAccounts, SetPoolMode, SetPoolModeAccounts, SetReserveMode,
    SetReserveModeAccounts, UpdatePool,
};
pub use insurance::{
    OpenStake, OpenStakeAccounts, StakeInsurance, StakeInsuranceAccounts, StartCooldown,
    StartCooldownAccounts, UnstakeInsurance, UnstakeInsuranceAccounts,
};
pub use market::{
    AddReserve, AddReserveAccounts, CollectFees, CollectFeesAccounts, CoverDeficit,
    CoverDeficitAccounts, CreatePool, CreatePoolAccounts, FundInsurance, FundInsuranceAccounts,
    UpdateReserve, UpdateReserveAccounts,
};
pub use oracle::{CreateFeed, CreateFeedAccounts, PublishPrice, PublishPriceAccounts};
pub use position::{
    Borrow, Deposit, DepositAccounts, GiveNotice, GiveNoticeAccounts, OpenPosition,
    OpenPositionAccounts, OutflowAccounts, Repay, RepayAccounts, Withdraw,
};
pub use risk::{AbsorbBadDebt, AbsorbBadDebtAccounts, Liquidate, LiquidateAccounts};

/// Amount that stands for everything there is: all of the supply, the debt or the fees.
pub const ALL: u64 = u64::MAX;

/// An instruction of the lending program; in Borsh, so the first byte is the variant's number.
/// Append-only: a number never changes its meaning.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum LendingInstruction {
    /// 0: see [`CreatePool`].
    CreatePool(CreatePool),
    /// 1: see [`AddReserve`].
    AddReserve(AddReserve),
    /// 2: see [`UpdateReserve`].
    UpdateReserve(UpdateReserve),
    /// 3: see [`CreateFeed`].
    CreateFeed(CreateFeed),
    /// 4: see [`PublishPrice`].
    PublishPrice(PublishPrice),
    /// 5: see [`OpenPosition`].
    OpenPosition(OpenPosition),
    /// 6: see [`Deposit`].
    Deposit(Deposit),
    /// 7: see [`Withdraw`].
    Withdraw(Withdraw),
    /// 8: see [`Borrow`].
    Borrow(Borrow),
    /// 9: see [`Repay`].
    Repay(Repay),
    /// 10: see [`FundInsurance`].
    FundInsurance(FundInsurance),
    /// 11: see [`Liquidate`].
    Liquidate(Liquidate),
    /// 12: see [`AbsorbBadDebt`].
    AbsorbBadDebt(AbsorbBadDebt),
    /// 13: see [`CollectFees`].
    CollectFees(CollectFees),
    /// 14: see [`UpdatePool`].
    UpdatePool(UpdatePool),
    /// 15: see [`ProposeAdmin`].
    ProposeAdmin(ProposeAdmin),
    /// 16: see [`AcceptAdmin`].
    AcceptAdmin(AcceptAdmin),
    /// 17: see [`SetPoolMode`].
    SetPoolMode(SetPoolMode),
    /// 18: see [`SetReserveMode`].
    SetReserveMode(SetReserveMode),
    /// 19: see [`QueueReserveChange`].
    QueueReserveChange(QueueReserveChange),
    /// 20: see [`ApplyReserveChange`].
    ApplyReserveChange(ApplyReserveChange),
    /// 21: see [`CancelReserveChange`].
    CancelReserveChange(CancelReserveChange),
    /// 22: see [`QueuePoolChange`].
    QueuePoolChange(QueuePoolChange),
    /// 23: see [`ApplyPoolChange`].
    ApplyPoolChange(ApplyPoolChange),
    /// 24: see [`CancelPoolChange`].
    CancelPoolChange(CancelPoolChange),
    /// 25: see [`CoverDeficit`].
    CoverDeficit(CoverDeficit),
    /// 26: see [`OpenStake`].
    OpenStake(OpenStake),
    /// 27: see [`StakeInsurance`].
    StakeInsurance(StakeInsurance),
    /// 28: see [`StartCooldown`].
    StartCooldown(StartCooldown),
    /// 29: see [`UnstakeInsurance`].
    UnstakeInsurance(UnstakeInsurance),
    /// 30: see [`GiveNotice`].
    GiveNotice(GiveNotice),
    /// 31: see [`FlashBorrow`].
    FlashBorrow(FlashBorrow),
    /// 32: see [`FlashRepay`].
    FlashRepay(FlashRepay),
}

impl LendingInstruction {
    /// The instruction's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128);
        // Writing to a vector cannot fail, and no field refuses to be encoded.
        let written = self.serialize(&mut bytes);
        debug_assert!(written.is_ok());
        bytes
    }
}
