//! Builds the functions as they are deployed: as binaries, by cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A function's binary and the package it lies in.
#[derive(Debug, Clone, Copy)]
pub struct Binary {
    pub package: &'static str,
    pub name: &'static str,
}

/// Builds the binaries with no other features than they need together, and returns their folder.
pub fn build(binaries: &[Binary], profile: &str) -> PathBuf {
    let packages = binaries.iter().flat_map(|binary| ["--package", binary.package]);
    cargo_build(packages, binaries, profile)
}

/// Builds the binaries in the test's own profile and with the whole workspace's features: dependencies that
/// `cargo test --workspace` has compiled are not compiled again.
pub fn build_for_tests(binaries: &[Binary]) -> PathBuf {
    cargo_build(["--workspace"], binaries, "dev")
}

fn cargo_build<'a>(packages: impl IntoIterator<Item = &'a str>, binaries: &[Binary], profile: &str) -> PathBuf {
    let status = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--profile", profile])
        .args(packages)
        .args(binaries.iter().flat_map(|binary| ["--bin", binary.name]))
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo could not build {binaries:?}");
    target_folder().join(if profile == "dev" { "debug" } else { profile })
}

/// This program is `target/<profile>/deps/<program>`.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().expect("a program knows its path");
    program
        .ancestors()
        .nth(3)
        .map(Path::to_path_buf)
        .expect("cargo runs it from its target folder")
}
