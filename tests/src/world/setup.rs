use std::{collections::BTreeMap, sync::Arc};

use cofferdam_ledger::{Genesis, Ledger};
use cofferdam_lending_interface::{state::PoolConfig, units::Amount};
use cofferdam_sdk::{Client, ClientError, instruction as build, local, token};

use super::{
    Actor, Asset, Options, PoolId, Signatures, Weather, World,
    places::{Places, name},
};

/// Lamports each person starts with.
const FUNDING_LAMPORTS: u64 = 1_000_000_000_000;

impl World {
    /// A world where everybody has tokens and nobody did anything yet: two pools with the listed
    /// assets, fresh prices at par, and empty positions.
    ///
    /// # Panics
    /// When a transaction of the set-up fails, with the ledger's reason.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        match Self::build(options) {
            Ok(world) => world,
            Err(error) => panic!("the world could not be set up: {error}"),
        }
    }

    /// A world in full swing: Dave supplied all assets to both pools, both pools are insured, and
    /// Alice, Bob and Carol owe in each: Alice dollars against ether, Bob ether against dollars,
    /// Carol one dollar against the other and ether.
    ///
    /// # Panics
    /// As [`World::new`].
    #[must_use]
    pub fn lively(options: &Options) -> Self {
        let mut world = Self::new(options);
        for pool in PoolId::ALL {
            let stakes = world.populate(pool).and_then(|()| world.insure(pool, options));
            if let Err(error) = stakes {
                panic!("{} could not be populated: {error}", pool.name());
            }
        }
        world
    }

    fn build(options: &Options) -> Result<Self, ClientError> {
        let genesis = Genesis {
            verify_signatures: options.signatures == Signatures::Checked,
            ..Genesis::default()
        };
        let programs = [local::program()].into_iter().chain(options.guests.clone());
        let mut ledger = Ledger::new(genesis, programs);
        let _previous = ledger.set_recording(options.recording);
        let places = Arc::new(Places::new(options));
        let (donations, weather) = (BTreeMap::new(), Weather::default());
        let mut world = Self { client: Client::new(ledger), places, donations, weather };
        for actor in Actor::ALL {
            let person = world.person(actor);
            let mut cheats = world.client.backend_mut().cheat();
            let funded = cheats.airdrop(&person, FUNDING_LAMPORTS).map(|_| ());
            funded.expect("an empty wallet takes any airdrop");
        }
        for asset in Asset::ALL {
            world.create_asset(asset)?;
        }
        for pool in PoolId::ALL {
            world.create_pool(pool, options)?;
        }
        Ok(world)
    }

    fn create_asset(&mut self, asset: Asset) -> Result<(), ClientError> {
        let places = Arc::clone(&self.places);
        let (admin, mint) = (self.person(Actor::Admin), self.mint(asset));
        let rent = self.ledger().minimum_balance(token::MINT_LEN);
        let create = token::create_mint(&admin, &mint, &admin, asset.decimals(), rent);
        let keys = [&places.keys[&Actor::Admin], &places.mints[&asset]];
        let _receipt = self.client.tx().extend(create).sign(&keys).send()?;
        for actor in Actor::ALL {
            self.fund(actor, asset)?;
        }
        self.create_feeds(asset)
    }

    fn fund(&mut self, actor: Actor, asset: Asset) -> Result<(), ClientError> {
        let (admin, person, mint) =
            (self.person(Actor::Admin), self.person(actor), self.mint(asset));
        let rent = self.ledger().minimum_balance(token::ACCOUNT_LEN);
        let mut steps = token::create_account(&admin, &person, &mint, rent).to_vec();
        steps.push(token::mint_to(&mint, &person, &admin, asset.funding()));
        let _receipt = self.send(&[Actor::Admin, actor], &steps)?;
        Ok(())
    }

    fn create_pool(&mut self, pool: PoolId, options: &Options) -> Result<(), ClientError> {
        let admin = self.person(Actor::Admin);
        let config = options.pool_config(pool);
        // With a timelock no reserve could begin with any value as collateral.
        let open = PoolConfig { timelock_s: 0, ..config };
        let create = build::create_pool(&admin, &admin, name(pool), open);
        let _receipt = self.send(&[Actor::Admin], &[create])?;
        for asset in Asset::LISTED {
            let _receipt = self.add_reserve(pool, asset, options.config(pool, asset))?;
        }
        if config != open {
            let _receipt = self.update_pool(pool, config)?;
        }
        for owner in Actor::OWNERS {
            let _receipt = self.open_position(owner, pool, 0)?;
        }
        Ok(())
    }

    fn populate(&mut self, pool: PoolId) -> Result<(), ClientError> {
        use Asset::{Dai, Usdc, Weth};
        for (asset, supply, cover) in [(Weth, 100, 1), (Usdc, 200_000, 500), (Dai, 200_000, 500)] {
            let _receipt = self.deposit(Actor::Dave, pool, asset, asset.whole(supply))?;
            let _receipt = self.fund_insurance(Actor::Admin, pool, asset, asset.whole(cover))?;
        }
        let positions = [
            (Actor::Alice, Weth, 50, Usdc, 60_000),
            (Actor::Bob, Usdc, 100_000, Weth, 30),
            (Actor::Carol, Usdc, 40_000, Dai, 60_000),
        ];
        let _receipt = self.deposit(Actor::Carol, pool, Weth, Weth.whole(25))?;
        for (owner, held, supply, owed, debt) in positions {
            let _receipt = self.deposit(owner, pool, held, held.whole(supply))?;
            let _receipt = self.borrow(owner, pool, owed, owed.whole(debt))?;
        }
        let _receipt = self.deposit(Actor::Mallory, pool, Dai, Amount(1_000_000))?;
        Ok(())
    }

    fn insure(&mut self, pool: PoolId, options: &Options) -> Result<(), ClientError> {
        for staker in &options.stakers {
            for asset in Asset::LISTED {
                let stake = Amount(asset.funding().get() / 20_000);
                let _receipt = self.open_stake(*staker, pool, asset)?;
                let _receipt = self.stake(*staker, pool, asset, stake)?;
            }
        }
        Ok(())
    }
}
