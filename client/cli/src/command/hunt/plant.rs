//! The ground of a hunt, and the planted bug that it hunts in a build that has them.

use cofferdam_tests::hunt::Ground;

use crate::fault::Fault;

/// The ground, with a bug in the program from now on.
#[cfg(zoo)]
pub(crate) fn ground(bug: Option<&str>) -> Result<Ground, Fault> {
    use cofferdam_lending_interface::zoo::{self, Bug};

    let named = |name: &str| {
        Bug::named(name)
            .ok_or_else(|| Fault::Input(format!("no bug is called {name}; see docs/ZOO.md")))
    };
    let bug = bug.map(named).transpose()?;
    // The world is built by the sound program each time, so that it is the same world.
    Ok(Ground::wild_by(move |build| {
        zoo::plant(None);
        let world = build();
        zoo::plant(bug);
        world
    }))
}

/// The ground. A build without bugs cannot plant any.
#[cfg(not(zoo))]
pub(crate) fn ground(bug: Option<&str>) -> Result<Ground, Fault> {
    match bug {
        None => Ok(Ground::wild()),
        Some(_) => Err(Fault::Input(
            "this build has no bugs in it; build one that has: RUSTFLAGS=\"--cfg zoo\" cargo build \
             --release --target-dir target/zoo, then run target/zoo/release/cofferdam hunt"
                .to_owned(),
        )),
    }
}
