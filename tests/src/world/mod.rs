//! A ledger with two pools and a cast with seeded keys.

mod cast;
mod govern;
mod loans;
mod options;
mod oracle;
mod pen;
mod places;
mod setup;
mod stakes;
mod strays;
mod verbs;
mod weather;

use std::{collections::BTreeMap, sync::Arc};

use cofferdam_ledger::{Ledger, Receipt, Rejection, SubmitError, Warp};
use cofferdam_lending_interface::state::{PriceFeed, Reserve};
use cofferdam_sdk::{
    Address, Client, ClientError, Instruction, Keypair, Market, PositionView,
    instruction::ReserveKeys,
};

use smallvec::SmallVec;

pub use cast::{Actor, Asset, COMPROMISED, HONEST, PANEL, PoolId};
pub use options::{Options, Signatures, base_config};
pub use oracle::FORGED_TIMES;
pub(crate) use weather::Parcel;
pub use weather::{Storm, Weather};

use self::{pen::Pen, places::Places};

/// A ledger with two pools, a cast, and the tokens that were given away. Cloning forks it.
#[derive(Clone, Debug)]
pub struct World {
    client: Client<Ledger>,
    places: Arc<Places>,
    donations: BTreeMap<Address, u64>,
    weather: Weather,
}

impl World {
    /// The client that everything goes through.
    #[must_use]
    pub const fn client(&self) -> &Client<Ledger> {
        &self.client
    }

    /// The client, to be used beyond the verbs of a world.
    pub const fn client_mut(&mut self) -> &mut Client<Ledger> {
        &mut self.client
    }

    /// The ledger.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        self.client.backend()
    }

    /// Key of a person.
    #[must_use]
    pub fn key(&self, actor: Actor) -> &Keypair {
        &self.places.keys[&actor]
    }

    /// Address of a person.
    #[must_use]
    pub fn person(&self, actor: Actor) -> Address {
        self.places.people[actor.place()]
    }

    /// A person's token account.
    #[must_use]
    pub fn wallet(&self, actor: Actor, asset: Asset) -> Address {
        self.places.wallets[actor.place()][asset.place()]
    }

    /// Mint of an asset.
    #[must_use]
    pub fn mint(&self, asset: Asset) -> Address {
        self.places.reserves[0][asset.place()].mint
    }

    /// Feed of an asset; both pools use the same one.
    #[must_use]
    pub fn feed(&self, asset: Asset) -> Address {
        self.places.feeds[asset.place()]
    }

    /// Address of a pool.
    #[must_use]
    pub fn pool(&self, pool: PoolId) -> Address {
        self.places.pools[pool.place()]
    }

    /// Addresses of a reserve, whether or not it exists yet.
    #[must_use]
    pub fn keys(&self, pool: PoolId, asset: Asset) -> ReserveKeys {
        self.places.reserves[pool.place()][asset.place()]
    }

    /// The same with the feeds that the reserve has now: its admin may have listed it with others.
    #[must_use]
    pub fn listed(&self, pool: PoolId, asset: Asset) -> ReserveKeys {
        let keys = self.keys(pool, asset);
        let Ok(reserve) = self.client.reserve(&keys.reserve) else { return keys };
        let second_feed = reserve.has_second_feed().then_some(reserve.second_feed);
        ReserveKeys { feed: reserve.feed, second_feed, ..keys }
    }

    /// Address of an owner's first position.
    #[must_use]
    pub fn position_address(&self, pool: PoolId, owner: Actor) -> Address {
        self.places.positions[pool.place()][owner.place()]
    }

    /// An owner's first position.
    ///
    /// # Panics
    /// For somebody who is not among [`Actor::OWNERS`].
    #[must_use]
    pub fn position(&self, pool: PoolId, owner: Actor) -> PositionView {
        let address = self.position_address(pool, owner);
        self.client.position(&address).expect("every owner has a position in every pool")
    }

    /// A reserve as it stands on the chain.
    ///
    /// # Panics
    /// When it was not added yet.
    #[must_use]
    pub fn reserve(&self, pool: PoolId, asset: Asset) -> Reserve {
        self.client.reserve(&self.keys(pool, asset).reserve).expect("the reserve was added")
    }

    /// An asset's price feed.
    ///
    /// # Panics
    /// Never: every asset has one from the start.
    #[must_use]
    pub fn price_feed(&self, asset: Asset) -> PriceFeed {
        self.client.feed(&self.feed(asset)).expect("every asset has a feed")
    }

    /// A pool with interest up to now.
    ///
    /// # Panics
    /// When its interest overflows.
    #[must_use]
    pub fn market(&self, pool: PoolId) -> Market {
        self.client.market(&self.pool(pool)).expect("the pool was created")
    }

    /// Unix time.
    #[must_use]
    pub fn now_s(&self) -> i64 {
        self.ledger().clock().unix_timestamp
    }

    /// Tokens sent into each vault past the program.
    #[must_use]
    pub const fn donations(&self) -> &BTreeMap<Address, u64> {
        &self.donations
    }

    /// What becomes of the transactions of keepers and publishers.
    #[must_use]
    pub const fn weather(&self) -> &Weather {
        &self.weather
    }

    /// Changes the weather.
    pub const fn weather_mut(&mut self) -> &mut Weather {
        &mut self.weather
    }

    /// Address of the change that waits for a pool or a reserve, whether or not one does.
    ///
    /// # Panics
    /// For what is neither a pool nor a reserve of the world.
    #[must_use]
    pub fn change_address(&self, target: &Address) -> Address {
        self.places.changes[target]
    }

    /// Who an address belongs to.
    #[must_use]
    pub fn actor(&self, address: &Address) -> Option<Actor> {
        Actor::ALL.into_iter().find(|actor| self.places.people[actor.place()] == *address)
    }

    /// Lets time pass.
    ///
    /// # Panics
    /// At the end of the clock.
    pub fn advance(&mut self, seconds: u64) {
        let warp = Warp::Seconds(seconds);
        let _clock = self.client.backend_mut().warp(warp).expect("the clock goes further");
    }

    /// Sends a transaction; the first of `signers` pays. A transaction that was sent before in
    /// this slot is sent again under a new blockhash, as a wallet would.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn send(
        &mut self,
        signers: &[Actor],
        instructions: &[Instruction],
    ) -> Result<Receipt, ClientError> {
        let places = Arc::clone(&self.places);
        let believed = !self.ledger().genesis().verify_signatures;
        let pen = |actor: &Actor| match believed {
            true => Pen::Name(places.people[actor.place()]),
            false => Pen::Key(&places.keys[actor]),
        };
        let keys: SmallVec<[Pen<'_>; 4]> = signers.iter().map(pen).collect();
        match self.attempt(&keys, instructions) {
            Err(ClientError::Submit(SubmitError::Rejected(Rejection::AlreadyProcessed(_)))) => {
                let cheats = self.client.backend_mut().cheat().expire_blockhashes().map(|_| ());
                cheats.expect("blockhashes can always be expired");
                self.attempt(&keys, instructions)
            }
            result => result,
        }
    }

    fn attempt(
        &mut self,
        keys: &[Pen<'_>],
        instructions: &[Instruction],
    ) -> Result<Receipt, ClientError> {
        self.client.sign(instructions, keys).send()
    }
}
