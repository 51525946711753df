//! That nobody is given what nobody gave: shares and debts are rounded against whoever asks, and
//! what people own together grows by nothing but the losses that others bear.

use cofferdam_host::Address;
use cofferdam_lending_interface::{state::Reserve, units::RAY};

use super::{Step, Verdict, books::OVERFLOW, told::Told};
use crate::{
    scene::{
        Books, ReserveSums, Scene,
        worth::{debt_up, fine},
    },
    wide::{mul_div_down, product_at_most},
};

/// Shares and assets that stand beside a fund's own.
const VIRTUAL: (u128, u128) = (1_000_000, 1_000_000_000);

/// Shares for a deposit are worth at most what was paid, shares for a withdrawal at least what was
/// taken; the same for stakes.
pub(super) fn shares_round_for_the_reserve(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let (address, paid, shares, joins) = match beat.told {
            Told::Deposited(event) => (event.reserve, event.amount, event.shares, true),
            Told::Withdrawn(event) => (event.reserve, event.amount, event.shares, false),
            Told::Staked(event) => (event.reserve, event.amount, event.shares, true),
            Told::Unstaked(event) => (event.reserve, event.amount, event.shares, false),
            _ => continue,
        };
        let of_fund = matches!(beat.told, Told::Staked(_) | Told::Unstaked(_));
        let reserve = beat.before.accrued.get(&address).ok_or("the reserve is missing")?;
        let (assets, all) = price(reserve, of_fund).ok_or(OVERFLOW)?;
        let (worth, paid) = ((shares.get(), assets), (fine(paid.get()), all));
        let fair = if joins { product_at_most(worth, paid) } else { product_at_most(paid, worth) };
        if !fair {
            return Err(format!("{:?} at a price of {assets} for {all} shares", beat.told));
        }
    }
    Ok(())
}

/// What is paid in or lent is in somebody's shares.
pub(super) fn nothing_is_booked_for_nothing(step: &Step<'_>) -> Verdict {
    for told in step.beats.told() {
        let none = match told {
            Told::Deposited(event) => event.shares.is_zero(),
            Told::Staked(event) => event.shares.is_zero(),
            Told::Borrowed(event) => event.shares.is_zero(),
            _ => false,
        };
        if none {
            return Err(format!("{told:?} is booked"));
        }
    }
    Ok(())
}

fn price(reserve: &Reserve, of_fund: bool) -> Option<(u128, u128)> {
    if !of_fund {
        return Books::of(reserve)?.price();
    }
    let assets = reserve.insurance.get().checked_add(VIRTUAL.1)?;
    Some((assets, reserve.insurance_shares.get().checked_add(VIRTUAL.0)?))
}

/// A loan owes at least what was lent, a repayment clears at most what was paid.
pub(super) fn debt_rounds_for_the_reserve(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let (address, amount, shares, lends) = match beat.told {
            Told::Borrowed(event) => (event.reserve, event.amount, event.shares, true),
            Told::Repaid(event) => (event.reserve, event.amount, event.shares, false),
            _ => continue,
        };
        let reserve = beat.before.accrued.get(&address).ok_or("the reserve is missing")?;
        let (owed, paid) = ((shares.get(), reserve.index.get()), (fine(amount.get()), RAY));
        let fair = if lends { product_at_most(paid, owed) } else { product_at_most(owed, paid) };
        if !fair {
            return Err(format!("{:?} at an index of {}", beat.told, reserve.index));
        }
    }
    Ok(())
}

/// At constant prices all who are not the protocol gain together, in each asset, at most the losses
/// that fees, insurance, deficit and what vests bore for them, and what they took of the fees as its
/// admin.
/// Their wallets, claims and stakes less their debts; one unit less two fractions for rounding.
pub(super) fn nobody_gains_what_nobody_gave(step: &Step<'_>) -> Verdict {
    if step.outcome.success().is_none() || step.delta.time {
        return Ok(());
    }
    let mut done: Vec<Address> = Vec::new();
    for (_, _, reserve) in step.moved() {
        if !done.contains(&reserve.mint) {
            done.push(reserve.mint);
            asset_is_conserved(step, &reserve.mint)?;
        }
    }
    Ok(())
}

/// The same for one asset, in whichever pools it moved.
fn asset_is_conserved(step: &Step<'_>, mint: &Address) -> Verdict {
    let (mut grew, mut most) = (wallets(step, mint), 0);
    for (address, _, _) in step.moved().filter(|(.., reserve)| reserve.mint == *mint) {
        let sides = (step.before.accrued.get(&address), step.after.accrued.get(&address));
        let (Some(before), Some(after)) = sides else { return Ok(()) };
        let owned = |scene: &Scene, reserve| {
            owned(scene, &address, reserve, scene.accrued.books(&address)?)
        };
        // Claims beyond the assets are SOLV-1's.
        let sides = owned(step.before, before).zip(owned(step.after, after));
        let Some((then, now)) = sides else { return Ok(()) };
        grew += now - then;
        let (borne, lost) = borne(step, &address);
        // Claims and stakes are rounded down and debts up, each by less than a fraction.
        most += borne + 4;
        if lost {
            // The virtual shares take part in a loss. One that is larger than all claims takes of
            // what vests for suppliers, too: theirs, and in nobody's shares yet.
            let vesting = before.vesting.get().saturating_sub(after.vesting.get());
            most += virtual_claim(before).ok_or(OVERFLOW)? + vesting.cast_signed();
        }
    }
    if grew > most {
        return Err(format!(
            "by {:?} people gained {grew} of mint {mint} (units × 10⁹), at most {most} were borne \
             for them",
            step.beats.told()
        ));
    }
    Ok(())
}

/// Time gives all people together nothing but what vests for them: interest goes from some to
/// others, less the protocol's part.
pub(super) fn time_gives_nothing(step: &Step<'_>) -> Verdict {
    for (address, stored, _) in step.moved() {
        let Some(accrued) = step.before.accrued.get(&address) else { continue };
        if stored.accrued_at_s == accrued.accrued_at_s {
            continue;
        }
        let owned = |reserve, books: Option<Books>| owned(step.before, &address, reserve, books?);
        let then = owned(stored, Books::of(stored));
        let now = owned(accrued, step.before.accrued.books(&address));
        let Some((then, now)) = then.zip(now) else { continue };
        let grew = now - then;
        let vested = stored.vesting.get().wrapping_sub(accrued.vesting.get()).cast_signed();
        // A claim and a stake are rounded down and a debt up, each by less than a fraction.
        if grew > vested + 4 {
            return Err(format!(
                "time gave people {grew} of {address} (units × 10⁹), {vested} vested"
            ));
        }
    }
    Ok(())
}

/// What the virtual shares of a reserve and of its fund stand for, rounded up.
fn virtual_claim(reserve: &Reserve) -> Option<i128> {
    let claim = |(assets, shares)| mul_div_down(VIRTUAL.0, assets, shares)?.checked_add(1);
    let sum = claim(price(reserve, false)?)?.checked_add(claim(price(reserve, true)?)?)?;
    i128::try_from(sum).ok()
}

/// What everybody owns of a reserve and its fund, less what they owe it, in 10⁻⁹ units.
fn owned(scene: &Scene, address: &Address, reserve: &Reserve, books: Books) -> Option<i128> {
    let ReserveSums { supply, debt, .. } = scene.sums.of(address);
    let staked = scene.sums.staked(address, reserve.insurance_epoch);
    let claim = books.claim_down(supply)?;
    let (assets, shares) = price(reserve, true)?;
    let fund = mul_div_down(staked, assets, shares)?.min(reserve.insurance.get());
    let owed = debt_up(debt, reserve)?;
    i128::try_from(claim.checked_add(fund)?).ok()?.checked_sub(i128::try_from(owed).ok()?)
}

/// By how much the wallets of an asset grew, vaults left out.
fn wallets(step: &Step<'_>, mint: &Address) -> i128 {
    let grown = step.delta.tokens.iter().map(|changed| {
        let amount = |account: &Option<std::sync::Arc<cofferdam_host::cpi::TokenAccount>>| {
            let account = account.as_ref().filter(|account| account.mint == *mint);
            let account = account.filter(|a| !step.after.reserves.contains_key(&a.owner));
            account.map_or(0, |account| fine(account.amount).cast_signed())
        };
        amount(&changed.after) - amount(&changed.before)
    });
    grown.sum()
}

/// What others than suppliers bore of losses and what was paid out of fees, and whether anything
/// was lost.
fn borne(step: &Step<'_>, address: &Address) -> (i128, bool) {
    let (mut sum, mut lost) = (0, false);
    for told in step.beats.told() {
        match told {
            Told::BadDebtAbsorbed(event) if event.reserve == *address => {
                let suppliers = event.loss.suppliers.get();
                sum += event.loss.recognised.get().wrapping_sub(suppliers).cast_signed();
                lost = true;
            }
            Told::FeesCollected(event) if event.reserve == *address => {
                sum += fine(event.amount.get()).cast_signed();
            }
            _ => {}
        }
    }
    (sum, lost)
}
