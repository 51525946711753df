//! Modes, caps and falling thresholds.

use cofferdam_host::Address;
use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    event::{Borrowed, Deposited, Withdrawn},
    state::{Operation, Reserve},
    units::{Amount, Bps},
};

use super::{Step, Verdict};

pub(super) fn modes_hold(step: &Step<'_>) -> Verdict {
    let Some(receipt) = step.outcome.success() else { return Ok(()) };
    for (position, reserve, operation) in done(step, receipt) {
        let state = &step.before.reserves[&reserve];
        let (whole, own) = (step.before.pools[&state.pool].mode, state.mode);
        if !whole.max(own).allows(operation) {
            return Err(format!("{operation:?} of {position} in {whole:?} and {own:?}"));
        }
    }
    Ok(())
}

/// What owners did, by whose position and in which reserve.
fn done(step: &Step<'_>, receipt: &Receipt) -> Vec<(Address, Address, Operation)> {
    let owes = |position: &Address| step.before.positions[position].has_debt();
    let deposits = receipt.events::<Deposited>().map(|event| {
        let operation =
            if owes(&event.position) { Operation::DepositToSave } else { Operation::Deposit };
        (event.position, event.reserve, operation)
    });
    let withdrawals = receipt.events::<Withdrawn>().map(|event| {
        let with_debt = owes(&event.position);
        let operation =
            if with_debt { Operation::WithdrawWithDebt } else { Operation::WithdrawDebtFree };
        (event.position, event.reserve, operation)
    });
    let loans = receipt
        .events::<Borrowed>()
        .map(|event| (event.position, event.reserve, Operation::Borrow));
    deposits.chain(withdrawals).chain(loans).collect()
}

pub(super) fn caps_hold(step: &Step<'_>) -> Verdict {
    let Some(receipt) = step.outcome.success() else { return Ok(()) };
    for event in receipt.events::<Deposited>() {
        let reserve = &step.after.reserves[&event.reserve];
        let supplied = reserve.supply().map_err(|error| error.to_string())?.assets;
        let cap = reserve.config.supply_cap;
        if cap != Amount::MAX && supplied > cap.fine() {
            return Err(format!("{supplied} supplied beyond the cap of {cap}"));
        }
    }
    for event in receipt.events::<Borrowed>() {
        within_borrow_limits(&step.after.reserves[&event.reserve])?;
    }
    Ok(())
}

fn within_borrow_limits(reserve: &Reserve) -> Verdict {
    let debt = reserve.debt().map_err(|error| error.to_string())?;
    let (cap, most) = (reserve.config.borrow_cap, reserve.config.max_utilisation);
    if cap != Amount::MAX && debt > cap.fine() {
        return Err(format!("{debt} owed beyond the cap of {cap}"));
    }
    let utilisation = reserve.utilisation_down().map_err(|error| error.to_string())?;
    if most != Bps::ONE && utilisation > u128::from(most.get()) * 10_u128.pow(23) {
        return Err(format!("utilisation {utilisation} beyond {most} bps"));
    }
    Ok(())
}

/// Time lowers a threshold, no transaction does.
pub(super) fn thresholds_fall_slowly(step: &Step<'_>) -> Verdict {
    if step.before.now_s != step.after.now_s {
        return Ok(());
    }
    for (address, before) in &step.before.accrued {
        let Some(after) = step.after.accrued.get(address) else { continue };
        let (then, now) = (before.liquidation_threshold(), after.liquidation_threshold());
        if now < then {
            return Err(format!("threshold of {address} from {then} to {now} bps at once"));
        }
    }
    Ok(())
}
