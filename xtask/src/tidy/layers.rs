//! Imports run down: the modules of each crate, and of the page, are layers, and each uses only what is below it.

use std::collections::BTreeSet;

use super::imports::{Import, Sources};
use super::tree::{Complaint, Tree};

/// What is in one folder of sources, or the part of it that makes one program.
struct Layered {
    sources: &'static str,
    /// From the top down. A name stands for its file and its folder, without those in it that are named on their own. Modules in
    /// one layer do not import one another.
    layers: &'static [&'static [&'static str]],
}

/// Every module of every crate. A new one needs a name here: say what it may use, and who may use it.
const LAYERED: [Layered; 9] = [
    Layered {
        sources: "crates/booking-domain/src",
        layers: &[
            &["lib"],
            &["answer"],
            &["draft"],
            &["request"],
            &["hold"],
            &["booking"],
            &["affected"],
            &["availability"],
            &["access"],
            &["allow", "refusal"],
            &["conflict", "finding"],
            &["booking/status"],
            &["block", "event_type", "organization", "resource"],
            &["schedule"],
            &["address", "id", "interval", "page", "secret", "text"],
            &["invalid"],
            &["code", "limits"],
        ],
    },
    Layered {
        sources: "crates/booking-proto/src",
        layers: &[&["status"], &["convert"], &["caller", "redacted"], &["lib"]],
    },
    Layered {
        sources: "crates/booking-client/src",
        layers: &[
            &["lib"],
            &["availability", "blocks", "bookings", "catalog", "presence"],
            &["api"],
            &["transport"],
            &["front_key"],
            &["backoff", "error"],
        ],
    },
    Layered {
        sources: "crates/booking-component/src",
        layers: &[
            &["lib"],
            &["component"],
            &["startup"],
            &["grpc"],
            &["service"],
            &["keyring"],
            &["commands", "queries", "cluster"],
            &["engine"],
            &["state"],
            // Why there is no answer: it wraps what the store says.
            &["error"],
            &["store"],
            &["computing", "disk"],
            &["caller", "config", "secret"],
            &["clock", "ids", "outage", "tasks"],
        ],
    },
    Layered {
        sources: "crates/app/src",
        layers: &[
            &["lib", "main", "bin"],
            &["cli"],
            &["http/router"],
            &["pages"],
            &["http"],
            &["live/stream"],
            &["http/caller"],
            &["http/state"],
            &["live"],
            &["http/channel", "http/check", "http/lists", "http/metrics", "http/proxies"],
            &["http/answer", "http/listen"],
            &["http/model", "http/shares", "http/throttle"],
            &["http/address", "http/browser", "http/json"],
        ],
    },
    Layered {
        sources: "crates/database-fill/src",
        layers: &[
            &["main"],
            &["lib"],
            &["tables"],
            &["tenant"],
            &["connection", "ids", "layout"],
            &["error"],
            &["dialect", "names", "plan"],
        ],
    },
    Layered { sources: "crates/postgres-cluster/src", layers: &[&["lib"]] },
    Layered {
        sources: "web/src",
        layers: &[&["app"], &["features/booker", "features/manage"], &["components"], &["api"], &["lib"]],
    },
    // Scripts of their own, loaded by themselves.
    Layered { sources: "web/src", layers: &[&["embed", "first-paint"], &["lib"]] },
];

/// A file imports from its own module and from those below.
pub(super) fn imports_run_down(tree: &Tree) -> Vec<Complaint> {
    run_down(tree, &LAYERED)
}

fn run_down(tree: &Tree, layered: &[Layered]) -> Vec<Complaint> {
    let sources = Sources::of(tree);
    let unknown = sources.files.iter().filter(|file| is_layered(file) && module_of(layered, file).is_none());
    let complaints = unknown.map(|file| {
        let lesson =
            format!("belongs to no module that {} names: say there what it may use, and who may use it", file!());
        Complaint::new(file, 0, lesson)
    });
    let up = sources.imports.iter().filter_map(|import| runs_up(layered, import));
    complaints.chain(up).chain(stale(layered, &sources.files)).collect()
}

/// The developer's commands are no part of what runs, and are free to grow; that their files make no circle is enough.
fn is_layered(file: &str) -> bool {
    file.starts_with("crates/") || file.starts_with("web/src/")
}

fn runs_up(layered: &[Layered], import: &Import) -> Option<Complaint> {
    let (sources, from) = module_of(layered, &import.from)?;
    let (_, to) = module_of(layered, &import.to)?;
    let mut lists = layered.iter().filter(|list| list.sources == sources);
    let is_below = |list: &Layered| Some(layer_of(list, from)? < layer_of(list, to)?);
    if from == to || lists.any(|list| is_below(list) == Some(true)) {
        return None;
    }
    let lesson = format!("`{from}` is not above `{to}`: {} is to be below both, or an argument", import.to);
    Some(Complaint::new(&import.from, import.line, lesson))
}

fn layer_of(list: &Layered, module: &str) -> Option<usize> {
    list.layers.iter().position(|layer| layer.contains(&module))
}

/// The sources and the name of the module that a file is of: the longest name that fits.
fn module_of<'a>(layered: &'a [Layered], file: &str) -> Option<(&'a str, &'a str)> {
    let all =
        layered.iter().flat_map(|list| list.layers.iter().copied().flatten().map(|module| (list.sources, *module)));
    all.filter(|(sources, module)| is_of(file, sources, module)).max_by_key(|(_, module)| module.len())
}

fn is_of(file: &str, sources: &str, module: &str) -> bool {
    let inside = file.strip_prefix(sources).and_then(|rest| rest.strip_prefix('/')?.strip_prefix(module));
    inside.is_some_and(|rest| rest.starts_with(['.', '/']))
}

/// Names that stand for nothing.
fn stale<'a>(layered: &'a [Layered], files: &'a BTreeSet<String>) -> impl Iterator<Item = Complaint> + 'a {
    let all =
        layered.iter().flat_map(|list| list.layers.iter().copied().flatten().map(|module| (list.sources, *module)));
    let gone = all.filter(|known| !files.iter().any(|file| module_of(layered, file) == Some(*known)));
    gone.map(|(sources, module)| {
        Complaint::new(file!(), 0, format!("there is no module {sources}/{module}: take its name off the list"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::{places, tree};

    const TOWER: [Layered; 2] = [
        Layered { sources: "crates/t/src", layers: &[&["lib"], &["top"], &["left", "right"], &["low", "top/base"]] },
        Layered { sources: "web/src", layers: &[&["app"], &["lib"]] },
    ];

    /// The complaints about the tower with these files in the place of its empty ones.
    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        let root = "mod top; mod left; mod right; mod low; mod new;";
        let mut all =
            tree(&[("crates/t/src/lib.rs", root), ("crates/t/src/top.rs", "mod base;"), ("web/src/app/a.ts", "")]);
        for name in ["left", "right", "low", "top/base"] {
            all.insert(format!("crates/t/src/{name}.rs"), String::new());
        }
        all.insert("web/src/lib/b.ts".to_owned(), String::new());
        all.extend(tree(files));
        places(&run_down(&all, &TOWER))
    }

    #[test]
    fn what_imports_from_below_is_fine() {
        let files = [
            ("crates/t/src/top.rs", "mod base; use self::base::A; use crate::left::B;"),
            ("crates/t/src/left.rs", "use crate::top::base::A;"),
            ("web/src/app/a.ts", "import { b } from \"@/lib/b\";"),
        ];
        assert!(complaints(&files).is_empty());
    }

    #[test]
    fn what_imports_from_above_or_beside_is_caught() {
        for (file, source) in [
            ("crates/t/src/low.rs", "\nuse crate::left::A;"),
            ("crates/t/src/left.rs", "\nfn f() { super::right::g() }"),
            ("crates/t/src/low.rs", "\nuse crate::top::base::A;"),
            ("crates/t/src/top/base.rs", "\nuse super::A;"),
            ("web/src/lib/b.ts", "\nimport type { A } from \"../app/a.ts\";"),
        ] {
            assert_eq!(complaints(&[(file, source)]), [format!("{file}:2")], "{source}");
        }
    }

    #[test]
    fn a_module_that_nobody_placed_is_caught() {
        assert_eq!(complaints(&[("crates/t/src/new.rs", "")]), ["crates/t/src/new.rs:0"]);
        assert_eq!(complaints(&[("crates/other/src/lib.rs", "")]), ["crates/other/src/lib.rs:0"]);
        assert_eq!(complaints(&[("web/src/new/c.ts", "")]), ["web/src/new/c.ts:0"]);
    }

    #[test]
    fn a_name_that_stands_for_nothing_is_caught() {
        let without = [("crates/t/src/lib.rs", "mod top; mod left; mod right;")];
        assert_eq!(complaints(&without), [format!("{}:0", file!())]);
    }

    /// Breaks the layers of the repository itself, one module at a time.
    #[test]
    fn every_module_is_guarded() {
        for list in &LAYERED {
            for (at, module) in
                list.layers.iter().enumerate().flat_map(|(at, layer)| layer.iter().map(move |m| (at, *m)))
            {
                for other in list.layers.iter().take(at + 1).copied().flatten().filter(|other| **other != module) {
                    let [from, to] = [module, *other].map(|name| format!("{}/{name}.rs", list.sources));
                    assert!(runs_up(&LAYERED, &Import { from, to, line: 1 }).is_some(), "{module} may use {other}");
                }
            }
        }
    }
}
