//! Debt that nothing stands behind any more.

use cofferdam_host::Address;
use cofferdam_lending_interface::state::{Entry, Position};
use solana_instruction::Instruction;

use super::{Step, Verdict, beat::Beat, risk::stands, told::Told};

/// A liquidation that takes the last collateral recognises what it leaves, unless a price of the
/// debt is in doubt, a reserve was not handed over to be written, or a second feed not at all.
pub(super) fn no_debt_is_left_alone(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Told::Liquidated(event) = beat.told else { continue };
        let address = event.position;
        let position = beat.after.positions.get(&address).ok_or("the position is missing")?;
        let bare = position.used().all(|entry| entry.supply.is_zero());
        if bare
            && beat.after.is_insolvent(&address)
            && !is_recognised(step, &address)
            && debts(position).all(|entry| is_settled(step, &beat, &address, &entry.reserve))
        {
            return Err(format!(
                "{address} owes {:?} (shares) after its last collateral went",
                debts(position).map(|entry| entry.debt.get()).collect::<Vec<_>>()
            ));
        }
    }
    Ok(())
}

fn debts(position: &Position) -> impl Iterator<Item = &Entry> {
    position.used().filter(|entry| !entry.debt.is_zero())
}

fn is_recognised(step: &Step<'_>, position: &Address) -> bool {
    let mut told = step.beats.told().iter();
    told.any(|told| matches!(told, Told::BadDebtAbsorbed(event) if event.position == *position))
}

/// Whether the loss to a reserve could have been recognised, by what the liquidations were given:
/// a feed that another instruction of the transaction names is not at hand in theirs.
fn is_settled(step: &Step<'_>, beat: &Beat<'_>, position: &Address, reserve: &Address) -> bool {
    let liquidations = || step.outcome.sent.iter().filter(|sent| names(sent, position));
    let named = || liquidations().flat_map(|sent| &sent.accounts);
    let mut places = named().filter(|account| account.pubkey == *reserve);
    let second = beat.after.reserves.get(reserve).filter(|reserve| reserve.has_second_feed());
    let agrees = |feed: &Address| liquidations().all(|sent| names(sent, feed));
    stands(beat, position, reserve)
        && places.all(|account| account.is_writable)
        && second.is_none_or(|reserve| agrees(&reserve.second_feed))
}

fn names(sent: &Instruction, address: &Address) -> bool {
    sent.accounts.iter().any(|account| account.pubkey == *address)
}
