//! Prices, and who says them.

use cofferdam_lending_interface::state::FeedConfig;
use cofferdam_sdk::instruction as build;

use super::{Built, Resolved, number};
use crate::{
    action::{
        Figures, Move,
        price::{Publication, Side, publication},
    },
    world::{Actor, Asset},
};

impl Resolved<'_> {
    /// A publication by all who are honest; in some ways by one of them alone, by one who is
    /// compromised, or to the asset's second feed.
    pub(super) fn publish(&self) -> Built {
        let (asset, side) = self.priced();
        let par = asset.par();
        let (feed, people) = self.speakers(asset);
        let now = self.scene.feeds.get(&feed).map_or(par, |feed| feed.price);
        let health = self.scene.health(&self.position).unwrap_or_default();
        // From zero no factor leads back.
        let now = if now.is_zero() { par } else { now };
        let Publication { price, confidence, observed_ago_s } =
            publication(self.action.price, now, par, health, side);
        let observed_at_s = self.scene.now_s - observed_ago_s;
        let publish = people.iter().map(|publisher| {
            let person = self.world.person(*publisher);
            build::publish_price(&person, &feed, price, confidence, observed_at_s)
        });
        let figures = Figures::Price(price, confidence, observed_ago_s);
        Built { instructions: publish.collect(), signer: people[0], figures }
    }

    /// The feed that is published to, and by whom.
    fn speakers(&self, asset: Asset) -> (cofferdam_host::Address, Vec<Actor>) {
        let (feed, second) = (self.world.feed(asset), self.world.second_feed(asset));
        let (honest, compromised) = (self.world.publishers(asset), self.world.compromised(asset));
        let way = self.action.way;
        match (way % 8, second) {
            (5 | 6, Some(second)) => return (second, vec![Actor::Publisher]),
            (7, Some(second)) if way >= 128 => return (second, vec![Actor::Publisher]),
            _ => {}
        }
        let one = |people: &[Actor]| vec![people[usize::from(way / 8) % people.len()]];
        match way % 8 {
            5 => (feed, one(honest)),
            6 | 7 if !compromised.is_empty() => (feed, one(compromised)),
            _ => (feed, honest.to_vec()),
        }
    }

    /// The asset whose price moves: for a gap, one the position holds or owes.
    fn priced(&self) -> (Asset, Side) {
        let gap = matches!(
            self.action.price,
            Move::ThroughLiquidation | Move::ThroughBankruptcy | Move::ThinSurplus
        );
        let asset = self.action.asset;
        let entry = |asset: Asset| self.entry(&self.world.keys(self.pool, asset).reserve);
        if gap && entry(asset).debt.is_zero() {
            let held = |asset: &Asset| !entry(*asset).supply.is_zero();
            let held = [asset].into_iter().chain(Asset::ALL).find(held);
            return (held.unwrap_or(asset), Side::Collateral);
        }
        (asset, if gap { Side::Debt } else { Side::Collateral })
    }

    pub(super) fn refresh(&self) -> Built {
        let signer = Actor::Publisher;
        Built { instructions: self.world.publications(), signer, figures: Figures::None }
    }

    /// A feed of one publisher or of three; now and then one that may not be.
    pub(super) fn create_feed(&self) -> Built {
        let (person, way) = (self.world.person(self.owner), self.action.way);
        let single = FeedConfig::single(person);
        let config = match way % 8 {
            0..4 => single,
            4 | 5 => {
                let mut config = FeedConfig { quorum: 2, ..single };
                config.publishers[1] = self.world.person(Actor::Publisher);
                config.publishers[2] = self.world.person(Actor::Admin);
                config
            }
            6 => FeedConfig { quorum: 0, ..single },
            _ => FeedConfig { quote_max_age_s: 0, ..single },
        };
        let symbol = if self.is_odd() { [0xff; 16] } else { number(b'F', way) };
        let instruction = build::create_feed(&person, &person, symbol, config);
        self.built(instruction, self.owner, Figures::Number((way % 10).into()))
    }
}
