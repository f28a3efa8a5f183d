//! `cargo regenerate`: writes what is made from the list of endpoints, and removes what nothing makes any more.
#![allow(clippy::print_stdout, reason = "a command tells what it did")]

use std::io;
use std::path::Path;

use local::areas::AREAS;
use tests::made::{self, MadeFile};

fn main() -> io::Result<()> {
    for file in made::all(AREAS) {
        write(&file)?;
    }
    for path in made::left_over(AREAS)? {
        std::fs::remove_file(&path)?;
        println!(
            "removed {}",
            path.strip_prefix(made::workspace_root()).unwrap_or(&path).display()
        );
    }
    Ok(())
}

/// Leaves a fresh file alone, so that nothing is compiled again for its sake.
fn write(file: &MadeFile) -> io::Result<()> {
    let path = made::workspace_root().join(&file.path);
    if std::fs::read_to_string(&path).is_ok_and(|content| content == file.content) {
        return Ok(());
    }
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(&path, &file.content)?;
    println!("wrote {}", file.path);
    Ok(())
}
