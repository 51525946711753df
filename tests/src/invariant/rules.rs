//! Isolation, authority, and what a failed transaction leaves.

use std::collections::BTreeSet;

use cofferdam_host::Address;
use cofferdam_ledger::AccountChange;
use cofferdam_lending_interface::event::{CollateralSeized, Liquidated};

use super::{Step, Verdict};
use crate::scene::Scene;

pub(super) fn one_pool_at_a_time(step: &Step<'_>) -> Verdict {
    let changed = step.changes.iter().filter_map(|change| pool_of(step.after, &change.address));
    let pools: BTreeSet<Address> = changed.collect();
    if pools.len() > 1 {
        return Err(format!("one action changed accounts of the pools {pools:?}"));
    }
    Ok(())
}

/// The pool whose books an account is part of: pool, reserve, position or vault.
fn pool_of(scene: &Scene, address: &Address) -> Option<Address> {
    let pool = scene.pools.get(address).map(|_| *address);
    let reserve = || scene.reserves.get(address).map(|reserve| reserve.pool);
    let position = || scene.positions.get(address).map(|position| position.pool);
    let owner = || scene.tokens.get(address).map(|token| token.owner);
    let vault = || scene.reserves.get(&owner()?).map(|reserve| reserve.pool);
    pool.or_else(reserve).or_else(position).or_else(vault)
}

pub(super) fn failure_costs_the_fee_only(step: &Step<'_>) -> Verdict {
    if step.outcome.refusal().is_none() {
        return Ok(());
    }
    let fee = step.outcome.receipt.as_ref().map(|receipt| receipt.fee);
    let payer = step.outcome.signers.first();
    match (fee, payer, step.changes) {
        // Rejected, or nothing sent.
        (None, _, []) => Ok(()),
        (Some(fee), Some(payer), [change]) if is_fee(change, payer, fee) => Ok(()),
        _ => {
            let changed: Vec<Address> = step.changes.iter().map(|change| change.address).collect();
            Err(format!("a refused transaction changed {changed:?}"))
        }
    }
}

fn is_fee(change: &AccountChange, payer: &Address, fee: u64) -> bool {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return false };
    let paid = before.lamports.checked_sub(after.lamports) == Some(fee);
    let same = before.data == after.data && before.owner == after.owner;
    change.address == *payer && paid && same
}

pub(super) fn nobody_loses_unasked(step: &Step<'_>) -> Verdict {
    if step.outcome.success().is_none() {
        return Ok(());
    }
    let signed = |owner: &Address| step.outcome.signers.contains(owner);
    for (address, before) in &step.before.tokens {
        let after = step.after.balance(address).get();
        let is_vault = step.before.reserves.contains_key(&before.owner);
        if after < before.amount && !is_vault && !signed(&before.owner) {
            return Err(format!("{address} of {} lost tokens without a signature", before.owner));
        }
    }
    let seized = liquidated(step);
    for (address, before) in &step.before.positions {
        let after = &step.after.positions[address];
        for entry in before.used().chain(after.used()) {
            let (then, now) = (before.entry(&entry.reserve), after.entry(&entry.reserve));
            let took = now.supply < then.supply && !seized.contains(address);
            let owes_more = now.debt > then.debt;
            if (took || owes_more) && !signed(&before.owner) {
                return Err(format!("position {address} lost supply or took debt unasked"));
            }
        }
    }
    Ok(())
}

fn liquidated(step: &Step<'_>) -> BTreeSet<Address> {
    let events = |receipt: &cofferdam_ledger::Receipt| {
        let liquidated = receipt.events::<Liquidated>().map(|event| event.position);
        let forfeit = receipt.events::<CollateralSeized>().map(|event| event.position);
        liquidated.chain(forfeit).collect()
    };
    step.outcome.success().map(events).unwrap_or_default()
}
