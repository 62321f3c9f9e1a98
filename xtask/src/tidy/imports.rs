//! Which file imports which, in the crates and in the page.

use std::collections::BTreeSet;

use super::crates::{Package, Target, packages};
use super::tree::{Complaint, Tree, ending_in};
use super::typescript::{Specifier, specifiers};

const WEB: &str = "web/src/";

/// One file needs another, and says so on this line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub from: String,
    pub to: String,
    /// Of the first place where it does; from 1.
    pub line: usize,
}

/// The files of every package and of the page, and what they import.
pub(super) struct Sources {
    /// Those that are compiled in; tests left out.
    pub files: BTreeSet<String>,
    /// One for each two files.
    pub imports: Vec<Import>,
    /// About what cannot be followed.
    pub complaints: Vec<Complaint>,
}

impl Sources {
    pub(super) fn of(tree: &Tree) -> Self {
        let (packages, complaints) = packages(tree);
        let files = packages.iter().flat_map(|package| &package.modules).map(|module| module.file.clone()).collect();
        let mut sources = Self { files, imports: packages.iter().flat_map(of_package).collect(), complaints };
        for (path, text) in ending_in(tree, &[".ts", ".tsx"]).filter(|(path, _)| is_of_the_page(path)) {
            sources.files.insert(path.to_owned());
            for specifier in specifiers(text) {
                sources.add(tree, path, &specifier);
            }
        }
        sources
    }

    /// Adds what a file of the page imports.
    fn add(&mut self, tree: &Tree, from: &str, specifier: &Specifier) {
        let Some(path) = path_of(from, specifier) else { return };
        match candidates(&path).into_iter().find(|path| tree.contains_key(path)) {
            Some(to) => self.imports.push(Import { from: from.to_owned(), to, line: specifier.line }),
            None => self.complaints.push(Complaint::new(from, specifier.line, format!("there is no {path}"))),
        }
    }
}

fn of_package(package: &Package) -> Vec<Import> {
    let all: BTreeSet<_> = (0..package.modules.len()).flat_map(|number| of_module(package, number)).collect();
    let mut imports: Vec<Import> = all.into_iter().collect();
    imports.dedup_by(|later, first| later.from == first.from && later.to == first.to);
    imports
}

fn of_module(package: &Package, number: usize) -> Vec<Import> {
    let Some(module) = package.modules.get(number) else { return Vec::new() };
    // What is only passed on is needed by others. If it is needed here too, it is mentioned here.
    let used = module.body.uses.iter().filter(|each| !each.is_passed_on).map(|each| &each.path);
    let mut imports = Vec::new();
    for path in used.chain(&module.body.mentions) {
        // A module as a whole is only a step on the way to what is mentioned from it.
        let Some(Target::Item(target)) = package.target(number, &path.names) else { continue };
        let Some(to) = package.modules.get(target).map(|to| &to.file) else { continue };
        if *to != module.file {
            imports.push(Import { from: module.file.clone(), to: to.clone(), line: path.line });
        }
    }
    imports
}

/// Whether it is part of the page, and no test of it.
fn is_of_the_page(path: &str) -> bool {
    path.starts_with(WEB) && !path.contains(".test.")
}

/// Where the specifier of a file of ours points, without an ending as it may be; nowhere if it names a package.
fn path_of(from: &str, specifier: &Specifier) -> Option<String> {
    let written = specifier.text.split('?').next().unwrap_or_default();
    if let Some(path) = written.strip_prefix("@/") {
        return Some(format!("{WEB}{path}"));
    }
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for part in written.starts_with('.').then(|| written.split('/'))? {
        match part {
            "." => {}
            ".." => _ = folders.pop(),
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

fn candidates(path: &str) -> [String; 4] {
    ["", ".ts", ".tsx", ".d.ts"].map(|ending| format!("{path}{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::{places, tree};

    /// The imports of a crate with these files, as `from:line to`, without folder and ending.
    fn imports(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(name, source)| (format!("a/src/{name}.rs"), *source)).collect();
        let files: Vec<_> = files.iter().map(|(path, source)| (path.as_str(), *source)).collect();
        let name = |path: &str| path.trim_start_matches("a/src/").trim_end_matches(".rs").to_owned();
        let found = Sources::of(&tree(&files)).imports;
        found.iter().map(|import| format!("{}:{} {}", name(&import.from), import.line, name(&import.to))).collect()
    }

    #[test]
    fn an_import_leads_to_the_file_that_declares_what_it_names() {
        let a = ("a", "pub mod b;\npub use self::b::Passed;\nuse std::fmt;\npub struct Here;\n");
        let b = ("a/b", "pub struct Passed;\npub struct There;\n");
        for (source, leads_to) in [
            ("use crate::a::Here;", "c:1 a"),
            ("use crate::a::b::There;", "c:1 a/b"),
            ("use crate::a::Passed;", "c:1 a/b"),
            ("fn f() -> crate::a::b::There { g() }", "c:1 a/b"),
            ("use crate::a;\nfn f() { a::Passed::new() }", "c:2 a/b"),
            ("use crate::a as z;\nfn f() { z::b::There::new() }", "c:2 a/b"),
            ("mod inside {\n use super::super::a::Here;\n}", "c:2 a"),
        ] {
            assert_eq!(imports(&[("lib", "mod a;\nmod c;\n"), a, b, ("c", source)]), [leads_to], "{source}");
        }
    }

    #[test]
    fn what_leads_out_of_the_crate_or_only_on_the_way_is_no_import() {
        let a = ("a", "pub mod b;\npub use std::fmt::Debug;\n");
        for source in
            ["use crate::a;", "use crate::a::Debug;", "use other::a::Here;", "use ::a::b::There;", "fn a() {}"]
        {
            assert!(imports(&[("lib", "mod a;\nmod c;\n"), a, ("a/b", ""), ("c", source)]).is_empty(), "{source}");
        }
    }

    #[test]
    fn a_parent_that_declares_or_passes_on_does_not_import_but_one_that_uses_does() {
        let lib = |source| imports(&[("lib", source), ("b", "pub struct Thing; pub fn make() {}")]);
        for source in ["mod b;", "mod b;\npub use b::Thing;", "mod b;\npub use b::make;\nfn f(make: u8) -> u8 { make }"]
        {
            assert!(lib(source).is_empty(), "{source}");
        }
        for (source, line) in [
            ("mod b;\nuse b::Thing;", 2),
            ("mod b;\npub use b::Thing;\nfn f() -> Thing { g() }", 3),
            ("mod b;\npub use b::make;\nfn f() { make() }", 3),
            ("mod b;\nfn f() { b::make() }", 2),
        ] {
            assert_eq!(lib(source), [format!("lib:{line} b")], "{source}");
        }
    }

    #[test]
    fn a_child_imports_what_its_parent_declares() {
        let files = |child| imports(&[("lib", "mod a;"), ("a", "mod b;\nuse std::fmt;\nstruct Here;"), ("a/b", child)]);
        assert_eq!(files("use super::Here;"), ["a/b:1 a"]);
        assert_eq!(files("impl super::Here {}"), ["a/b:1 a"]);
        assert!(files("use super::fmt;").is_empty());
    }

    #[test]
    fn a_program_imports_from_its_library_by_its_name() {
        let files =
            [("lib", "pub mod b;"), ("main", "use a::b::Thing;"), ("bin/c", "fn f() { a::b::make() }"), ("b", "")];
        assert_eq!(imports(&files), ["bin/c:1 b", "main:1 b"]);
    }

    #[test]
    fn tests_import_nothing_and_are_no_files_of_the_crate() {
        let lib = "#[cfg(test)]\nmod t;\nmod b;\n#[cfg(test)]\nmod tests { use crate::b::Thing; }\n";
        assert!(imports(&[("lib", lib), ("t", "use crate::b::Thing;"), ("b", "")]).is_empty());
    }

    #[test]
    fn the_page_imports_by_alias_and_by_relative_path() {
        let from = "import { b } from \"@/lib/b\";\nimport type { C } from \"./c\";\nexport * from \"../d.ts\";\nimport \"react\";\n";
        let names = ["web/src/app/c.tsx", "web/src/d.ts", "web/src/lib/b.d.ts"];
        let mut files = tree(&names.map(|name| (name, "")));
        files.extend(tree(&[("web/src/app/a.ts", from), ("web/src/app/a.test.ts", "import \"./a\";")]));
        let found: Vec<_> = Sources::of(&files).imports.into_iter().map(|import| (import.line, import.to)).collect();
        assert_eq!(found, [(1, names[2]), (2, names[0]), (3, names[1])].map(|(line, to)| (line, to.to_owned())));
    }

    #[test]
    fn what_cannot_be_followed_is_told() {
        let files = [
            ("a/src/lib.rs", "mod a;\nmod gone;\n"),
            ("a/src/a.rs", "\nfn {"),
            ("web/src/a.ts", "\nimport \"./gone\";"),
        ];
        assert_eq!(
            places(&Sources::of(&tree(&files)).complaints),
            ["a/src/a.rs:2", "a/src/lib.rs:2", "web/src/a.ts:2"]
        );
    }
}
