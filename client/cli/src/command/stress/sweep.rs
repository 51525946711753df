//! `cofferdam stress sweep`.

use cofferdam_stress::{
    campaign::{
        store,
        sweep::{self, Cell, CellFigure, Grid},
    },
    report::{monte_carlo::sweeps, svg::standalone_heat_map},
    scenario::Axis,
};

use super::common::{self, Searched};
use crate::{fault::Fault, options::Output, say::say, sheet::Sheet};

/// Play a grid over any keys of a scenario, with the same draws in every cell.
///
/// Example: cofferdam stress sweep scenarios/slow-bleed.toml --vary
/// "oracle.lag_s=60,600,3600" --vary "assets.ETH.price.volatility=1.0,2.0"
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    searched: Searched,
    /// A key and its values; the first two such axes are the sides of the heat maps [default: the
    /// scenario's section [sweep]].
    #[arg(long, value_name = "KEY=A,B,C")]
    vary: Vec<String>,
    /// Figures to tell, as summary.json names them.
    #[arg(long, value_name = "NAME", default_values = ["bad_debt.mean", "bad_debt.es95"])]
    figure: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Fault> {
    let (subject, floor) = args.searched.open()?;
    let axes: Vec<Axis> = match args.vary.as_slice() {
        [] => subject.scenario().sweep.0.clone(),
        given => given
            .iter()
            .map(|text| Axis::parse(text).map_err(|error| Fault::input(&error)))
            .collect::<Result<_, _>>()?,
    };
    let grid = sweep::sweep(&subject, &axes, &args.figure, &mut |subject| {
        common::probe(&floor, subject, "sweeping")
    })?;
    show(&grid);
    let page = sweeps(subject.scenario(), subject.effective_text(), grid.paths, &grid.maps());
    store::write(&floor.dir.join("sweep.html"), page.as_bytes())?;
    write(&floor.dir, &grid)
}

fn show(grid: &Grid) {
    let row = |cell: &Cell| {
        let figures = cell.figures.iter().map(CellFigure::text);
        cell.values.iter().cloned().chain(figures).collect()
    };
    let rows: Vec<Vec<String>> = grid.cells.iter().map(row).collect();
    let keys = grid.axes.iter().map(|axis| axis.key.as_str());
    let columns: Vec<&str> = keys.chain(grid.figures.iter().map(String::as_str)).collect();
    Sheet::said("money is a share of what is supplied".into())
        .list("cells", &columns, rows)
        .show(Output::Table);
}

fn write(dir: &std::path::Path, grid: &Grid) -> Result<(), Fault> {
    let csv = grid.csv().map_err(|error| Fault::failed(&error))?;
    store::write(&dir.join("sweep.csv"), &csv)?;
    store::write_json(&dir.join("sweep.json"), grid)?;
    let mut files = ["sweep.html", "sweep.csv", "sweep.json"].map(String::from).to_vec();
    for (number, map) in grid.maps().iter().enumerate() {
        let name = format!("sweep-{number}.svg");
        store::write(&dir.join(&name), standalone_heat_map(map).as_bytes())?;
        files.push(name);
    }
    for name in files {
        say(format_args!("wrote {}", dir.join(name).display()));
    }
    Ok(())
}
