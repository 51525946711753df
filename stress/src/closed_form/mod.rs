//! What a liquidation must lose on average, in closed form: the yardsticks of the simulation.
//!
//! Unless a function says otherwise, the price has no drift, a year has 365 days, debt is 1, and
//! a liquidation closes the whole position. Rates, volatilities and delays are per year and in
//! years, shares are fractions of one.

mod delay;
mod dust;
mod heston;
mod incentive;
mod market;
mod monitored;
mod passage;
mod ramp;
mod two_step;

pub use delay::{BadDebt, DelayedPut, Terms, Tranches, capacity_limited, merton, queued};
pub use dust::smallest_debt;
pub use heston::heston;
pub use incentive::{Close, close, critical_ltv, liquidation_buffer, liquidation_incentive_factor};
pub use market::{ConstantProduct, SquareRootImpact};
pub use monitored::{Monitored, monitored};
pub use passage::{DISCRETE_SHIFT, Passage, whole_process, whole_process_discrete};
pub use ramp::{Insolvency, Ramp, Recommendation};
pub use toxic::{Spiral, is_toxic, ltv_after, spiral, terminal_bad_debt, threshold_with_impact};
pub use two_step::{TwoStep, two_step};

mod toxic;
