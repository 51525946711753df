//! Conservation, shares, share price, deficit and stakes.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    ID,
    state::{Position, Reserve},
    units::FINE_PER_UNIT,
};

use super::{Step, Verdict, told::Told};
use crate::{
    scene::{
        Books, Delta, ReserveSums, Scene,
        worth::{assets, claims, fine},
    },
    wide::{mul_div_down, product_at_most},
};

/// What a figure that leaves 128 bits is called.
pub(super) const OVERFLOW: &str = "a figure leaves 128 bits";

impl Step<'_> {
    /// Reserves that changed, and those in which a changed position has or had something.
    pub(super) fn touched(&self) -> &[Address] {
        &self.touched
    }

    pub(super) fn touch(delta: &Delta) -> Vec<Address> {
        let mut touched: Vec<Address> = delta.reserves.iter().map(|c| c.address).collect();
        for changed in &delta.positions {
            let sides = [changed.before.as_deref(), changed.after.as_deref()];
            for entry in sides.into_iter().flatten().flat_map(Position::used) {
                if !touched.contains(&entry.reserve) {
                    touched.push(entry.reserve);
                }
            }
        }
        touched
    }

    /// Reserves that changed, as stored, after and before; new ones and those that are gone are
    /// left out.
    pub(super) fn moved(&self) -> impl Iterator<Item = (Address, &Reserve, &Reserve)> {
        let pairs = self.delta.reserves.iter();
        pairs.filter_map(|changed| {
            Some((changed.address, changed.before.as_deref()?, changed.after.as_deref()?))
        })
    }
}

pub(super) fn vault_is_booked(step: &Step<'_>) -> Verdict {
    if step.delta.donations {
        return step.after.reserves.keys().try_for_each(|address| booked(step, address));
    }
    for changed in &step.delta.reserves {
        booked(step, &changed.address)?;
    }
    let sides = step.delta.tokens.iter().flat_map(|changed| [&changed.before, &changed.after]);
    sides.flatten().try_for_each(|account| booked(step, &account.owner))
}

fn booked(step: &Step<'_>, address: &Address) -> Verdict {
    let Some(reserve) = step.after.reserves.get(address) else { return Ok(()) };
    let held = u128::from(step.after.balance(&reserve.vault).get());
    let given = step.after.donations.get(&reserve.vault).copied().unwrap_or(0);
    if held == u128::from(reserve.cash.get()) + u128::from(given) {
        return Ok(());
    }
    let cash = reserve.cash;
    Err(format!("vault of {address} holds {held}, cash is {cash} and donations {given}"))
}

pub(super) fn tokens_are_conserved(step: &Step<'_>) -> Verdict {
    let sides = step.delta.tokens.iter().flat_map(|changed| [&changed.before, &changed.after]);
    for mint in sides.flatten().map(|account| account.mint) {
        let sum = step.after.sums.held.get(&mint).copied().unwrap_or(0);
        let supply = step.after.supply.get(&mint).copied().unwrap_or(0);
        if sum != u128::from(supply) {
            return Err(format!("accounts of mint {mint} hold {sum} of a supply of {supply}"));
        }
    }
    for changed in &step.delta.supply {
        let (before, after) = (changed.before.as_deref(), changed.after.as_deref());
        if before.copied().unwrap_or(0) != after.copied().unwrap_or(0) {
            return Err(format!("the supply of mint {} changed", changed.address));
        }
    }
    Ok(())
}

pub(super) fn supply_shares_add_up(step: &Step<'_>) -> Verdict {
    add_up(step, |sums| sums.supply, |reserve| reserve.supply_shares.get())
}

pub(super) fn debt_shares_add_up(step: &Step<'_>) -> Verdict {
    add_up(step, |sums| sums.debt, |reserve| reserve.debt_shares.get())
}

fn add_up(
    step: &Step<'_>,
    of_sums: impl Fn(ReserveSums) -> u128,
    of_reserve: impl Fn(&Reserve) -> u128,
) -> Verdict {
    for address in step.touched() {
        let sum = of_sums(step.after.sums.of(address));
        let total = step.after.reserves.get(address).map_or(0, &of_reserve);
        if sum != total {
            return Err(format!("positions in {address} have {sum} shares, its total is {total}"));
        }
    }
    Ok(())
}

/// `(assets + suppliers' loss + V) ÷ (shares + VS)` never falls, by cross-multiplication: neither
/// while interest is booked nor by what was done then.
pub(super) fn share_price_falls_by_loss_only(step: &Step<'_>) -> Verdict {
    for (address, stored, _) in step.moved() {
        let sides = (step.before.accrued.get(&address), step.after.accrued.get(&address));
        let (Some(before), Some(after)) = sides else { continue };
        if stored.accrued_at_s != before.accrued_at_s {
            let first = Books::of(stored).and_then(Books::price);
            price_rises(&address, (stored, before), (first, price(step.before, &address)))?;
        }
        if before.losses.suppliers == after.losses.suppliers {
            price_rises_between(&address, step.before, step.after)?;
            continue;
        }
        // Who pays in after a loss of the same transaction does so at the price it left.
        for beat in step.beats() {
            price_rises_between(&address, beat.before, beat.after)?;
        }
    }
    Ok(())
}

fn price(scene: &Scene, address: &Address) -> Price {
    scene.accrued.books(address).and_then(Books::price)
}

fn price_rises_between(address: &Address, before: &Scene, after: &Scene) -> Verdict {
    let prices = (price(before, address), price(after, address));
    let sides = (before.accrued.get(address), after.accrued.get(address));
    let (Some(before), Some(after)) = sides else { return Ok(()) };
    price_rises(address, (before, after), prices)
}

/// What all supply is worth and the shares it is in; `None` when claims exceed it.
type Price = Option<(u128, u128)>;

fn price_rises(
    address: &Address,
    (before, after): (&Reserve, &Reserve),
    prices: (Price, Price),
) -> Verdict {
    // Claims beyond the assets leave no price: that is SOLV-1's.
    let (Some((assets, shares)), Some((now, shares_now))) = prices else { return Ok(()) };
    let loss = after.losses.suppliers.get().wrapping_sub(before.losses.suppliers.get());
    if product_at_most((assets, shares_now), (now.wrapping_add(loss), shares)) {
        return Ok(());
    }
    Err(format!(
        "share price of {address} fell from {assets}/{shares} to {now}/{shares_now} with a loss \
         of {loss} (units × 10⁹)"
    ))
}

/// Whatever goes past the program, a plain transfer into a vault above all, moves no books.
pub(super) fn donation_changes_no_books(step: &Step<'_>) -> Verdict {
    let Some(changed) = step.delta.reserves.first() else { return Ok(()) };
    let called = step.outcome.sent.iter().any(|sent| sent.program_id == ID);
    if called || !step.beats.told().is_empty() {
        return Ok(());
    }
    Err(format!("the books of {} changed, and nobody called the program", changed.address))
}

pub(super) fn claims_are_covered(step: &Step<'_>) -> Verdict {
    for changed in &step.delta.reserves {
        let Some(reserve) = changed.after.as_deref() else { continue };
        let address = changed.address;
        let (assets, claims) = (assets(reserve).ok_or(OVERFLOW)?, claims(reserve).ok_or(OVERFLOW)?);
        if claims > assets {
            return Err(format!(
                "fees, insurance and what vests of {address} are {claims}, cash, loans and deficit \
                 only {assets} (units × 10⁹)"
            ));
        }
        let kept = reserve.insurance_cash;
        if kept > reserve.insurance.min(reserve.cash.fine()) {
            return Err(format!(
                "{address} keeps {kept} (units × 10⁹) for an insurance fund of {}, with cash of {}",
                reserve.insurance, reserve.cash
            ));
        }
        suppliers_are_covered(step, &address, reserve, assets - claims)?;
    }
    Ok(())
}

/// The virtual share takes part in gains and losses, so claims may exceed assets by the one
/// virtual unit once a loss pushed the price below its start, never by more.
fn suppliers_are_covered(
    step: &Step<'_>,
    address: &Address,
    reserve: &Reserve,
    left: u128,
) -> Verdict {
    let (assets, shares) = Books::of(reserve).and_then(Books::price).ok_or(OVERFLOW)?;
    let held = step.after.sums.of(address).supply;
    let claimed = mul_div_down(held, assets, shares).ok_or(OVERFLOW)?;
    if claimed > left.saturating_add(FINE_PER_UNIT) {
        return Err(format!("suppliers of {address} claim {claimed} of {left} (units × 10⁹)"));
    }
    Ok(())
}

/// The stakes of the fund's epoch are its staked shares, and there are at least as many shares.
pub(super) fn stakes_add_up(step: &Step<'_>) -> Verdict {
    let staked = step.delta.stakes.iter().flat_map(|changed| [&changed.before, &changed.after]);
    let staked = staked.flatten().map(|stake| stake.reserve);
    for address in staked.chain(step.delta.reserves.iter().map(|changed| changed.address)) {
        let Some(reserve) = step.after.reserves.get(&address) else { continue };
        let sum = step.after.sums.staked(&address, reserve.insurance_epoch);
        let (staked, all) = (reserve.insurance_staked.get(), reserve.insurance_shares.get());
        if sum != staked || staked > all {
            return Err(format!("stakes in {address} have {sum} of {staked} of {all} shares"));
        }
    }
    for changed in &step.delta.stakes {
        let Some(stake) = changed.after.as_deref() else { continue };
        if stake.cooling > stake.shares {
            return Err(format!("more of {} is leaving than there is: {stake:?}", changed.address));
        }
    }
    Ok(())
}

/// A deficit is what was booked as one and neither came back nor was covered.
pub(super) fn deficit_is_accounted_for(step: &Step<'_>) -> Verdict {
    for changed in &step.delta.reserves {
        let Some(reserve) = changed.after.as_deref() else { continue };
        let gone = reserve.recovered.deficit.get().wrapping_add(reserve.covered.get());
        if reserve.deficit.get().wrapping_add(gone) != reserve.losses.deficit.get() {
            return Err(format!(
                "deficit of {} is {}, booked {}, gone {gone}",
                changed.address, reserve.deficit, reserve.losses.deficit
            ));
        }
    }
    Ok(())
}

/// A loan that lives within a transaction does not outlive it.
pub(super) fn no_flash_loan_is_left(step: &Step<'_>) -> Verdict {
    for changed in &step.delta.reserves {
        let out = changed.after.as_deref().map_or(0, |reserve| reserve.flash_loan.get());
        if out > 0 {
            return Err(format!("{out} units of {} are still out", changed.address));
        }
    }
    for beat in step.beats() {
        if let Told::FlashLoanRepaid(event) = beat.told {
            let reserve =
                beat.before.accrued.get(&event.reserve).ok_or("the reserve is missing")?;
            let fee = u128::from(event.amount.get()) * u128::from(reserve.config.flash_fee.get());
            if u128::from(event.fee.get()) != fee.div_ceil(10_000) {
                return Err(format!("a flash loan of {} cost {}", event.amount, event.fee));
            }
        }
    }
    Ok(())
}

/// The fund is never lent and suppliers do not leave with it: what goes out by loan, withdrawal or
/// as fees is cash that the fund has no claim on.
pub(super) fn fund_is_not_lent(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let (address, amount) = match beat.told {
            Told::Borrowed(event) => (event.reserve, event.amount),
            Told::Withdrawn(event) => (event.reserve, event.amount),
            Told::FlashLoanTaken(event) => (event.reserve, event.amount),
            Told::FeesCollected(event) => (event.reserve, event.amount),
            _ => continue,
        };
        let reserve = beat.before.accrued.get(&address).ok_or("the reserve is missing")?;
        let cash = fine(reserve.cash.get());
        let free = cash - cash.min(reserve.insurance_cash.get());
        if !amount.is_zero() && fine(amount.get()) > free {
            let fund = reserve.insurance;
            return Err(format!("{amount} left {address} with {cash} of cash, {fund} insurance"));
        }
    }
    Ok(())
}
