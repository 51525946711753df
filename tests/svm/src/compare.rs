//! What a transaction did on the ledger and on the machine, compared.

use cofferdam_host::Address;
use cofferdam_ledger::{Ledger, Receipt};
use solana_account::Account;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

use crate::{
    known::Known,
    machine::{Answer, Machine},
};

/// Where the ledger and the machine differ.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}:\n  ledger  {ledger}\n  machine {machine}\n  after: {label}\n{logs}")]
pub struct Divergence {
    /// What differs.
    pub what: String,
    /// As the ledger has it.
    pub ledger: String,
    /// As the machine has it.
    pub machine: String,
    /// What was done.
    pub label: String,
    /// The machine's log.
    pub logs: String,
}

impl Divergence {
    /// What makes two divergences the same one: what differs, but not by how much. Addresses are
    /// left out, for a shorter scenario may have others.
    #[must_use]
    pub fn kind(&self) -> &str {
        if self.what.starts_with("account ") { "account" } else { &self.what }
    }
}

/// Compares everything a transaction did, with the ledger and the machine as it left them. When the
/// errors differ as `known` says, the fee is all that is left to compare.
///
/// # Errors
/// The first [`Divergence`].
pub fn transaction(
    (ledger, machine): (&Ledger, &Machine),
    wire: &Transaction,
    ((receipt, error), answer): ((&Receipt, Option<&TransactionError>), &Answer),
    (label, known): (&str, Known),
) -> Result<(), Box<Divergence>> {
    let logs = answer.logs.as_slice();
    let equal = |what: &str, ours: String, theirs: String| {
        if ours == theirs { Ok(()) } else { Err(differ(what, (&ours, &theirs), label, logs)) }
    };
    if known(wire, error, answer.error.as_ref()) {
        return equal("the fee", receipt.fee.to_string(), answer.fee.to_string());
    }
    equal("the error", format!("{error:?}"), format!("{:?}", answer.error.as_ref()))?;
    equal("the fee", receipt.fee.to_string(), answer.fee.to_string())?;
    let events: Vec<_> = receipt.events.iter().map(|event| event.data.clone()).collect();
    equal("the events", format!("{events:?}"), format!("{:?}", answer.events))?;
    let returned = receipt.return_data.as_ref().map(|it| (it.program_id, it.data.clone()));
    equal("the returned bytes", format!("{returned:?}"), format!("{:?}", answer.returned))?;
    let changed = receipt.changes.iter().map(|change| &change.address);
    for address in changed.chain(&wire.message.account_keys) {
        account((ledger, machine), address, label, logs)?;
    }
    Ok(())
}

/// The error of an instruction that failed, as a chain has it.
#[must_use]
pub fn error_of(receipt: &Receipt) -> Option<TransactionError> {
    let failure = receipt.failure.as_ref()?;
    let index = u8::try_from(failure.instruction).unwrap_or(u8::MAX);
    Some(TransactionError::InstructionError(index, failure.error.clone()))
}

/// Compares whether a transaction succeeded; `words` are the journal's, `ok` for success.
///
/// # Errors
/// A [`Divergence`].
pub fn success(words: &str, answer: &Answer, label: &str) -> Result<(), Box<Divergence>> {
    if (words == "ok") == answer.error.is_none() {
        return Ok(());
    }
    let machine = format!("{:?}", answer.error);
    Err(differ("whether it succeeds", (words, &machine), label, &answer.logs))
}

/// Compares every account that the ledger holds.
///
/// # Errors
/// The first [`Divergence`].
pub fn all(ledger: &Ledger, machine: &Machine, label: &str) -> Result<(), Box<Divergence>> {
    let addresses: Vec<Address> = ledger.accounts().map(|(address, _)| address).collect();
    addresses.iter().try_for_each(|address| account((ledger, machine), address, label, &[]))
}

/// Compares bytes, owner and lamports. What the chain itself provides, programs and sysvars, is
/// each one's own.
fn account(
    (ledger, machine): (&Ledger, &Machine),
    address: &Address,
    label: &str,
    logs: &[String],
) -> Result<(), Box<Divergence>> {
    let ours = ledger.account(address);
    if ours.is_some_and(|account| account.executable) {
        return Ok(());
    }
    if machine.is_of_the_chain(address) {
        return Ok(());
    }
    let theirs = machine.account(address);
    let (ours, theirs) = (text(ours), text(theirs.as_ref()));
    let what = format!("account {address}");
    if ours == theirs { Ok(()) } else { Err(differ(&what, (&ours, &theirs), label, logs)) }
}

fn text(account: Option<&Account>) -> String {
    account.map_or_else(
        || "nothing".into(),
        |Account { lamports, data, owner, .. }| format!("{lamports} lamports of {owner}, {data:?}"),
    )
}

/// A difference in words.
pub(crate) fn differ(
    what: &str,
    (ledger, machine): (&str, &str),
    label: &str,
    logs: &[String],
) -> Box<Divergence> {
    Box::new(Divergence {
        what: what.into(),
        ledger: ledger.into(),
        machine: machine.into(),
        label: label.into(),
        logs: logs.join("\n"),
    })
}
