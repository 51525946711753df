use std::collections::{BTreeMap, BTreeSet};

use cofferdam_sdk::{
    Address, Keypair, Signer, address,
    instruction::{ReserveKeys, padded},
    keys::seeded,
    token,
};

use super::{Actor, Asset, Options, PoolId};

/// Keys and addresses of a world. Deriving a program address costs curve arithmetic, so each is
/// derived once and shared by all forks.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) keys: BTreeMap<Actor, Keypair>,
    pub(super) mints: BTreeMap<Asset, Keypair>,
    pub(super) people: BTreeMap<Actor, Address>,
    pub(super) feeds: BTreeMap<Asset, Address>,
    pub(super) second_feeds: BTreeMap<Asset, Address>,
    pub(super) forged: BTreeMap<Asset, Address>,
    pub(super) pools: BTreeMap<PoolId, Address>,
    pub(super) reserves: BTreeMap<(PoolId, Asset), ReserveKeys>,
    pub(super) positions: BTreeMap<(PoolId, Actor), Address>,
    pub(super) wallets: BTreeMap<(Actor, Asset), Address>,
    pub(super) changes: BTreeMap<Address, Address>,
    pub(super) panels: BTreeSet<Asset>,
}

impl Places {
    pub(super) fn new(options: &Options) -> Self {
        let seed = options.seed;
        let keys: BTreeMap<_, _> =
            Actor::ALL.map(|actor| (actor, seeded(seed, actor.name()))).into();
        let people: BTreeMap<_, _> =
            keys.iter().map(|(actor, key)| (*actor, key.pubkey())).collect();
        let mints: BTreeMap<_, _> =
            Asset::ALL.map(|asset| (asset, seeded(seed, asset.symbol()))).into();
        let publisher = people[&Actor::Publisher];
        let feed = |asset: Asset| address::feed(&publisher, &symbol(asset)).0;
        let feeds: BTreeMap<_, _> = Asset::ALL.map(|asset| (asset, feed(asset))).into();
        let second = |asset: &Asset| (*asset, address::feed(&publisher, &second_symbol(*asset)).0);
        let second_feeds = options.second_feeds.iter().map(second).collect();
        let forged =
            |asset: &Asset| (*asset, seeded(seed, &format!("forged {}", asset.symbol())).pubkey());
        let forged = options.forged.iter().map(forged).collect();
        let pool = |pool: PoolId| address::pool(&people[&Actor::Admin], &name(pool)).0;
        let pools: BTreeMap<_, _> = PoolId::ALL.map(|id| (id, pool(id))).into();
        let mut places = Self {
            keys,
            mints,
            people,
            feeds,
            second_feeds,
            forged,
            pools,
            reserves: BTreeMap::new(),
            positions: BTreeMap::new(),
            wallets: BTreeMap::new(),
            changes: BTreeMap::new(),
            panels: options.panels.clone(),
        };
        places.derive();
        places
    }

    fn derive(&mut self) {
        for id in PoolId::ALL {
            for asset in Asset::ALL {
                let _previous = self.reserves.insert((id, asset), self.reserve(id, asset));
            }
            for owner in Actor::OWNERS {
                let (pool, person) = (self.pools[&id], self.people[&owner]);
                let position = address::position(&pool, &person, 0).0;
                let _previous = self.positions.insert((id, owner), position);
            }
        }
        let reserves = self.reserves.values().map(|keys| keys.reserve);
        let targets = self.pools.values().copied().chain(reserves);
        self.changes = targets.map(|target| (target, address::change(&target).0)).collect();
        for (actor, person) in &self.people {
            for (asset, mint) in &self.mints {
                let wallet = token::account_address(person, &mint.pubkey());
                let _previous = self.wallets.insert((*actor, *asset), wallet);
            }
        }
    }

    fn reserve(&self, id: PoolId, asset: Asset) -> ReserveKeys {
        let (pool, mint) = (self.pools[&id], self.mints[&asset].pubkey());
        let reserve = address::reserve(&pool, &mint).0;
        let vault = address::vault(&reserve).0;
        let second_feed = self.second_feeds.get(&asset).copied();
        ReserveKeys { reserve, pool, mint, vault, feed: self.feeds[&asset], second_feed }
    }
}

/// Name of a pool as its address has it.
pub(super) fn name(pool: PoolId) -> [u8; 32] {
    padded(pool.name()).unwrap_or_default()
}

/// Symbol of an asset as its feed's address has it.
pub(super) fn symbol(asset: Asset) -> [u8; 16] {
    padded(asset.symbol()).unwrap_or_default()
}

/// Symbol of an asset's second feed.
pub(super) fn second_symbol(asset: Asset) -> [u8; 16] {
    padded(&format!("{}-2", asset.symbol())).unwrap_or_default()
}
