//! The lending program for Solana's machine.
//!
//! 1. The compiler makes one unoptimised module of the program and all it uses, and calls its
//!    linker, which is this program: it hands the module back as what was linked.
//! 2. What must stay a function of its own is marked: everything inlined into one function would
//!    need a larger frame, and longer jumps, than the machine has.
//! 3. LLVM optimises, [`rewrite`] takes out what the back end does not know, and the linker makes
//!    the file.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest as _, Sha256};

use crate::{
    rewrite,
    run::{at, run},
    toolchain::Toolchain,
};

/// Set when the compiler calls this program as its linker.
pub(crate) const LINKING: &str = "COFFERDAM_SBF_LINKING";

/// What a module has to offer to the machine, to LLVM and to the rewriter.
const EXPORTS: [&str; 18] = [
    "entrypoint",
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "bcmp",
    "cofferdam_wide_mul",
    "cofferdam_wide_udiv",
    "cofferdam_wide_urem",
    "cofferdam_wide_sdiv",
    "cofferdam_wide_srem",
    "cofferdam_wide_umulo",
    "cofferdam_wide_smulo",
    "cofferdam_wide_shl",
    "cofferdam_wide_lshr",
    "cofferdam_wide_ashr",
    "cofferdam_word_umulo",
    "cofferdam_word_smulo",
];

/// Parts of the names of functions that are not inlined.
const APART: [&str; 4] = ["9processor", "4load", "7reserve7Reserve", "8adaptive"];

/// Fetches what the build needs, where it is missing.
///
/// # Errors
/// What could not be had, and from where.
pub(crate) fn toolchain() -> Result<Toolchain, String> {
    Toolchain::ready(root()?.join("target/sbf/toolchain"))
}

/// Builds the program, prints its size and hash, and gives the hash back.
///
/// # Errors
/// The step that failed.
pub(crate) fn build() -> Result<String, String> {
    let folder = root()?.join("target/sbf");
    let toolchain = toolchain()?;
    let object = compile(&toolchain, &folder)?;
    let file = program(&folder);
    link(&toolchain, &folder, &object, &file)?;
    let bytes = fs::read(&file).map_err(at(&file))?;
    let hash = hex::encode(Sha256::digest(&bytes));
    println!("{}: {} bytes, sha256 {hash}", file.display(), bytes.len());
    Ok(hash)
}

/// Builds the program, and once more from nothing.
///
/// # Errors
/// The step that failed, or two hashes that differ.
pub(crate) fn build_twice() -> Result<(), String> {
    let first = build()?;
    let built = root()?.join("target/sbf/build");
    fs::remove_dir_all(&built).map_err(at(&built))?;
    let second = build()?;
    if first != second {
        return Err(format!("two builds of the same sources differ: {first} and {second}"));
    }
    println!("built twice, the same both times");
    Ok(())
}

/// Runs a verb of the program that has the ledger and LiteSVM side by side, with the ELF.
///
/// # Errors
/// How it ended, when it did not succeed.
pub(crate) fn beside(verb: &str, arguments: &[String]) -> Result<(), String> {
    let root = root()?;
    let file = program(&root.join("target/sbf"));
    if !file.exists() {
        build()?;
    }
    let manifest = root.join("tests/svm/Cargo.toml");
    let mut test = Command::new(env!("CARGO"));
    test.args(["run", "--release", "--quiet", "--manifest-path"]).arg(manifest);
    run(test.arg("--").arg("--elf").arg(file).arg(verb).args(arguments))
}

/// As the compiler's linker: the one module that it hands over is what it gets, so cargo knows when
/// that is out of date.
///
/// # Errors
/// Another number of modules, or a file that cannot be written.
pub(crate) fn hand_back(arguments: &[String]) -> Result<(), String> {
    let mut modules = arguments.iter().filter(|argument| argument.ends_with(".rcgu.o"));
    let (Some(module), None) = (modules.next(), modules.next()) else {
        return Err(format!("one module was expected of the compiler, in {arguments:?}"));
    };
    let output = arguments.iter().skip_while(|argument| *argument != "-o").nth(1);
    let output = output.ok_or("the compiler names no output")?;
    fs::copy(module, output).map_err(at(Path::new(output))).map(|_| ())
}

fn root() -> Result<PathBuf, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_path_buf).ok_or_else(|| "no workspace".into())
}

fn program(folder: &Path) -> PathBuf {
    folder.join("cofferdam_lending.so")
}

/// One module of the program and everything it uses.
fn compile(toolchain: &Toolchain, folder: &Path) -> Result<PathBuf, String> {
    let this = env::current_exe().map_err(|error| error.to_string())?;
    let root = root()?;
    let home = env::var("CARGO_HOME").unwrap_or_else(|_| "/cargo".into());
    let mut rustc = Command::new(env!("CARGO"));
    rustc
        .current_dir(&root)
        .args(["rustc", "--release", "--quiet", "--package", "cofferdam-solana"])
        .args(["--target", "bpfel-unknown-none", "--crate-type", "cdylib", "--", "-C"])
        .args(["no-prepopulate-passes", "-C", "target-cpu=v2"])
        // Where the sources lie must not show in the program.
        .arg(format!("--remap-path-prefix={}=.", root.display()))
        .arg(format!("--remap-path-prefix={home}=cargo"))
        .env("CARGO_TARGET_DIR", folder.join("build"))
        .env("RUSTC", toolchain.rustc())
        .env("CARGO_TARGET_BPFEL_UNKNOWN_NONE_LINKER", this)
        .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
        .env("CARGO_PROFILE_RELEASE_LTO", "fat")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
        .env(LINKING, "1");
    run(&mut rustc)?;
    Ok(folder.join("build/bpfel-unknown-none/release/libcofferdam_solana.so"))
}

fn link(toolchain: &Toolchain, folder: &Path, object: &Path, file: &Path) -> Result<(), String> {
    let [raw, marked, named, ready, bitcode, symbols] =
        ["raw.ll", "marked.ll", "named.ll", "ready.ll", "ready.o", "symbols"]
            .map(|name| folder.join(name));
    run(toolchain.llvm("opt").args(["-strip-debug", "-S", "-o"]).args([&raw, object]))?;
    let text = fs::read_to_string(&raw).map_err(at(&raw))?;
    fs::write(&marked, marked_text(&text)).map_err(at(&marked))?;
    let passes = "-passes=internalize,default<O2>,instnamer";
    let exports = format!("-internalize-public-api-list={}", EXPORTS.join(","));
    run(toolchain.llvm("opt").args([passes, &exports, "-S", "-o"]).args([&named, &marked]))?;
    let text = fs::read_to_string(&named).map_err(at(&named))?;
    let (text, count) = rewrite::module(&text)?;
    println!(
        "{} operations of 128 bits became calls, {} functions take their arguments in memory",
        count.operations, count.functions
    );
    fs::write(&ready, text).map_err(at(&ready))?;
    run(toolchain.llvm("llvm-as").arg("-o").args([&bitcode, &ready]))?;
    fs::write(&symbols, "entrypoint\n").map_err(at(&symbols))?;
    let mut linker = toolchain.linker();
    linker.arg("--export-symbols").arg(&symbols).args(["--cpu", "v2", "-O2", "--arch=v0"]);
    linker.args(["--llvm-args=-bpf-stack-size=4096", "--disable-math-builtins", "-o"]);
    run(linker.arg(file).arg(&bitcode))
}

/// Marks what stays apart, and takes out the attribute that says in which argument a result is
/// returned: the back end refuses it, and without it the argument is a pointer like any other.
fn marked_text(module: &str) -> String {
    let mut text = String::with_capacity(module.len());
    for line in module.lines() {
        let mut line = without_returns(line);
        if line.starts_with("define ") && APART.iter().any(|part| line.contains(part)) {
            line = line.replace(" alwaysinline", "");
            line = line.replacen(" unnamed_addr #", " unnamed_addr noinline #", 1);
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn without_returns(line: &str) -> String {
    let mut line = line.to_owned();
    while let Some(start) = line.find("sret(") {
        let Some(len) = line[start..].find(") ") else { break };
        line.replace_range(start..start + len + 2, "");
    }
    line
}
