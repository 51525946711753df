//! Conservation, shares, share price and accrual.

use std::collections::BTreeMap;

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    math::{
        loss::LossSplit,
        shares::{Supply, VIRTUAL_ASSETS, VIRTUAL_SHARES},
    },
    state::{Entry, Reserve, Stake},
    units::FINE_PER_UNIT,
};

use super::{Step, Verdict, wide::product_at_most};
use crate::{action::Verb, scene::Scene};

pub(super) fn vault_is_booked(step: &Step<'_>) -> Verdict {
    for (address, reserve) in &step.after.reserves {
        let held = u128::from(step.after.balance(&reserve.vault).get());
        let given = step.after.donations.get(&reserve.vault).copied().unwrap_or(0);
        let booked = u128::from(reserve.cash.get()) + u128::from(given);
        if held != booked {
            return Err(format!(
                "vault of {address} holds {held}, cash {} and donations {given} make {booked}",
                reserve.cash
            ));
        }
    }
    Ok(())
}

pub(super) fn tokens_are_conserved(step: &Step<'_>) -> Verdict {
    let mut held: BTreeMap<Address, u128> = BTreeMap::new();
    for account in step.after.tokens.values() {
        *held.entry(account.mint).or_default() += u128::from(account.amount);
    }
    for (mint, supply) in &step.after.supply {
        let sum = held.get(mint).copied().unwrap_or(0);
        if sum != u128::from(*supply) {
            return Err(format!("accounts of mint {mint} hold {sum} of a supply of {supply}"));
        }
    }
    if step.before.supply == step.after.supply {
        return Ok(());
    }
    Err("the supply of a mint changed".into())
}

pub(super) fn supply_shares_add_up(step: &Step<'_>) -> Verdict {
    let total = |reserve: &Reserve| reserve.supply_shares.get();
    add_up(step.after, |entry| entry.supply.get(), total)
}

pub(super) fn debt_shares_add_up(step: &Step<'_>) -> Verdict {
    let total = |reserve: &Reserve| reserve.debt_shares.get();
    add_up(step.after, |entry| entry.debt.get(), total)
}

fn add_up(
    scene: &Scene,
    of_entry: impl Fn(&Entry) -> u128,
    of_reserve: impl Fn(&Reserve) -> u128,
) -> Verdict {
    for (address, reserve) in &scene.reserves {
        let positions = scene.positions.values();
        let sum: u128 = positions.map(|position| of_entry(&position.entry(address))).sum();
        let total = of_reserve(reserve);
        if sum != total {
            return Err(format!("positions in {address} have {sum} shares, its total is {total}"));
        }
    }
    Ok(())
}

/// `(assets + suppliers' loss + V) ÷ (shares + VS)` never falls, by cross-multiplication.
pub(super) fn share_price_falls_by_loss_only(step: &Step<'_>) -> Verdict {
    for (address, after) in &step.after.accrued {
        let Some(before) = step.before.accrued.get(address) else { continue };
        let (Ok(then), Ok(now)) = (before.supply(), after.supply()) else { continue };
        let loss = after.losses.suppliers.get() - before.losses.suppliers.get();
        let (assets, shares) = with_virtual(then);
        let (assets_after, shares_after) = with_virtual(now);
        if !product_at_most((assets, shares_after), (assets_after + loss, shares)) {
            return Err(format!(
                "share price of {address} fell from {assets}/{shares} to \
                 {assets_after}/{shares_after} with a loss of {loss} (units × 10⁹)"
            ));
        }
    }
    Ok(())
}

fn with_virtual(supply: Supply) -> (u128, u128) {
    (supply.assets.get() + VIRTUAL_ASSETS, supply.shares.get() + VIRTUAL_SHARES)
}

pub(super) fn donation_changes_no_books(step: &Step<'_>) -> Verdict {
    let moved = step.before.reserves != step.after.reserves;
    if step.outcome.verbs().all(|verb| verb == Verb::Donate) && moved {
        return Err("a donation changed a reserve's books".into());
    }
    Ok(())
}

pub(super) fn claims_are_covered(step: &Step<'_>) -> Verdict {
    for (address, reserve) in &step.after.reserves {
        let debt = reserve.debt().map_err(|error| format!("debt of {address}: {error}"))?;
        let lent = debt.get() + reserve.flash_loan.fine().get();
        let assets = reserve.cash.fine().get() + lent + reserve.deficit.get();
        let claims = reserve.fees.get() + reserve.insurance.get() + reserve.vesting.get();
        if claims > assets {
            return Err(format!(
                "fees, insurance and what vests of {address} are {claims}, cash, loans and deficit \
                 only {assets} (units × 10⁹)"
            ));
        }
        suppliers_are_covered(step.after, address, reserve, assets - claims)?;
    }
    Ok(())
}

/// The virtual share takes part in gains and losses, so claims may exceed assets by the one
/// virtual unit once a loss pushed the price below its start, never by more.
fn suppliers_are_covered(
    scene: &Scene,
    address: &Address,
    reserve: &Reserve,
    assets: u128,
) -> Verdict {
    let supply = reserve.supply().map_err(|error| format!("supply of {address}: {error}"))?;
    let mut claimed = 0;
    for position in scene.positions.values() {
        let claim = supply.assets_down(position.entry(address).supply);
        claimed += claim.map_err(|error| format!("claims on {address}: {error}"))?.get();
    }
    if claimed > assets + FINE_PER_UNIT {
        return Err(format!("suppliers of {address} claim {claimed} of {assets} (units × 10⁹)"));
    }
    Ok(())
}

/// The stakes of the fund's epoch are its staked shares, and there are at least as many shares.
pub(super) fn stakes_add_up(step: &Step<'_>) -> Verdict {
    for (address, reserve) in &step.after.reserves {
        let of_fund =
            |stake: &&Stake| stake.reserve == *address && stake.epoch == reserve.insurance_epoch;
        let stakes = step.after.stakes.values().filter(of_fund);
        let sum: u128 = stakes.map(|stake| stake.shares.get()).sum();
        let (staked, all) = (reserve.insurance_staked.get(), reserve.insurance_shares.get());
        if sum != staked || staked > all {
            return Err(format!("stakes in {address} have {sum} of {staked} of {all} shares"));
        }
    }
    match step.after.stakes.iter().find(|(_, stake)| stake.cooling > stake.shares) {
        None => Ok(()),
        Some((address, stake)) => {
            Err(format!("more of {address} is leaving than is there: {stake:?}"))
        }
    }
}

/// A deficit is what was booked as one and neither came back nor was covered.
pub(super) fn deficit_is_accounted_for(step: &Step<'_>) -> Verdict {
    for (address, reserve) in &step.after.reserves {
        let gone = reserve.recovered.deficit.get() + reserve.covered.get();
        if reserve.deficit.get() + gone != reserve.losses.deficit.get() {
            return Err(format!(
                "deficit of {address} is {}, booked {}, gone {gone}",
                reserve.deficit, reserve.losses.deficit
            ));
        }
    }
    Ok(())
}

pub(super) fn accrual_is_monotone(step: &Step<'_>) -> Verdict {
    for (address, after) in &step.after.reserves {
        let Some(before) = step.before.reserves.get(address) else { continue };
        let (index, then) =
            ((before.index, after.index), (before.accrued_at_s, after.accrued_at_s));
        if index.1 < index.0 {
            return Err(format!("index of {address} fell from {} to {}", index.0, index.1));
        }
        if then.1 < then.0 || then.1 > step.after.now_s {
            return Err(format!("{address} accrued until {}, then until {}", then.0, then.1));
        }
        if index.0 != index.1 && then.0 == then.1 {
            return Err(format!("index of {address} rose while no time passed"));
        }
        if !has_grown(before.losses, after.losses) {
            return Err(format!("recorded losses of {address} shrank"));
        }
    }
    Ok(())
}

pub(super) fn rate_at_target_is_sane(step: &Step<'_>) -> Verdict {
    let bounds = Reserve::ADAPTIVE.rate_min..=Reserve::ADAPTIVE.rate_max;
    for (address, after) in &step.after.reserves {
        let Some(before) = step.before.reserves.get(address) else { continue };
        let rate = (before.rate_at_target, after.rate_at_target);
        if rate.1 != rate.0 && !bounds.contains(&rate.1) {
            return Err(format!("rate on target of {address} is {}", rate.1));
        }
        if rate.1 != rate.0 && before.accrued_at_s == after.accrued_at_s {
            return Err(format!("rate on target of {address} moved while no time passed"));
        }
    }
    Ok(())
}

fn has_grown(before: LossSplit, after: LossSplit) -> bool {
    before.recognised <= after.recognised
        && before.fees <= after.fees
        && before.insurance <= after.insurance
        && before.suppliers <= after.suppliers
        && before.deficit <= after.deficit
}
