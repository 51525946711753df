//! What the hunt prints is what compiles here: these files are its words, to the byte, and rustfmt
//! leaves them alone.

use std::{env, fs, path::PathBuf};

use cofferdam_lending_interface::{state::ReserveConfig, units::Bps};
use cofferdam_tests::{
    action::Record,
    hunt::{Ground, Rng, Tale, code},
    invariant::{Check, Invariant},
    target::{Input, Target},
    world::{Asset, Options, PoolId, World, base_config},
};

/// Records of a path with every form that an instruction is printed in: by a builder, and account
/// by account.
const LENGTH: usize = 24;
/// Records of a path that is there for what stands around it.
const SHORT: usize = 3;

/// Parameters of somebody's own.
pub(crate) fn tight(options: &Options) -> World {
    let tight = ReserveConfig { liquidation_threshold: Bps(9_000), ..base_config() };
    let configs = [((PoolId::Harbour, Asset::Weth), tight)].into();
    World::lively(&Options { configs, ..options.clone() })
}

/// An invariant of somebody's own.
pub(crate) const OWN: &[Invariant] = &[Invariant {
    id: "OWN-1",
    sentence: "There are at most a thousand pools.",
    formula: "pools ≤ 1000",
    tolerance: "none",
    source: "nobody",
    test: "found::printed",
    check: Check::Always(|step| {
        let pools = step.after.pools.len();
        if pools <= 1_000 { Ok(()) } else { Err(format!("there are {pools} pools")) }
    }),
}];

fn path(length: usize) -> Vec<Record> {
    let mut rng = Rng::new(9);
    (0..length).map(|_| Record(rng.bytes())).collect()
}

/// Compares, or writes when `COFFERDAM_WRITE_PRINTED` is set.
fn is_printed(name: &str, file: &str, text: &str) {
    if env::var_os("COFFERDAM_WRITE_PRINTED").is_some() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/found").join(name);
        fs::write(path, text).expect("it can be written");
        return;
    }
    assert!(
        file == text,
        "it/found/{name} is not what is printed; COFFERDAM_WRITE_PRINTED=1 writes it"
    );
}

fn printed(ground: &Ground, name: &str, length: usize) -> String {
    let tale = Tale::of(ground, &path(length), false);
    code::test(ground, &tale, name, "A path, as `cofferdam hunt show --as code` prints it.")
}

#[test]
fn the_hunt_s_own_world() {
    let text = printed(&Ground::wild(), "printed_wild", LENGTH);
    assert!(text.contains("Instruction {") && text.contains("build::"), "{text}");
    is_printed("printed_wild.rs", include_str!("printed_wild.rs"), &text);
}

#[test]
fn a_world_and_an_invariant_of_one_s_own() {
    let ground = Ground::of(tight).built_by("crate::found::printed::tight(options)");
    let ground = ground.holding(OWN, "crate::found::printed::OWN");
    let text = printed(&ground, "printed_tight", SHORT);
    is_printed("printed_tight.rs", include_str!("printed_tight.rs"), &text);
}

/// A gap stays where nobody said how to build the world: it compiles, and says what it lacks.
#[test]
fn a_world_that_nobody_named() {
    let text = printed(&Ground::of(tight), "printed_gap", SHORT);
    let text = text.replace("#[test]\n", "#[test]\n#[should_panic(expected = \"Ground::of\")]\n");
    is_printed("printed_gap.rs", include_str!("printed_gap.rs"), &text);
}

#[test]
fn what_a_target_was_given() {
    let input = Input { target: Target::TxMutate, head: vec![3, 7], records: path(SHORT) };
    let text = code::test_of_target(&input, "printed_target", "What a target was given.");
    is_printed("printed_target.rs", include_str!("printed_target.rs"), &text);
}
