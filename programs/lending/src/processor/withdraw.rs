//! Takes supply back. Without debt no price is looked at, so that everybody without debt can
//! leave while the oracle is dead.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    event::Withdrawn,
    instruction::{Withdraw, WithdrawAccounts},
    plan::{self, Market},
    state::Position,
};

use super::{borrow::require_borrow_limit, emit};
use crate::{
    load::{Book, Loaded, Pair, pool, position_of},
    refuse::planned,
    token::{TokenSlots, push},
};

const SLOTS: WithdrawAccounts<usize> = WithdrawAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };

struct Context {
    address: Address,
    book: Book,
    position: Loaded<Position>,
}

pub(crate) fn process<H: Host>(host: &mut H, args: &Withdraw) -> ProgramResult {
    let Context { address, mut book, mut position } = load(host)?;
    let detail = format_args!("position {}", position.address);
    planned(host, position.state.require_no_claim(), detail)?;
    let mut entry = position.state.entry(&address);
    let reserve = book.reserve(&address)?;
    let (asked, available) = (args.amount, reserve.available()?);
    let plan = plan::withdraw(reserve, &entry, asked);
    let held = entry.supply;
    let detail = format_args!(
        "withdrawal of {asked} from reserve {address}: available {available}, shares held {held}"
    );
    let plan = planned(host, plan, detail)?;

    plan.apply(&mut book.reserve_mut(&address)?.state, &mut entry)?;
    position.state.set(entry)?;
    if position.state.has_debt() {
        require_borrow_limit(host, &book, &position)?;
    }
    book.loaded(&address)?.store(host)?;
    position.store(host)?;

    let (amount, shares) = (plan.amount, plan.shares);
    emit(host, &Withdrawn { position: position.address, reserve: address, amount, shares })?;
    if amount.is_zero() {
        return Ok(());
    }
    push(host, book.loaded(&address)?, TOKENS, amount)
}

fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let pool = pool(host, SLOTS.pool)?.address;
    let position = position_of(host, SLOTS.position, &pool, SLOTS.owner)?;
    let pair = Pair { reserve: SLOTS.reserve, feed: SLOTS.feed };
    let book = Book::load(host, &pool, &[pair], WithdrawAccounts::COUNT)?;
    let address = book.fixed(0)?;
    book.loaded(&address)?.require_writable(host)?;
    Ok(Context { address, book, position })
}
