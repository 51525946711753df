//! A second opinion: an independent model of the lending program, in exact rationals.
//!
//! The auditor reads a world once. From then on it keeps books of its own, advances them by its
//! own rules from the instructions of each transaction, and says before it looks whether the
//! transaction succeeds or with which error it fails, which events it tells, and what stands in
//! every account afterwards. It shares no arithmetic with the program: of the interface it takes
//! the shape of accounts, instructions, events and errors, and nothing that computes.
//!
//! Every figure is exact, and rounded where and as the table in docs/MATH.md says. Three figures
//! come out of exponentials, which the program approximates: the index of a reserve, the rate on
//! target of an adaptive curve, and the average of a feed. The auditor bounds them by a series
//! with a remainder, widened by the error that docs/MATH.md documents, holds what the program
//! stored against these bounds, and goes on with the stored figure. A figure that a transaction
//! uses and no account keeps (interest of a reserve that it only reads, the average of a feed at
//! this second) is taken from within the bounds; should the transaction end otherwise than
//! predicted, the lower and the upper bound are tried before that is called a disagreement.
//!
//! Errors of the lending program and of the token program are predicted exactly, with the
//! instruction that fails. What the runtime refuses (an account left out, a privilege that a call
//! does not have) is predicted as such, without its number. What the auditor has no rule for is
//! counted as unmodelled, never passed in silence: see [`Auditor::counts`].

mod books;
mod compare;
mod config;
mod dispatch;
mod draft;
mod fund;
mod govern;
mod health;
mod interest;
mod limits;
mod loan;
mod losses;
pub(crate) mod number;
mod open;
mod oracle;
mod publish;
mod read;
mod seizure;
pub(crate) mod series;
mod state;
mod supply;
mod terms;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use cofferdam_host::{Address, ErrorCode, cpi::TOKEN_PROGRAM_ID};
use cofferdam_ledger::{Failure, RawEvent, Receipt};
use cofferdam_lending_interface::{ID, LendingError};

use self::{
    compare::{first_difference, rule_of},
    draft::{Draft, Scope, Stop, Stored, Told},
    oracle::Guess,
    state::Account,
};
use crate::{action::Outcome, world::World};

pub use compare::Disagreement;

/// A second opinion on everything that happens in a world.
#[derive(Clone, Debug)]
pub struct Auditor {
    accounts: BTreeMap<Address, Account>,
    counts: Counts,
}

/// What an auditor has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Transactions whose end was predicted, by how they ended: `"ok"` or the error's name.
    pub predicted: BTreeMap<String, u64>,
    /// Instructions that were predicted to succeed and did, by name.
    pub succeeded: BTreeMap<&'static str, u64>,
    /// Transactions that hold something the auditor has no rule for, by what that is.
    pub unmodelled: BTreeMap<String, u64>,
    /// Transactions that were turned away before they ran.
    pub rejected: u64,
    /// Transactions that ended as predicted only at another bound of a figure that no account
    /// keeps.
    pub at_a_bound: u64,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Fine,
    Lending(LendingError),
    Token(u32),
    /// Of the runtime or a called program; with what the auditor misses, if it is the one to say.
    Accounts(&'static str),
    Budget,
}

impl Auditor {
    /// Reads where a world stands.
    #[must_use]
    pub fn new(world: &World) -> Self {
        Self { accounts: read(world), counts: Counts::default() }
    }

    /// What was seen so far.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Predicts the transaction of `outcome`, which is the latest that ran in `world`, and holds
    /// it against what happened.
    ///
    /// # Errors
    /// The first [`Disagreement`]; the auditor's books then stand as before the transaction.
    pub fn observe(&mut self, world: &World, outcome: &Outcome) -> Result<(), Box<Disagreement>> {
        if outcome.sent.is_empty() {
            return Ok(());
        }
        let Some(receipt) = &outcome.receipt else {
            self.counts.rejected += 1;
            return Ok(());
        };
        let after = left_behind(receipt);
        let mut first = None;
        for guess in Guess::ALL {
            match self.judge(world, outcome, (receipt, &after), guess) {
                Ok(()) => {
                    self.counts.at_a_bound += u64::from(guess != Guess::Likely);
                    self.accounts.extend(after);
                    return Ok(());
                }
                Err(disagreement) => first = first.or(Some(disagreement)),
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// Holds every account of a world against the auditor's books: what no transaction was seen
    /// to change has not changed.
    ///
    /// # Errors
    /// The first [`Disagreement`].
    pub fn verify(&self, world: &World) -> Result<(), Box<Disagreement>> {
        let found = read(world);
        let places: BTreeSet<&Address> = self.accounts.keys().chain(found.keys()).collect();
        for place in places {
            let expected = self.accounts.get(place).unwrap_or(&Account::None);
            let found = found.get(place).unwrap_or(&Account::None);
            if let Some(difference) = first_difference(&place.to_string(), expected, found) {
                return Err(difference);
            }
        }
        Ok(())
    }

    fn judge(
        &mut self,
        world: &World,
        outcome: &Outcome,
        (receipt, after): (&Receipt, &BTreeMap<Address, Account>),
        guess: Guess,
    ) -> Result<(), Box<Disagreement>> {
        let stored = stored(after);
        let (signers, writable) = privileges(outcome);
        let scope = Scope {
            now_s: world.now_s(),
            slot: receipt.slot,
            guess,
            stored: &stored,
            signers: &signers,
            writable: &writable,
            sent: &outcome.sent,
        };
        let mut draft = Draft::new(scope, &self.accounts);
        let stopped = draft.run_all();
        let (changed, events, at) = (draft.changed, draft.events, draft.at);
        let expected = match stopped {
            Ok(()) => End::Fine,
            Err(Stop::Lending(error)) => End::Lending(error),
            Err(Stop::Explained(error, words)) => {
                compare_words(&words, receipt, error)?;
                End::Lending(error)
            }
            Err(Stop::Token(number)) => End::Token(number),
            Err(Stop::Accounts(why)) => End::Accounts(why),
            Err(Stop::Disagrees(disagreement)) => return Err(disagreement),
            Err(Stop::Unmodelled(what)) => {
                *self.counts.unmodelled.entry(what).or_default() += 1;
                return Ok(());
            }
        };
        let found = End::of(receipt.failure.as_ref());
        if found == End::Budget {
            *self.counts.unmodelled.entry("compute budget".into()).or_default() += 1;
            return Ok(());
        }
        compare_ends((expected, at), (found, receipt.failure.as_ref()))?;
        if expected == End::Fine {
            compare_events(&events, &receipt.events)?;
            self.compare_accounts(&changed, after)?;
            for call in &outcome.sent {
                *self.counts.succeeded.entry(dispatch::name(call)).or_default() += 1;
            }
        } else {
            self.compare_accounts(&BTreeMap::new(), after)?;
        }
        *self.counts.predicted.entry(expected.words()).or_default() += 1;
        Ok(())
    }

    /// Every account that changed, or should have.
    fn compare_accounts(
        &self,
        expected: &BTreeMap<Address, Account>,
        after: &BTreeMap<Address, Account>,
    ) -> Result<(), Box<Disagreement>> {
        let before = |place: &Address| self.accounts.get(place).unwrap_or(&Account::None);
        let places: BTreeSet<&Address> = expected.keys().chain(after.keys()).collect();
        for place in places {
            let should = expected.get(place).unwrap_or_else(|| before(place));
            let does = after.get(place).unwrap_or_else(|| before(place));
            if let Some(difference) = first_difference(&place.to_string(), should, does) {
                return Err(difference);
            }
        }
        Ok(())
    }
}

impl End {
    fn of(failure: Option<&Failure>) -> Self {
        let Some(Failure { program_id, error, .. }) = failure else { return Self::Fine };
        let words = error.to_string();
        let custom = || words.strip_prefix("custom program error: 0x");
        let code = custom().and_then(|code| u32::from_str_radix(code, 16).ok());
        match code {
            Some(code) if *program_id == ID => {
                LendingError::from_code(code).map_or(Self::Accounts(""), Self::Lending)
            }
            Some(code) if *program_id == TOKEN_PROGRAM_ID => Self::Token(code),
            None if words.to_lowercase().contains("budget exceeded") => Self::Budget,
            _ => Self::Accounts(""),
        }
    }

    fn is_like(self, other: Self) -> bool {
        self == other || matches!((self, other), (Self::Accounts(_), Self::Accounts(_)))
    }

    fn words(self) -> String {
        match self {
            Self::Fine => "ok".into(),
            Self::Lending(error) => error.name().into(),
            Self::Token(number) => format!("error {number} of the token program"),
            Self::Accounts(_) => "an error of the runtime".into(),
            Self::Budget => "out of compute units".into(),
        }
    }
}

/// Every account of the lending and the token program.
fn read(world: &World) -> BTreeMap<Address, Account> {
    let accounts = world.ledger().accounts();
    let read =
        accounts.map(|(place, account)| (place, Account::read(&account.owner, &account.data)));
    read.filter(|(_, account)| *account != Account::None).collect()
}

fn left_behind(receipt: &Receipt) -> BTreeMap<Address, Account> {
    let read = |change: &cofferdam_ledger::AccountChange| {
        let account = change.after.as_ref();
        let account = account.map(|account| Account::read(&account.owner, &account.data));
        (change.address, account.unwrap_or(Account::None))
    };
    receipt.changes.iter().map(read).collect()
}

/// What the accounts keep of the figures that are known between bounds only.
fn stored(after: &BTreeMap<Address, Account>) -> BTreeMap<Address, Stored> {
    let kept = |(place, account): (&Address, &Account)| match account {
        Account::Reserve(reserve) => {
            let (index, rate_at_target) = (reserve.index.clone(), reserve.rate_at_target.clone());
            Some((*place, Stored::Growth { index, rate_at_target }))
        }
        Account::Feed(feed) => Some((*place, Stored::Average(feed.average.clone()))),
        _ => None,
    };
    after.iter().filter_map(kept).collect()
}

/// Who signs and what may change: in the whole message, whichever instruction says so.
fn privileges(outcome: &Outcome) -> (BTreeSet<Address>, BTreeSet<Address>) {
    let payer = outcome.signers.first().copied();
    let metas = || outcome.sent.iter().flat_map(|call| &call.accounts);
    let signers = metas().filter(|meta| meta.is_signer).map(|meta| meta.pubkey);
    let writable = metas().filter(|meta| meta.is_writable).map(|meta| meta.pubkey);
    (signers.chain(payer).collect(), writable.chain(payer).collect())
}

/// A refusal that tells its figures tells the right ones.
fn compare_words(
    words: &str,
    receipt: &Receipt,
    error: LendingError,
) -> Result<(), Box<Disagreement>> {
    let logs = receipt.logs();
    if receipt.failure.is_none() || logs.iter().any(|line| line.contains(words)) {
        return Ok(());
    }
    let found = logs.iter().rev().nth(2).cloned().unwrap_or_default();
    let what = format!("figures of {}", error.name());
    Err(Disagreement::boxed(what, words.to_owned(), found, rule_of(error)))
}

fn compare_ends(
    (expected, at): (End, usize),
    (found, failure): (End, Option<&Failure>),
) -> Result<(), Box<Disagreement>> {
    let place = failure.map(|failure| failure.instruction);
    let same_place = place.is_none_or(|place| place == at);
    if expected.is_like(found) && same_place {
        return Ok(());
    }
    let rule = match (expected, found) {
        (End::Lending(error), _) | (_, End::Lending(error)) => rule_of(error),
        _ => "IN-1",
    };
    let found = failure.map_or_else(
        || found.words(),
        |failure| {
            format!("{} in instruction {}: {}", found.words(), failure.instruction, failure.error)
        },
    );
    let expected = match expected {
        End::Fine => expected.words(),
        End::Accounts(why) => format!("{}, {why}, in instruction {at}", expected.words()),
        _ => format!("{} in instruction {at}", expected.words()),
    };
    Err(Disagreement::boxed("end of the transaction", expected, found, rule))
}

/// The fields in which two events in words differ; all of both, when they are not alike.
fn differing(left: &str, right: &str) -> (String, String) {
    let (fields, others): (Vec<_>, Vec<_>) =
        (left.split(", ").collect(), right.split(", ").collect());
    if fields.len() != others.len() {
        return (left.to_owned(), right.to_owned());
    }
    let pairs = fields.into_iter().zip(others).filter(|(left, right)| left != right);
    let (left, right): (Vec<_>, Vec<_>) = pairs.unzip();
    (left.join(", "), right.join(", "))
}

fn compare_events(expected: &[Box<dyn Told>], found: &[RawEvent]) -> Result<(), Box<Disagreement>> {
    let found: Vec<&RawEvent> = found.iter().filter(|event| event.program_id == ID).collect();
    for (number, event) in expected.iter().enumerate() {
        let Some(raw) = found.get(number) else {
            let what = format!("event {number}, {}", event.name());
            return Err(Disagreement::boxed(what, format!("{event:?}"), "nothing".into(), "IN-2"));
        };
        if raw.data != event.bytes() {
            let words = event.words(&raw.data).unwrap_or_else(|| "another event".into());
            let (expected, found) = differing(&format!("{event:?}"), &words);
            let what = format!("event {number}, {}", event.name());
            return Err(Disagreement::boxed(what, expected, found, "IN-2"));
        }
    }
    if found.len() > expected.len() {
        let (expected, found) = (expected.len().to_string(), found.len().to_string());
        return Err(Disagreement::boxed("number of events", expected, found, "IN-2"));
    }
    Ok(())
}

impl Counts {
    /// Adds what another auditor has seen.
    pub fn merge(&mut self, other: &Self) {
        for (end, count) in &other.predicted {
            *self.predicted.entry(end.clone()).or_default() += count;
        }
        for (name, count) in &other.succeeded {
            *self.succeeded.entry(name).or_default() += count;
        }
        for (what, count) in &other.unmodelled {
            *self.unmodelled.entry(what.clone()).or_default() += count;
        }
        self.rejected += other.rejected;
        self.at_a_bound += other.at_a_bound;
    }
}
