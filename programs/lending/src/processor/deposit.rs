//! Supplies tokens to a reserve. Needs no price and works with the oracle dead.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, Shown};
use cofferdam_lending_interface::{
    LendingError,
    event::Deposited,
    instruction::{Deposit, DepositAccounts},
    plan,
    state::{Operation, Position, Reserve},
    units::Amount,
    zoo,
};

use super::emit;
use crate::{
    load::{Loaded, others, pool, position_of, require_mode, require_others, reserve},
    refuse::{planned, refuse},
    token::{TokenSlots, pull},
};

const SLOTS: DepositAccounts<usize> = DepositAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };

struct Context {
    reserve: Loaded<Reserve>,
    position: Loaded<Position>,
}

pub(crate) fn process<H: Host>(host: &mut H, args: &Deposit) -> ProgramResult {
    let mut cx = load(host)?;
    let untouched = others(&cx.reserve, &[&cx.position.state])?;
    let (address, amount) = (cx.reserve.address, args.amount);
    zoo!(DonationIsCash => crate::zoo::cash_of(host, &mut cx.reserve.state, SLOTS.vault)?);
    let plan = plan::deposit(&cx.reserve.state, amount)
        .map_err(|error| refuse_deposit(host, &cx.reserve, amount, error))?;

    let mut entry = cx.position.state.entry(&address);
    plan.apply(&mut cx.reserve.state, &mut entry)?;
    cx.reserve.state.count_in(amount)?;
    let detail =
        format_args!("position {} in reserve {}", Shown(&cx.position.address), Shown(&address));
    planned(host, cx.position.state.set(entry), detail)?;
    require_others(host, &cx.reserve, &[&cx.position.state], untouched)?;
    cx.reserve.store(host)?;
    cx.position.store(host)?;

    let (position, shares) = (cx.position.address, plan.shares);
    emit(host, &Deposited { position, reserve: address, amount, shares })?;
    let owner: Address = cx.position.state.owner;
    pull(host, &cx.reserve, TOKENS, owner, amount)
}

/// Only on the way to a refusal is it worth asking how much room there was.
fn refuse_deposit<H: Host>(
    host: &mut H,
    reserve: &Loaded<Reserve>,
    amount: Amount,
    error: LendingError,
) -> ProgramError {
    let (address, room) = (reserve.address, reserve.state.supply_room_down().unwrap_or_default());
    let detail = format_args!(
        "deposit of {amount} into reserve {address}: room under the supply cap {room}"
    );
    refuse(host, error, detail)
}

/// Only the owner may deposit: strangers could fill a position's entries with dust and lock it.
fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let pool = pool(host, SLOTS.pool)?;
    let reserve = reserve(host, SLOTS.reserve, &pool.address)?;
    let position = position_of(host, SLOTS.position, &pool.address, SLOTS.owner)?;
    let saves = position.state.has_debt();
    let operation = if saves { Operation::DepositToSave } else { Operation::Deposit };
    require_mode(host, &pool.state, &reserve, operation)?;
    Ok(Context { reserve, position })
}
