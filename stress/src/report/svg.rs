//! A small chart kit: integer scales, axes and paths. Colours are the page's style classes, so a
//! chart follows its light and dark theme.
//!
//! Coordinates are tenths of a pixel, which keeps every chart the same on every machine.

use std::fmt::Write as _;

mod heat;
mod shapes;

pub(super) use heat::STYLE as HEAT_STYLE;
pub use heat::{HeatMap, standalone_heat_map};
pub use shapes::{Ribbon, rows};

/// Escapes text for HTML and for attribute values in double quotes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The outer measures of a chart, in pixels, and how many labels fit on its axes.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Style class: a page shows one size or the other.
    pub class: &'static str,
    /// In pixels.
    pub width: i128,
    /// In pixels.
    pub height: i128,
    /// Most labels on the axis of places.
    pub labels_x: i128,
    /// Most labels on the axis of values.
    pub labels_y: i128,
}

/// For a desk.
pub const WIDE: Size = Size { class: "wide", width: 1040, height: 340, labels_x: 9, labels_y: 6 };
/// For a phone: drawn anew rather than scaled down, so that its text can be read.
pub const NARROW: Size =
    Size { class: "narrow", width: 360, height: 280, labels_x: 4, labels_y: 5 };

/// Values from `low` to `high` along an axis; never empty.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    low: i128,
    high: i128,
}

/// A chart under construction.
#[derive(Debug)]
pub struct Chart {
    size: Size,
    x: Range,
    y: Range,
    body: String,
    title: String,
}

const LEFT: i128 = 58;
const RIGHT: i128 = 12;
const TOP: i128 = 12;
const BOTTOM: i128 = 26;

impl Range {
    /// From the least value to the greatest, widened to one unit when they are the same.
    pub fn of(values: impl IntoIterator<Item = i128>) -> Self {
        let (mut low, mut high) = (i128::MAX, i128::MIN);
        for value in values {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high { Self { low: 0, high: 1 } } else { Self { low, high: high.max(low + 1) } }
    }

    /// The same range reaching down to zero and up to a round number.
    #[must_use]
    pub fn up_from_zero(self, labels: i128) -> Self {
        let step = tick_step(self.high.max(1), labels);
        Self { low: 0, high: (self.high + step - 1) / step * step }
    }

    /// The same range widened to round numbers on both sides.
    #[must_use]
    pub fn rounded(self, labels: i128) -> Self {
        let step = tick_step(self.high - self.low, labels);
        let low = self.low.div_euclid(step) * step;
        Self { low, high: (self.high + step - 1).div_euclid(step) * step }
    }

    fn ticks(self, step: i128) -> impl Iterator<Item = i128> {
        let first = (self.low + step - 1).div_euclid(step) * step;
        (0..).map(move |n| first + n * step).take_while(move |tick| *tick <= self.high)
    }

    /// Where `value` lies on `length`, held within it.
    fn place(self, value: i128, length: i128) -> i128 {
        (value.clamp(self.low, self.high) - self.low) * length / (self.high - self.low)
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that cuts `span` into at most `labels` parts.
pub(super) fn tick_step(span: i128, labels: i128) -> i128 {
    let mut power = 1;
    loop {
        for step in [power, 2 * power, 5 * power] {
            if span <= step * labels {
                return step;
            }
        }
        power *= 10;
    }
}

impl Chart {
    /// An empty chart over these ranges.
    #[must_use]
    pub fn new(title: &str, size: Size, x: Range, y: Range) -> Self {
        Self { size, x, y, body: String::new(), title: title.to_owned() }
    }

    /// Labels of the value axis, with a grid line each.
    pub fn y_axis(&mut self, label: impl Fn(i128) -> String) {
        let step = tick_step(self.y.high - self.y.low, self.size.labels_y);
        for tick in self.y.ticks(step) {
            let y = self.y(tick);
            let (left, right) = (self.x(self.x.low), self.x(self.x.high));
            self.line("grid", (left, y), (right, y));
            self.text("end", (left - 70, y + 42), &label(tick));
        }
    }

    /// Labels of the other axis, every `step`.
    pub fn x_axis(&mut self, step: i128, label: impl Fn(i128) -> String) {
        let first = self.x.ticks(step).next().unwrap_or(self.x.low);
        self.x_axis_from(first, step, label);
    }

    /// Labels of the other axis, every `step` from `first` on.
    pub fn x_axis_from(&mut self, first: i128, step: i128, label: impl Fn(i128) -> String) {
        let y = self.y(self.y.low);
        self.line("axis", (self.x(self.x.low), y), (self.x(self.x.high), y));
        let ticks = (0..).map(|n| first + n * step).take_while(|tick| *tick <= self.x.high);
        for tick in ticks.collect::<Vec<_>>() {
            let x = self.x(tick);
            self.line("axis", (x, y), (x, y + 40));
            self.text("middle", (x, y + 180), &label(tick));
        }
    }

    /// A band over the whole height, from one place of the axis to another.
    pub fn band(&mut self, class: &str, from: i128, until: i128) {
        let (top, bottom) = (self.y(self.y.high), self.y(self.y.low));
        let (left, right) = (self.x(from), self.x(until));
        if right > left {
            self.rect(class, (left, top), (right, bottom));
        }
    }

    /// A bar between two corners, in values.
    pub fn bar(&mut self, class: &str, from: (i128, i128), to: (i128, i128)) {
        let (left, right) = (self.x(from.0), self.x(to.0));
        let (top, bottom) = (self.y(from.1.max(to.1)), self.y(from.1.min(to.1)));
        if bottom > top {
            self.rect(class, (left, top), (right, bottom));
        }
    }

    /// An upright line at a place of the axis.
    pub fn mark(&mut self, class: &str, at: i128) {
        let x = self.x(at);
        self.line(class, (x, self.y(self.y.high)), (x, self.y(self.y.low)));
    }

    /// A line through points, each value holding until the next point.
    pub fn steps(&mut self, class: &str, points: &[(i128, i128)]) {
        let path = self.step_path(points);
        self.push_path(class, &path);
    }

    /// The area between two step lines over the same places.
    pub fn area(&mut self, class: &str, upper: &[(i128, i128)], lower: &[(i128, i128)]) {
        let mut path = self.step_path(upper);
        let mut back = self.corners(lower);
        back.reverse();
        for (x, y) in back {
            write_point(&mut path, 'L', (x, y));
        }
        path.push('Z');
        self.push_path(class, &path);
    }

    /// The chart as an SVG element.
    #[must_use]
    pub fn finish(self) -> String {
        let Size { class, width, height, .. } = self.size;
        let title = escape(&self.title);
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-label=\"{title}\"><title>{title}</title>{}</svg>",
            self.body
        )
    }

    fn x(&self, value: i128) -> i128 {
        LEFT * 10 + self.x.place(value, (self.size.width - LEFT - RIGHT) * 10)
    }

    fn y(&self, value: i128) -> i128 {
        let height = (self.size.height - TOP - BOTTOM) * 10;
        TOP * 10 + height - self.y.place(value, height)
    }

    /// The corners of a step line: each value reaches to the next point's place.
    fn corners(&self, points: &[(i128, i128)]) -> Vec<(i128, i128)> {
        let mut corners = Vec::with_capacity(points.len() * 2);
        let mut before = None;
        for (x, y) in points.iter().map(|(x, y)| (self.x(*x), self.y(*y))) {
            if let Some(held) = before.filter(|held| *held != y) {
                corners.push((x, held));
            }
            if before != Some(y) {
                corners.push((x, y));
            }
            before = Some(y);
        }
        if let (Some((x, _)), Some(y)) = (points.last(), before) {
            corners.push((self.x(*x), y));
        }
        corners
    }

    fn step_path(&self, points: &[(i128, i128)]) -> String {
        let mut path = String::new();
        for (index, corner) in self.corners(points).into_iter().enumerate() {
            write_point(&mut path, if index == 0 { 'M' } else { 'L' }, corner);
        }
        path
    }

    fn push_path(&mut self, class: &str, path: &str) {
        push(&mut self.body, format_args!("<path class=\"{class}\" d=\"{path}\"/>"));
    }

    fn line(&mut self, class: &str, from: (i128, i128), to: (i128, i128)) {
        let mut path = String::new();
        write_point(&mut path, 'M', from);
        write_point(&mut path, 'L', to);
        self.push_path(class, &path);
    }

    fn rect(&mut self, class: &str, (left, top): (i128, i128), (right, bottom): (i128, i128)) {
        let (x, y) = (Tenths(left), Tenths(top));
        let (width, height) = (Tenths(right - left), Tenths(bottom - top));
        let rect = format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        );
        push(&mut self.body, rect);
    }

    fn text(&mut self, anchor: &str, (x, y): (i128, i128), text: &str) {
        let (x, y, text) = (Tenths(x), Tenths(y), escape(text));
        let label =
            format_args!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>");
        push(&mut self.body, label);
    }
}

/// A length in tenths of a pixel; none is negative.
struct Tenths(i128);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}", self.0 / 10),
            tenth => write!(f, "{}.{tenth}", self.0 / 10),
        }
    }
}

fn write_point(path: &mut String, command: char, (x, y): (i128, i128)) {
    push(path, format_args!("{command}{} {}", Tenths(x), Tenths(y)));
}

fn push(text: &mut String, piece: std::fmt::Arguments<'_>) {
    text.write_fmt(piece).expect("a string takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(tick_step(100, 5), 20);
        assert_eq!(tick_step(101, 5), 50);
        assert_eq!(tick_step(1, 5), 1);
        let range = Range::of([87, 203]).rounded(6);
        assert_eq!((range.low, range.high), (80, 220));
        assert_eq!(range.ticks(20).count(), 8);
    }

    #[test]
    fn an_empty_or_flat_range_can_be_drawn() {
        assert_eq!(Range::of([]).place(0, 10), 0);
        assert_eq!(Range::of([5, 5]).place(5, 10), 0);
    }

    #[test]
    fn a_step_line_holds_each_value_until_the_next() {
        let size = Size { class: "c", width: 80, height: 48, labels_x: 2, labels_y: 2 };
        let range = Range::of([0, 10]);
        let mut chart = Chart::new("t", size, range, range);
        chart.steps("s", &[(0, 0), (5, 10), (10, 10)]);
        assert!(chart.finish().contains("d=\"M58 22L63 22L63 12L68 12\""));
    }
}
