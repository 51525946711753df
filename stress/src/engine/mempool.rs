//! Transactions on their way into a block: the highest bids get in, the others wait, raise their
//! bids or are given up.

use crate::{
    engine::market::micros,
    outcome::Transactions,
    scenario::{Fees, Gas, Scenario},
};

const BPS_PER_ONE: u128 = 10_000;
/// A base fee moves by at most an eighth a block (EIP-1559).
const BASE_FEE_CHANGE_DENOMINATOR: u128 = 8;

/// A transaction that waits; `J` says what for.
#[derive(Clone, Debug)]
pub(super) struct Order<J> {
    /// What it pays to be included, in millionths of a dollar.
    pub(super) bid: u128,
    /// The most it may come to pay.
    pub(super) bid_max: u128,
    /// What the bid becomes with each step, in basis points of itself.
    pub(super) growth_bps: u128,
    /// First step in which it can be included.
    pub(super) ready: usize,
    /// First step in which it is given up.
    pub(super) expires: usize,
    pub(super) job: J,
}

/// What waits, and the price of getting in.
#[derive(Clone, Debug)]
pub(super) struct Mempool<J> {
    /// In order of arrival.
    orders: Vec<Order<J>>,
    /// In millionths of a dollar.
    base_fee: u128,
}

/// A block with room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Transactions that fit.
    pub(super) capacity: u64,
    /// Transactions of others, and twice the mean of their bids in millionths of a dollar.
    background: Option<(u64, u128)>,
    base_fee_min: u128,
}

impl Block {
    /// A block of a chain without a fee market.
    pub(super) const fn free(capacity: u64) -> Self {
        Self { capacity, background: None, base_fee_min: 0 }
    }

    /// The block at `now_s` of a chain with one.
    pub(super) fn priced(scenario: &Scenario, fees: &Fees, now_s: i64) -> Self {
        let congestion = scenario.congestion.filter(|window| window.covers(now_s));
        let share = congestion.map_or(rust_decimal::Decimal::ONE, |w| w.capacity_share);
        let multiple = congestion.and_then(|window| window.fee_multiple);
        let bid = fees.background_bid_usd * multiple.unwrap_or(rust_decimal::Decimal::ONE);
        let capacity = (rust_decimal::Decimal::from(fees.capacity_per_step) * share).floor();
        Self {
            capacity: u64::try_from(capacity).unwrap_or(0),
            background: Some((fees.background_per_step.into(), 2 * micros(bid).max(1))),
            base_fee_min: micros(fees.base_fee_min_usd),
        }
    }

    /// How many transactions of others bid more than `bid`: they are spread evenly.
    fn above(&self, bid: u128) -> u64 {
        let Some((count, highest)) = self.background else { return 0 };
        let below = u128::from(count) * bid.min(highest) / highest;
        count - u64::try_from(below).unwrap_or(count)
    }
}

impl<J> Mempool<J> {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let base_fee = scenario.fees.as_ref().map_or(0, |fees| micros(fees.base_fee_usd));
        Self { orders: Vec::new(), base_fee }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.orders.is_empty()
    }

    /// What waits.
    pub(super) fn jobs(&self) -> impl Iterator<Item = &J> {
        self.orders.iter().map(|order| &order.job)
    }

    /// The base fee of the next block, in millionths of a dollar.
    pub(super) const fn base_fee(&self) -> u128 {
        self.base_fee
    }

    pub(super) fn push(&mut self, order: Order<J>) {
        self.orders.push(order);
    }

    /// Fills a block: what gets in, with the highest bid first, and how many more would have fit.
    /// What was given up counts as not executed; what waits raises its bid.
    pub(super) fn fill(
        &mut self,
        block: Block,
        step: usize,
        counts: &mut Transactions,
    ) -> (Vec<Order<J>>, u64) {
        let before = self.orders.len();
        self.orders.retain(|order| step < order.expires);
        let dropped = (before - self.orders.len()) as u64;
        (counts.submitted, counts.rejected) =
            (counts.submitted + dropped, counts.rejected + dropped);

        let (mut ready, mut waiting): (Vec<_>, Vec<_>) =
            self.orders.drain(..).partition(|order| order.ready <= step);
        // Stable, so that of two equal bids the older one gets in.
        ready.sort_by_key(|order| std::cmp::Reverse(order.bid));
        let mut taken: u64 = 0;
        let mut included = Vec::new();
        for order in ready {
            let fits = taken + block.above(order.bid) < block.capacity;
            if fits && order.bid >= self.base_fee {
                taken += 1;
                included.push(order);
            } else {
                waiting.push(order.raised());
            }
        }
        self.orders = waiting;
        let used = (taken + block.above(self.base_fee.saturating_sub(1))).min(block.capacity);
        self.move_base_fee(block, used);
        (included, block.capacity - used.max(taken))
    }

    /// A block that nothing waits for.
    pub(super) fn pass(&mut self, block: Block) {
        let used = block.above(self.base_fee.saturating_sub(1)).min(block.capacity);
        self.move_base_fee(block, used);
    }

    fn move_base_fee(&mut self, block: Block, used: u64) {
        if block.background.is_none() {
            return;
        }
        let (used, target) = (u128::from(used), u128::from(block.capacity / 2).max(1));
        let step = self.base_fee * used.abs_diff(target) / target / BASE_FEE_CHANGE_DENOMINATOR;
        let moved = if used > target { self.base_fee + step.max(1) } else { self.base_fee - step };
        self.base_fee = moved.max(block.base_fee_min);
    }
}

impl<J> Order<J> {
    fn raised(mut self) -> Self {
        let raised = (self.bid * self.growth_bps / BPS_PER_ONE).min(self.bid_max);
        self.bid = self.bid.max(raised);
        self
    }
}

/// Growth of a bid by strategy, in basis points of itself.
pub(super) const fn growth_bps(gas: Gas, escalation_bps: u32) -> u128 {
    match gas {
        Gas::Fixed => BPS_PER_ONE,
        Gas::Escalate => escalation_bps as u128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(bids: &[u128]) -> Mempool<usize> {
        let order = |(job, bid): (usize, &u128)| Order {
            bid: *bid,
            bid_max: 1_000,
            growth_bps: 20_000,
            ready: 0,
            expires: 2,
            job,
        };
        Mempool { orders: bids.iter().enumerate().map(order).collect(), base_fee: 100 }
    }

    fn jobs(included: &[Order<usize>]) -> Vec<usize> {
        included.iter().map(|order| order.job).collect()
    }

    #[test]
    fn the_highest_bids_get_in_and_the_others_raise_theirs() {
        let (mut pool, mut counts) = (pool(&[150, 90, 300, 200]), Transactions::default());
        let (included, left) = pool.fill(Block::free(2), 0, &mut counts);
        assert_eq!((jobs(&included), left), (vec![2, 3], 0));
        let (included, left) = pool.fill(Block::free(3), 1, &mut counts);
        assert_eq!((jobs(&included), left), (vec![0, 1], 1));
        assert_eq!(included[0].bid, 300);
    }

    #[test]
    fn what_is_never_included_is_given_up_and_counted() {
        let (mut pool, mut counts) = (pool(&[1, 1]), Transactions::default());
        pool.orders[1].growth_bps = 10_000;
        assert!(pool.fill(Block::free(9), 0, &mut counts).0.is_empty());
        assert_eq!(jobs(&pool.fill(Block::free(9), 2, &mut counts).0), [0_usize; 0]);
        assert_eq!((counts.submitted, counts.rejected, pool.is_empty()), (2, 2, true));
    }

    #[test]
    fn full_blocks_raise_the_base_fee_by_an_eighth_and_empty_ones_lower_it() {
        let full = Block { capacity: 10, background: Some((20, 1_000_000)), base_fee_min: 10 };
        let mut pool = Mempool::<()> { orders: Vec::new(), base_fee: 800 };
        pool.pass(full);
        assert_eq!(pool.base_fee(), 900);
        pool.pass(Block { background: Some((0, 1)), ..full });
        assert_eq!(pool.base_fee(), 788);
        (0..99).for_each(|_| pool.pass(Block { background: Some((0, 1)), ..full }));
        assert!(pool.base_fee() < 20);
    }

    #[test]
    fn others_who_bid_more_leave_less_room() {
        let block = Block { capacity: 10, background: Some((20, 1_000)), base_fee_min: 1 };
        // Of 20 bids between 0 and 1,000 there are 10 above 500.
        assert_eq!([0, 500, 1_000, 2_000].map(|bid| block.above(bid)), [20, 10, 0, 0]);
        let (mut pool, mut counts) = (pool(&[500, 501, 600]), Transactions::default());
        let (included, _) = pool.fill(block, 0, &mut counts);
        assert_eq!(jobs(&included), [2]);
    }
}
