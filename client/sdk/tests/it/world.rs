//! A pool of ETH and USD with two people, each with a position and plenty of tokens.

use cofferdam_sdk::{
    Address, Client, ClientError, Decimal, Instruction, Keypair, Market, PositionView, Signer,
    address, instruction as build,
    interface::units::{Amount, Price},
    keys::seeded,
    ledger::{Ledger, Receipt, Warp},
    local::Sandbox,
    token,
};

/// Seed of every key.
const SEED: u64 = 11;

/// Who can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Alice,
    Bob,
}

/// Which token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asset {
    Eth,
    Usd,
}

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) client: Client<Ledger>,
    pub(crate) pool: Address,
    eth: Address,
    usd: Address,
    positions: [Address; 2],
}

pub(crate) fn key(name: &str) -> Keypair {
    seeded(SEED, name)
}

impl World {
    /// Both have a million tokens of each asset and an empty position.
    pub(crate) fn new() -> Self {
        let mut sandbox = Sandbox::new(SEED).unwrap();
        let mut positions = Vec::new();
        for name in ["alice", "bob"] {
            let person = sandbox.person(name).unwrap();
            positions.push(sandbox.open_position(&person).unwrap().address);
        }
        let (pool, eth, usd) = (sandbox.pool, sandbox.eth, sandbox.usd);
        let positions = [positions[0], positions[1]];
        let mut world = Self { client: sandbox.client, pool, eth, usd, positions };
        let admin = key("admin");
        for who in [Who::Alice, Who::Bob] {
            for asset in [Asset::Eth, Asset::Usd] {
                let owner = world.key(who).pubkey();
                let amount = Amount(900_000_000_000_000);
                let mint = token::mint_to(&world.mint(asset), &owner, &admin.pubkey(), amount);
                let _receipt = world.send(&admin, [mint]).unwrap();
            }
        }
        let rent = world.client.backend().minimum_balance(token::ACCOUNT_LEN);
        for mint in [eth, usd] {
            let create = token::create_account(&admin.pubkey(), &admin.pubkey(), &mint, rent);
            let _receipt = world.send(&admin, create).unwrap();
        }
        world
    }

    pub(crate) fn key(&self, who: Who) -> Keypair {
        key(match who {
            Who::Alice => "alice",
            Who::Bob => "bob",
        })
    }

    pub(crate) fn mint(&self, asset: Asset) -> Address {
        match asset {
            Asset::Eth => self.eth,
            Asset::Usd => self.usd,
        }
    }

    pub(crate) fn market(&self) -> Market {
        self.client.market(&self.pool).unwrap()
    }

    pub(crate) fn position(&self, who: Who) -> PositionView {
        self.client.position(&self.positions[who as usize]).unwrap()
    }

    /// Native units in somebody's token account.
    pub(crate) fn wallet(&self, owner: &Address, asset: Asset) -> Amount {
        let address = token::account_address(owner, &self.mint(asset));
        token::balance(&self.client.backend().account(&address).unwrap().data)
    }

    /// Sends without moving time: a fresh blockhash makes equal transactions differ.
    pub(crate) fn send(
        &mut self,
        signer: &Keypair,
        instructions: impl IntoIterator<Item = Instruction>,
    ) -> Result<Receipt, ClientError> {
        self.client.backend_mut().cheat().expire_blockhashes().unwrap();
        self.client.tx().extend(instructions).sign([signer]).send()
    }

    pub(crate) fn act(&mut self, who: Who, instruction: Instruction) {
        let key = self.key(who);
        let _receipt = self.send(&key, [instruction]).unwrap();
    }

    pub(crate) fn deposit(&mut self, who: Who, asset: Asset, tokens: i64) {
        let (mint, tokens) = (self.mint(asset), Decimal::from(tokens));
        let deposit = self.market().deposit(&self.position(who), &mint, tokens).unwrap();
        self.act(who, deposit);
    }

    pub(crate) fn borrow(&mut self, who: Who, asset: Asset, tokens: i64) {
        let (mint, tokens) = (self.mint(asset), Decimal::from(tokens));
        let borrow = self.market().borrow(&self.position(who), &mint, tokens).unwrap();
        self.act(who, borrow);
    }

    pub(crate) fn warp(&mut self, seconds: u64) {
        self.client.backend_mut().warp(Warp::Seconds(seconds)).unwrap();
    }

    /// Publishes a price, in cents, observed now.
    pub(crate) fn publish(&mut self, asset: Asset, cents: i64) {
        let mut symbol = [0; 16];
        symbol[..3].copy_from_slice(match asset {
            Asset::Eth => b"ETH",
            Asset::Usd => b"USD",
        });
        let admin = key("admin");
        let (feed, _) = address::feed(&admin.pubkey(), &symbol);
        let price = cofferdam_sdk::human::price("price", Decimal::new(cents, 2)).unwrap();
        let now_s = self.client.backend().clock().unix_timestamp;
        let publish = build::publish_price(&admin.pubkey(), &feed, price, Price::ZERO, now_s);
        let _receipt = self.send(&admin, [publish]).unwrap();
    }

    /// Alice supplies dollars; Bob borrows some against ETH.
    pub(crate) fn with_loan(supplied: i64, collateral: i64, borrowed: i64) -> Self {
        let mut world = Self::new();
        world.deposit(Who::Alice, Asset::Usd, supplied);
        world.deposit(Who::Bob, Asset::Eth, collateral);
        world.borrow(Who::Bob, Asset::Usd, borrowed);
        world
    }
}
