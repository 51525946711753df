//! Grids over any keys of a scenario. Every cell has the same seed, and a price is a function of
//! the seed, the path and the asset alone, so cells differ by their keys and not by their luck.

use serde::{Deserialize, Serialize};

use super::{Bounded, CampaignError, Change, Named, Results, Subject, Unit};
use crate::{report::svg::HeatMap, scenario::Axis};

/// The most cells of a grid.
pub const CELLS_MAX: usize = 10_000;

/// A grid that was played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Name of the scenario.
    pub scenario: String,
    /// Paths a cell.
    pub paths: u64,
    /// The axes.
    pub axes: Vec<Axis>,
    /// Names of the figures.
    pub figures: Vec<String>,
    /// The cells: the last axis runs first.
    pub cells: Vec<Cell>,
}

/// One cell of a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The value of each axis.
    pub values: Vec<String>,
    /// Hash of its plan.
    pub plan: String,
    /// Each figure.
    pub figures: Vec<CellFigure>,
}

/// A figure of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CellFigure {
    /// The figure.
    #[serde(flatten)]
    pub figure: Bounded,
    /// The same as people read it: for money a share of what is supplied, from 0 to 1.
    pub shown: f64,
    /// What it counts.
    pub unit: Unit,
}

/// Plays every cell of a grid through `probe`.
///
/// # Errors
/// No axis, more than [`CELLS_MAX`] cells, a cell that the scenario's checks refuse (before any is
/// played), a figure that is none, or what `probe` fails with.
pub fn sweep(
    subject: &Subject,
    axes: &[Axis],
    figures: &[String],
    probe: &mut dyn FnMut(&Subject) -> Result<Results, CampaignError>,
) -> Result<Grid, CampaignError> {
    let cells = combinations(axes)?;
    let change = |values: &Vec<String>| -> Vec<Change> {
        axes.iter().zip(values).map(|(axis, value)| Change::new(&axis.key, value)).collect()
    };
    let subjects: Vec<Subject> =
        cells.iter().map(|values| subject.with(&change(values))).collect::<Result<_, _>>()?;
    let mut grid = Grid {
        scenario: subject.scenario().name.clone(),
        paths: 0,
        axes: axes.to_vec(),
        figures: figures.to_vec(),
        cells: Vec::new(),
    };
    for (values, subject) in cells.into_iter().zip(&subjects) {
        let results = probe(subject)?;
        let read = |name: &String| results.figure(name).map(CellFigure::of);
        let figures = figures.iter().map(read).collect::<Result<_, _>>()?;
        grid.paths = results.paths;
        grid.cells.push(Cell { values, plan: results.plan, figures });
    }
    Ok(grid)
}

fn combinations(axes: &[Axis]) -> Result<Vec<Vec<String>>, CampaignError> {
    let refuse = |reason: String| CampaignError::Refused { what: "sweep".into(), reason };
    if axes.is_empty() {
        let how = "no axis; give --vary KEY=A,B,C or a section [sweep]";
        return Err(refuse(how.into()));
    }
    let sizes = axes.iter().map(|axis| axis.values.len());
    let count = sizes.into_iter().try_fold(1_usize, usize::checked_mul);
    if count.is_none_or(|count| count > CELLS_MAX) {
        return Err(refuse(format!("more than {CELLS_MAX} cells")));
    }
    let mut cells = vec![Vec::new()];
    for axis in axes {
        let longer = |cell: &Vec<String>| -> Vec<Vec<String>> {
            let with = |value: &String| cell.iter().chain([value]).cloned().collect();
            axis.values.iter().map(with).collect()
        };
        cells = cells.iter().flat_map(longer).collect();
    }
    Ok(cells)
}

impl CellFigure {
    fn of(Named { figure, unit, supplied }: Named) -> Self {
        let shown = match unit {
            Unit::Dollars if supplied > 0.0 => figure.value / supplied,
            _ => figure.value,
        };
        Self { figure, shown, unit }
    }

    /// The figure with its unit.
    #[must_use]
    pub fn text(&self) -> String {
        match self.unit {
            Unit::Dollars | Unit::Share => format!("{:.2} %", self.shown * 100.0),
            Unit::Truth => (self.shown != 0.0).to_string(),
            Unit::Count | Unit::Seconds => format!("{:.1}", self.shown),
        }
    }
}

impl Grid {
    /// One line a cell.
    ///
    /// # Errors
    /// None in memory; the writer's type has them.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut head: Vec<String> = self.axes.iter().map(|axis| axis.key.clone()).collect();
        for name in &self.figures {
            head.extend([name.clone(), format!("{name}.low"), format!("{name}.high")]);
        }
        writer.write_record(&head)?;
        for cell in &self.cells {
            let mut line = cell.values.clone();
            for CellFigure { figure, .. } in &cell.figures {
                let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
                line.extend([figure.value.to_string(), end(figure.low), end(figure.high)]);
            }
            writer.write_record(&line)?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }

    /// Heat maps of every figure over the first two axes, one for each combination of the others.
    pub fn maps(&self) -> Vec<HeatMap> {
        let inner = self.axes.iter().take(2).map(|axis| axis.values.len()).product::<usize>();
        let others = self.cells.len() / inner.max(1);
        let figures = 0..self.figures.len();
        figures.flat_map(|figure| (0..others).map(move |other| self.map(figure, other))).collect()
    }

    fn map(&self, figure: usize, other: usize) -> HeatMap {
        let axis = |at: usize| self.axes.get(at);
        let values = |at: usize| axis(at).map_or(vec![String::new()], |axis| axis.values.clone());
        let name = |at: usize| axis(at).map_or(String::new(), |axis| short(&axis.key).to_owned());
        let (rows, columns) = (values(0), values(1));
        let others = self.cells.len() / (rows.len() * columns.len()).max(1);
        let cell = |row: usize, column: usize| {
            let found = &self.cells[(row * columns.len() + column) * others + other];
            let figure = &found.figures[figure];
            (figure.shown, figure.text())
        };
        let cells = (0..rows.len())
            .map(|row| (0..columns.len()).map(|column| cell(row, column)).collect())
            .collect();
        let held: String = self
            .axes
            .iter()
            .zip(&self.cells[other].values)
            .skip(2)
            .map(|(axis, value)| format!(", {} = {value}", short(&axis.key)))
            .collect();
        let title = format!("{}{held}", self.figures[figure]);
        HeatMap { title, rows_name: name(0), rows, columns_name: name(1), columns, cells }
    }
}

/// The last part of a key.
fn short(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
