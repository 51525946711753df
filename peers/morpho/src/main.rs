//! `peers-morpho FOLDER [--quick]`: one sample of each lending operation by Morpho's contract on
//! revm, as whole transactions, with the mocks that Morpho tests with behind it.
//!
//! Amounts are small, so that thousands of operations leave the market as it is.

mod chain;

use std::{path::Path, process::ExitCode};

use peers_common::{Effort, Row};
use revm::{
    context::TxEnv,
    primitives::{Address, U256},
};

use crate::chain::{Chain, Word};

/// Operations of a sample.
const OPERATIONS: usize = 3_000;
/// One token.
const ONE: u128 = 1_000_000_000_000_000_000;
/// A market's parameters, as they are in a function's name.
const MARKET: &str = "(address,address,address,address,uint256)";
/// Operations, and whether the position has to be liquidatable.
const ROWS: [(&str, bool); 6] = [
    ("deposit", false),
    ("borrow", false),
    ("repay", false),
    ("withdraw", false),
    ("liquidate", true),
    ("accrue", false),
];

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("peers-morpho FOLDER");
        return ExitCode::from(2);
    };
    let count = Effort::of_arguments().of(OPERATIONS);
    for (name, crashed) in ROWS {
        if let Err(error) = sample(Path::new(&folder), (name, crashed), count) {
            eprintln!("peers-morpho: {name}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn sample(folder: &Path, (name, crashed): (&str, bool), count: usize) -> Result<(), String> {
    let mut market = Market::new(folder)?;
    if crashed {
        market.price(6 * 10_u128.pow(35))?;
    }
    let calls = (0..count).map(|at| market.operation(name, ONE / 1_000 + at as u128));
    let calls = calls.collect::<Result<Vec<_>, _>>()?;
    let spent = market.chain.spent(calls)?;
    Row::print(name, "morpho", count as u64, spent);
    Ok(())
}

/// A market with 10,000 tokens supplied, and a borrower who owes 500 against 1,000 of collateral,
/// good for 800.
struct Market {
    chain: Chain,
    morpho: Address,
    loan: Address,
    collateral: Address,
    oracle: Address,
    rates: Address,
}

impl Market {
    fn new(folder: &Path) -> Result<Self, String> {
        let mut chain = Chain::new();
        let owner = chain.sender;
        let morpho = chain.create(folder, "Morpho", &[owner.into()])?;
        let loan = chain.create(folder, "ERC20Mock", &[])?;
        let collateral = chain.create(folder, "ERC20Mock", &[])?;
        let oracle = chain.create(folder, "OracleMock", &[])?;
        let rates = chain.create(folder, "IrmMock", &[])?;
        let mut market = Self { chain, morpho, loan, collateral, oracle, rates };
        market.price(10_u128.pow(36))?;
        for token in [loan, collateral] {
            market.send(token, "setBalance(address,uint256)", &[owner.into(), plenty()])?;
            market.send(token, "approve(address,uint256)", &[morpho.into(), plenty()])?;
        }
        market.send(morpho, "enableIrm(address)", &[rates.into()])?;
        market.send(morpho, "enableLltv(uint256)", &[threshold()])?;
        let create = market.of_market("createMarket", "", &[])?;
        market.chain.send(create)?;
        for call in [
            market.supply(10_000 * ONE)?,
            market.pledge(1_000 * ONE)?,
            market.operation("borrow", 500 * ONE)?,
        ] {
            market.chain.send(call)?;
        }
        Ok(market)
    }

    fn price(&mut self, price: u128) -> Result<(), String> {
        self.send(self.oracle, "setPrice(uint256)", &[price.into()])
    }

    fn send(&mut self, to: Address, name: &str, arguments: &[Word]) -> Result<(), String> {
        let call = self.chain.call(to, name, arguments)?;
        self.chain.send(call)
    }

    fn operation(&self, name: &str, amount: u128) -> Result<TxEnv, String> {
        let (me, none) = (self.chain.sender, 0_u128);
        let receiver = [amount.into(), none.into(), me.into(), me.into()];
        match name {
            "deposit" => self.supply(amount),
            "borrow" => self.of_market("borrow", ",uint256,uint256,address,address", &receiver),
            "repay" => self.with_bytes(
                "repay",
                ",uint256,uint256,address,bytes",
                vec![amount.into(), none.into(), me.into()],
            ),
            "withdraw" => self.of_market(
                "withdrawCollateral",
                ",uint256,address,address",
                &[amount.into(), me.into(), me.into()],
            ),
            "liquidate" => self.with_bytes(
                "liquidate",
                ",address,uint256,uint256,bytes",
                vec![me.into(), amount.into(), none.into()],
            ),
            _ => self.of_market("accrueInterest", "", &[]),
        }
    }

    fn supply(&self, amount: u128) -> Result<TxEnv, String> {
        let arguments = vec![amount.into(), 0_u128.into(), self.chain.sender.into()];
        self.with_bytes("supply", ",uint256,uint256,address,bytes", arguments)
    }

    fn pledge(&self, amount: u128) -> Result<TxEnv, String> {
        let arguments = vec![amount.into(), self.chain.sender.into()];
        self.with_bytes("supplyCollateral", ",uint256,address,bytes", arguments)
    }

    /// The same with no bytes at the end: where they are, and that there are none.
    fn with_bytes(&self, name: &str, rest: &str, mut words: Vec<Word>) -> Result<TxEnv, String> {
        let offset = (5 + words.len() + 1) * 32;
        words.extend([(offset as u128).into(), 0_u128.into()]);
        self.of_market(name, rest, &words)
    }

    /// A call whose first argument is the market.
    fn of_market(&self, name: &str, rest: &str, words: &[Word]) -> Result<TxEnv, String> {
        let mut all: Vec<Word> =
            [self.loan, self.collateral, self.oracle, self.rates].map(Word::from).into();
        all.push(threshold());
        let copies = words.iter().map(|word| match word {
            Word::Number(number) => Word::Number(*number),
            Word::Address(address) => Word::Address(*address),
        });
        all.extend(copies);
        self.chain.call(self.morpho, &format!("{name}({MARKET}{rest})"), &all)
    }
}

/// 80 %.
fn threshold() -> Word {
    (ONE / 10 * 8).into()
}

fn plenty() -> Word {
    Word::Number(U256::from(ONE) << 64)
}
