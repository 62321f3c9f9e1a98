//! The modules of each crate, and where in them a path leads: to the file that declares what the path names.

use std::collections::BTreeMap;

use syn::Ident;

use super::rust::{self, Body, Inside, Use};
use super::tree::{Complaint, Tree};

/// How many names that are passed on (`pub use`) a path may lead through. Rust refuses circles of them; a tidy check only has to end.
const PASSED_ON_MOST: usize = 16;

/// A package's library and programs.
pub(super) struct Package {
    pub modules: Vec<Module>,
    /// The number of the library's root module, and the name by which the programs know it.
    library: Option<(usize, String)>,
}

/// A module: a file, or a part of one.
pub(super) struct Module {
    pub file: String,
    pub body: Body,
    /// The number of the module around it; its own number if it is the root.
    parent: usize,
    children: BTreeMap<String, usize>,
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To a module as a whole.
    Module(usize),
    /// To something that this module declares.
    Item(usize),
}

/// Every package with sources; complains about what cannot be read.
pub(super) fn packages(tree: &Tree) -> (Vec<Package>, Vec<Complaint>) {
    let mut reader = Reader { tree, complaints: Vec::new() };
    let mut roots = BTreeMap::<&str, Vec<&str>>::new();
    for path in tree.keys() {
        if let Some(sources) = root_of(path) {
            roots.entry(sources).or_default().push(path);
        }
    }
    let packages = roots.into_iter().map(|(sources, roots)| reader.package(sources, &roots)).collect();
    (packages, reader.complaints)
}

/// The folder of sources that this file is a root of: of a library or a program.
fn root_of(path: &str) -> Option<&str> {
    let program = || path.strip_suffix(".rs")?.rsplit_once("/bin/").map(|(sources, _)| sources);
    let whole = path.strip_suffix("/lib.rs").or_else(|| path.strip_suffix("/main.rs"));
    whole.or_else(program).filter(|sources| sources.ends_with("/src"))
}

/// The name by which a package's programs know its library; a package has the name of its folder.
fn library_name(sources: &str) -> String {
    sources.trim_end_matches("/src").rsplit('/').next().unwrap_or_default().replace('-', "_")
}

struct Reader<'a> {
    tree: &'a Tree,
    complaints: Vec<Complaint>,
}

/// Where a module is.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    /// The folder of the files of its modules.
    folder: &'a str,
    parent: usize,
}

impl Reader<'_> {
    fn package(&mut self, sources: &str, roots: &[&str]) -> Package {
        let mut package = Package { modules: Vec::new(), library: None };
        for root in roots {
            let number = package.modules.len();
            let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
            self.file(&mut package.modules, Place { file: root, folder, parent: number });
            if root.ends_with("/lib.rs") {
                package.library = Some((number, library_name(sources)));
            }
        }
        package
    }

    fn file(&mut self, modules: &mut Vec<Module>, place: Place) {
        match rust::read(self.tree.get(place.file).map_or("", String::as_str)) {
            Ok(body) => self.module(modules, place, body),
            Err(error) => {
                let line = error.span().start().line;
                self.complaints.push(Complaint::new(
                    place.file,
                    line,
                    format!("is no Rust that tidy can read: {error}"),
                ));
            }
        }
    }

    fn module(&mut self, modules: &mut Vec<Module>, place: Place, mut body: Body) {
        let number = modules.len();
        let declared = std::mem::take(&mut body.modules);
        modules.push(Module { file: place.file.to_owned(), body, parent: place.parent, children: BTreeMap::new() });
        for (name, inside) in declared {
            let child = modules.len();
            let folder = format!("{}/{name}", place.folder);
            let place = Place { folder: &folder, parent: number, ..place };
            match inside {
                Inside::Here(body) => self.module(modules, place, body),
                Inside::File => self.module_in_a_file(modules, place, &name),
            }
            if let Some(module) = modules.get_mut(number) {
                module.children.insert(name.to_string(), child);
            }
        }
    }

    fn module_in_a_file(&mut self, modules: &mut Vec<Module>, place: Place, name: &Ident) {
        let candidates = [format!("{}.rs", place.folder), format!("{}/mod.rs", place.folder)];
        match candidates.iter().find(|file| self.tree.contains_key(*file)) {
            Some(file) => self.file(modules, Place { file, ..place }),
            None => {
                let lesson =
                    format!("`mod {name}` has to be in {}, where people and tidy find it", candidates.join(" or "));
                self.complaints.push(Complaint::new(place.file, name.span().start().line, lesson));
            }
        }
    }
}

impl Package {
    /// Where a path in this module leads; nowhere if it leads out of the package, or to something in the same file without saying so.
    pub(super) fn target(&self, module: usize, path: &[String]) -> Option<Target> {
        self.resolve(module, path, PASSED_ON_MOST)
    }

    fn resolve(&self, from: usize, path: &[String], hops: usize) -> Option<Target> {
        let (head, rest) = path.split_first()?;
        match (head.as_str(), &self.library) {
            ("crate", _) => self.below(self.root_of(from), rest, hops),
            ("self" | "super", _) => self.below(from, path, hops),
            (name, _) if self.module(from)?.knows(name) => self.below(from, path, hops),
            (name, Some((library, known_as))) if name == known_as => self.below(*library, rest, hops),
            _ => None,
        }
    }

    /// Follows what is left of a path from a module.
    fn below(&self, from: usize, path: &[String], hops: usize) -> Option<Target> {
        let Some((name, rest)) = path.split_first() else { return Some(Target::Module(from)) };
        let module = self.module(from)?;
        let (child, import) = (module.children.get(name), module.import(name));
        match (name.as_str(), child, import) {
            ("self", ..) => self.below(from, rest, hops),
            ("super", ..) => self.below(module.parent, rest, hops),
            // What is passed on may have the name of the module that it is from: then the module is only a step on the way.
            (_, _, Some(import)) if child.is_none() || rest.is_empty() => {
                let path: Vec<_> = import.path.names.iter().chain(rest).cloned().collect();
                self.resolve(from, &path, hops.checked_sub(1)?)
            }
            (_, Some(child), _) => self.below(*child, rest, hops),
            _ => Some(Target::Item(from)),
        }
    }

    fn module(&self, number: usize) -> Option<&Module> {
        self.modules.get(number)
    }

    fn root_of(&self, number: usize) -> usize {
        match self.module(number) {
            Some(module) if module.parent != number => self.root_of(module.parent),
            _ => number,
        }
    }
}

impl Module {
    fn knows(&self, name: &str) -> bool {
        self.children.contains_key(name) || self.import(name).is_some()
    }

    /// The import of this name. `use http::{self}` only repeats the name of another crate.
    fn import(&self, name: &str) -> Option<&Use> {
        self.body.uses.iter().find(|each| each.name == name && each.path.names != [name])
    }
}
