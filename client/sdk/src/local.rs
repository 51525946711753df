//! An in-memory ledger with the lending program on it, and a small pool to try things on.

use cofferdam_host::ErrorCode;
use cofferdam_ledger::{Genesis, Ledger, Program};
use cofferdam_lending_interface::{
    LendingError,
    state::{FeedConfig, PoolConfig, ReserveConfig},
    units::Price,
};
use rust_decimal::Decimal;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    Client, ClientError, PositionView, address, human,
    instruction::{self as build, padded},
    keys::seeded,
    token,
};

/// The lending program, as the ledger runs it.
#[must_use]
pub fn program() -> Program {
    Program::native(cofferdam_lending::ID, cofferdam_lending::NAME, |host, data| {
        cofferdam_lending::process(host, data)
    })
    .naming_errors(|code| LendingError::from_code(code).map(|error| error.name().to_owned()))
}

/// A ledger that starts from `genesis` and holds the lending program.
#[must_use]
pub fn ledger(genesis: Genesis) -> Ledger {
    Ledger::new(genesis, [program()])
}

/// Lamports for each person of a [`Sandbox`].
const FUNDING_LAMPORTS: u64 = 1_000_000_000_000;
/// Whole tokens of each asset for each person of a [`Sandbox`].
const FUNDING_TOKENS: i64 = 100_000;
/// Decimals of both assets of a [`Sandbox`].
const DECIMALS: u8 = 9;

/// A ledger with one pool of two assets: ETH at 200 dollars and USD at 1.
#[derive(Debug)]
pub struct Sandbox {
    /// The client to drive it with.
    pub client: Client<Ledger>,
    /// The pool.
    pub pool: Address,
    /// Mint of ETH; 9 decimals.
    pub eth: Address,
    /// Mint of USD; 9 decimals.
    pub usd: Address,
    /// Every asset's mint, in the order in which they were added.
    mints: Vec<Address>,
    seed: u64,
    admin: Keypair,
}

impl Sandbox {
    /// The parameters of both reserves: 75 % may be borrowed, liquidation from 80 % with a bonus
    /// of 8 %.
    ///
    /// # Errors
    /// Never; the curve is valid.
    pub fn config() -> Result<ReserveConfig, ClientError> {
        Ok(ReserveConfig::default())
    }

    /// Sets everything up. The same seed makes the same keys and addresses.
    ///
    /// # Errors
    /// [`ClientError`] when a transaction of the set-up fails.
    pub fn new(seed: u64) -> Result<Self, ClientError> {
        Self::on(ledger(Genesis::default()), seed)
    }

    /// Sets everything up on `ledger`, which may hold programs of your own beside the lending
    /// program.
    ///
    /// # Errors
    /// As for [`Sandbox::new`].
    pub fn on(ledger: Ledger, seed: u64) -> Result<Self, ClientError> {
        let admin = seeded(seed, "admin");
        let [eth, usd] = ["ETH", "USD"].map(|symbol| seeded(seed, symbol).pubkey());
        let name = padded("sandbox").unwrap_or_default();
        let (pool, _) = address::pool(&admin.pubkey(), &name);
        let client = Client::new(ledger);
        let mut sandbox = Self { client, pool, eth, usd, mints: Vec::new(), seed, admin };
        let address = sandbox.admin.pubkey();
        sandbox.client.backend_mut().cheat().airdrop(&address, FUNDING_LAMPORTS)?;
        sandbox.send([build::create_pool(&address, &address, name, PoolConfig::default())])?;
        let _eth = sandbox.add_asset("ETH", Decimal::from(200))?;
        let _usd = sandbox.add_asset("USD", Decimal::ONE)?;
        Ok(sandbox)
    }

    /// A person with lamports and 100,000 tokens of each asset.
    ///
    /// # Errors
    /// [`ClientError`] when a transaction fails.
    pub fn person(&mut self, name: &str) -> Result<Keypair, ClientError> {
        let key = seeded(self.seed, name);
        let (person, admin) = (key.pubkey(), self.admin.pubkey());
        self.client.backend_mut().cheat().airdrop(&person, FUNDING_LAMPORTS)?;
        let rent = self.client.backend().minimum_balance(token::ACCOUNT_LEN);
        let amount = human::amount("funding", Decimal::from(FUNDING_TOKENS), DECIMALS)?;
        for mint in self.mints.clone() {
            let create = token::create_account(&admin, &person, &mint, rent);
            let fund = token::mint_to(&mint, &person, &admin, amount);
            let tx = self.client.tx().extend(create).push(fund);
            let _receipt = tx.sign([&self.admin, &key]).send()?;
        }
        Ok(key)
    }

    /// Opens the first position of `owner`.
    ///
    /// # Errors
    /// [`ClientError`] when the transaction fails.
    pub fn open_position(&mut self, owner: &Keypair) -> Result<PositionView, ClientError> {
        let person = owner.pubkey();
        let open = build::open_position(&person, &person, &self.pool, 0);
        let _receipt = self.client.tx().push(open).sign([owner]).send()?;
        self.client.position(&address::position(&self.pool, &person, 0).0)
    }

    /// Adds an asset with 9 decimals to the pool, with a mint, a feed that has this price, and a
    /// reserve. Whoever is funded from then on has some of it.
    ///
    /// # Errors
    /// [`ClientError`] for a price that is none, or a symbol that is too long or taken.
    pub fn add_asset(&mut self, symbol: &str, price: Decimal) -> Result<Address, ClientError> {
        let (admin, mint) = (self.admin.pubkey(), seeded(self.seed, symbol));
        let rent = self.client.backend().minimum_balance(token::MINT_LEN);
        let create = token::create_mint(&admin, &mint.pubkey(), &admin, DECIMALS, rent);
        let signers = [&self.admin, &mint];
        let _receipt = self.client.tx().extend(create).sign(&signers).send()?;
        let bytes = symbol_bytes(symbol)?;
        self.send([build::create_feed(&admin, &admin, bytes, FeedConfig::single(admin))])?;
        self.publish(symbol, price)?;
        let (feed, _) = address::feed(&admin, &bytes);
        let assets = (&mint.pubkey(), &feed);
        self.send([build::add_reserve(&admin, &admin, &self.pool, assets, Self::config()?)])?;
        self.mints.push(mint.pubkey());
        Ok(mint.pubkey())
    }

    /// Publishes a price of `symbol`, observed now.
    ///
    /// # Errors
    /// [`ClientError`] for a price that is none, or an unknown symbol.
    pub fn publish(&mut self, symbol: &str, price: Decimal) -> Result<(), ClientError> {
        let (admin, price) = (self.admin.pubkey(), human::price("price", price)?);
        let (feed, _) = address::feed(&admin, &symbol_bytes(symbol)?);
        let now_s = self.client.backend().clock().unix_timestamp;
        self.send([build::publish_price(&admin, &feed, price, Price::ZERO, now_s)])
    }

    fn send<const N: usize>(
        &mut self,
        instructions: [solana_instruction::Instruction; N],
    ) -> Result<(), ClientError> {
        let _receipt = self.client.tx().extend(instructions).sign([&self.admin]).send()?;
        Ok(())
    }
}

fn symbol_bytes(symbol: &str) -> Result<[u8; 16], ClientError> {
    let too_long = || ClientError::TooLong { field: "symbol", text: symbol.into(), max_len: 16 };
    padded(symbol).ok_or_else(too_long)
}
