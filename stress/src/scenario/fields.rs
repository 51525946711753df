//! The keys of a price, of whatever kind: taken one by one, and none may be left.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::price::{Day, Kind, PriceSourceError, Shape, price};
use super::process::ProcessKind;
use crate::prices::{MicroUsd, Point};

/// One flat table, because a tagged enum loses the path to a wrong key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    kind: Option<Kind>,
    process: Option<ProcessKind>,
    value: Option<Decimal>,
    days: Option<Vec<Day>>,
    points: Option<Vec<PointFields>>,
    file: Option<String>,
    block_s: Option<u32>,
    opening: Option<Decimal>,
    drift_per_year: Option<Decimal>,
    volatility: Option<Decimal>,
    jumps_per_year: Option<Decimal>,
    jump_mean: Option<Decimal>,
    jump_deviation: Option<Decimal>,
    up_probability: Option<Decimal>,
    up_mean: Option<Decimal>,
    down_mean: Option<Decimal>,
    long_volatility: Option<Decimal>,
    reversion_per_year: Option<Decimal>,
    vol_of_variance: Option<Decimal>,
    correlation: Option<Decimal>,
    peg: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PointFields {
    after_s: u32,
    value: Decimal,
}

impl Fields {
    /// Which prices the keys describe.
    pub(super) fn shape(&self) -> Result<Shape, PriceSourceError> {
        match (self.kind, self.process) {
            (Some(kind), None) => Ok(Shape::Kind(kind)),
            (None, Some(process)) => Ok(Shape::Process(process)),
            (None, None) => Err(PriceSourceError::NoShape),
            (Some(_), Some(_)) => Err(PriceSourceError::TwoShapes),
        }
    }

    /// Takes a number that may be missing.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<Decimal> {
        self.numbers().remove(key).and_then(Option::take)
    }

    pub(super) fn number(&mut self, key: &'static str) -> Result<Decimal, PriceSourceError> {
        self.optional(key).ok_or_else(|| self.missing(key))
    }

    pub(super) fn real(&mut self, key: &'static str) -> Result<f64, PriceSourceError> {
        self.number(key).map(real)
    }

    pub(super) fn price(&mut self, key: &'static str) -> Result<MicroUsd, PriceSourceError> {
        price(key, self.number(key)?)
    }

    pub(super) fn days(&mut self) -> Result<Vec<Day>, PriceSourceError> {
        self.days.take().ok_or_else(|| self.missing("days"))
    }

    pub(super) fn file(&mut self) -> Result<String, PriceSourceError> {
        self.file.take().ok_or_else(|| self.missing("file"))
    }

    pub(super) fn block_s(&mut self) -> Result<u32, PriceSourceError> {
        self.block_s.take().ok_or_else(|| self.missing("block_s"))
    }

    pub(super) fn points(&mut self) -> Result<Vec<Point>, PriceSourceError> {
        let points = self.points.take().ok_or_else(|| self.missing("points"))?;
        let point = |point: PointFields| {
            Ok(Point { after_s: point.after_s, price: price("points", point.value)? })
        };
        points.into_iter().map(point).collect()
    }

    /// Refuses a key that the shape has not taken.
    pub(super) fn done(mut self) -> Result<(), PriceSourceError> {
        let shape = self.shape()?;
        let others = [
            ("days", self.days.is_some()),
            ("points", self.points.is_some()),
            ("file", self.file.is_some()),
            ("block_s", self.block_s.is_some()),
        ];
        let numbers = self.numbers();
        let numbers = numbers.iter().map(|(key, number)| (*key, number.is_some()));
        match others.into_iter().chain(numbers).find(|(_, left)| *left) {
            Some((key, _)) => Err(PriceSourceError::Foreign { shape: shape.to_string(), key }),
            None => Ok(()),
        }
    }

    fn missing(&self, key: &'static str) -> PriceSourceError {
        match self.shape() {
            Ok(shape) => PriceSourceError::Missing { shape: shape.to_string(), key },
            Err(error) => error,
        }
    }

    fn numbers(&mut self) -> BTreeMap<&'static str, &mut Option<Decimal>> {
        BTreeMap::from([
            ("value", &mut self.value),
            ("opening", &mut self.opening),
            ("drift_per_year", &mut self.drift_per_year),
            ("volatility", &mut self.volatility),
            ("jumps_per_year", &mut self.jumps_per_year),
            ("jump_mean", &mut self.jump_mean),
            ("jump_deviation", &mut self.jump_deviation),
            ("up_probability", &mut self.up_probability),
            ("up_mean", &mut self.up_mean),
            ("down_mean", &mut self.down_mean),
            ("long_volatility", &mut self.long_volatility),
            ("reversion_per_year", &mut self.reversion_per_year),
            ("vol_of_variance", &mut self.vol_of_variance),
            ("correlation", &mut self.correlation),
            ("peg", &mut self.peg),
        ])
    }
}

/// The binary number nearest to a decimal one, by way of its text: the same on every machine.
pub(super) fn real(number: Decimal) -> f64 {
    number.to_string().parse().expect("a decimal's text is a number")
}
