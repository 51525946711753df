//! Heat maps: a figure over two parameters.

use super::{Chart, NARROW, Range, Size, WIDE, escape, push};

/// A figure over two parameters, one cell for each pair.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// What the figure is.
    pub title: String,
    /// Name of the parameter that goes down.
    pub rows_name: String,
    /// Its values.
    pub rows: Vec<String>,
    /// Name of the parameter that goes across.
    pub columns_name: String,
    /// Its values.
    pub columns: Vec<String>,
    /// The figure of each row and column, with the text that shows it.
    pub cells: Vec<Vec<(f64, String)>>,
}

/// Shades from nothing to the most.
const SHADES: u8 = 7;
/// Measures in pixels: height of a cell, room for the names at the left and at the top.
const CELL: i128 = 40;
const NAMES: i128 = 76;
const HEAD: i128 = 44;
/// Most pixels a cell is wide.
const BROAD: i128 = 130;

/// The colours of a heat map: the same on a light page and on a dark one, for each has its ink.
pub(in crate::report) const STYLE: &str = include_str!("heat.css");

impl HeatMap {
    /// The map, drawn wide and narrow.
    #[must_use]
    pub fn draw(&self) -> String {
        self.sized(WIDE) + &self.sized(NARROW)
    }

    /// The map in one size. Cells share the width, so a map of many columns is for a desk.
    #[must_use]
    pub fn sized(&self, size: Size) -> String {
        let columns = signed(self.columns.len()).max(1);
        let broad = ((size.width - NAMES) / columns).min(BROAD);
        let height = HEAD + CELL * signed(self.rows.len()) + 8;
        let size = Size { height, ..size };
        let mut chart = Chart::new(&self.title, size, Range::of([0, 1]), Range::of([0, 1]));
        self.head(&mut chart, broad);
        let most = self.most();
        for ((name, cells), row) in self.rows.iter().zip(&self.cells).zip(0..) {
            let top = HEAD + CELL * row;
            chart.text("end", ((NAMES - 8) * 10, (top + CELL / 2 + 4) * 10), name);
            for ((value, text), column) in cells.iter().zip(0..) {
                let left = NAMES + broad * column;
                cell(&mut chart, shade(*value, most), (left, top), broad, text);
            }
        }
        chart.finish()
    }

    /// Names of the parameters and of the columns.
    fn head(&self, chart: &mut Chart, broad: i128) {
        let names = format!("{} down, {} across", self.rows_name, self.columns_name);
        chart.text("start", (0, 140), &names);
        for (name, column) in self.columns.iter().zip(0..) {
            let middle = NAMES + broad * column + broad / 2;
            chart.text("middle", (middle * 10, (HEAD - 8) * 10), name);
        }
    }

    fn most(&self) -> f64 {
        self.cells.iter().flatten().map(|(value, _)| *value).fold(0.0, f64::max)
    }
}

/// A heat map as a file of its own, with its colours in it.
#[must_use]
pub fn standalone_heat_map(map: &HeatMap) -> String {
    let width = (NAMES + BROAD * signed(map.columns.len())).clamp(WIDE.width / 2, WIDE.width);
    let drawn = map.sized(Size { class: "map", width, ..WIDE });
    let open = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" ");
    let styled = format!("</title><style>svg {{ background: #ffffff; }}\n{STYLE}</style>");
    drawn.replacen("<svg ", &open, 1).replacen("</title>", &styled, 1) + "\n"
}

fn cell(chart: &mut Chart, shade: u8, (left, top): (i128, i128), broad: i128, text: &str) {
    let (middle, line) = (left + broad / 2, top + CELL / 2 + 4);
    let (width, height, text) = (broad - 2, CELL - 2, escape(text));
    push(
        &mut chart.body,
        format_args!(
            "<g class=\"heat-{shade}\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" \
             height=\"{height}\"/><text x=\"{middle}\" y=\"{line}\" text-anchor=\"middle\">{text}\
             </text></g>"
        ),
    );
}

/// The shade of a value: none for nothing, the last for the most.
fn shade(value: f64, most: f64) -> u8 {
    let bounds = (0..SHADES - 1).map(|step| most * f64::from(step) / f64::from(SHADES - 1));
    let passed = bounds.filter(|bound| value > *bound).count();
    u8::try_from(passed).unwrap_or(SHADES - 1)
}

fn signed(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_shade_and_the_most_has_the_last() {
        assert_eq!((shade(0.0, 10.0), shade(10.0, 10.0), shade(0.0, 0.0)), (0, 6, 0));
        assert_eq!((shade(0.1, 10.0), shade(5.1, 10.0)), (1, 4));
    }

    #[test]
    fn a_map_has_a_cell_for_each_pair_and_stands_alone() {
        let map = HeatMap {
            title: "Bad debt".into(),
            rows_name: "a<b".into(),
            rows: vec!["1".into(), "2".into()],
            columns_name: "y".into(),
            columns: vec!["3".into(), "4".into(), "5".into()],
            cells: vec![vec![(0.0, "0".into()); 3], vec![(1.0, "1".into()); 3]],
        };
        let file = standalone_heat_map(&map);
        assert_eq!((file.matches("heat-0\"").count(), file.matches("heat-6\"").count()), (3, 3));
        assert!(file.starts_with("<svg xmlns=") && file.contains("a&lt;b down, y across"));
    }
}
