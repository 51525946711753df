//! What the charts of many paths need beside step lines: straight lines, ribbons between
//! quantiles, and bars that lie.

use super::{BOTTOM, Chart, RIGHT, Range, Size, TOP, write_point};

/// An area between two lines over the same places.
#[derive(Debug, Clone, Copy)]
pub struct Ribbon<'a> {
    /// The upper line.
    pub upper: &'a [(i128, i128)],
    /// The lower line.
    pub lower: &'a [(i128, i128)],
}

/// Height of a lying bar with its gap, in pixels.
const ROW: i128 = 24;
/// Room for the name of a lying bar, in pixels, and for the figure behind it.
const NAME: i128 = 96;
const FIGURE: i128 = 64;

impl Chart {
    /// Straight lines from point to point.
    pub fn lines(&mut self, class: &str, points: &[(i128, i128)]) {
        let path = self.straight(points.iter().copied());
        self.push_path(class, &path);
    }

    /// The area of a ribbon, its sides straight from point to point.
    pub fn ribbon(&mut self, class: &str, ribbon: Ribbon<'_>) {
        let back = ribbon.lower.iter().rev();
        let mut path = self.straight(ribbon.upper.iter().chain(back).copied());
        path.push('Z');
        self.push_path(class, &path);
    }

    fn straight(&self, points: impl Iterator<Item = (i128, i128)>) -> String {
        let mut path = String::new();
        for (index, (x, y)) in points.enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            write_point(&mut path, command, (self.x(x), self.y(y)));
        }
        path
    }
}

/// Lying bars, one a row: a name, a length in parts of the longest, and a figure.
#[must_use]
pub fn rows(title: &str, size: Size, class: &str, bars: &[(String, u128, String)]) -> String {
    let count = i128::try_from(bars.len()).unwrap_or(0);
    let size = Size { height: TOP + BOTTOM + ROW * count, ..size };
    let mut chart = Chart::new(title, size, Range::of([0, 1]), Range::of([0, 1]));
    let longest = bars.iter().map(|(_, length, _)| *length).max().unwrap_or(0).max(1);
    let width = (size.width - NAME - FIGURE - RIGHT) * 10;
    for ((name, length, figure), row) in bars.iter().zip(0..) {
        let top = (TOP + ROW * row) * 10;
        let right = NAME * 10 + part(*length, longest, width);
        chart.text("end", (NAME * 10 - 80, top + 145), name);
        chart.rect(class, (NAME * 10, top + 20), (right, top + 200));
        chart.text("start", (right + 60, top + 145), figure);
    }
    chart.finish()
}

/// A part of `width`; one pixel at least where there is anything at all.
fn part(length: u128, longest: u128, width: i128) -> i128 {
    // Lengths are counts and micro-dollars: their product with a width in tenths of a pixel fits.
    let whole = u128::try_from(width).unwrap_or(0);
    let tenths = length.checked_mul(whole).map_or(whole, |product| product / longest);
    i128::try_from(tenths).unwrap_or(width).max(if length > 0 { 10 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::super::{NARROW, WIDE};
    use super::*;

    #[test]
    fn a_ribbon_is_closed_and_goes_back_the_way_it_came() {
        let size = Size { class: "c", width: 80, height: 48, labels_x: 2, labels_y: 2 };
        let range = Range::of([0, 10]);
        let mut chart = Chart::new("t", size, range, range);
        chart.ribbon("r", Ribbon { upper: &[(0, 10), (10, 10)], lower: &[(0, 0), (10, 5)] });
        assert!(chart.finish().contains("d=\"M58 12L68 12L68 17L58 22Z\""));
    }

    #[test]
    fn the_longest_bar_fills_the_row_and_a_crumb_can_be_seen() {
        let bars = [("a", 1_000_000), ("b", 1), ("c", 0)];
        let bars = bars.map(|(name, length)| (name.to_owned(), length, length.to_string()));
        let svg = rows("t", WIDE, "bar", &bars);
        assert!(svg.contains("width=\"868\"") && svg.contains("width=\"1\""), "{svg}");
        assert!(rows("t", NARROW, "bar", &bars).contains("width=\"188\""));
    }
}
