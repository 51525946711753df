//! LiteSVM with the ledger's accounts, time and transactions.

use std::time::Duration;

use litesvm::LiteSVM;
use peers_common::{Flow, Start, Step, StoredAccount, Time, cpu};
use solana_account::Account;
use solana_clock::Clock;
use solana_compute_budget::compute_budget::ComputeBudget;
use solana_pubkey::Pubkey;
use solana_transaction::{Transaction, versioned::VersionedTransaction};

/// A step with its transaction decoded: decoding is not measured on any side.
enum Ready {
    Clock(Clock),
    Account(Pubkey, Account),
    Send(VersionedTransaction, bool),
}

/// A machine with the program. It judges no blockhashes and remembers no transactions, which is
/// in its favour.
pub(crate) fn machine(program: &[u8; 32], elf: &[u8]) -> Result<LiteSVM, String> {
    let base = LiteSVM::new();
    let budget = base.get_compute_budget();
    let mut budget = budget.unwrap_or_else(|| ComputeBudget::new_with_defaults(false, false));
    // The ledger's own limit: what a transaction may ask for at most.
    budget.compute_unit_limit = 1_400_000;
    let mut svm =
        base.with_compute_budget(budget).with_blockhash_check(false).with_transaction_history(0);
    let added = svm.add_program(Pubkey::new_from_array(*program), elf);
    added.map_err(|error| format!("the program does not load: {error}"))?;
    Ok(svm)
}

/// CPU time of all groups; copies of the machine are made and dropped outside it.
pub(crate) fn spent(mut svm: LiteSVM, flow: &Flow) -> Result<Duration, String> {
    begin(&mut svm, &flow.start)?;
    let mut spent = Duration::ZERO;
    for group in &flow.groups {
        let mut svm = svm.clone();
        let steps: Vec<Ready> = group.iter().map(ready).collect::<Result<_, _>>()?;
        let mut verdict = Ok(());
        spent += cpu(|| verdict = play(&mut svm, steps));
        verdict.map_err(|error| format!("{}: {error}", flow.name))?;
    }
    Ok(spent)
}

fn begin(svm: &mut LiteSVM, start: &Start) -> Result<(), String> {
    svm.set_sysvar(&clock(&start.time));
    for stored in &start.accounts {
        let (address, account) = account(stored);
        let set = svm.set_account(address, account);
        set.map_err(|error| format!("{address}: {error}"))?;
    }
    Ok(())
}

fn play(svm: &mut LiteSVM, steps: Vec<Ready>) -> Result<(), String> {
    for (at, step) in steps.into_iter().enumerate() {
        match step {
            Ready::Clock(clock) => svm.set_sysvar(&clock),
            Ready::Account(address, account) => {
                let set = svm.set_account(address, account);
                set.map_err(|error| format!("{address}: {error}"))?;
            }
            Ready::Send(transaction, succeeds) => {
                let answer = svm.send_transaction(transaction);
                if answer.is_ok() != succeeds {
                    return Err(format!("step {at} should not end like this: {answer:?}"));
                }
            }
        }
    }
    Ok(())
}

fn ready(step: &Step) -> Result<Ready, String> {
    Ok(match step {
        Step::Clock(time) => Ready::Clock(clock(time)),
        Step::Account(stored) => {
            let (address, account) = account(stored);
            Ready::Account(address, account)
        }
        Step::Send(wire, succeeds) => Ready::Send(transaction(wire)?.into(), *succeeds),
    })
}

/// A transaction from its wire bytes.
pub(crate) fn transaction(wire: &[u8]) -> Result<Transaction, String> {
    bincode::deserialize(wire).map_err(|error| format!("a transaction: {error}"))
}

/// An account as LiteSVM and Mollusk take it.
pub(crate) fn account(stored: &StoredAccount) -> (Pubkey, Account) {
    let account = Account {
        lamports: stored.lamports,
        data: stored.data.clone(),
        owner: Pubkey::new_from_array(stored.owner),
        ..Account::default()
    };
    (Pubkey::new_from_array(stored.address), account)
}

const fn clock(time: &Time) -> Clock {
    Clock {
        slot: time.slot,
        epoch_start_timestamp: time.epoch_start_timestamp,
        epoch: time.epoch,
        leader_schedule_epoch: time.leader_schedule_epoch,
        unix_timestamp: time.unix_timestamp,
    }
}
