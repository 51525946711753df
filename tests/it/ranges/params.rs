//! Parameters by their names.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    instruction::PublishPrice,
    math::interest::{CurvePoint, RateCurve},
    state::{FeedConfig, LossPolicy, PoolConfig, RateModel, ReserveConfig},
    units::{Amount, Bps, Price, Value},
};

/// What has named parameters.
pub(super) trait Params: Clone {
    /// The names of all of them.
    const NAMES: &'static [&'static str];

    fn get(&self, name: &str) -> u128;

    /// Sets one; false when its type cannot hold the value.
    fn set(&mut self, name: &str, value: u128) -> bool;
}

/// A parameter as a number; `None` for what its type cannot hold.
trait Number: Sized {
    fn read(&self) -> u128;
    fn write(value: u128) -> Option<Self>;
}

macro_rules! numbers {
    ($($type:ident),*) => { $(
        impl Number for $type {
            fn read(&self) -> u128 {
                self.0.into()
            }

            fn write(value: u128) -> Option<Self> {
                value.try_into().ok().map(Self)
            }
        }
    )* };
}

macro_rules! plain_numbers {
    ($($type:ident),*) => { $(
        impl Number for $type {
            fn read(&self) -> u128 {
                u128::try_from(*self).expect("not negative")
            }

            fn write(value: u128) -> Option<Self> {
                value.try_into().ok()
            }
        }
    )* };
}

numbers!(Amount, Bps, Price, Value);
plain_numbers!(u8, u32, i64);

impl Number for LossPolicy {
    fn read(&self) -> u128 {
        *self as u128
    }

    fn write(value: u128) -> Option<Self> {
        Self::ALL.get(usize::try_from(value).ok()?).copied()
    }
}

impl Number for RateModel {
    fn read(&self) -> u128 {
        *self as u128
    }

    fn write(value: u128) -> Option<Self> {
        [Self::Curve, Self::Adaptive].get(usize::try_from(value).ok()?).copied()
    }
}

/// Names every field, so that a new one does not compile until it has its place here: those that
/// are numbers, and those that are looked at as `other`, by functions of that type.
macro_rules! params {
    ($type:ident { $($field:ident),* } other { $($other:ident),* } [$($name:literal),*]) => {
        impl Params for $type {
            const NAMES: &'static [&'static str] = &[$(stringify!($field),)* $($name),*];

            fn get(&self, name: &str) -> u128 {
                let Self { $($field,)* $($other: _),* } = self;
                match name {
                    $(stringify!($field) => $field.read(),)*
                    _ => self.other(name),
                }
            }

            fn set(&mut self, name: &str, value: u128) -> bool {
                match name {
                    $(stringify!($field) => {
                        Number::write(value).map(|value| self.$field = value).is_some()
                    })*
                    _ => self.set_other(name, value),
                }
            }
        }
    };
}

params!(ReserveConfig {
    collateral_factor, liquidation_threshold, borrow_factor, target_health, full_close_health,
    liquidation_bonus_min, liquidation_bonus_max, insolvent_bonus, liquidation_protocol_fee,
    reserve_factor, insurance_share, supply_cap, borrow_cap, max_utilisation, outflow_hour_max,
    outflow_day_max, max_price_age_s, max_confidence, max_divergence, flash_fee, loss_policy,
    rate_model
} other { curve } [
    "curve.points", "curve.first_utilisation", "curve.last_utilisation", "curve.first_rate",
    "curve.last_rate"
]);
params!(PoolConfig {
    timelock_s, withdrawal_notice_s, grace_s, min_position_value
} other { guardian } []);
params!(FeedConfig {
    quorum, quote_max_age_s, ema_half_life_s
} other { publishers } ["publishers"]);
params!(PublishPrice { price, confidence, observed_at_s } other {} []);
params!(Ramp { ramp_s, liquidation_threshold } other {} []);

/// A liquidation threshold, and within what time it falls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramp {
    pub(super) ramp_s: u32,
    pub(super) liquidation_threshold: Bps,
}

/// Parameters that are more than a number.
trait Other {
    fn other(&self, name: &str) -> u128 {
        panic!("no parameter {name}")
    }

    fn set_other(&mut self, name: &str, _value: u128) -> bool {
        panic!("no parameter {name}")
    }
}

impl Other for PoolConfig {}
impl Other for PublishPrice {}
impl Other for Ramp {}

impl Other for ReserveConfig {
    fn other(&self, name: &str) -> u128 {
        let last = usize::from(self.curve.len) - 1;
        match name {
            "curve.points" => self.curve.len.into(),
            "curve.first_utilisation" => self.curve.points[0].utilisation.read(),
            "curve.last_utilisation" => self.curve.points[last].utilisation.read(),
            "curve.first_rate" => self.curve.points[0].rate.read(),
            "curve.last_rate" => self.curve.points[last].rate.read(),
            _ => panic!("no parameter {name}"),
        }
    }

    fn set_other(&mut self, name: &str, value: u128) -> bool {
        let Ok(small) = u32::try_from(value) else { return false };
        if name == "curve.points" {
            self.curve = straight(small);
            return true;
        }
        // Two points, so that the other point alone stands in the way.
        if self.curve.len != 2 {
            self.curve = straight(2);
        }
        match name {
            "curve.first_utilisation" => self.curve.points[0].utilisation = Bps(small),
            "curve.last_utilisation" => self.curve.points[1].utilisation = Bps(small),
            "curve.first_rate" => self.curve.points[0].rate = Bps(small),
            "curve.last_rate" => self.curve.points[1].rate = Bps(small),
            _ => panic!("no parameter {name}"),
        }
        true
    }
}

/// A curve of so many points, at a rate of 1,000 bps; a ninth has no place and is only counted.
fn straight(count: u32) -> RateCurve {
    let mut curve = RateCurve { len: u8::try_from(count).expect("few"), ..RateCurve::DEFAULT };
    curve.points = Default::default();
    for (slot, place) in curve.points.iter_mut().zip(0..count) {
        let utilisation = Bps(10_000 * place / (count - 1).max(1));
        *slot = CurvePoint { utilisation, rate: Bps(1_000) };
    }
    curve
}

impl Other for FeedConfig {
    fn other(&self, _name: &str) -> u128 {
        self.listed().len() as u128
    }

    /// With the least quorum of them.
    fn set_other(&mut self, _name: &str, value: u128) -> bool {
        let Ok(count) = u8::try_from(value) else { return false };
        if usize::from(count) > self.publishers.len() {
            return false;
        }
        self.publishers = Default::default();
        for (slot, key) in self.publishers.iter_mut().zip(1..=count) {
            *slot = Address::new_from_array([key; 32]);
        }
        self.quorum = (2 * count).div_ceil(3);
        true
    }
}
