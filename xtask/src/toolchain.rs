//! What the on-chain build needs besides cargo: a compiler with the core library for the machine,
//! LLVM's tools of the same version, and a linker.
//!
//! All comes from Debian and crates.io, and nothing is installed: packages are unpacked under
//! `target/sbf/toolchain`, so that Debian's compiler does not stand in the way of rustup's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::run::{at, run};

/// The packages. `rustc-web` is the compiler that Debian keeps fresh for browsers; its prebuilt
/// core library for BPF is why no nightly compiler is needed.
const PACKAGES: [&str; 8] = [
    "rustc-web",
    "libstd-rust-web-1.96",
    "libstd-rust-web-dev",
    "libstd-rust-web-dev-bpf",
    "llvm-22",
    "llvm-22-linker-tools",
    "lld-22",
    "libllvm22",
];

/// The linker, which is built against the LLVM of [`PACKAGES`] instead of the next one.
const LINKER: &str = "0.2.6";

/// Where the tools are.
pub(crate) struct Toolchain {
    folder: PathBuf,
}

impl Toolchain {
    /// Fetches what is missing.
    ///
    /// # Errors
    /// What could not be had, and from where.
    pub(crate) fn ready(folder: PathBuf) -> Result<Self, String> {
        let toolchain = Self { folder };
        toolchain.unpack_packages()?;
        toolchain.build_linker()?;
        Ok(toolchain)
    }

    /// The compiler.
    pub(crate) fn rustc(&self) -> PathBuf {
        self.folder.join("rustc")
    }

    /// One of LLVM's tools.
    pub(crate) fn llvm(&self, tool: &str) -> Command {
        self.with_libraries(&self.root().join("usr/lib/llvm-22/bin").join(tool))
    }

    /// The linker.
    pub(crate) fn linker(&self) -> Command {
        self.with_libraries(&self.folder.join("bin/sbpf-linker"))
    }

    fn with_libraries(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("LD_LIBRARY_PATH", self.libraries());
        command
    }

    fn root(&self) -> PathBuf {
        self.folder.join("root")
    }

    fn libraries(&self) -> PathBuf {
        self.root().join("usr/lib/x86_64-linux-gnu")
    }

    /// Unpacks to a folder of its own first: a half-unpacked one must not look finished.
    fn unpack_packages(&self) -> Result<(), String> {
        let (root, partial) = (self.root(), self.folder.join("partial"));
        if root.exists() {
            return Ok(());
        }
        let _ = fs::remove_dir_all(&partial);
        fs::create_dir_all(&partial).map_err(at(&partial))?;
        let fetched =
            run(Command::new("apt-get").arg("download").args(PACKAGES).current_dir(&partial));
        fetched.map_err(|error| {
            format!(
                "{error}\nThe packages {PACKAGES:?} are Debian's: on Debian 12 or later run \
                 `apt-get update` first; elsewhere unpack them by hand into {}",
                root.display()
            )
        })?;
        let unpacked = partial.join("root");
        for entry in fs::read_dir(&partial).map_err(at(&partial))? {
            let package = entry.map_err(at(&partial))?.path();
            if package.extension().is_some_and(|extension| extension == "deb") {
                run(Command::new("dpkg").arg("-x").args([&package, &unpacked]))?;
            }
        }
        self.write_compiler()?;
        fs::rename(&unpacked, &root).map_err(at(&root))?;
        fs::remove_dir_all(&partial).map_err(at(&partial))
    }

    /// The compiler needs to be told where its own libraries are.
    fn write_compiler(&self) -> Result<(), String> {
        use std::os::unix::fs::PermissionsExt as _;

        let (path, root) = (self.rustc(), self.root());
        let script = format!(
            "#!/bin/sh\nLD_LIBRARY_PATH={} exec {}/usr/bin/rustc \"$@\"\n",
            self.libraries().display(),
            root.display(),
        );
        fs::write(&path, script).map_err(at(&path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(at(&path))
    }

    /// The published linker asks for an LLVM that Debian does not have yet, by one word of its
    /// manifest.
    fn build_linker(&self) -> Result<(), String> {
        if self.folder.join("bin/sbpf-linker").exists() {
            return Ok(());
        }
        let (fetch, sources) = (self.folder.join("fetch"), self.folder.join("sources"));
        fs::create_dir_all(fetch.join("src")).map_err(at(&fetch))?;
        let manifest = format!(
            "[package]\nname = \"fetch\"\nedition = \"2024\"\n\n[dependencies]\n\
             sbpf-linker = \"={LINKER}\"\n\n[workspace]\n"
        );
        fs::write(fetch.join("Cargo.toml"), manifest).map_err(at(&fetch))?;
        fs::write(fetch.join("src/lib.rs"), "").map_err(at(&fetch))?;
        run(Command::new(env!("CARGO"))
            .args(["vendor", "--versioned-dirs", "--quiet"])
            .arg(&sources)
            .current_dir(&fetch))?;
        let linker = sources.join(format!("sbpf-linker-{LINKER}"));
        let manifest = linker.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).map_err(at(&manifest))?;
        // And it is no member of this workspace, in whose folder it lies.
        let text = text.replace("bpf-linker/llvm-23", "bpf-linker/llvm-22") + "\n[workspace]\n";
        fs::write(&manifest, text).map_err(at(&manifest))?;
        // It would ask rustup for a nightly compiler.
        let _ = fs::remove_file(linker.join("rust-toolchain.toml"));
        let mut install = Command::new(env!("CARGO"));
        install.args(["install", "--quiet", "--path"]).arg(&linker).arg("--root").arg(&self.folder);
        run(install.env("CARGO_TARGET_DIR", self.folder.join("build")))?;
        fs::remove_dir_all(self.folder.join("build")).map_err(at(&self.folder))
    }
}
