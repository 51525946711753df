//! What every instruction of the lending program costs, as docs/UNITS.md has it. The runtime's
//! prices are fixed, so a row that changes means that an instruction does more than it did.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use borsh::BorshDeserialize;
use cofferdam_sdk::{
    Address, Decimal, Instruction, Keypair, PositionView, Signer, address,
    instruction::{self as build, padded},
    interface::{
        instruction::{ALL, LendingInstruction},
        state::{COOLDOWN_S, FeedConfig, LossPolicy, Mode, PoolConfig, ReserveConfig},
        units::{Amount, Price, Shares, WAD},
    },
    keys::seeded,
    ledger::{AccountChange, Frame, Inspector, InstructionView, Receipt, Warp},
    local::Sandbox,
};

const SEED: u64 = 1;
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/UNITS.md");
/// Set to write the table instead of comparing it.
const WRITE: &str = "COFFERDAM_WRITE_UNITS";

/// What one instruction cost.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: &'static str,
    /// Numbers of the instructions, the first bytes of their data.
    numbers: Vec<u8>,
    units: u64,
    /// Units that were spent in calls of other programs.
    call_units: u64,
    calls: usize,
    /// Bytes of a transaction with nothing else in it.
    wire: usize,
    data: usize,
    accounts: usize,
    /// Bytes of data in the accounts it lists, each counted once.
    held: usize,
    /// Bytes of data of the accounts that it changed or created.
    changed: usize,
    events: usize,
    logs: usize,
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

/// A ledger on which everything is done once.
struct Meter {
    sandbox: Sandbox,
    rows: Vec<Row>,
}

impl Meter {
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
        let receipt = client.backend_mut().submit_inspected(&transaction, &mut profile);
        let receipt = receipt.unwrap_or_else(|error| panic!("{name}: {error}"));
        let Profile { held, calls, call_units } = profile;
        self.rows.push(Row {
            name,
            numbers,
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
        self.sandbox.publish("ETH", dollars(200)).expect("published");
        self.sandbox.publish("USD", dollars(1)).expect("published");
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

/// Sets up a market of its own: pool, feed and reserve.
fn measure_market(meter: &mut Meter) {
    let admin = seeded(SEED, "admin");
    let who = admin.pubkey();
    let (pool, feed) =
        (padded("units").expect("a short name"), padded("UNITS").expect("a short symbol"));
    meter.measure(
        "CreatePool",
        &[&admin],
        build::create_pool(&who, &who, pool, PoolConfig::default()),
    );
    meter.measure(
        "CreateFeed",
        &[&admin],
        build::create_feed(&who, &who, feed, FeedConfig::single(who)),
    );
    let (pool, feed) = (address::pool(&who, &pool).0, address::feed(&who, &feed).0);
    let now_s = meter.sandbox.client.backend().clock().unix_timestamp;
    let publish = build::publish_price(&who, &feed, Price(200 * WAD), Price::ZERO, now_s);
    meter.measure("PublishPrice", &[&admin], publish);
    let config = Sandbox::config().expect("valid");
    let eth = meter.sandbox.eth;
    let add = build::add_reserve(&who, &who, &pool, (&eth, &feed), config);
    meter.measure("AddReserve", &[&admin], add);
    let reserve = address::reserve(&pool, &eth).0;
    let changed = ReserveConfig { max_price_age_s: 60, ..config };
    let update = build::update_reserve(&who, &pool, &reserve, changed, 0);
    meter.measure("UpdateReserve", &[&admin], update);
    measure_governance(meter, &admin, (&pool, &reserve, &feed), config);
}

/// Who runs that market, and changes to it that have to wait.
fn measure_governance(
    meter: &mut Meter,
    admin: &Keypair,
    (pool, reserve, feed): (&Address, &Address, &Address),
    config: ReserveConfig,
) {
    let who = admin.pubkey();
    let slow = PoolConfig { timelock_s: 60, ..PoolConfig::default() };
    meter.measure("UpdatePool", &[admin], build::update_pool(&who, pool, slow));
    let (places, feeds) = ((pool, reserve), (feed, &Address::default()));
    let queue = build::queue_reserve_change(&who, &who, places, feeds, config);
    let cancel = build::cancel_reserve_change(&who, places, &who);
    let apply = build::apply_reserve_change(&who, places, &who);
    meter.measure("QueueReserveChange", &[admin], queue.clone());
    meter.measure("CancelReserveChange", &[admin], cancel);
    meter.wait(1);
    meter.run(&[admin], queue);
    meter.wait(61);
    meter.measure("ApplyReserveChange", &[admin], apply);
    let queue = build::queue_pool_change(&who, &who, pool, PoolConfig::default());
    meter.measure("QueuePoolChange", &[admin], queue.clone());
    meter.measure("CancelPoolChange", &[admin], build::cancel_pool_change(&who, pool, &who));
    meter.wait(1);
    meter.run(&[admin], queue);
    meter.wait(61);
    meter.measure("ApplyPoolChange", &[admin], build::apply_pool_change(&who, pool, &who));
    let mode = Mode::ReduceOnly;
    meter.measure("SetReserveMode", &[admin], build::set_reserve_mode(&who, pool, reserve, mode));
    meter.measure("SetPoolMode", &[admin], build::set_pool_mode(&who, pool, mode));
    let next = meter.sandbox.person("next").expect("funded");
    meter.measure("ProposeAdmin", &[admin], build::propose_admin(&who, pool, &next.pubkey()));
    meter.measure("AcceptAdmin", &[&next], build::accept_admin(&next.pubkey(), pool));
}

/// A stake in an insurance fund from its first day to its last, and a flash loan.
fn measure_fund(meter: &mut Meter, saver: &Keypair, savings: &PositionView) {
    let who = saver.pubkey();
    let market = meter.sandbox.client.market(&meter.sandbox.pool).expect("readable");
    let keys = market.reserve_of(&meter.sandbox.usd).expect("listed").keys;
    meter.measure("OpenStake", &[saver], build::open_stake(&who, &who, &keys));
    let amount = Amount(10_000_000_000);
    meter.measure("StakeInsurance", &[saver], build::stake_insurance(&who, &keys, amount));
    let stake = address::stake(&keys.reserve, &who).0;
    let shares = meter.sandbox.client.stake(&stake).expect("it was opened").shares;
    meter.measure("StartCooldown", &[saver], build::start_cooldown(&who, &keys, shares));
    meter.wait(u64::from(COOLDOWN_S));
    meter.measure("UnstakeInsurance", &[saver], build::unstake_insurance(&who, &keys, shares));
    let notice = build::give_notice(&who, &savings.address, &keys, Shares(1));
    meter.measure("GiveNotice", &[saver], notice);
    let (take, back) = build::flash_pair(&who, &keys, amount);
    meter.measure_all("FlashBorrow and FlashRepay", &[saver], vec![take, back]);
}

/// Bad debt under a policy that defers it, and somebody who pays for it.
fn measure_deficit(meter: &mut Meter, keeper: &Keypair, loan: &PositionView) {
    let admin = seeded(SEED, "admin");
    let (pool, usd) = (meter.sandbox.pool, meter.sandbox.usd);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let view = market.reserve_of(&usd).expect("listed");
    let config = ReserveConfig { loss_policy: LossPolicy::Deficit, ..view.state.config };
    let keys = view.keys;
    let update = build::update_reserve(&admin.pubkey(), &pool, &keys.reserve, config, 0);
    meter.run(&[&admin], update);
    meter.wait(1);
    meter.sandbox.publish("ETH", dollars(50)).expect("published");
    let (loan, market) =
        (meter.position(loan), meter.sandbox.client.market(&pool).expect("readable"));
    meter.run(&[keeper], market.absorb_bad_debt(&loan));
    let cover = build::cover_deficit(&keeper.pubkey(), &keys, Amount(ALL));
    meter.measure("CoverDeficit", &[keeper], cover);
}

/// The life of a loan, up to its liquidation and the recognition of its bad debt.
fn measure_loan(meter: &mut Meter) {
    let [saver, debtor, keeper] =
        ["saver", "debtor", "keeper"].map(|name| meter.sandbox.person(name).expect("funded"));
    let (eth, usd, pool) = (meter.sandbox.eth, meter.sandbox.usd, meter.sandbox.pool);
    let who = debtor.pubkey();
    let open = build::open_position(&who, &who, &pool, 0);
    meter.measure("OpenPosition", &[&debtor], open);
    let savings = meter.sandbox.open_position(&saver).expect("opened");
    let loan = address::position(&pool, &who, 0).0;
    let loan = meter.sandbox.client.position(&loan).expect("opened");
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let supply = market.deposit(&savings, &usd, dollars(10_000)).expect("plannable");
    meter.measure("Deposit", &[&saver], supply);
    let cover = market.fund_insurance(&saver.pubkey(), &usd, dollars(100)).expect("plannable");
    meter.measure("FundInsurance", &[&saver], cover);
    let collateral = market.deposit(&loan, &eth, dollars(10)).expect("plannable");
    let tx = meter.sandbox.client.tx().push(collateral);
    let _receipt = tx.sign(&[&debtor]).send().expect("deposited");
    let loan = meter.position(&loan);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let borrow = market.borrow(&loan, &usd, dollars(1_400)).expect("plannable");
    meter.measure("Borrow", &[&debtor], borrow);
    meter.sandbox.client.backend_mut().warp(Warp::Seconds(1_000_000)).expect("in range");
    meter.sandbox.publish("ETH", dollars(200)).expect("published");
    meter.sandbox.publish("USD", dollars(1)).expect("published");
    let loan = meter.position(&loan);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let repay = market.repay(&who, &loan, &usd, dollars(10)).expect("plannable");
    meter.measure("Repay", &[&debtor], repay);
    let withdraw = market.withdraw(&loan, &eth, Decimal::new(1, 2)).expect("plannable");
    meter.measure("Withdraw, with debt", &[&debtor], withdraw);
    let withdraw = market.withdraw(&meter.position(&savings), &usd, dollars(5)).expect("plannable");
    meter.measure("Withdraw, no debt", &[&saver], withdraw);
    measure_fund(meter, &saver, &savings);
    measure_crash(meter, &keeper, &loan);
}

fn measure_crash(meter: &mut Meter, keeper: &Keypair, loan: &PositionView) {
    let admin = seeded(SEED, "admin");
    let _wallet = meter.sandbox.person("admin").expect("funded");
    let (eth, usd, pool) = (meter.sandbox.eth, meter.sandbox.usd, meter.sandbox.pool);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let fees = market.collect_fees(&usd, Some(Decimal::new(1, 6))).expect("plannable");
    meter.measure("CollectFees", &[&admin], fees);
    meter.sandbox.publish("ETH", dollars(165)).expect("published");
    let (loan, market) =
        (meter.position(loan), meter.sandbox.client.market(&pool).expect("readable"));
    let sides = ((&usd, dollars(100)), (&eth, Decimal::ZERO));
    let liquidate = market.liquidate(&keeper.pubkey(), &loan, sides.0, sides.1, None);
    meter.measure("Liquidate", &[keeper], liquidate.expect("plannable"));
    meter.sandbox.publish("ETH", dollars(100)).expect("published");
    let (loan, market) =
        (meter.position(&loan), meter.sandbox.client.market(&pool).expect("readable"));
    meter.measure("AbsorbBadDebt", &[keeper], market.absorb_bad_debt(&loan));
    measure_deficit(meter, keeper, &loan);
}

fn measured() -> Vec<Row> {
    let sandbox = Sandbox::new(SEED).expect("set up");
    let mut meter = Meter { sandbox, rows: Vec::new() };
    measure_market(&mut meter);
    measure_loan(&mut meter);
    meter.rows
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(HEAD);
    for row in rows {
        let Row { name, units, call_units, calls, wire, .. } = row;
        let Row { data, accounts, held, changed, events, logs, .. } = row;
        let line = writeln!(
            text,
            "| {name} | {units} | {call_units} | {calls} | {wire} | {data} | {accounts} | {held} | \
             {changed} | {events} | {logs} |"
        );
        line.expect("a string takes any text");
    }
    text
}

const HEAD: &str = "\
# Units and bytes of each instruction

What one instruction costs, alone in a transaction, on a position with one collateral and one
debt. The table is made by a test, and the same test fails when an instruction costs something
else than it says here.

To write it anew: `COFFERDAM_WRITE_UNITS=1 cargo test -p cofferdam-stress --test it units`

- **units**: compute units of the ledger, those of calls included. They are prices of what a
  program asks its host for (`Costs` in `ledger/src/genesis.rs`), not of machine instructions.
- **in calls**: the part of them spent in called programs. **calls**: how many calls.
- **wire**: bytes of the transaction, signatures included; 1,232 are allowed.
- **data**: bytes of instruction data. **accounts**: how many it lists.
- **held**: bytes of data in these accounts. **changed**: bytes of data in those it wrote.
- **events**, **logs**: bytes of events, and of the program's own log lines.

Each further reserve that a position uses adds two accounts (64 bytes of keys and 2 of indices)
to what lets tokens out or liquidates.

| instruction | units | in calls | calls | wire | data | accounts | held | changed | events | logs |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

#[test]
fn the_committed_table_of_units_is_up_to_date() {
    let (path, table) = (Path::new(PATH), table(&measured()));
    if std::env::var_os(WRITE).is_some() {
        fs::write(path, &table).expect("docs/ can be written");
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    for (committed, measured) in committed.lines().zip(table.lines()) {
        assert_eq!(committed, measured, "docs/UNITS.md has drifted: {ADVICE}");
    }
    assert_eq!(committed, table, "docs/UNITS.md has drifted: {ADVICE}");
}

const ADVICE: &str = "if the change is meant, write it anew with COFFERDAM_WRITE_UNITS=1 cargo test \
                      -p cofferdam-stress --test it units";

/// Every instruction of the program has a row, one that is added tomorrow too.
#[test]
fn every_instruction_is_measured() {
    let numbers: BTreeSet<u8> = measured().into_iter().flat_map(|row| row.numbers).collect();
    let known = (0..=u8::MAX).filter(|number| is_instruction(*number)).collect();
    assert_eq!(numbers, known);
}

/// Whether an instruction has that number. Zeros are fields of any kind, and an unknown number is
/// refused whatever follows it.
fn is_instruction(number: u8) -> bool {
    let data = [vec![number], vec![0; 512]].concat();
    LendingInstruction::deserialize(&mut data.as_slice()).is_ok()
}
