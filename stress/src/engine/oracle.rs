//! The publisher: reports each price late, when it has moved enough or time is up.

use std::collections::BTreeMap;

use super::{play::Paths, run::RunError, stage::Stage};
use crate::{prices::MicroUsd, scenario::Oracle};

const BPS_PER_ONE: u128 = 10_000;

/// What the chain was last told, by asset.
#[derive(Clone, Debug)]
pub(super) struct Publisher {
    oracle: Oracle,
    last: BTreeMap<String, Publication>,
}

#[derive(Clone, Copy, Debug)]
struct Publication {
    price: MicroUsd,
    at_s: i64,
}

impl Publisher {
    pub(super) const fn new(oracle: Oracle) -> Self {
        Self { oracle, last: BTreeMap::new() }
    }

    /// Publishes what is due now. A price `lag_s` old is published with the time at which it was
    /// observed, so the program sees how old it is.
    pub(super) fn step(&mut self, stage: &mut Stage, paths: &Paths) -> Result<(), RunError> {
        let now_s = stage.desk.now_s();
        let observed_at_s = now_s - i64::from(self.oracle.lag_s);
        for (symbol, path) in paths {
            let price = path.at(observed_at_s);
            if self.is_due(symbol, price, now_s) {
                stage.publish(symbol, price, observed_at_s)?;
                self.last.insert(symbol.clone(), Publication { price, at_s: now_s });
            }
        }
        Ok(())
    }

    /// The price the chain knows.
    pub(super) fn price(&self, symbol: &str) -> Option<MicroUsd> {
        self.last.get(symbol).map(|last| last.price)
    }

    fn is_due(&self, symbol: &str, price: MicroUsd, now_s: i64) -> bool {
        let Some(last) = self.last.get(symbol) else { return true };
        let moved = u128::from(last.price.0.abs_diff(price.0)) * BPS_PER_ONE;
        let enough = u128::from(last.price.0) * u128::from(self.oracle.deviation_bps);
        let waited_s = now_s - last.at_s;
        waited_s >= i64::from(self.oracle.heartbeat_s) || (moved > 0 && moved >= enough)
    }
}
