//! A small pool on a ledger, set up so that the program's formulas are the closed forms': one
//! collateral, one debt at a price of one, no interest, one bonus, no dust rule.

use cofferdam_sdk::{
    Address, Client, Instruction, Keypair, Signer, address,
    instruction::{self as build, ReserveKeys, padded},
    interface::{
        math::interest::RateCurve,
        state::{FeedConfig, PoolConfig, ReserveConfig},
        units::{Amount, Bps, Price, WAD},
    },
    keys::seeded,
    ledger::{Genesis, Ledger, Recording, Warp},
    local, token,
};

use super::{fault::ValidateError, run::Run};
use crate::prices::MicroUsd;

/// Price at which a rig opens: dear, so that a millionth of a dollar is 10⁻¹¹ of it.
pub(super) const OPENING: MicroUsd = MicroUsd(100_000_000_000);
/// Decimals of the collateral: a unit of it is worth 10⁻⁷ dollars at the opening.
pub(super) const COLLATERAL_DECIMALS: u8 = 12;
/// Decimals of the debt's asset, whose price is one dollar.
pub(super) const DEBT_DECIMALS: u8 = 9;
/// Units of a whole token of the debt's asset.
pub(super) const DEBT_TOKEN: u64 = 1_000_000_000;
/// A debt of a million, in units: what most rigs lend.
pub(super) const DEBT: u64 = 1_000_000 * DEBT_TOKEN;

/// Lamports for each signer.
const LAMPORTS: u64 = 1_000_000_000_000_000;
/// How many times the opening price collateral is worth while loans are taken out.
const PLENTY: u128 = 10;
/// Seconds a rig rests: a feed's average, which halves its distance every second, has arrived.
pub(super) const REST_S: u64 = 256;

/// A loan of a rig, in units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loan {
    pub(super) collateral: u64,
    pub(super) debt: u64,
}

/// What a rig is built like.
#[derive(Debug, Clone)]
pub(super) struct Design {
    /// Liquidation threshold.
    pub(super) lltv_bps: u32,
    /// The bonus: at least, at most, and of an insolvent position.
    pub(super) bonus_bps: u32,
    /// What each supplier brings, in units.
    pub(super) suppliers: Vec<u64>,
    /// The protocol's fees at the start, in units.
    pub(super) fees: u64,
    /// The insurance fund at the start, in units.
    pub(super) insurance: u64,
    /// The loans.
    pub(super) loans: Vec<Loan>,
}

/// An asset with its feed and its reserve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    pub(super) mint: Address,
    pub(super) feed: Address,
    pub(super) keys: ReserveKeys,
}

/// A staged ledger, ready to be forked.
#[derive(Debug)]
pub(super) struct Rig {
    pub(super) ledger: Ledger,
    /// Administers, publishes and liquidates: one signature for all of it.
    pub(super) operator: Keypair,
    pub(super) pool: Address,
    pub(super) collateral: Side,
    pub(super) debt: Side,
    /// The borrowers' positions, in the order of the loans.
    pub(super) positions: Vec<Address>,
    /// The suppliers' positions.
    pub(super) supplies: Vec<Address>,
}

impl Design {
    /// One loan of [`DEBT`] and supply for four times as much.
    pub(super) fn plain(lltv_bps: u32, bonus_bps: u32, collateral: u64) -> Self {
        let loans = vec![Loan { collateral, debt: DEBT }];
        Self { lltv_bps, bonus_bps, suppliers: vec![4 * DEBT], fees: 0, insurance: 0, loans }
    }

    fn config(&self) -> Result<ReserveConfig, ValidateError> {
        let bonus = Bps(self.bonus_bps);
        Ok(ReserveConfig {
            collateral_factor: Bps(self.lltv_bps - 1),
            liquidation_threshold: Bps(self.lltv_bps),
            target_health: ReserveConfig::TARGET_HEALTH_MAX,
            full_close_health: Bps(9_999),
            liquidation_bonus_min: bonus,
            liquidation_bonus_max: bonus,
            insolvent_bonus: bonus,
            liquidation_protocol_fee: Bps::ZERO,
            // Of a flash loan's fee of 1 %, half becomes the protocol's fees: that is how a rig
            // gets its reserves.
            reserve_factor: Bps(5_000),
            insurance_share: Bps::ZERO,
            flash_fee: Bps(100),
            max_price_age_s: ReserveConfig::PRICE_AGE_MAX_S,
            max_confidence: Bps::ONE,
            max_divergence: Bps::ONE,
            curve: RateCurve::new(&[(0, 0), (10_000, 0)])?,
            ..ReserveConfig::default()
        })
    }
}

impl Rig {
    /// Stages the pool; the collateral stands at [`OPENING`] and its average with it.
    pub(super) fn new(design: &Design) -> Result<Self, ValidateError> {
        let operator = seeded(0, "validate:operator");
        let mut client = Client::new(local::ledger(Genesis::default()));
        let _ = client.backend_mut().set_recording(Recording::Nothing);
        client.backend_mut().cheat().airdrop(&operator.pubkey(), LAMPORTS)?;
        let mut stage = Stage { client, operator };
        let name = padded("validate").unwrap_or_default();
        let own = stage.operator.pubkey();
        let (pool, _) = address::pool(&own, &name);
        stage.send(&[], [build::create_pool(&own, &own, name, PoolConfig::default())])?;
        let high = Price(PLENTY * wad(OPENING).get());
        let collateral = stage.add_side(&pool, "COLL", COLLATERAL_DECIMALS, high, design)?;
        let debt = stage.add_side(&pool, "DEBT", DEBT_DECIMALS, Price(WAD), design)?;
        let (supplies, positions) = stage.people(&collateral, &debt, design)?;
        stage.endow(&debt, design)?;
        let Stage { client, operator } = stage;
        let ledger = client.into_backend();
        let rig = Self { ledger, operator, pool, collateral, debt, positions, supplies };
        rig.opened()
    }

    /// A fork of the ledger on which to run something.
    pub(super) fn run(&self) -> Run<'_> {
        Run::new(self)
    }

    /// The same rig once the price has fallen to the opening and everything is at rest.
    fn opened(self) -> Result<Self, ValidateError> {
        let mut run = self.run();
        run.publish(wad(OPENING))?;
        run.wait(REST_S)?;
        let ledger = run.into_ledger();
        Ok(Self { ledger, ..self })
    }
}

/// A price in the chain's unit.
pub(super) fn wad(price: MicroUsd) -> Price {
    Price(u128::from(price.0) * 1_000_000_000_000)
}

/// A rig in the making.
struct Stage {
    client: Client<Ledger>,
    operator: Keypair,
}

impl Stage {
    /// Sends instructions that the operator pays for.
    fn send(
        &mut self,
        others: &[&Keypair],
        instructions: impl IntoIterator<Item = Instruction>,
    ) -> Result<(), ValidateError> {
        let mut signers: Vec<&dyn Signer> = vec![&self.operator];
        signers.extend(others.iter().map(|key| *key as &dyn Signer));
        let _receipt = self.client.tx().extend(instructions).sign(&signers).send()?;
        // Two like transactions in one slot would be one.
        self.client.backend_mut().warp(Warp::Slots(1))?;
        Ok(())
    }

    fn add_side(
        &mut self,
        pool: &Address,
        symbol: &str,
        decimals: u8,
        price: Price,
        design: &Design,
    ) -> Result<Side, ValidateError> {
        let (own, mint) = (self.operator.pubkey(), seeded(0, &format!("validate:{symbol}")));
        let rent = self.client.backend().minimum_balance(token::MINT_LEN);
        let create = token::create_mint(&own, &mint.pubkey(), &own, decimals, rent);
        self.send(&[&mint], create)?;
        let symbol = padded(symbol).unwrap_or_default();
        let config = FeedConfig { ema_half_life_s: 1, ..FeedConfig::single(own) };
        let (feed, _) = address::feed(&own, &symbol);
        let now_s = self.client.backend().clock().unix_timestamp;
        let publish = build::publish_price(&own, &feed, price, Price::ZERO, now_s);
        self.send(&[], [build::create_feed(&own, &own, symbol, config), publish])?;
        let mint = mint.pubkey();
        let add = build::add_reserve(&own, &own, pool, (&mint, &feed), design.config()?);
        self.send(&[], [add])?;
        let (reserve, _) = address::reserve(pool, &mint);
        let keys = ReserveKeys::of(reserve, &self.client.reserve(&reserve)?);
        let own = self.operator.insecure_clone();
        self.give(&own, &mint, u64::MAX / 8)?;
        Ok(Side { mint, feed, keys })
    }

    /// Suppliers and borrowers; the positions of each.
    fn people(
        &mut self,
        collateral: &Side,
        debt: &Side,
        design: &Design,
    ) -> Result<(Vec<Address>, Vec<Address>), ValidateError> {
        let mut supplies = Vec::with_capacity(design.suppliers.len());
        for (number, amount) in design.suppliers.iter().enumerate() {
            let key = self.person(&format!("supplier:{number}"), [collateral, debt])?;
            supplies.push(self.supply(&key, debt, *amount)?);
        }
        let mut positions = Vec::with_capacity(design.loans.len());
        for (number, loan) in design.loans.iter().enumerate() {
            let key = self.person(&format!("borrower:{number}"), [collateral, debt])?;
            let position = self.supply(&key, collateral, loan.collateral)?;
            let (owner, others) = (key.pubkey(), [collateral.keys]);
            let borrow = build::borrow(&owner, &position, &debt.keys, &others, Amount(loan.debt));
            self.send(&[&key], [borrow])?;
            positions.push(position);
        }
        Ok((supplies, positions))
    }

    fn person(&mut self, label: &str, sides: [&Side; 2]) -> Result<Keypair, ValidateError> {
        let key = seeded(0, &format!("validate:{label}"));
        for side in sides {
            self.give(&key, &side.mint, 0)?;
        }
        Ok(key)
    }

    /// Creates a token account with `amount` units in it.
    fn give(&mut self, key: &Keypair, mint: &Address, amount: u64) -> Result<(), ValidateError> {
        let (own, owner) = (self.operator.pubkey(), key.pubkey());
        let rent = self.client.backend().minimum_balance(token::ACCOUNT_LEN);
        let create = token::create_account(&own, &owner, mint, rent);
        let fund = token::mint_to(mint, &owner, &own, Amount(amount));
        self.send(&[key], create.into_iter().chain([fund]))
    }

    fn supply(&mut self, key: &Keypair, side: &Side, units: u64) -> Result<Address, ValidateError> {
        let (own, owner) = (self.operator.pubkey(), key.pubkey());
        let (position, _) = address::position(&side.keys.pool, &owner, 0);
        let instructions = [
            token::transfer(&side.mint, &own, &owner, Amount(units)),
            build::open_position(&own, &owner, &side.keys.pool, 0),
            build::deposit(&owner, &position, &side.keys, Amount(units)),
        ];
        self.send(&[key], instructions)?;
        Ok(position)
    }

    /// Reserves and insurance: half of a flash loan's fee, and a gift.
    fn endow(&mut self, debt: &Side, design: &Design) -> Result<(), ValidateError> {
        let own = self.operator.pubkey();
        if design.fees > 0 {
            let (borrow, repay) = build::flash_pair(&own, &debt.keys, Amount(200 * design.fees));
            self.send(&[], [borrow, repay])?;
        }
        if design.insurance > 0 {
            let fund = build::fund_insurance(&own, &debt.keys, Amount(design.insurance));
            self.send(&[], [fund])?;
        }
        Ok(())
    }
}
