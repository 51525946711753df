//! What a fork costs, and how much memory an account takes.

use std::{fs, time::Duration};

use cofferdam_host::cpi::{TOKEN_ACCOUNT_LEN, TOKEN_PROGRAM_ID};
use cofferdam_ledger::{Genesis, Ledger, Recording};
use cofferdam_sdk::Address;
use solana_account::Account;

use crate::measure::{Effort, cpu, grouped, median};

/// Accounts of the ledger that is forked.
const FORKED_ACCOUNTS: u64 = 10_000;
/// Bytes of a page of memory.
const PAGE_BYTES: u64 = 4_096;

pub(crate) fn print(effort: Effort) {
    let ledger = ledger_of(FORKED_ACCOUNTS);
    let accounts = grouped(ledger.account_count() as u128);
    println!("\nforks of a ledger with {accounts} accounts (CPU time each)");
    let fork = each(effort, || ledger.fork());
    let forked_and_changed = each(effort, || {
        let mut fork = ledger.fork();
        let cheat = fork.cheat().airdrop(&address(1), 1).map(|_| ());
        cheat.expect("an account holds one lamport more");
        fork
    });
    println!("{:<40}{:>12} ns", "fork and drop", grouped(fork.as_nanos()));
    println!(
        "{:<40}{:>12} ns",
        "fork, change one account, drop",
        grouped(forked_and_changed.as_nanos())
    );
    let count = 10 * effort.transactions as u64;
    let before = resident_bytes();
    let ledger = ledger_of(count);
    let bytes = resident_bytes().saturating_sub(before) / count;
    println!("\nmemory of {} token accounts of {TOKEN_ACCOUNT_LEN} bytes", grouped(count.into()));
    println!("{:<40}{bytes:>12} bytes each", "resident");
    drop(std::hint::black_box(ledger));
}

/// Time of one `work`, of many done.
fn each<T>(effort: Effort, work: impl Fn() -> T) -> Duration {
    let count = u32::try_from(effort.transactions).unwrap_or(u32::MAX);
    let sample = || cpu(|| (0..count).for_each(|_| drop(std::hint::black_box(work()))));
    median(effort.samples, sample) / count
}

/// A ledger with that many token accounts.
fn ledger_of(count: u64) -> Ledger {
    let mut ledger = Ledger::new(Genesis::default(), []);
    let _recording = ledger.set_recording(Recording::Nothing);
    let lamports = ledger.minimum_balance(TOKEN_ACCOUNT_LEN);
    for number in 0..count {
        let data = vec![0; TOKEN_ACCOUNT_LEN];
        let account = Account { lamports, data, owner: TOKEN_PROGRAM_ID, ..Account::default() };
        let written = ledger.cheat().set_account(&address(number), account).map(|_| ());
        written.expect("any account can be written");
    }
    ledger
}

/// Addresses spread as hashes are: multiplied by an odd constant and repeated.
fn address(number: u64) -> Address {
    let word = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    Address::new_from_array([word; 4].concat().try_into().unwrap_or_default())
}

/// Memory of this process; nothing where the kernel does not tell.
fn resident_bytes() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or_default() * PAGE_BYTES
}
