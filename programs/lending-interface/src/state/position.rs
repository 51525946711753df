use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use crate::{
    error::LendingError,
    units::{DebtShares, Fine, Shares},
    zoo,
};

/// Most reserves a position may use. Eight reserves and their feeds still fit one transaction of
/// 1,232 bytes.
pub const ENTRIES_MAX: usize = 8;

/// How long announced shares may leave once the notice has run: 1 day. Then notice has to be given
/// again: otherwise everybody would give notice of everything once and could leave at any time
/// ever after.
pub const NOTICE_WINDOW_S: u32 = 86_400;

/// A position's stake in one reserve: supply, or debt and claim, never both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Entry {
    /// The reserve; zero for a free entry.
    pub reserve: Address,
    /// Shares supplied, which are collateral too.
    pub supply: Shares,
    /// Debt shares owed.
    pub debt: DebtShares,
    /// Debt that was written off and is still claimed. It bears no interest and counts for no
    /// health, but until it is repaid the owner takes nothing out: otherwise a borrower could
    /// have a debt written off in a price wick and walk away with the collateral.
    pub claim: Fine,
    /// Supply shares whose withdrawal was announced, in a pool that asks for notice. They bear
    /// losses until they leave.
    pub noticed: Shares,
    /// When it was announced, unix time.
    pub noticed_at_s: i64,
}

impl Entry {
    /// From when on the announced shares may leave a pool that asks for `notice_s`, unix time.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] beyond the end of time.
    pub fn ready_at_s(&self, notice_s: u32) -> Result<i64, LendingError> {
        self.noticed_at_s.checked_add(i64::from(notice_s)).ok_or(LendingError::MathOverflow)
    }

    /// Takes `shares`, which leave at `now_s`, off what was announced. A pool that asks for no
    /// notice, `notice_s` zero, lets everything leave.
    ///
    /// # Errors
    /// [`LendingError::NoticeRequired`] beyond what was announced, before the notice has run, and
    /// after [`NOTICE_WINDOW_S`] more.
    pub fn use_notice(
        &mut self,
        shares: Shares,
        notice_s: u32,
        now_s: i64,
    ) -> Result<(), LendingError> {
        if zoo!(notice_s == 0; NoticeSkipped => true) {
            return Ok(());
        }
        let ready_s = self.ready_at_s(notice_s)?;
        let until_s =
            ready_s.checked_add(i64::from(NOTICE_WINDOW_S)).ok_or(LendingError::MathOverflow)?;
        if shares > self.noticed || !(ready_s..=until_s).contains(&now_s) {
            return Err(LendingError::NoticeRequired);
        }
        self.noticed = self.noticed.minus(shares)?;
        Ok(())
    }
}

/// What one owner supplies to and owes one pool.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Position {
    /// Bump of the position's address.
    pub bump: u8,
    /// The pool.
    pub pool: Address,
    /// Who may deposit into, withdraw from and borrow on it.
    pub owner: Address,
    /// Number of the position among its owner's.
    pub index: u16,
    /// Stakes; free ones are all zero.
    pub entries: [Entry; ENTRIES_MAX],
}

impl Position {
    /// Entries in use, in their order.
    pub fn used(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.reserve != Address::default())
    }

    /// The stake in `reserve`; zero when there is none.
    #[must_use]
    pub fn entry(&self, reserve: &Address) -> Entry {
        let found = self.used().find(|entry| entry.reserve == *reserve);
        found.copied().unwrap_or(Entry { reserve: *reserve, ..Entry::default() })
    }

    /// Whether anything is owed.
    #[must_use]
    pub fn has_debt(&self) -> bool {
        self.used().any(|entry| !entry.debt.is_zero())
    }

    /// Refuses while written-off debt is still claimed.
    ///
    /// # Errors
    /// [`LendingError::ClaimOutstanding`].
    pub fn require_no_claim(&self) -> Result<(), LendingError> {
        if self.used().any(|entry| !entry.claim.is_zero()) {
            return Err(LendingError::ClaimOutstanding);
        }
        Ok(())
    }

    /// Puts `entry` in place of the stake in its reserve; an empty stake frees its place. A notice
    /// never covers more than there is: shares that a liquidation took need none, and later ones
    /// need their own.
    ///
    /// # Errors
    /// [`LendingError::SameReserve`] for a stake with supply and debt or claim at once;
    /// [`LendingError::PositionFull`] when a new stake finds no place.
    pub fn set(&mut self, mut entry: Entry) -> Result<(), LendingError> {
        entry.noticed = entry.noticed.min(entry.supply);
        let owing = !entry.debt.is_zero() || !entry.claim.is_zero();
        let empty = entry.supply.is_zero() && !owing;
        if !entry.supply.is_zero() && owing {
            return Err(LendingError::SameReserve);
        }
        let place = self.place(&entry.reserve);
        match place {
            Some(place) => *place = if empty { Entry::default() } else { entry },
            None if empty => {}
            None => return Err(LendingError::PositionFull),
        }
        Ok(())
    }

    /// The place of `reserve`, or else the first free one.
    fn place(&mut self, reserve: &Address) -> Option<&mut Entry> {
        let at = |wanted: &Address| self.entries.iter().position(|entry| entry.reserve == *wanted);
        let index = at(reserve).or_else(|| at(&Address::default()))?;
        self.entries.get_mut(index)
    }
}
