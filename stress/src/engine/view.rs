//! A pool as those who act see it between two transactions.

use cofferdam_sdk::{
    Market, PositionView,
    interface::{
        math::{health::Health, oracle::Valuation},
        plan,
    },
};

use super::{play::Floor, run::RunError, stage::Stage};

/// Most positions that liquidators consider in a step.
const ATTENTION: usize = 512;

/// A pool and the positions to look at.
#[derive(Debug)]
pub(super) struct View {
    pub(super) pool: usize,
    pub(super) market: Market,
    /// In order of their numbers.
    pub(super) positions: Vec<Seen>,
}

/// A position as it stands.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) number: u32,
    pub(super) position: PositionView,
    /// At fresh prices at face value; `None` while a price is not usable.
    pub(super) health: Option<Health>,
}

impl View {
    pub(super) fn read(floor: &Floor, pool: usize) -> Result<Self, RunError> {
        let Floor { stage, watch, near, .. } = floor;
        let market = stage.desk.client.market(&stage.pools[pool].address)?;
        let positions = match near {
            Some(near) => near.positions(stage, pool, &market, watch.open_numbers(pool))?,
            None => positions(stage, pool)?,
        };
        let seen = |(number, position): (u32, PositionView)| {
            let health = health(&market, &position);
            Seen { number, position, health }
        };
        let positions = positions.into_iter().map(seen).collect();
        Ok(Self { pool, market, positions })
    }

    /// The positions that liquidators consider, in order of their numbers: those that may be
    /// liquidated, the least healthy ones of very many.
    pub(super) fn targets(&self) -> Vec<&Seen> {
        let mut found: Vec<&Seen> =
            self.positions.iter().filter(|seen| seen.is_liquidatable()).collect();
        if found.len() > ATTENTION {
            let factor = |seen: &Seen| seen.health.and_then(|health| health.factor_down().ok()?);
            found.sort_by_cached_key(|seen| (factor(seen), seen.number));
            found.truncate(ATTENTION);
            found.sort_unstable_by_key(|seen| seen.number);
        }
        found
    }

    /// The first position whose bad debt can be recognised.
    pub(super) fn first_bad(&self) -> Option<&Seen> {
        // Only what is liquidatable can be bad, unless a feed has been silent for so long that its
        // price is not asked for.
        let mut suspects = self.positions.iter().filter(|seen| seen.is_suspect());
        suspects.find(|seen| self.market.preview_absorb(&seen.position).is_ok())
    }
}

impl Seen {
    pub(super) fn is_liquidatable(&self) -> bool {
        self.health.is_some_and(Health::is_liquidatable)
    }

    fn is_suspect(&self) -> bool {
        self.health.is_none_or(Health::is_liquidatable)
    }
}

/// Health at fresh prices at face value; `None` while a price is not usable.
pub(super) fn health(market: &Market, position: &PositionView) -> Option<Health> {
    plan::health(&position.state, market, Valuation::Spot).ok()
}

/// The borrowers' positions of a pool, as they stand, with their numbers.
pub(super) fn positions(stage: &Stage, pool: usize) -> Result<Vec<(u32, PositionView)>, RunError> {
    each(stage, pool).collect()
}

/// The same one by one, for there may be more than memory has room for.
pub(super) fn each(
    stage: &Stage,
    pool: usize,
) -> impl Iterator<Item = Result<(u32, PositionView), RunError>> + '_ {
    let book = &stage.pools[pool].book;
    let numbers = 0..u32::try_from(book.len()).unwrap_or(u32::MAX);
    numbers.map(|number| Ok((number, book.read(stage, number)?)))
}
