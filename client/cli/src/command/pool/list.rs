use cofferdam_sdk::listing::text;

use crate::{desk::Desk, fault::Fault, options::At};

/// List all pools.
///
/// Example: cofferdam pool list
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let mut rows = Vec::new();
    for (address, pool) in desk.pools() {
        let (address, admin) = (address.to_string(), pool.admin.to_string());
        rows.push(vec![text(&pool.name), pool.reserves().len().to_string(), address, admin]);
    }
    desk.list("pools", &["name", "reserves", "address", "admin"], rows);
    Ok(())
}
