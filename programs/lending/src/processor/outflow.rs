//! What a loan and a withdrawal share: the accounts, and the limit that holds afterwards.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, Shown};
use cofferdam_lending_interface::{
    instruction::OutflowAccounts,
    math::oracle::Valuation,
    plan::Others,
    state::{Operation, PoolHead, Position},
};

use crate::{
    load::{Book, Loaded, Pair, Seen, others, pool, position_of, require_mode, require_others},
    refuse::{planned, require},
    token::TokenSlots,
};

const SLOTS: OutflowAccounts<usize> = OutflowAccounts::SLOTS;
const PAIR: Pair = Pair { reserve: SLOTS.reserve, feed: SLOTS.feed };

/// Where the tokens go.
pub(super) const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };

/// The reserve that pays, the other reserves at hand, and the owner's position.
pub(super) struct Outflow {
    pub(super) pool: Seen<PoolHead>,
    pub(super) address: Address,
    pub(super) book: Book,
    pub(super) position: Loaded<Position>,
    /// Shares of the paying reserve that this position does not hold.
    untouched: Others,
}

impl Outflow {
    /// Loads the accounts. A position with written-off debt lets nothing out until that is repaid.
    pub(super) fn load<H: Host>(host: &mut H) -> Result<Self, ProgramError> {
        let pool = pool(host, SLOTS.pool)?;
        let position = position_of(host, SLOTS.position, &pool.address, SLOTS.owner)?;
        let detail = format_args!("position {}", Shown(&position.address));
        planned(host, position.state.require_no_claim(), detail)?;
        let book = Book::load(host, &pool.address, &[PAIR], OutflowAccounts::COUNT)?;
        let address = book.fixed(0)?;
        book.loaded(&address)?.require_writable(host)?;
        let untouched = others(book.loaded(&address)?, &[&position.state])?;
        Ok(Self { pool, address, book, position, untouched })
    }

    /// Refuses what the mode of the pool or of the paying reserve does not allow.
    pub(super) fn require_mode<H: Host>(
        &self,
        host: &mut H,
        operation: Operation,
    ) -> ProgramResult {
        require_mode(host, &self.pool.state, self.book.loaded(&self.address)?, operation)
    }

    /// Refuses a position that owes more than its collateral lets it borrow, at prices fresh
    /// enough to act on, or one whose debt is too small for anybody to liquidate.
    pub(super) fn require_borrow_limit<H: Host>(&self, host: &mut H) -> ProgramResult {
        let health = self.book.health(host, &self.position.state, Valuation::Strict)?;
        let (weighted, limit) = (health.debt_weighted, health.borrow_limit);
        require!(
            host,
            health.is_within_borrow_limit(),
            BorrowLimitExceeded,
            "position {} would owe {weighted}, weighted, with a borrow limit of {limit} (USD × 10¹⁸)",
            self.position.address
        );
        let debt = health.debt;
        let least = self.pool.state.config.min_position_value;
        require!(
            host,
            debt >= least,
            PositionTooSmall,
            "position {} would owe {debt}, at least {least} (USD × 10¹⁸)",
            self.position.address
        );
        Ok(())
    }

    /// Writes reserve and position back, if nobody else's shares moved.
    pub(super) fn store<H: Host>(&self, host: &mut H) -> ProgramResult {
        let reserve = self.book.loaded(&self.address)?;
        require_others(host, reserve, &[&self.position.state], self.untouched)?;
        reserve.store(host)?;
        self.position.store(host)
    }
}
