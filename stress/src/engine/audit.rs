//! What must hold after every step of an exact path: nobody's claim appears or disappears.

use cofferdam_sdk::{instruction::ReserveKeys, interface::state::Reserve, token};

use super::{run::RunError, stage::Stage, view::positions};

/// Checks the books of every reserve: the vault holds what is booked as cash, what is claimed is
/// no more than what is there, and all losses have payers.
///
/// # Errors
/// [`RunError::Conservation`].
pub(super) fn books(stage: &Stage) -> Result<(), RunError> {
    for pool in &stage.pools {
        for (symbol, keys) in &pool.reserves {
            let state = stage.desk.client.reserve(&keys.reserve)?;
            if let Some(what) = fault(stage, keys, &state) {
                let (pool, symbol) = (pool.name.clone(), symbol.clone());
                return Err(RunError::Conservation { pool, symbol, what });
            }
        }
    }
    Ok(())
}

/// Checks that the positions of a pool owe together what its reserves say.
///
/// # Errors
/// [`RunError::Conservation`].
pub(super) fn debts(stage: &Stage) -> Result<(), RunError> {
    for (number, pool) in stage.pools.iter().enumerate() {
        let positions = positions(stage, number)?;
        for (symbol, keys) in &pool.reserves {
            let shares = positions.iter().map(|(_, view)| view.state.entry(&keys.reserve).debt);
            let booked = stage.desk.client.reserve(&keys.reserve)?.debt_shares;
            if shares.map(|shares| shares.get()).sum::<u128>() != booked.get() {
                let (pool, symbol) = (pool.name.clone(), symbol.clone());
                let what = "positions owe something else than is booked";
                return Err(RunError::Conservation { pool, symbol, what });
            }
        }
    }
    Ok(())
}

fn fault(stage: &Stage, keys: &ReserveKeys, state: &Reserve) -> Option<&'static str> {
    let vault = stage.desk.client.backend().account(&keys.vault);
    if vault.map(|vault| token::balance(&vault.data)) != Some(state.cash) {
        return Some("the vault does not hold what is booked");
    }
    if state.supply().is_err() {
        return Some("claims exceed assets");
    }
    (!state.losses.is_exact()).then_some("a loss has no payer")
}
