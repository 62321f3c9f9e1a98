//! No circle of files: what needs each other is one thing, and one cannot read, test or move it in parts.

use std::collections::{BTreeMap, VecDeque};

use super::imports::{Import, Sources};
use super::tree::{Complaint, Tree};

/// No file needs, over others, itself. Of circles that hang together the shortest is told.
pub(super) fn files_do_not_go_in_circles(tree: &Tree) -> Vec<Complaint> {
    let Sources { imports, mut complaints, .. } = Sources::of(tree);
    complaints.extend(circles(&imports).iter().map(|circle| complain(circle)));
    complaints
}

fn complain(circle: &[&Import]) -> Complaint {
    let (path, line) = circle.first().map_or(("", 0), |first| (first.from.as_str(), first.line));
    let steps: Vec<_> = circle.iter().map(|step| format!("{}:{} needs {}", step.from, step.line, step.to)).collect();
    let lesson = "is in a circle: move what both sides need into a file of its own, below them";
    Complaint::new(path, line, format!("{lesson}\n    {}", steps.join("\n    ")))
}

/// The shortest circle through any of these files, then the shortest that has no file in common with it, and so on.
fn circles(imports: &[Import]) -> Vec<Vec<&Import>> {
    let mut graph = Graph::default();
    for import in imports {
        graph.entry(&import.from).or_default().push(import);
    }
    let mut shortest: Vec<_> = graph.keys().filter_map(|file| way_back(&graph, file)).collect();
    shortest.sort_by_key(Vec::len);
    let mut circles: Vec<Vec<&Import>> = Vec::new();
    for circle in shortest {
        let told = |file: &str| circles.iter().flatten().any(|step| step.from == file);
        if !circle.iter().any(|step| told(&step.from)) {
            circles.push(circle);
        }
    }
    circles
}

/// The imports of each file.
type Graph<'a> = BTreeMap<&'a str, Vec<&'a Import>>;

/// The shortest way from a file back to itself.
fn way_back<'a>(graph: &Graph<'a>, file: &str) -> Option<Vec<&'a Import>> {
    let mut reached_by = BTreeMap::<&str, &Import>::new();
    let mut next = VecDeque::from([file]);
    while let Some(here) = next.pop_front() {
        for import in graph.get(here).into_iter().flatten() {
            if !reached_by.contains_key(import.to.as_str()) {
                reached_by.insert(&import.to, import);
                next.push_back(&import.to);
            }
        }
    }
    let mut way = vec![*reached_by.get(file)?];
    while let Some(step) = way.last().filter(|step| step.from != file) {
        way.push(reached_by.get(step.from.as_str())?);
    }
    way.reverse();
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::{places, tree};

    fn caught(files: &[(&str, &str)]) -> Vec<String> {
        places(&files_do_not_go_in_circles(&tree(files)))
    }

    const ROOT: (&str, &str) = ("crates/a/src/lib.rs", "mod a; mod b; mod c; mod d;");

    #[test]
    fn what_only_goes_one_way_is_fine() {
        let files = [
            ROOT,
            ("crates/a/src/a.rs", "use crate::b::B; use crate::c::C;"),
            ("crates/a/src/b.rs", "use crate::c::C; use crate::d::D;"),
            ("crates/a/src/c.rs", "use crate::d::D;"),
            ("crates/a/src/d.rs", ""),
        ];
        assert!(caught(&files).is_empty());
    }

    #[test]
    fn the_shortest_circle_is_told_file_by_file() {
        let files = [
            ROOT,
            ("crates/a/src/a.rs", "use crate::b::B;"),
            ("crates/a/src/b.rs", "\nuse crate::c::C;"),
            ("crates/a/src/c.rs", "use crate::a::A;\n\nuse crate::b::B;"),
            ("crates/a/src/d.rs", ""),
        ];
        let complaints = files_do_not_go_in_circles(&tree(&files));
        assert_eq!(places(&complaints), ["crates/a/src/b.rs:2"]);
        for step in ["b.rs:2 needs crates/a/src/c.rs", "c.rs:3 needs crates/a/src/b.rs"] {
            assert!(complaints.iter().any(|complaint| complaint.lesson.contains(step)), "{step} in {complaints:?}");
        }
    }

    #[test]
    fn every_circle_that_shares_no_file_is_told() {
        let files = [
            ROOT,
            ("crates/a/src/a.rs", "use crate::b::B;"),
            ("crates/a/src/b.rs", "use crate::a::A;"),
            ("crates/a/src/c.rs", "use crate::d::D;"),
            ("crates/a/src/d.rs", "fn f() { crate::c::g() }"),
        ];
        assert_eq!(caught(&files), ["crates/a/src/a.rs:1", "crates/a/src/c.rs:1"]);
    }

    #[test]
    fn a_circle_in_the_page_is_caught_though_it_is_one_of_types() {
        let files =
            [("web/src/a.ts", "import { b } from \"./b\";"), ("web/src/b.tsx", "\nimport type { A } from \"@/a\";")];
        assert_eq!(caught(&files), ["web/src/a.ts:1"]);
    }
}
