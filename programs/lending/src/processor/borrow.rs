//! Borrows against a position's collateral.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    event::Borrowed,
    instruction::{Borrow, BorrowAccounts},
    plan::{self, Market},
    state::Position,
};

use super::emit;
use crate::{
    load::{Book, Loaded, Pair, pool, position_of},
    refuse::{planned, require},
    token::{TokenSlots, push},
};

const SLOTS: BorrowAccounts<usize> = BorrowAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };

struct Context {
    address: Address,
    book: Book,
    position: Loaded<Position>,
}

pub(crate) fn process<H: Host>(host: &mut H, args: &Borrow) -> ProgramResult {
    let Context { address, mut book, mut position } = load(host)?;
    let detail = format_args!("position {}", position.address);
    planned(host, position.state.require_no_claim(), detail)?;
    let reserve = book.reserve(&address)?;
    let (amount, available) = (args.amount, reserve.available()?);
    let plan = plan::borrow(reserve, amount);
    let detail = format_args!("loan of {amount} from reserve {address}: available {available}");
    let plan = planned(host, plan, detail)?;

    let mut entry = position.state.entry(&address);
    plan.apply(&mut book.reserve_mut(&address)?.state, &mut entry)?;
    let detail = format_args!("position {} in reserve {address}", position.address);
    planned(host, position.state.set(entry), detail)?;
    require_borrow_limit(host, &book, &position)?;
    book.loaded(&address)?.store(host)?;
    position.store(host)?;

    let shares = plan.shares;
    emit(host, &Borrowed { position: position.address, reserve: address, amount, shares })?;
    push(host, book.loaded(&address)?, TOKENS, amount)
}

/// Refuses a position that owes more than its collateral lets it borrow, at prices fresh enough
/// to act on.
pub(super) fn require_borrow_limit<H: Host>(
    host: &mut H,
    book: &Book,
    position: &Loaded<Position>,
) -> ProgramResult {
    book.require_prices(host, &position.state)?;
    let health = plan::health(&position.state, book)?;
    let (debt, limit) = (health.debt, health.borrow_limit);
    require!(
        host,
        health.is_within_borrow_limit(),
        BorrowLimitExceeded,
        "position {} would owe {debt} with a borrow limit of {limit} (USD × 10¹⁸)",
        position.address
    );
    Ok(())
}

fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let pool = pool(host, SLOTS.pool)?.address;
    let position = position_of(host, SLOTS.position, &pool, SLOTS.owner)?;
    let pair = Pair { reserve: SLOTS.reserve, feed: SLOTS.feed };
    let book = Book::load(host, &pool, &[pair], BorrowAccounts::COUNT)?;
    let address = book.fixed(0)?;
    book.loaded(&address)?.require_writable(host)?;
    Ok(Context { address, book, position })
}
