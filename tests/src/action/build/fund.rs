//! Insurance funds, deficits, fees, and gifts.

use cofferdam_host::Address;
use cofferdam_lending_interface::{state::Stake, units::Amount};
use cofferdam_sdk::instruction as build;

use super::{Built, Resolved};
use crate::action::{Figures, Verb};

impl Resolved<'_> {
    pub(super) fn vault_verb(&self) -> Option<Built> {
        let (reserve, keys) = (self.reserve()?, self.keys());
        let (signer, most) = match self.action.verb {
            Verb::CollectFees => (self.admin(), reserve.fees.units_down().unwrap_or_default()),
            Verb::CoverDeficit => (self.owner, reserve.deficit.units_up().unwrap_or_default()),
            _ => (self.owner, self.some_of_wallet()),
        };
        let (amount, person) = (self.amount(most), self.world.person(signer));
        let instruction = match self.action.verb {
            Verb::CollectFees => build::collect_fees(&person, &keys, amount),
            Verb::CoverDeficit => build::cover_deficit(&person, &keys, amount),
            Verb::FundInsurance => build::fund_insurance(&person, &keys, amount),
            _ => self.world.donation(signer, self.pool, self.asset, amount),
        };
        Some(self.built(instruction, signer, Figures::Amount(amount)))
    }

    /// Not the whole wallet: insurance is never lent, so a pool would run dry of cash.
    fn some_of_wallet(&self) -> Amount {
        let wallet = self.scene.balance(&self.world.wallet(self.owner, self.asset));
        Amount(wallet.get() >> 8)
    }

    pub(super) fn stake_verb(&self) -> Built {
        let (person, keys) = (self.world.person(self.owner), self.keys());
        let stake = self.stake_in(&keys.reserve);
        let (instruction, figures) = match self.action.verb {
            Verb::OpenStake => (build::open_stake(&person, &person, &keys), Figures::None),
            Verb::StakeInsurance => {
                let amount = self.amount(self.some_of_wallet());
                (build::stake_insurance(&person, &keys, amount), Figures::Amount(amount))
            }
            Verb::StartCooldown => {
                let shares = self.shares(stake.map(|stake| stake.shares).unwrap_or_default());
                (build::start_cooldown(&person, &keys, shares), Figures::Shares(shares))
            }
            _ => {
                let cooling = stake.map(|stake| stake.cooling).unwrap_or_default();
                let shares = self.shares(cooling);
                (build::unstake_insurance(&person, &keys, shares), Figures::Shares(shares))
            }
        };
        self.built(instruction, self.owner, figures)
    }

    /// The owner's stake in a reserve's fund.
    pub(super) fn stake_in(&self, reserve: &Address) -> Option<&Stake> {
        let person = self.world.person(self.owner);
        self.scene.stakes.values().find(|s| s.owner == person && s.reserve == *reserve)
    }
}
