//! What is made from the list of endpoints: the templates, the OpenAPI document and the sample events.
//!
//! Each maker is a pure function of the areas, so that a test can compare the files on disk with what it returns.
//! Deliberately not here: writing them, which is `cargo regenerate`.

pub mod events;
pub mod openapi;
pub mod samples;
pub mod template;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use runtime::Area;

/// The folder of sample events, which holds nothing else.
const EVENTS: &str = "events";
/// The folder of the areas' folders.
const FUNCTIONS: &str = "functions";

/// A file as it should be.
pub struct MadeFile {
    /// From the workspace's root.
    pub path: String,
    pub content: String,
}

pub fn all(areas: &[&'static Area]) -> Vec<MadeFile> {
    let mut files = template::files(areas);
    files.push(openapi::file(areas));
    files.extend(events::files(areas));
    files
}

/// Sample events, and templates of areas, that nothing makes any more.
pub fn left_over(areas: &[&'static Area]) -> io::Result<Vec<PathBuf>> {
    let made: BTreeSet<PathBuf> = all(areas)
        .iter()
        .map(|file| workspace_root().join(&file.path))
        .collect();
    let mut found = files_below(&workspace_root().join(EVENTS))?;
    for folder in std::fs::read_dir(workspace_root().join(FUNCTIONS))? {
        found.push(folder?.path().join(template::PATH));
    }
    let is_left = |path: &PathBuf| path.is_file() && !made.contains(path);
    Ok(found.into_iter().filter(is_left).collect())
}

pub fn workspace_root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// All files of a folder and its folders, in order.
pub fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
