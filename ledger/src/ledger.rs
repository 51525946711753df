//! The ledger itself: state, and the ways to change it.

use std::{borrow::Cow, sync::Arc};

use cofferdam_host::{AccountData, Address, decode_account};
use solana_account::Account;
use solana_clock::Clock;
use solana_hash::Hash;
use solana_sdk_ids::system_program;
use solana_transaction::Transaction;

use crate::{
    blockhash::Blockhashes,
    builtin,
    cheats::{Cheat, CheatError, Cheats},
    clock::{Warp, WarpError},
    error::{ReadError, Rejection, SubmitError, UnknownSnapshot},
    execute::{self, Chain, Env, Executed, Workspace},
    genesis::Genesis,
    inspect::Hook,
    journal::{Action, Journal, ProgramRecord, Recording, Records, Tail},
    program::{Program, Programs},
    receipt::{AccountChange, Receipt},
    snapshot::{SnapshotId, Snapshots},
    state::{State, outcome_text, text},
};

/// A chain in memory.
///
/// A clone, or [`Ledger::fork`], shares everything that neither side changes afterwards, so it
/// costs about as much as a pointer for each recent blockhash.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) genesis: Arc<Genesis>,
    pub(crate) programs: Arc<Programs>,
    pub(crate) state: State,
    snapshots: Snapshots,
    workspace: Workspace,
}

impl Ledger {
    /// A ledger at its genesis with the System and SPL Token programs and `programs`. Of two
    /// programs with one address the later one counts, so a builtin can be replaced too.
    ///
    /// Every program has an executable account, owned by the native loader, that holds its name.
    pub fn new(genesis: Genesis, programs: impl IntoIterator<Item = Program>) -> Self {
        let programs: Programs = builtin::programs()
            .into_iter()
            .chain(programs)
            .map(|program| (program.id, program))
            .collect();
        let state = State::new(&genesis, &programs);
        let mut ledger = Self {
            genesis: Arc::new(genesis),
            programs: Arc::new(programs),
            state,
            snapshots: Snapshots::default(),
            workspace: Workspace::default(),
        };
        ledger.state.records = Records::Journal(ledger.empty_journal());
        ledger
    }

    /// Runs a transaction.
    ///
    /// # Errors
    /// [`SubmitError::Rejected`] when it was turned away and left no trace;
    /// [`SubmitError::Failed`] when it ran and failed, and only the fee was taken.
    pub fn submit(&mut self, transaction: &Transaction) -> Result<Receipt, SubmitError> {
        self.submit_hooked(transaction, None)
    }

    pub(crate) fn submit_hooked(
        &mut self,
        transaction: &Transaction,
        hook: Option<&dyn Hook>,
    ) -> Result<Receipt, SubmitError> {
        let mut workspace = std::mem::take(&mut self.workspace);
        let executed = execute::execute(self.env(), transaction, hook, &mut workspace);
        self.workspace = workspace;
        let executed = executed.map_err(|rejection| self.turn_away(rejection))?;
        self.commit(transaction, executed)
    }

    /// What [`Ledger::submit`] would answer, without doing it.
    ///
    /// # Errors
    /// Those of [`Ledger::submit`].
    pub fn simulate(&self, transaction: &Transaction) -> Result<Receipt, SubmitError> {
        self.fork().submit(transaction)
    }

    /// The account at `address`.
    #[must_use]
    pub fn account(&self, address: &Address) -> Option<&Account> {
        self.state.accounts.get(address.as_array()).map(Arc::as_ref)
    }

    /// The typed account at `address`.
    ///
    /// # Errors
    /// [`ReadError`] when there is none, or one of another owner or type.
    pub fn get<T: AccountData>(&self, address: &Address) -> Result<T, ReadError> {
        let (name, address) = (T::NAME, *address);
        let account = self.account(&address).ok_or(ReadError::NotFound { name, address })?;
        if account.owner != T::OWNER {
            let (expected, actual) = (T::OWNER, account.owner);
            return Err(ReadError::WrongOwner { name, address, expected, actual });
        }
        decode_account(&account.data).map_err(|error| ReadError::Decode { name, address, error })
    }

    /// Balance in lamports; zero where there is no account.
    #[must_use]
    pub fn lamports(&self, address: &Address) -> u64 {
        self.account(address).map_or(0, |account| account.lamports)
    }

    /// All accounts in address order.
    pub fn accounts(&self) -> impl Iterator<Item = (Address, &Account)> {
        let entries = self.state.accounts.iter();
        entries.map(|(key, account)| (Address::new_from_array(*key), account.as_ref()))
    }

    /// The accounts of one program in address order.
    pub fn accounts_owned_by(&self, owner: &Address) -> impl Iterator<Item = (Address, &Account)> {
        self.accounts().filter(move |(_, account)| account.owner == *owner)
    }

    /// Number of accounts.
    #[must_use]
    pub fn account_count(&self) -> usize {
        self.state.accounts.len()
    }

    /// The clock that programs see.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.state.clock.view()
    }

    /// The blockhash to sign with. There is a new one in every slot.
    #[must_use]
    pub fn latest_blockhash(&self) -> Hash {
        self.state.blockhashes.latest()
    }

    /// Balance, in lamports, from which an account of `data_len` bytes is rent-exempt.
    #[must_use]
    pub fn minimum_balance(&self, data_len: usize) -> u64 {
        self.genesis.minimum_balance(data_len)
    }

    /// What the ledger started with.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The programs the ledger runs, in address order.
    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        self.programs.values()
    }

    /// Moves slot, timestamp and epoch forward together.
    ///
    /// # Errors
    /// [`WarpError`] when the target lies in the past or beyond the range of the clock.
    pub fn warp(&mut self, warp: Warp) -> Result<Clock, WarpError> {
        let slot_before = self.clock().slot;
        let warped = self.state.clock.warped(&self.genesis, warp)?;
        if warped.view().slot > slot_before {
            self.state.end_slot();
        }
        self.state.clock = warped;
        let action = Action::Warp(warp);
        self.state.history.add_event(&text(&action));
        let slot = self.clock().slot;
        self.state.count(|metrics| metrics.count_warp(slot - slot_before));
        if slot > slot_before {
            let age_slots_max = self.genesis.blockhash_age_slots_max;
            let hash = self.state.history.blockhash(slot);
            self.state.blockhashes.push(slot, hash, age_slots_max);
        }
        self.state.record(action);
        Ok(self.clock().clone())
    }

    /// What only the owner of a test ledger can do.
    pub fn cheat(&mut self) -> Cheats<'_> {
        Cheats { ledger: self }
    }

    /// An independent copy that shares what neither side changes.
    #[must_use]
    pub fn fork(&self) -> Self {
        self.clone()
    }

    /// Keeps the state as it is now: accounts, clock, blockhashes, what was processed, journal.
    pub fn snapshot(&mut self) -> SnapshotId {
        self.snapshots.take(&self.state)
    }

    /// Goes back to a snapshot and drops those taken after it. The snapshot itself stays.
    ///
    /// # Errors
    /// [`UnknownSnapshot`] when there is no such snapshot; nothing changes then.
    pub fn revert_to(&mut self, id: SnapshotId) -> Result<(), UnknownSnapshot> {
        self.state = self.snapshots.revert_to(id)?;
        Ok(())
    }

    /// Hash of everything: accounts, clock and history. Two ledgers with the same root answer
    /// every transaction alike, as far as sha256 is collision resistant.
    #[must_use]
    pub fn state_root(&self) -> Hash {
        self.state.root()
    }

    /// Hash of the accounts alone.
    #[must_use]
    pub fn accounts_root(&self) -> Hash {
        Hash::new_from_array(self.state.accounts.root())
    }

    /// The accounts that differ from those of a newer ledger, in address order. Costs as much
    /// as the two differ, when one is a fork of the other.
    #[must_use]
    pub fn diff(&self, newer: &Self) -> Vec<AccountChange> {
        let mut changes = Vec::new();
        self.state.accounts.diff(&newer.state.accounts, &mut |key, before, after| {
            let (before, after) = (before.cloned(), after.cloned());
            changes.push(AccountChange { address: Address::new_from_array(*key), before, after });
        });
        changes
    }

    /// Everything that happened; `None` once recording it was given up.
    #[must_use]
    pub fn journal(&self) -> Option<&Journal> {
        match &self.state.records {
            Records::Journal(journal) => Some(journal),
            _ => None,
        }
    }

    /// The last things that happened, under [`Recording::Tail`].
    #[must_use]
    pub fn tail(&self) -> Option<&Tail> {
        match &self.state.records {
            Records::Tail(tail) => Some(tail),
            _ => None,
        }
    }

    /// The slots that warps left since recording began, each with the state root at its end, under
    /// [`Recording::SlotRoots`]; none otherwise.
    pub fn slot_roots(&self) -> impl ExactSizeIterator<Item = (u64, Hash)> {
        let roots = match &self.state.records {
            Records::SlotRoots(roots) => roots.as_slice(),
            _ => &[],
        };
        roots.iter().copied()
    }

    /// What the ledger keeps of what happens.
    #[must_use]
    pub fn recording(&self) -> Recording {
        self.state.records.recording()
    }

    /// What the ledger keeps from now on. A journal with a gap could not be replayed, so giving
    /// it up drops it, and taking it up again works only while nothing has happened: later it
    /// gets [`Recording::Roots`]. Returns what the ledger keeps now.
    pub fn set_recording(&mut self, recording: Recording) -> Recording {
        let is_untouched = self.state.root() == State::new(&self.genesis, &self.programs).root();
        let fresh = is_untouched.then(|| self.empty_journal());
        let records = std::mem::replace(&mut self.state.records, Records::Nothing);
        self.state.records = records.switched(recording, fresh);
        self.recording()
    }

    pub(crate) fn apply_cheat(&mut self, cheat: Cheat) -> Result<(), CheatError> {
        match &cheat {
            Cheat::Airdrop { address, lamports } => {
                let account = self.airdropped(address, *lamports)?;
                self.state.write(*address, Some(Arc::new(account)));
            }
            Cheat::SetAccount { address, account } => {
                let account = (account.lamports > 0).then(|| Arc::new(account.clone()));
                self.state.write(*address, account);
            }
            Cheat::ExpireBlockhashes {} => {}
        }
        self.state.count(|metrics| metrics.cheats += 1);
        let expires = cheat == Cheat::ExpireBlockhashes {};
        let action = Action::Cheat(cheat);
        self.state.history.add_event(&text(&action));
        if expires {
            let slot = self.clock().slot;
            self.state.blockhashes = Blockhashes::new(slot, self.state.history.blockhash(slot));
        }
        self.state.record(action);
        Ok(())
    }

    fn airdropped(&self, address: &Address, airdrop: u64) -> Result<Account, CheatError> {
        let wallet = || Account { owner: system_program::ID, ..Account::default() };
        let mut account = self.account(address).cloned().unwrap_or_else(wallet);
        let held = account.lamports;
        account.lamports = held.checked_add(airdrop).ok_or(CheatError::TooManyLamports {
            address: *address,
            held,
            airdrop,
        })?;
        Ok(account)
    }

    pub(crate) fn env(&self) -> Env<'_> {
        let clock = self.state.clock.view();
        Env {
            chain: Chain { genesis: &self.genesis, programs: &self.programs, clock },
            accounts: &self.state.accounts,
            blockhashes: &self.state.blockhashes,
        }
    }

    /// Makes an executed transaction part of the state.
    pub(crate) fn commit(
        &mut self,
        transaction: &Transaction,
        executed: Executed,
    ) -> Result<Receipt, SubmitError> {
        let outcome = match &executed.result {
            Ok(()) => Cow::Borrowed("ok"),
            Err(error) => Cow::Owned(outcome_text(error)),
        };
        for change in &executed.changes {
            self.state.write(change.address, change.after.clone());
        }
        self.state.remember(transaction, executed.message_hash, &outcome);
        let state_root = self.state.records.wants_roots().then(|| self.state.root());
        if let Some(root) = state_root.filter(|_| self.state.records.wants_entries()) {
            let (wire, outcome) = (Arc::new(transaction.clone()), outcome.into_owned());
            self.state.records.push(Action::Transaction { wire, outcome }, root);
        }
        let receipt = Receipt {
            signature: transaction.signatures[0],
            slot: self.clock().slot,
            fee: executed.fee,
            units_consumed: executed.units_consumed,
            frames: executed.frames,
            events: executed.events,
            return_data: executed.return_data,
            changes: executed.changes,
            state_root,
            failure: executed.failure,
        };
        match executed.result {
            Ok(()) => {
                self.state.count(|metrics| metrics.count_success(&receipt));
                Ok(receipt)
            }
            Err(error) => {
                let failed = SubmitError::Failed { error, receipt: Box::new(receipt) };
                self.state.count(|metrics| metrics.count_error(&failed));
                Err(failed)
            }
        }
    }

    /// The answer to a transaction that is turned away: it is counted and leaves no other trace.
    pub(crate) fn turn_away(&mut self, rejection: Rejection) -> SubmitError {
        let rejected = SubmitError::Rejected(rejection);
        self.state.count(|metrics| metrics.count_error(&rejected));
        rejected
    }

    fn empty_journal(&self) -> Journal {
        Journal::new(Arc::clone(&self.genesis), self.program_records(), self.state.root())
    }

    pub(crate) fn program_records(&self) -> Arc<[ProgramRecord]> {
        let record =
            |program: &Program| ProgramRecord { id: program.id, name: program.name.to_string() };
        self.programs.values().map(record).collect()
    }
}
