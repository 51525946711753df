//! Isolation, authority, lamports, and what a failed transaction leaves.

use std::collections::BTreeSet;

use cofferdam_host::{Address, cpi::TOKEN_PROGRAM_ID};
use cofferdam_ledger::AccountChange;
use cofferdam_lending_interface::ID;

use super::{Step, Verdict, told::Told};
use crate::scene::Scene;

/// Every account of a pool that changed was handed to an instruction that names that pool, or is a
/// vault that somebody sent tokens to.
pub(super) fn one_pool_at_a_time(step: &Step<'_>) -> Verdict {
    for change in step.changes {
        let address = &change.address;
        let Some(pool) = pool_of(step.after, change) else { continue };
        let given = step.after.donations.get(address) != step.before.donations.get(address);
        let explains = |sent: &cofferdam_sdk::Instruction| {
            let lists = |wanted: &Address| sent.accounts.iter().any(|a| a.pubkey == *wanted);
            let writes = sent.accounts.iter().any(|a| a.pubkey == *address && a.is_writable);
            writes && (lists(&pool) || given)
        };
        if step.outcome.receipt.is_some() && !step.outcome.sent.iter().any(explains) {
            return Err(format!("{address} of pool {pool} changed, and nobody named the pool"));
        }
    }
    Ok(())
}

/// One instruction of the program changes one pool.
pub(super) fn one_pool_an_instruction(step: &Step<'_>) -> Verdict {
    let own = step.outcome.sent.iter().filter(|sent| sent.program_id == ID).count();
    let others = step
        .outcome
        .sent
        .iter()
        .any(|sent| sent.program_id != ID && sent.program_id != TOKEN_PROGRAM_ID);
    let donated = step.delta.donations;
    let pools = step.changes.iter().filter_map(|change| pool_of(step.after, change));
    let pools: BTreeSet<Address> = pools.collect();
    if pools.len() > own && !others && !donated && own > 0 {
        return Err(format!("{own} instructions changed accounts of the pools {pools:?}"));
    }
    Ok(())
}

/// The pool whose books an account is part of: pool, reserve, position, stake, change or vault.
fn pool_of(scene: &Scene, change: &AccountChange) -> Option<Address> {
    let is_part = |account: &std::sync::Arc<solana_account::Account>| {
        account.owner == ID || account.owner == TOKEN_PROGRAM_ID
    };
    // A scene holds nothing of other programs: most changes are a wallet that paid its fee.
    if !change.before.iter().chain(&change.after).any(is_part) {
        return None;
    }
    let address = &change.address;
    let of_reserve = |reserve: &Address| scene.reserves.get(reserve).map(|reserve| reserve.pool);
    if scene.pools.contains_key(address) {
        return Some(*address);
    }
    let position = || scene.positions.get(address).map(|position| position.pool);
    let vault = || of_reserve(&scene.tokens.get(address)?.owner);
    let stake = || of_reserve(&scene.stakes.get(address)?.reserve);
    let change = || scene.reserve_changes.get(address).map(|change| change.pool);
    let of_pool = || scene.pool_changes.get(address).map(|change| change.pool);
    of_reserve(address)
        .or_else(position)
        .or_else(vault)
        .or_else(stake)
        .or_else(change)
        .or_else(of_pool)
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

/// What a transaction takes from all accounts together is its fee; a receipt tells of every
/// account that changed, as it changed.
pub(super) fn lamports_are_conserved(step: &Step<'_>) -> Verdict {
    let Some(receipt) = step.outcome.receipt.as_ref() else { return Ok(()) };
    let lamports = |account: &Option<std::sync::Arc<solana_account::Account>>| {
        account.as_ref().map_or(0, |account| i128::from(account.lamports))
    };
    let moved: i128 =
        step.changes.iter().map(|change| lamports(&change.after) - lamports(&change.before)).sum();
    if moved != -i128::from(receipt.fee) {
        return Err(format!("lamports moved by {moved} with a fee of {}", receipt.fee));
    }
    // Within one slot a receipt may tell of an account that ends as it began.
    let told = |change: &AccountChange| receipt.changes.iter().any(|told| told == change);
    match step.changes.iter().find(|change| !told(change)) {
        None => Ok(()),
        Some(change) => Err(format!("{} changed, and the receipt does not tell", change.address)),
    }
}

pub(super) fn nobody_loses_unasked(step: &Step<'_>) -> Verdict {
    if step.outcome.success().is_none() {
        return Ok(());
    }
    let signed = |owner: &Address| step.outcome.signers.contains(owner);
    for changed in &step.delta.tokens {
        let Some(before) = changed.before.as_deref() else { continue };
        let after = changed.after.as_deref().map_or(0, |account| account.amount);
        let is_vault = step.before.reserves.contains_key(&before.owner);
        let stolen = changed.after.as_deref().is_some_and(|after| after.owner != before.owner);
        if (after < before.amount || stolen) && !is_vault && !signed(&before.owner) {
            let (address, owner) = (changed.address, before.owner);
            return Err(format!("{address} of {owner} lost tokens without a signature"));
        }
    }
    positions_lose_by_law_only(step, signed)?;
    for changed in &step.delta.stakes {
        let (Some(before), Some(after)) = (&changed.before, &changed.after) else { continue };
        if before != after && !signed(&before.owner) {
            return Err(format!("stake {} changed without a signature", changed.address));
        }
    }
    Ok(())
}

fn positions_lose_by_law_only(step: &Step<'_>, signed: impl Fn(&Address) -> bool) -> Verdict {
    let seized = |address: &Address| {
        step.beats.told().iter().any(|told| match told {
            Told::Liquidated(event) => event.position == *address,
            Told::CollateralSeized(event) => event.position == *address,
            _ => false,
        })
    };
    for changed in &step.delta.positions {
        let (Some(before), Some(after)) = (&changed.before, &changed.after) else { continue };
        for entry in before.used().chain(after.used()) {
            let (then, now) = (before.entry(&entry.reserve), after.entry(&entry.reserve));
            let took = now.supply < then.supply && !seized(&changed.address);
            let announced = now.noticed > then.noticed;
            if (took || announced || now.debt > then.debt) && !signed(&before.owner) {
                let address = changed.address;
                return Err(format!("position {address} lost supply or took debt unasked"));
            }
        }
    }
    Ok(())
}

/// Every account of the program is one of its types, in the bytes the program would write.
pub(super) fn accounts_are_canonical(step: &Step<'_>) -> Verdict {
    match step.delta.foreign.iter().find(|changed| changed.after.is_some()) {
        None => Ok(()),
        Some(changed) => Err(format!("{} is no account the program writes", changed.address)),
    }
}
