//! Who may know whom: the boundaries that crates alone do not make.

use super::code::{code_only, names};
use super::tree::{Complaint, Tree, ending_in};

/// A module, and the names that must not be used in it.
struct Module {
    /// Its module, without `.rs`.
    path: &'static str,
    /// Names of crates and modules.
    strangers: &'static [&'static str],
    /// Why, and where such a thing belongs.
    lesson: &'static str,
}

/// What the component does between the store and its messages.
const fn below_grpc(path: &'static str) -> Module {
    let lesson = "SQL belongs in store/, messages and statuses in grpc/";
    Module { path, strangers: &["sqlx", "tonic", "booking_proto"], lesson }
}

const MODULES: [Module; 12] = [
    Module {
        path: "crates/booking-component/src/store",
        strangers: &["tonic", "booking_proto", "clock"],
        lesson: "the store saves domain values: times are arguments, and answers on the wire are made in grpc/",
    },
    below_grpc("crates/booking-component/src/state"),
    below_grpc("crates/booking-component/src/engine"),
    below_grpc("crates/booking-component/src/commands"),
    below_grpc("crates/booking-component/src/queries"),
    below_grpc("crates/booking-component/src/cluster"),
    below_grpc("crates/booking-component/src/keyring"),
    below_grpc("crates/booking-component/src/service"),
    below_grpc("crates/booking-component/src/startup"),
    Module {
        path: "crates/booking-component/src/grpc",
        strangers: &["sqlx", "store"],
        lesson: "grpc/ only translates: ask a service, which owns the transaction",
    },
    Module {
        path: "crates/booking-client/src",
        strangers: &["sqlx", "axum"],
        lesson: "the client speaks the contract in domain types, whoever calls it and whatever stores it",
    },
    Module {
        path: "crates/app/src",
        strangers: &["sqlx", "booking_proto"],
        lesson: "the app speaks to booking_client in domain types, so that the component may be in process or far away",
    },
];

/// What the domain may depend on: no I/O, no clock, no randomness.
const DOMAIN_MAY_USE: [&str; 7] =
    ["chrono", "chrono-tz", "serde", "serde_json", "thiserror", "unicode-properties", "uuid"];

/// No module names what it must not know.
pub(super) fn modules_keep_to_themselves(tree: &Tree) -> Vec<Complaint> {
    MODULES.iter().flat_map(|module| strangers_in(module, tree)).collect()
}

/// Every boundary is around something: that of a module which is gone, or has another name now, guards nothing.
pub(super) fn guarded_modules_exist(tree: &Tree) -> Vec<Complaint> {
    let gone = MODULES.iter().filter(|module| files_of(module, tree).next().is_none());
    let here = "xtask/src/tidy/boundaries.rs";
    gone.map(|module| Complaint::new(here, 0, format!("there is no module {}: where did it go?", module.path)))
        .collect()
}

fn files_of<'a>(module: &Module, tree: &'a Tree) -> impl Iterator<Item = (&'a str, &'a str)> {
    let (file, folder) = (format!("{}.rs", module.path), format!("{}/", module.path));
    ending_in(tree, &[".rs"]).filter(move |(path, _)| *path == file || path.starts_with(&folder))
}

fn strangers_in(module: &Module, tree: &Tree) -> Vec<Complaint> {
    files_of(module, tree).flat_map(|(path, text)| strangers_on_lines(module, path, &code_only(text))).collect()
}

fn strangers_on_lines(module: &Module, path: &str, code: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (line, text) in (1..).zip(code.lines()) {
        if let Some(stranger) = names(text).find(|name| module.strangers.contains(name)) {
            complaints.push(Complaint::new(path, line, format!("`{stranger}` is not known here: {}", module.lesson)));
        }
    }
    complaints
}

/// The domain depends on nothing but what is allowed.
pub(super) fn the_domain_depends_on_little(tree: &Tree) -> Vec<Complaint> {
    let path = "crates/booking-domain/Cargo.toml";
    let Some(manifest) = tree.get(path) else { return Vec::new() };
    let mut complaints = Vec::new();
    for (line, name) in keys_of(manifest, "[dependencies]") {
        if !DOMAIN_MAY_USE.contains(&name) {
            let lesson = format!("the domain is pure and depends on {} only, not on {name}", DOMAIN_MAY_USE.join(", "));
            complaints.push(Complaint::new(path, line, lesson));
        }
    }
    complaints
}

/// The keys of one table of a manifest, with their lines.
fn keys_of<'a>(manifest: &'a str, table: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let lines = (1..).zip(manifest.lines()).skip_while(move |(_, line)| line.trim() != table).skip(1);
    let lines = lines.take_while(|(_, line)| !line.starts_with('['));
    lines.filter_map(|(at, line)| {
        line.split(['.', '=']).next().map(|key| (at, key.trim())).filter(|(_, key)| is_key(key))
    })
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('#')
}

/// Every crate is under the lints of the workspace.
pub(super) fn every_crate_takes_the_workspace_lints(tree: &Tree) -> Vec<Complaint> {
    let manifests = ending_in(tree, &["/Cargo.toml"]);
    let without = manifests.filter(|(_, text)| !keys_of(text, "[lints]").any(|(_, key)| key == "workspace"));
    without
        .map(|(path, _)| Complaint::new(path, 0, "say `[lints] workspace = true`, or clippy judges it by other rules"))
        .collect()
}

/// Each crate's `tests/` is one program: linking several takes longer than running them.
pub(super) fn one_integration_test_binary_for_each_crate(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut last = "";
    for (path, package) in ending_in(tree, &[".rs"]).filter_map(|(path, _)| Some((path, tested_by(path)?))) {
        if package == last {
            complaints.push(Complaint::new(path, 0, "make it a module of the crate's one integration test"));
        }
        last = package;
    }
    complaints
}

/// The package that this file is an integration-test program of: `tests/name.rs` or `tests/name/main.rs`.
fn tested_by(path: &str) -> Option<&str> {
    let (package, test) = path.split_once("/tests/").filter(|_| path.starts_with("crates/"))?;
    (!test.contains('/') || test.ends_with("/main.rs")).then_some(package)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn a_store_that_reads_the_clock_is_caught() {
        let path = "crates/booking-component/src/store/bookings.rs";
        let caught = modules_keep_to_themselves(&tree(&[(path, "//! Bookings.\nuse crate::{clock::now, ids};\n")]));
        assert_eq!(caught.iter().map(|c| c.line).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn every_room_is_guarded() {
        for room in &MODULES {
            for stranger in room.strangers {
                let source = format!("use {stranger}::Something;");
                for path in [format!("{}.rs", room.path), format!("{}/deep/er.rs", room.path)] {
                    assert_eq!(modules_keep_to_themselves(&tree(&[(&path, &source)])).len(), 1, "{path}: {source}");
                }
            }
        }
    }

    #[test]
    fn a_boundary_around_nothing_is_caught() {
        let files: Vec<String> = MODULES.iter().map(|module| format!("{}/one.rs", module.path)).collect();
        let sources: Vec<_> = files.iter().map(|path| (path.as_str(), "")).collect();
        assert!(guarded_modules_exist(&tree(&sources)).is_empty());
        let caught = guarded_modules_exist(&tree(&sources[1..]));
        assert_eq!(caught.len(), 1);
        assert!(caught[0].to_string().contains(MODULES[0].path), "{}", caught[0]);
    }

    #[test]
    fn a_word_in_a_comment_or_a_longer_name_is_fine() {
        let source = "// the clock is an argument\nlet clockwise = \"tonic\";\n";
        assert!(modules_keep_to_themselves(&tree(&[("crates/booking-component/src/store.rs", source)])).is_empty());
        assert!(
            modules_keep_to_themselves(&tree(&[("crates/booking-component/src/clock.rs", "mod clock;")])).is_empty()
        );
    }

    #[test]
    fn a_domain_that_wants_tokio_is_caught() {
        let manifest = "[package]\nname = \"d\"\n\n[dependencies]\nuuid.workspace = true\ntokio = \"1\"\n\n[dev-dependencies]\nproptest = \"1\"\n";
        let caught = the_domain_depends_on_little(&tree(&[("crates/booking-domain/Cargo.toml", manifest)]));
        assert_eq!(caught.iter().map(|c| c.line).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn a_crate_without_the_workspace_lints_is_caught() {
        let good = "[package]\n\n[lints]\nworkspace = true\n";
        let caught =
            every_crate_takes_the_workspace_lints(&tree(&[("a/Cargo.toml", good), ("b/Cargo.toml", "[package]\n")]));
        assert_eq!(caught.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["b/Cargo.toml"]);
    }

    #[test]
    fn a_second_integration_test_program_is_caught() {
        let files = ["crates/a/tests/all/main.rs", "crates/a/tests/all/one.rs", "crates/a/tests/more.rs"];
        let caught = one_integration_test_binary_for_each_crate(&tree(&files.map(|path| (path, ""))));
        assert_eq!(caught.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["crates/a/tests/more.rs"]);
    }
}
