use std::collections::{BTreeMap, BTreeSet};

use cofferdam_sdk::{
    Address, Keypair, Signer, address,
    instruction::{ReserveKeys, padded},
    keys::seeded,
    token,
};

use super::{Actor, Asset, Options, PoolId};

/// Keys and addresses of a world, shared by all forks. Lists are in the order of `ALL`.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) keys: BTreeMap<Actor, Keypair>,
    pub(super) mints: BTreeMap<Asset, Keypair>,
    pub(super) people: [Address; 8],
    pub(super) feeds: [Address; 4],
    pub(super) second_feeds: BTreeMap<Asset, Address>,
    pub(super) forged: BTreeMap<Asset, Address>,
    pub(super) pools: [Address; 2],
    pub(super) reserves: [[ReserveKeys; 4]; 2],
    /// Of everybody, though only the owners have one from the start.
    pub(super) positions: [[Address; 8]; 2],
    pub(super) wallets: [[Address; 4]; 8],
    pub(super) changes: BTreeMap<Address, Address>,
    pub(super) panels: BTreeSet<Asset>,
}

impl Places {
    pub(super) fn new(options: &Options) -> Self {
        let seed = options.seed;
        let keys: BTreeMap<_, _> =
            Actor::ALL.map(|actor| (actor, seeded(seed, actor.name()))).into();
        let people = Actor::ALL.map(|actor| keys[&actor].pubkey());
        let mints: BTreeMap<_, _> =
            Asset::ALL.map(|asset| (asset, seeded(seed, asset.symbol()))).into();
        let publisher = people[Actor::Publisher.place()];
        let feeds = Asset::ALL.map(|asset| address::feed(&publisher, &symbol(asset)).0);
        let second = |asset: &Asset| (*asset, address::feed(&publisher, &second_symbol(*asset)).0);
        let second_feeds: BTreeMap<_, _> = options.second_feeds.iter().map(second).collect();
        let forged =
            |asset: &Asset| (*asset, seeded(seed, &format!("forged {}", asset.symbol())).pubkey());
        let forged = options.forged.iter().map(forged).collect();
        let admin = people[Actor::Admin.place()];
        let pools = PoolId::ALL.map(|pool| address::pool(&admin, &name(pool)).0);
        let reserves = pools.map(|pool| {
            Asset::ALL.map(|asset| {
                let second_feed = second_feeds.get(&asset).copied();
                let feeds = (feeds[asset.place()], second_feed);
                reserve(pool, mints[&asset].pubkey(), feeds)
            })
        });
        let positions = pools.map(|pool| people.map(|who| address::position(&pool, &who, 0).0));
        let wallet = |who: Address| {
            Asset::ALL.map(|asset| token::account_address(&who, &mints[&asset].pubkey()))
        };
        let targets = pools.into_iter().chain(reserves.iter().flatten().map(|keys| keys.reserve));
        let changes = targets.map(|target| (target, address::change(&target).0)).collect();
        let wallets = people.map(wallet);
        let panels = options.panels.clone();
        Self {
            keys,
            mints,
            people,
            feeds,
            second_feeds,
            forged,
            pools,
            reserves,
            positions,
            wallets,
            changes,
            panels,
        }
    }
}

fn reserve(
    pool: Address,
    mint: Address,
    (feed, second_feed): (Address, Option<Address>),
) -> ReserveKeys {
    let reserve = address::reserve(&pool, &mint).0;
    let vault = address::vault(&reserve).0;
    ReserveKeys { reserve, pool, mint, vault, feed, second_feed }
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
