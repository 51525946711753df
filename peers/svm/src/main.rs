//! `peers-svm FLOWS ELF [--quick]`: one sample of every row, by LiteSVM and Mollusk.

mod lite;
mod mollusk;

use std::{path::Path, process::ExitCode};

use peers_common::{Export, Row};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [flows, elf, ..] = arguments.as_slice() else {
        eprintln!("peers-svm FLOWS ELF");
        return ExitCode::from(2);
    };
    match sample(Path::new(flows), Path::new(elf)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peers-svm: {error}");
            ExitCode::FAILURE
        }
    }
}

fn sample(flows: &Path, elf: &Path) -> Result<(), String> {
    let export = Export::read(flows).map_err(|error| format!("{}: {error}", flows.display()))?;
    let bytes = std::fs::read(elf)
        .map_err(|error| format!("{}: {error}; `cargo xtask sbf` builds it", elf.display()))?;
    for flow in &export.flows {
        let is_transfer = flow.name.ends_with("transfer");
        let base = lite::machine(&export.program, &bytes)?;
        let unsigned = lite::spent(base.clone().with_sigverify(false), flow)?;
        Row::print(&flow.name, "litesvm", flow.operations, unsigned);
        if is_transfer {
            let name = format!("{}, signed", flow.name);
            let signed = lite::spent(base, flow)?;
            Row::print(&name, "litesvm", flow.operations, signed);
            Row::print(&flow.name, "mollusk", flow.operations, mollusk::spent(flow)?);
        }
    }
    Ok(())
}
