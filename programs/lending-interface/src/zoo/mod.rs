//! Known bugs, planted one at a time. This module exists only in a build with
//! `RUSTFLAGS="--cfg zoo"`: no feature, no environment variable and no argument reaches it in a
//! normal one.
//!
//! A plant works only while the program itself runs. Whoever checks the program, and uses some of
//! this crate's functions to do so, uses them without the bug, as somebody who wrote the same
//! functions a second time would. [`Reach::Everybody`] takes that advantage away.

mod plants;

use core::{cell::Cell, fmt};
use std::{
    sync::atomic::{AtomicU8, Ordering},
    thread_local,
};

/// Declares the bugs with their names.
macro_rules! bugs {
    ($($bug:ident = $name:literal),+ $(,)?) => {
        /// A bug that can be planted; `docs/ZOO.md` tells what each is and where it comes from.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the catalogue describes each by its name")]
        #[repr(u8)]
        pub enum Bug {
            $($bug),+
        }

        impl Bug {
            /// Every bug, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$bug),+];

            /// Its name in the catalogue.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$bug => $name),+
                }
            }
        }
    };
}

bugs! {
    DonateNoHealth = "donate_no_health",
    WithdrawNoHealth = "withdraw_no_health",
    FlashTransferEscape = "flash_transfer_escape",
    FlashRepayByBalance = "flash_repay_by_balance",
    StaleSnapshotHealth = "stale_snapshot_health",
    ThrAboveUnchecked = "thr_above_unchecked",
    BorrowShareFloor = "borrow_share_floor",
    WithdrawRoundUser = "withdraw_round_user",
    RedeemTruncEmpty = "redeem_trunc_empty",
    NoVirtualShares = "no_virtual_shares",
    DonationIsCash = "donation_is_cash",
    IndexInflateFlashfee = "index_inflate_flashfee",
    PartBaseSkew = "part_base_skew",
    RateFloorZero = "rate_floor_zero",
    ZeroShareDeposit = "zero_share_deposit",
    LiqSkipsAccrue = "liq_skips_accrue",
    RepayStaleIndex = "repay_stale_index",
    UtilOver100 = "util_over_100",
    FeeDoubleCount = "fee_double_count",
    BonusBeyondCollateral = "bonus_beyond_collateral",
    OverpayDrains = "overpay_drains",
    SelfLiquidation = "self_liquidation",
    HealthyLiquidated = "healthy_liquidated",
    CloseFactorIgnored = "close_factor_ignored",
    DustUnliquidatable = "dust_unliquidatable",
    LiquidatorUnchecked = "liquidator_unchecked",
    AbsorbStaleSharePrice = "absorb_stale_share_price",
    InsuranceDoubleCount = "insurance_double_count",
    AbsorbWithCollateral = "absorb_with_collateral",
    AbsorbKeepsDebt = "absorb_keeps_debt",
    FirstOut = "first_out",
    CrossPoolBleed = "cross_pool_bleed",
    StalePriceOk = "stale_price_ok",
    ConfIgnored = "conf_ignored",
    NoDeviationBand = "no_deviation_band",
    DecimalsScale = "decimals_scale",
    WrongFeed = "wrong_feed",
    ForeignOracle = "foreign_oracle",
    ZeroOrNegativePrice = "zero_or_negative_price",
    OwnerCheckMissing = "owner_check_missing",
    WrongMarketAccepted = "wrong_market_accepted",
    FakeCollateralMint = "fake_collateral_mint",
    DuplicateMutAccounts = "duplicate_mut_accounts",
    ConfigUnauth = "config_unauth",
    CapByMintOnly = "cap_by_mint_only",
    NoticeSkipped = "notice_skipped",
    CooldownSkipped = "cooldown_skipped",
    TimelockSkipped = "timelock_skipped",
    GuardianRaises = "guardian_raises",
    RampAtOnce = "ramp_at_once",
    GraceIgnored = "grace_ignored",
    ModeIgnored = "mode_ignored",
    ClaimForgotten = "claim_forgotten",
    RecoveryToFees = "recovery_to_fees",
    DeficitUncounted = "deficit_uncounted",
    EmaAtOnce = "ema_at_once",
    MedianIsLast = "median_is_last",
    ReplayedPrice = "replayed_price",
    FlashFeeFloor = "flash_fee_floor",
    FundIsLent = "fund_is_lent",
    StaleEpoch = "stale_epoch",
    VestingSkipped = "vesting_skipped",
    InvitationKept = "invitation_kept",
    VaultBothSides = "vault_both_sides",
    AccruesTwice = "accrues_twice",
    OrderIgnored = "order_ignored",
}

/// What a command built with this module says whenever it starts. A normal build does not have it.
pub const WARNING: &str = "this build of the lending program has known bugs in it";

/// For whom a planted bug is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// For the program.
    #[default]
    Program,
    /// For whoever calls the same functions to check the program, too.
    Everybody,
}

/// No bug, as it stands in [`PLANTED`].
const NONE: u8 = u8::MAX;

/// The bug that all threads see which have none of their own.
static PLANTED: AtomicU8 = AtomicU8::new(NONE);

thread_local! {
    static HERE: Cell<Option<Option<Bug>>> = const { Cell::new(None) };
    static REACH: Cell<Reach> = const { Cell::new(Reach::Program) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Plants a bug for all threads, in place of the one before.
pub fn plant(bug: Option<Bug>) {
    PLANTED.store(bug.map_or(NONE, |bug| bug as u8), Ordering::Relaxed);
}

/// Plants a bug for this thread alone, whatever the others have.
pub fn plant_here(bug: Option<Bug>) {
    HERE.set(Some(bug));
}

/// Says for whom this thread's plant is there.
pub fn set_reach(reach: Reach) {
    REACH.set(reach);
}

/// The bug that is planted where the caller stands; none outside the program, unless the
/// [`Reach`] says otherwise.
#[must_use]
pub fn planted() -> Option<Bug> {
    if !RUNNING.get() && REACH.get() == Reach::Program {
        return None;
    }
    let everywhere = || Bug::ALL.get(usize::from(PLANTED.load(Ordering::Relaxed))).copied();
    HERE.get().unwrap_or_else(everywhere)
}

/// Whether `bug` is planted where the caller stands.
#[must_use]
pub fn is(bug: Bug) -> bool {
    planted() == Some(bug)
}

/// While it lives the program runs on this thread.
#[derive(Debug)]
pub struct Running(bool);

impl Running {
    /// The program begins.
    #[must_use]
    pub fn begin() -> Self {
        Self(RUNNING.replace(true))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}

impl Bug {
    /// The bug of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|bug| bug.name() == name)
    }
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
