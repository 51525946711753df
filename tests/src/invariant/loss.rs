//! Bad debt: who paid, in which order, and that nothing else was written off.

use cofferdam_lending_interface::{
    event::{BadDebtAbsorbed, Liquidated, LossRecovered},
    state::{LossPolicy, Reserve},
    units::{Amount, Fine, Value},
};

use super::{Step, Verdict};

/// One recognition with the reserve before and after it.
struct Recognition {
    event: BadDebtAbsorbed,
    before: Reserve,
    after: Reserve,
    /// Whether it came with a liquidation, which changes the books as well.
    with_liquidation: bool,
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
    let Recognition { event, before, after, .. } = told;
    let loss = event.loss;
    let paid = loss.fees.get() + loss.insurance.get() + loss.suppliers.get();
    let (address, sum) = (event.reserve, paid + loss.deficit.get());
    if sum != loss.recognised.get() {
        return Err(format!("payers of the loss in {address} give {sum} of {}", loss.recognised));
    }
    if told.with_liquidation {
        return recorded(told);
    }
    let books = [
        ("fees", before.fees, after.fees, loss.fees),
        ("insurance", before.insurance, after.insurance, loss.insurance),
        ("debt", debt(before)?, debt(after)?, loss.recognised),
        ("deficit", after.deficit, before.deficit, loss.deficit),
        ("suppliers", supply(before)?, supply(after)?, loss.suppliers),
    ];
    for (what, then, now, paid) in books {
        if then.minus(now) != Ok(paid) {
            return Err(format!(
                "{what} of {address} went from {then} to {now}, event says {paid}"
            ));
        }
    }
    recorded(told)
}

fn recorded(Recognition { event, before, after, .. }: &Recognition) -> Verdict {
    let (address, loss) = (event.reserve, event.loss);
    if before.losses.plus(loss) != Ok(after.losses) {
        return Err(format!("recorded losses of {address} are {:?} after {loss:?}", after.losses));
    }
    Ok(())
}

pub(super) fn waterfall_in_order(step: &Step<'_>) -> Verdict {
    for Recognition { event, before, .. } in recognitions(step)? {
        let loss = event.loss;
        let told = [loss.fees, loss.insurance, loss.suppliers, loss.deficit].map(Fine::get);
        let expected = payers(&before, loss.recognised.get())?;
        if told != expected {
            return Err(format!(
                "with fees {} and insurance {} in {}, the payers were {loss:?}, expected {expected:?}",
                before.fees, before.insurance, event.reserve
            ));
        }
    }
    Ok(())
}

/// Fees, insurance, suppliers and deficit as each policy's paragraph in docs/MATH.md has it.
fn payers(reserve: &Reserve, loss: u128) -> Result<[u128; 4], String> {
    let (fees, fund) = (reserve.fees.get(), reserve.insurance.get());
    let suppliers = supply(reserve)?.get() + reserve.vesting.get();
    let by_fund = loss.min(fund);
    let by_suppliers = loss.min(suppliers);
    Ok(match reserve.config.loss_policy {
        LossPolicy::Waterfall => {
            let by_fees = loss.min(fees);
            let by_fund = (loss - by_fees).min(fund);
            [by_fees, by_fund, loss - by_fees - by_fund, 0]
        }
        LossPolicy::Haircut => {
            let by_fund = (loss - by_suppliers).min(fund);
            [loss - by_suppliers - by_fund, by_fund, by_suppliers, 0]
        }
        LossPolicy::InsuranceThenHaircut => {
            let by_suppliers = (loss - by_fund).min(suppliers);
            [loss - by_fund - by_suppliers, by_fund, by_suppliers, 0]
        }
        LossPolicy::NegativeReserves => [loss.min(fees), 0, 0, loss - loss.min(fees)],
        LossPolicy::Deficit | LossPolicy::Receivable => [0, 0, 0, loss],
    })
}

pub(super) fn only_bad_debt_is_written_off(step: &Step<'_>) -> Verdict {
    for Recognition { event, with_liquidation, .. } in recognitions(step)? {
        let position = event.position;
        // A liquidation rounds by a unit on both sides, and that much may be written off after it.
        let rounding = with_liquidation && within_a_unit(step, &event)?;
        if !step.before.is_insolvent(&position) && !rounding {
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

/// Whether a loss is worth at most one native unit of every asset its position uses.
fn within_a_unit(step: &Step<'_>, event: &BadDebtAbsorbed) -> Result<bool, String> {
    let value = |reserve, tokens| {
        let quote = step.before.any_age().quote(reserve).map_err(|error| error.to_string())?;
        quote.value_up(tokens).map(Value::get).map_err(|error| error.to_string())
    };
    let mut slack = 0;
    for entry in step.before.positions.get(&event.position).iter().flat_map(|p| p.used()) {
        slack += value(&entry.reserve, Amount(1).fine())?;
    }
    Ok(value(&event.reserve, event.loss.recognised)? <= slack)
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

/// Deficit first, then suppliers, then insurance, then fees, each up to what it lost.
pub(super) fn recovery_in_reverse_order(step: &Step<'_>) -> Verdict {
    let Some(receipt) = step.outcome.success() else { return Ok(()) };
    for LossRecovered { reserve: address, split, .. } in receipt.events() {
        let before = step.before.accrued.get(&address).ok_or("the reserve is missing")?;
        let after = step.after.reserves.get(&address).ok_or("the reserve is missing")?;
        let open = |lost: Fine, back: Fine| lost.get() - back.get();
        let (lost, back) = (before.losses, before.recovered);
        let deficit = split.recognised.get().min(before.deficit.get());
        let rest = split.recognised.get() - deficit;
        let suppliers = rest.min(open(lost.suppliers, back.suppliers));
        let rest = rest - suppliers;
        let insurance = rest.min(open(lost.insurance, back.insurance));
        let expected = [deficit, suppliers, insurance, rest - insurance];
        let got = [split.deficit, split.suppliers, split.insurance, split.fees].map(Fine::get);
        let booked = [
            before.deficit.get() - after.deficit.get(),
            after.vesting.get() - before.vesting.get(),
            after.insurance.get() - before.insurance.get(),
            after.fees.get() - before.fees.get(),
        ];
        if got != expected || booked != expected {
            return Err(format!("{split:?} came back to {address}, expected {expected:?}"));
        }
    }
    Ok(())
}

fn recognitions(step: &Step<'_>) -> Result<Vec<Recognition>, String> {
    let Some(receipt) = step.outcome.success() else { return Ok(Vec::new()) };
    let with_liquidation = receipt.events::<Liquidated>().next().is_some();
    let with_books = |event: BadDebtAbsorbed| {
        let before = step.before.accrued.get(&event.reserve).cloned();
        let after = step.after.reserves.get(&event.reserve).cloned();
        let missing = || format!("reserve {} of an event is missing", event.reserve);
        let (before, after) = before.zip(after).ok_or_else(missing)?;
        Ok(Recognition { event, before, after, with_liquidation })
    };
    receipt.events::<BadDebtAbsorbed>().map(with_books).collect()
}

fn debt(reserve: &Reserve) -> Result<Fine, String> {
    reserve.debt().map_err(|error| error.to_string())
}

fn supply(reserve: &Reserve) -> Result<Fine, String> {
    reserve.supply().map(|supply| supply.assets).map_err(|error| error.to_string())
}
