//! From an action to instructions and who signs them.

mod config;
mod flash;
mod fund;
mod govern;
mod money;
mod oracle;
mod risk;

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    state::{Entry, Position, Reserve},
    units::{Amount, Shares},
};
use cofferdam_sdk::{Instruction, instruction::ReserveKeys};

use super::{Action, Figures, Size, Verb, resolve};
use crate::{
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

pub(super) use flash::Loan;

/// Bytes of [`Action::way`] up to which an action takes what fits the position where the record
/// has something else: withdraws what is held, repays what is owed.
const FITTED_BELOW: u8 = 208;

/// What is to be sent, by whom, and the figures for the label.
pub(super) struct Built {
    pub(super) instructions: Vec<Instruction>,
    pub(super) signer: Actor,
    pub(super) figures: Figures,
}

/// An action with the position and the reserve it is about.
pub(super) struct Resolved<'a> {
    pub(super) world: &'a World,
    pub(super) scene: &'a Scene,
    pub(super) action: &'a Action,
    pub(super) pool: PoolId,
    pub(super) asset: Asset,
    pub(super) owner: Actor,
    pub(super) position: Address,
}

/// Looks up what an action is about.
pub(super) fn resolve<'a>(world: &'a World, scene: &'a Scene, action: &'a Action) -> Resolved<'a> {
    let (pool, owner) = resolve::position(world, scene, action);
    let position = world.position_address(pool, owner);
    let mut resolved =
        Resolved { world, scene, action, pool, asset: action.asset, owner, position };
    resolved.asset = resolved.fitted();
    resolved
}

impl Resolved<'_> {
    /// What is to be sent; `None` when there is nothing to act on. A flash loan that it takes or
    /// pays back is noted in `loans`.
    pub(super) fn build(&self, loans: &mut Vec<Loan>) -> Option<Built> {
        match self.action.verb {
            Verb::Deposit | Verb::Withdraw | Verb::Borrow | Verb::Repay | Verb::GiveNotice => {
                Some(self.position_verb())
            }
            Verb::OpenPosition => Some(self.open_position()),
            Verb::Liquidate => self.liquidate(loans),
            Verb::AbsorbBadDebt => self.absorb(),
            Verb::FundInsurance | Verb::CollectFees | Verb::CoverDeficit | Verb::Donate => {
                self.vault_verb()
            }
            Verb::OpenStake
            | Verb::StakeInsurance
            | Verb::StartCooldown
            | Verb::UnstakeInsurance => Some(self.stake_verb()),
            Verb::FlashBorrow => Some(self.flash_borrow(loans)),
            Verb::FlashRepay => Some(self.flash_repay(loans)),
            Verb::PublishPrice => Some(self.publish()),
            Verb::Refresh => Some(self.refresh()),
            Verb::CreateFeed => Some(self.create_feed()),
            Verb::UpdateReserve | Verb::AddReserve | Verb::CreatePool | Verb::UpdatePool => {
                Some(self.admin_verb())
            }
            Verb::SetPoolMode | Verb::SetReserveMode => Some(self.set_mode()),
            Verb::ProposeAdmin | Verb::AcceptAdmin => Some(self.hand_over()),
            Verb::QueueReserveChange | Verb::QueuePoolChange => Some(self.queue()),
            Verb::ApplyReserveChange
            | Verb::ApplyPoolChange
            | Verb::CancelReserveChange
            | Verb::CancelPoolChange => Some(self.settle_change()),
            Verb::Advance | Verb::Congest => None,
        }
    }

    /// The asset that fits what is to be done with the position: the record's when it does, the
    /// first that does otherwise.
    fn fitted(&self) -> Asset {
        let fits = |asset: &Asset| {
            let keys = self.world.keys(self.pool, *asset);
            self.fits(&keys.reserve)
        };
        let wanted = self.action.asset;
        if self.action.way >= FITTED_BELOW || fits(&wanted) {
            return wanted;
        }
        Asset::ALL.into_iter().find(fits).unwrap_or(wanted)
    }

    fn fits(&self, reserve: &Address) -> bool {
        let Some(state) = self.scene.accrued.get(reserve) else {
            return self.action.verb == Verb::AddReserve;
        };
        let entry = || self.entry(reserve);
        let stake = || self.stake_in(reserve);
        match self.action.verb {
            Verb::Withdraw | Verb::GiveNotice => !entry().supply.is_zero(),
            Verb::Repay => !entry().debt.is_zero() || !entry().claim.is_zero(),
            Verb::Borrow => entry().supply.is_zero() && !state.cash.is_zero(),
            Verb::Deposit => entry().debt.is_zero() && entry().claim.is_zero(),
            Verb::CoverDeficit => !state.deficit.is_zero(),
            Verb::CollectFees => state.fees.units_down().is_ok_and(|fees| !fees.is_zero()),
            Verb::OpenStake => stake().is_none(),
            Verb::StakeInsurance => stake().is_some(),
            Verb::StartCooldown => stake().is_some_and(|stake| !stake.shares.is_zero()),
            Verb::UnstakeInsurance => stake().is_some_and(|stake| !stake.cooling.is_zero()),
            Verb::ApplyReserveChange | Verb::CancelReserveChange => {
                self.scene.ledger.account(&self.world.change_address(reserve)).is_some()
            }
            Verb::AddReserve => false,
            _ => true,
        }
    }

    /// A reserve's addresses with the feeds it has now.
    fn key(&self, asset: Asset) -> ReserveKeys {
        let keys = self.world.keys(self.pool, asset);
        let Some(reserve) = self.scene.reserves.get(&keys.reserve) else { return keys };
        let second_feed = reserve.has_second_feed().then_some(reserve.second_feed);
        ReserveKeys { feed: reserve.feed, second_feed, ..keys }
    }

    /// The reserve's.
    fn keys(&self) -> ReserveKeys {
        self.key(self.asset)
    }

    /// The reserve with interest.
    fn reserve(&self) -> Option<&Reserve> {
        self.scene.accrued.get(&self.world.keys(self.pool, self.asset).reserve)
    }

    fn state(&self) -> Option<&Position> {
        self.scene.positions.get(&self.position)
    }

    fn entry(&self, reserve: &Address) -> Entry {
        self.state().map(|state| state.entry(reserve)).unwrap_or_default()
    }

    /// Reserves the position uses.
    fn used(&self) -> Vec<ReserveKeys> {
        let Some(state) = self.state() else { return Vec::new() };
        let is_used = |reserve| state.used().any(|entry| entry.reserve == reserve);
        let used = Asset::ALL
            .into_iter()
            .filter(|asset| is_used(self.world.keys(self.pool, *asset).reserve));
        used.map(|asset| self.key(asset)).collect()
    }

    /// Who runs the pool now.
    fn admin(&self) -> Actor {
        let pool = self.scene.pools.get(&self.world.pool(self.pool));
        pool.and_then(|pool| self.world.actor(&pool.admin)).unwrap_or(Actor::Admin)
    }

    /// Native units of the record's size.
    fn amount(&self, most: Amount) -> Amount {
        // Only these know a number that stands for everything.
        let knows_all = matches!(
            self.action.verb,
            Verb::Withdraw | Verb::Repay | Verb::CollectFees | Verb::CoverDeficit | Verb::Liquidate
        );
        if self.action.size == Size::All && !knows_all && !self.is_odd() {
            return most;
        }
        let cash = || self.reserve().map_or(Amount::ZERO, |reserve| reserve.cash);
        let debt = || {
            let reserve = self.world.keys(self.pool, self.asset).reserve;
            self.scene.owed(&self.position, &reserve)
        };
        resolve::amount(self.action.size, most, cash, debt)
    }

    fn shares(&self, most: Shares) -> Shares {
        resolve::shares(self.action.size, most)
    }

    fn built(&self, instruction: Instruction, signer: Actor, figures: Figures) -> Built {
        Built { instructions: vec![instruction], signer, figures }
    }

    /// Whether this is one of the last of the 256 ways: those that are meant to be refused.
    fn is_odd(&self) -> bool {
        self.action.way >= 240
    }
}

/// A name out of a few, so that some exist already.
fn number<const N: usize>(letter: u8, way: u8) -> [u8; N] {
    let mut name = [0; N];
    name[..2].copy_from_slice(&[letter, b'0' + way % 10]);
    name
}
