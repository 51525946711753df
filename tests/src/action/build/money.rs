//! What an owner does with a position.

use cofferdam_lending_interface::units::Amount;
use cofferdam_sdk::instruction as build;

use super::{Built, FITTED_BELOW, Resolved};
use crate::{
    action::{Figures, Verb},
    world::Actor,
};

impl Resolved<'_> {
    pub(super) fn position_verb(&self) -> Built {
        if self.action.verb == Verb::GiveNotice {
            return self.give_notice();
        }
        let (person, position, keys) = (self.world.person(self.owner), &self.position, self.keys());
        let amount = self.amount(self.most());
        let (signer, instruction) = match self.action.verb {
            Verb::Deposit => (self.owner, build::deposit(&person, position, &keys, amount)),
            Verb::Withdraw => {
                (self.owner, build::withdraw(&person, position, &keys, &self.used(), amount))
            }
            Verb::Borrow => {
                (self.owner, build::borrow(&person, position, &keys, &self.used(), amount))
            }
            _ => {
                let payer = self.payer();
                (payer, build::repay(&self.world.person(payer), position, &keys, amount))
            }
        };
        self.built(instruction, signer, Figures::Amount(amount))
    }

    /// Anybody may repay; the liquidator does now and then, so that payer and owner differ.
    fn payer(&self) -> Actor {
        if self.action.way % 4 == 1 { Actor::Liquidator } else { self.owner }
    }

    /// The most that makes sense for a verb.
    fn most(&self) -> Amount {
        let reserve = self.world.keys(self.pool, self.asset).reserve;
        match self.action.verb {
            Verb::Withdraw => self.scene.held(&self.position, &reserve),
            Verb::Borrow => self.scene.room(&self.position, &reserve),
            Verb::Repay => self.scene.owed(&self.position, &reserve),
            _ => {
                let wallet = self.scene.balance(&self.world.wallet(self.owner, self.asset));
                // In a third of the ways, what the cap has room for.
                let capped = (128..FITTED_BELOW).contains(&self.action.way);
                self.cap_room().filter(|_| capped).map_or(wallet, |room| room.min(wallet))
            }
        }
    }

    /// What the supply cap leaves room for; `None` where that is more than anybody has.
    fn cap_room(&self) -> Option<Amount> {
        let reserve = self.reserve()?;
        let supplied = reserve.supply().ok()?.assets.units_up().ok()?;
        reserve.config.supply_cap.minus(supplied).ok()
    }

    fn give_notice(&self) -> Built {
        let (person, keys) = (self.world.person(self.owner), self.keys());
        let shares = self.shares(self.entry(&keys.reserve).supply);
        let instruction = build::give_notice(&person, &self.position, &keys, shares);
        self.built(instruction, self.owner, Figures::Shares(shares))
    }

    pub(super) fn open_position(&self) -> Built {
        let (person, index) = (self.world.person(self.owner), u16::from(self.action.way % 8));
        let pool = self.world.pool(self.pool);
        let instruction = build::open_position(&person, &person, &pool, index);
        self.built(instruction, self.owner, Figures::Number(index.into()))
    }
}
