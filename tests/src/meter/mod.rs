//! Every instruction of the lending program once, in the life of one pool: what each costs on the
//! ledger, and a journal with all of them in it, for whoever wants to know what they cost elsewhere.

mod life;

use cofferdam_ledger::{
    AccountChange, Frame, Inspector, InstructionView, Journal, Ledger, Receipt, Warp,
};
use cofferdam_sdk::{Address, Decimal, Instruction, Keypair, PositionView, local::Sandbox};

const SEED: u64 = 1;

/// What one instruction cost, alone in a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name, and what was special about it.
    pub name: &'static str,
    /// Numbers of the instructions, the first bytes of their data.
    pub numbers: Vec<u8>,
    /// Where its transaction stands in the journal, from zero.
    pub entry: usize,
    /// Compute units of the ledger, those of calls included.
    pub units: u64,
    /// Units that were spent in calls of other programs.
    pub call_units: u64,
    /// Calls of other programs.
    pub calls: usize,
    /// Bytes of a transaction with nothing else in it.
    pub wire: usize,
    /// Bytes of instruction data.
    pub data: usize,
    /// Accounts that it lists.
    pub accounts: usize,
    /// Bytes of data in the accounts it lists, each counted once.
    pub held: usize,
    /// Bytes of data of the accounts that it changed or created.
    pub changed: usize,
    /// Bytes of events.
    pub events: usize,
    /// Bytes of the program's own log lines.
    pub logs: usize,
}

/// Sums up the calls and the accounts of one transaction.
#[derive(Debug, Default)]
struct Profile {
    held: usize,
    calls: usize,
    call_units: u64,
}

impl Inspector for Profile {
    fn before(&mut self, instruction: &InstructionView<'_>) {
        if instruction.depth() > 1 {
            self.calls += 1;
            return;
        }
        let mut seen = Vec::new();
        for account in instruction.accounts() {
            if !seen.contains(account.address) {
                seen.push(*account.address);
                self.held += account.data.len();
            }
        }
    }

    fn after(&mut self, instruction: &InstructionView<'_>, frame: &Frame) {
        // Deeper calls are part of what the call at depth 2 spent.
        if instruction.depth() == 2 {
            self.call_units += frame.units_consumed;
        }
    }
}

/// A ledger on which everything was done once.
#[derive(Debug)]
pub struct Meter {
    sandbox: Sandbox,
    /// Mint of the second collateral.
    btc: Address,
    rows: Vec<Row>,
}

impl Meter {
    /// Plays the life of a pool and measures each instruction in it. Positions in it have up to two
    /// collaterals and one debt.
    ///
    /// # Panics
    /// When an instruction fails, which is a bug of the program or of the play.
    #[must_use]
    pub fn run_all() -> Self {
        let mut sandbox = Sandbox::new(SEED).expect("set up");
        let btc = sandbox.add_asset("BTC", dollars(20_000)).expect("added");
        let mut meter = Self { sandbox, btc, rows: Vec::new() };
        life::play(&mut meter);
        meter
    }

    /// One row an instruction, in the order of the play.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The ledger as the play left it, with its journal.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.sandbox.client.backend()
    }

    fn measure(&mut self, name: &'static str, signers: &[&Keypair], instruction: Instruction) {
        self.measure_all(name, signers, vec![instruction]);
    }

    /// Measures instructions that only make sense together, as one row.
    fn measure_all(
        &mut self,
        name: &'static str,
        signers: &[&Keypair],
        instructions: Vec<Instruction>,
    ) {
        let numbers = instructions.iter().map(|instruction| instruction.data[0]).collect();
        let data = instructions.iter().map(|instruction| instruction.data.len()).sum();
        let accounts = instructions.iter().map(|instruction| instruction.accounts.len()).sum();
        let client = &mut self.sandbox.client;
        let transaction = client.tx().extend(instructions).sign(signers).transaction().clone();
        let wire = 1 + 64 * transaction.signatures.len() + transaction.message_data().len();
        let mut profile = Profile::default();
        let ledger = client.backend_mut();
        let entry = ledger.journal().map_or(0, Journal::len);
        let receipt = ledger.submit_inspected(&transaction, &mut profile);
        let receipt = receipt.unwrap_or_else(|error| panic!("{name}: {error}"));
        let Profile { held, calls, call_units } = profile;
        self.rows.push(Row {
            name,
            numbers,
            entry,
            units: receipt.units_consumed,
            call_units,
            calls,
            wire,
            data,
            accounts,
            held,
            changed: changed_bytes(&receipt),
            events: receipt.events.iter().map(|event| event.data.len()).sum(),
            logs: receipt.frames.iter().flat_map(Frame::logs).map(str::len).sum(),
        });
    }

    /// Runs what has to happen and is not measured.
    fn run(&mut self, signers: &[&Keypair], instruction: Instruction) {
        let tx = self.sandbox.client.tx().push(instruction);
        let _receipt = tx.sign(signers).send().expect("it succeeds");
    }

    fn wait(&mut self, seconds: u64) {
        let ledger = self.sandbox.client.backend_mut();
        ledger.warp(Warp::Seconds(seconds)).expect("in range");
        self.publish("ETH", 200);
        self.publish("BTC", 20_000);
        self.publish("USD", 1);
    }

    fn publish(&mut self, symbol: &str, price: i64) {
        self.sandbox.publish(symbol, dollars(price)).expect("published");
    }

    fn position(&self, of: &PositionView) -> PositionView {
        self.sandbox.client.position(&of.address).expect("it was opened")
    }
}

fn changed_bytes(receipt: &Receipt) -> usize {
    let changed = |change: &AccountChange| {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        let (before, after) = (before.map(|a| &a.data), after.map(|a| &a.data));
        if before == after { 0 } else { after.map_or(0, Vec::len) }
    };
    receipt.changes.iter().map(changed).sum()
}

fn dollars(n: i64) -> Decimal {
    Decimal::from(n)
}
