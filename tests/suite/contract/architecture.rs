//! Who may depend on whom.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use local::areas::AREAS;
use tests::made::workspace_root;
use tests::sources::sources;

use super::assert_none;

/// Packages by how far up they stand: each depends only on those below, or beside it in `shared/`.
const SHARED: [(&str, u8); 5] = [
    ("domain", 0),
    ("store", 1),
    ("clients", 1),
    ("models", 1),
    ("runtime", 2),
];
const AREA: u8 = 3;
const WHOLE: [(&str, u8); 2] = [("local", 4), ("tests", 5)];

/// What only these packages may use.
const RESERVED: [(&str, &[&str]); 4] = [
    ("aws-sdk-", &["store", "clients", "local", "tests"]),
    ("lambda_", &["runtime", "hello"]),
    ("candle-", &["models"]),
    ("axum", &["local", "tests"]),
];

/// What has no place in rules: `domain` gets time, ids and randomness as values.
const IMPURE: [&str; 11] = [
    "tokio",
    "async-",
    "futures",
    "hyper",
    "reqwest",
    "http-body",
    "getrandom",
    "fastrand",
    "rand",
    "aws",
    "serde_dynamo",
];

fn packages() -> Vec<Package> {
    let mut command = MetadataCommand::new();
    command.manifest_path(workspace_root().join("Cargo.toml")).no_deps();
    command.exec().expect("cargo knows the workspace").packages
}

/// With those of tests only where `with_tests`.
fn dependencies(package: &Package, with_tests: bool) -> impl Iterator<Item = &str> {
    let counted = move |kind| with_tests || kind != DependencyKind::Development;
    package
        .dependencies
        .iter()
        .filter(move |each| counted(each.kind))
        .map(|each| each.name.as_str())
}

fn is_area(name: &str) -> bool {
    AREAS.iter().any(|area| area.name == name)
}

fn height(name: &str) -> Option<u8> {
    let fixed = SHARED.iter().chain(&WHOLE).find(|(package, _)| *package == name);
    fixed
        .map(|(_, height)| *height)
        .or_else(|| is_area(name).then_some(AREA))
}

#[test]
fn arrows_point_downwards() {
    let mut wrong = Vec::new();
    for package in packages() {
        let Some(own) = height(&package.name) else { continue };
        for other in dependencies(&package, true) {
            let is_beside = own == 1 && height(other) == Some(1);
            if height(other).is_some_and(|other| other >= own) && !is_beside {
                wrong.push(format!(
                    "{} depends on {other}: what both need moves down, to `domain` or `store`",
                    package.name
                ));
            }
        }
    }
    assert_none(wrong);
}

#[test]
fn every_package_has_its_place() {
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let unknown = names.iter().filter(|name| height(name).is_none() && **name != "hello");
    let unknown = unknown.map(|name| format!("{name} has no place: list its area in functions/local/src/areas.rs"));
    let missing = AREAS.iter().filter(|area| !names.contains(area.name));
    let missing = missing.map(|area| format!("the area {} is not a package of that name", area.name));
    assert_none(unknown.chain(missing).collect());
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for package in packages() {
        for (prefix, owners) in RESERVED {
            if owners.contains(&package.name.as_str()) {
                continue;
            }
            let used = dependencies(&package, true).filter(|name| name.starts_with(prefix));
            wrong.extend(used.map(|name| format!("{} depends on {name}, which belongs to {owners:?}", package.name)));
        }
    }
    assert_none(wrong);
}

#[test]
fn rules_are_pure() {
    let packages = packages();
    let domain = packages
        .iter()
        .find(|package| package.name == "domain")
        .expect("there is a domain");
    let impure = dependencies(domain, false).filter(|name| IMPURE.iter().any(|prefix| name.starts_with(prefix)));
    let impure = impure.map(|name| format!("domain depends on {name}: hand it the value instead"));
    let clocks = [
        ["Timestamp", "now()"].join("::"),
        ["SystemTime", "now()"].join("::"),
        ["Instant", "now()"].join("::"),
    ];
    let sources = sources("rs");
    let sources = sources
        .iter()
        .filter(|source| source.path.starts_with("shared/domain/src/"));
    let looks = sources.filter(|source| clocks.iter().any(|clock| source.text.contains(clock)));
    let looks = looks.map(|source| format!("{} looks at the clock: hand it the time instead", source.path));
    assert_none(impure.chain(looks).collect());
}

#[test]
fn unsafe_code_stays_in_the_kernels() {
    let keyword = ["un", "safe"].concat();
    let starts = [
        format!("{keyword} {{"),
        format!("{keyword} fn"),
        format!("{keyword} impl"),
    ];
    let all = sources("rs");
    let outside = all
        .iter()
        .filter(|source| !source.path.starts_with("shared/models/src/kernels/"));
    let found = outside.filter(|source| starts.iter().any(|start| source.text.contains(start)));
    assert_none(
        found
            .map(|source| format!("{} uses `{keyword}`: only shared/models/src/kernels may", source.path))
            .collect(),
    );
}

#[test]
fn the_map_shows_every_area() {
    let map = std::fs::read_to_string(workspace_root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is the map");
    let missing = AREAS
        .iter()
        .filter(|area| !map.contains(&format!("functions/{}", area.name)));
    let missing = missing.filter(|area| !map.contains(&format!("`{}`", area.name)));
    assert_none(
        missing
            .map(|area| {
                format!(
                    "ARCHITECTURE.md does not mention the area `{}`: add it to the map",
                    area.name
                )
            })
            .collect(),
    );
}
