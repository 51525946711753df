//! The bug zoo's exploits: for every bug the shortest way by hand to do harm with it. Each is
//! played twice. With the bug planted it does its harm and an invariant fires that the catalogue
//! names; on the program as it is it does none, and no invariant fires.

mod accounts;
mod health;
mod inputs;
mod interest;
mod liquidation;
mod loss;
mod oracle;
mod rounding;
mod stage;

use cofferdam_lending_interface::zoo::{self, Bug};
use cofferdam_tests::zoo::{CATALOGUE, entry};

use self::stage::Stage;

/// The way to do harm with a bug: the stage afterwards, and whether harm was done.
fn exploit(bug: Bug) -> (Stage, bool) {
    match bug {
        Bug::DonateNoHealth => health::donate_no_health(),
        Bug::WithdrawNoHealth => health::withdraw_no_health(),
        Bug::FlashTransferEscape => health::flash_transfer_escape(),
        Bug::FlashRepayByBalance => health::flash_repay_by_balance(),
        Bug::StaleSnapshotHealth => health::stale_snapshot_health(),
        Bug::ThrAboveUnchecked => health::thr_above_unchecked(),
        Bug::BorrowShareFloor => rounding::borrow_share_floor(),
        Bug::WithdrawRoundUser => rounding::withdraw_round_user(),
        Bug::RedeemTruncEmpty => rounding::redeem_trunc_empty(),
        Bug::NoVirtualShares => rounding::no_virtual_shares(),
        Bug::DonationIsCash => rounding::donation_is_cash(),
        Bug::IndexInflateFlashfee => rounding::index_inflate_flashfee(),
        Bug::PartBaseSkew => rounding::part_base_skew(),
        Bug::RateFloorZero => health::rate_floor_zero(),
        Bug::ZeroShareDeposit => rounding::zero_share_deposit(),
        Bug::LiqSkipsAccrue => interest::liq_skips_accrue(),
        Bug::RepayStaleIndex => interest::repay_stale_index(),
        Bug::UtilOver100 => interest::util_over_100(),
        Bug::FeeDoubleCount => interest::fee_double_count(),
        Bug::BonusBeyondCollateral => liquidation::bonus_beyond_collateral(),
        Bug::OverpayDrains => liquidation::overpay_drains(),
        Bug::SelfLiquidation => liquidation::self_liquidation(),
        Bug::HealthyLiquidated => liquidation::healthy_liquidated(),
        Bug::CloseFactorIgnored => liquidation::close_factor_ignored(),
        Bug::DustUnliquidatable => liquidation::dust_unliquidatable(),
        Bug::LiquidatorUnchecked => liquidation::liquidator_unchecked(),
        Bug::AbsorbStaleSharePrice => loss::absorb_stale_share_price(),
        Bug::InsuranceDoubleCount => loss::insurance_double_count(),
        Bug::AbsorbWithCollateral => loss::absorb_with_collateral(),
        Bug::AbsorbKeepsDebt => loss::absorb_keeps_debt(),
        Bug::FirstOut => loss::first_out(),
        Bug::CrossPoolBleed => loss::cross_pool_bleed(),
        Bug::StalePriceOk => oracle::stale_price_ok(),
        Bug::ConfIgnored => oracle::conf_ignored(),
        Bug::NoDeviationBand => oracle::no_deviation_band(),
        Bug::DecimalsScale => oracle::decimals_scale(),
        Bug::WrongFeed => oracle::wrong_feed(),
        Bug::ForeignOracle => oracle::foreign_oracle(),
        Bug::ZeroOrNegativePrice => oracle::zero_or_negative_price(),
        Bug::OwnerCheckMissing => accounts::owner_check_missing(),
        Bug::WrongMarketAccepted => accounts::wrong_market_accepted(),
        Bug::FakeCollateralMint => accounts::fake_collateral_mint(),
        Bug::DuplicateMutAccounts => liquidation::duplicate_mut_accounts(),
        Bug::ConfigUnauth => accounts::config_unauth(),
        Bug::CapByMintOnly => accounts::cap_by_mint_only(),
        Bug::NoticeSkipped => accounts::notice_skipped(),
        Bug::CooldownSkipped => loss::cooldown_skipped(),
        Bug::TimelockSkipped => accounts::timelock_skipped(),
        Bug::GuardianRaises => accounts::guardian_raises(),
        Bug::RampAtOnce => liquidation::ramp_at_once(),
        Bug::GraceIgnored => liquidation::grace_ignored(),
        Bug::ModeIgnored => accounts::mode_ignored(),
        Bug::ClaimForgotten => loss::claim_forgotten(),
        Bug::RecoveryToFees => loss::recovery_to_fees(),
        Bug::DeficitUncounted => loss::deficit_uncounted(),
        Bug::EmaAtOnce => oracle::ema_at_once(),
        Bug::MedianIsLast => oracle::median_is_last(),
        Bug::ReplayedPrice => oracle::replayed_price(),
        Bug::FlashFeeFloor => loss::flash_fee_floor(),
        Bug::FundIsLent => loss::fund_is_lent(),
        Bug::StaleEpoch => loss::stale_epoch(),
        Bug::VestingSkipped => loss::vesting_skipped(),
        Bug::InvitationKept => accounts::invitation_kept(),
        Bug::VaultBothSides => accounts::vault_both_sides(),
        Bug::AccruesTwice => interest::accrues_twice(),
        Bug::OrderIgnored => liquidation::order_ignored(),
    }
}

/// Plays an exploit with `bug` planted, or without any.
pub(crate) fn play(exploited: Bug, planted: Option<Bug>) -> (Stage, bool) {
    // What the exploits start from is built without a bug, however early the first one runs.
    zoo::plant_here(None);
    let _built = crate::common::indebted();
    zoo::plant_here(planted);
    let end = exploit(exploited);
    zoo::plant_here(None);
    end
}

#[test]
fn no_exploit_works_on_the_program_as_it_is() {
    let mut faults = Vec::new();
    for bug in Bug::ALL {
        let (stage, harm) = play(*bug, None);
        if harm || !stage.fired.is_empty() {
            faults.push(format!("{bug}: harm {harm}, fired {:?}", stage.fired));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_bug_is_live_and_caught() {
    let mut faults = Vec::new();
    for bug in Bug::ALL {
        let (stage, harm) = play(*bug, Some(*bug));
        let expected = entry(bug.name()).map_or(&[][..], |entry| entry.caught_by);
        let caught = expected.iter().any(|id| stage.fired.contains(id));
        println!("{bug}: {:?}", stage.fired);
        if !harm {
            faults.push(format!("{bug}: is not live"));
        }
        if !caught {
            faults.push(format!("{bug}: fired {:?}, expected {expected:?}", stage.fired));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The list that a normal build has and the bugs that this one has are the same.
#[test]
fn the_catalogue_names_every_bug() {
    let mut listed: Vec<&str> = CATALOGUE.into_iter().flatten().map(|entry| entry.name).collect();
    let mut planted: Vec<&str> = Bug::ALL.iter().map(|bug| bug.name()).collect();
    listed.sort_unstable();
    planted.sort_unstable();
    assert_eq!(listed, planted);
}
