//! Bad debt: who paid, in which order, and that nothing else was written off.

use cofferdam_lending_interface::{
    event::{BadDebtAbsorbed, LossRecovered},
    state::Reserve,
    units::Fine,
};

use super::{Step, Verdict};

/// One recognition with the reserve before and after it.
struct Recognition {
    event: BadDebtAbsorbed,
    before: Reserve,
    after: Reserve,
}

pub(super) fn payers_add_up(step: &Step<'_>) -> Verdict {
    for (address, reserve) in &step.after.reserves {
        if !reserve.losses.is_exact() {
            return Err(format!("losses of {address} do not add up: {:?}", reserve.losses));
        }
        let before = step.before.reserves.get(address).map(|reserve| reserve.losses);
        let told = recognitions(step)?.into_iter().find(|told| told.event.reserve == *address);
        let grew = before.is_some_and(|before| before != reserve.losses);
        if grew && told.is_none() {
            return Err(format!("losses of {address} grew without an event"));
        }
    }
    recognitions(step)?.iter().try_for_each(event_matches_books)
}

fn event_matches_books(told: &Recognition) -> Verdict {
    let Recognition { event, before, after } = told;
    let loss = event.loss;
    let (address, sum) =
        (event.reserve, loss.fees.get() + loss.insurance.get() + loss.suppliers.get());
    if sum != loss.recognised.get() {
        return Err(format!("payers of the loss in {address} give {sum} of {}", loss.recognised));
    }
    let books = [
        ("fees", before.fees, after.fees, loss.fees),
        ("insurance", before.insurance, after.insurance, loss.insurance),
        ("debt", debt(before)?, debt(after)?, loss.recognised),
        ("suppliers", supply(before)?, supply(after)?, loss.suppliers),
    ];
    for (what, then, now, paid) in books {
        if then.minus(now) != Ok(paid) {
            return Err(format!(
                "{what} of {address} went from {then} to {now}, event says {paid}"
            ));
        }
    }
    if before.losses.plus(loss) != Ok(after.losses) {
        return Err(format!("recorded losses of {address} are {:?} after {loss:?}", after.losses));
    }
    Ok(())
}

pub(super) fn waterfall_in_order(step: &Step<'_>) -> Verdict {
    for Recognition { event, before, .. } in recognitions(step)? {
        let loss = event.loss;
        let fees = loss.recognised.get().min(before.fees.get());
        let insurance = (loss.recognised.get() - fees).min(before.insurance.get());
        if (loss.fees.get(), loss.insurance.get()) != (fees, insurance) {
            return Err(format!(
                "with fees {} and insurance {} in {}, the payers were {loss:?}",
                before.fees, before.insurance, event.reserve
            ));
        }
    }
    Ok(())
}

pub(super) fn only_bad_debt_is_written_off(step: &Step<'_>) -> Verdict {
    for Recognition { event, .. } in recognitions(step)? {
        let position = event.position;
        if !step.before.is_insolvent(&position) {
            return Err(format!("debt of {position} was written off, its collateral covers it"));
        }
        let Some(before) = step.before.health(&position) else { continue };
        let Some(after) = step.after.health(&position) else { continue };
        if after.collateral > before.collateral {
            return Err(format!("collateral of {position} grew by a recognition of its bad debt"));
        }
    }
    Ok(())
}

pub(super) fn claims_are_what_was_lost(step: &Step<'_>) -> Verdict {
    for (address, reserve) in &step.after.reserves {
        let positions = step.after.positions.values();
        let claimed: u128 = positions.map(|position| position.entry(address).claim.get()).sum();
        let lost = reserve.losses.recognised.minus(reserve.recovered.recognised);
        if lost != Ok(Fine(claimed)) {
            return Err(format!(
                "positions in {address} are claimed {claimed}, lost {} and recovered {}",
                reserve.losses.recognised, reserve.recovered.recognised
            ));
        }
    }
    Ok(())
}

/// Suppliers first, then insurance, then fees, each up to what it lost.
pub(super) fn recovery_in_reverse_order(step: &Step<'_>) -> Verdict {
    let Some(receipt) = step.outcome.success() else { return Ok(()) };
    for LossRecovered { reserve: address, split, .. } in receipt.events() {
        let before = step.before.accrued.get(&address).ok_or("the reserve is missing")?;
        let after = step.after.reserves.get(&address).ok_or("the reserve is missing")?;
        let open = |lost: Fine, back: Fine| lost.get() - back.get();
        let (lost, back) = (before.losses, before.recovered);
        let suppliers = split.recognised.get().min(open(lost.suppliers, back.suppliers));
        let rest = split.recognised.get() - suppliers;
        let insurance = rest.min(open(lost.insurance, back.insurance));
        let expected = (suppliers, insurance, rest - insurance);
        let got = (split.suppliers.get(), split.insurance.get(), split.fees.get());
        let fees = after.fees.get() - before.fees.get();
        let fund = after.insurance.get() - before.insurance.get();
        if got != expected || (insurance, rest - insurance) != (fund, fees) {
            return Err(format!("{split:?} came back to {address}, expected {expected:?}"));
        }
    }
    Ok(())
}

fn recognitions(step: &Step<'_>) -> Result<Vec<Recognition>, String> {
    let Some(receipt) = step.outcome.success() else { return Ok(Vec::new()) };
    let with_books = |event: BadDebtAbsorbed| {
        let before = step.before.accrued.get(&event.reserve).cloned();
        let after = step.after.reserves.get(&event.reserve).cloned();
        let missing = || format!("reserve {} of an event is missing", event.reserve);
        let (before, after) = before.zip(after).ok_or_else(missing)?;
        Ok(Recognition { event, before, after })
    };
    receipt.events::<BadDebtAbsorbed>().map(with_books).collect()
}

fn debt(reserve: &Reserve) -> Result<Fine, String> {
    reserve.debt().map_err(|error| error.to_string())
}

fn supply(reserve: &Reserve) -> Result<Fine, String> {
    reserve.supply().map(|supply| supply.assets).map_err(|error| error.to_string())
}
