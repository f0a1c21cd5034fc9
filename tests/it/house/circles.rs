//! Circles of files: two files of a room that import each other, directly or round a corner. A name that a file
//! only passes on (`use`) counts as an import of the file that defines it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, UseTree};

/// A module's path below `crate`, as in `diagnosis::causes`.
type Module = Vec<String>;

/// The files of one room by their modules.
pub(super) struct Room {
    files: BTreeMap<Module, File>,
}

#[derive(Default)]
struct File {
    /// What each name is that the file imports or passes on.
    names: BTreeMap<String, Vec<String>>,
    /// Paths that stand in the code, from `crate` on.
    paths: BTreeSet<Vec<String>>,
    /// Modules of tests, each a file of its own.
    tests: Vec<Module>,
    /// A macro of it names modules by a variable: any of those below it.
    names_all_below: bool,
}

impl Room {
    /// Reads the files, each given by its module and its text.
    pub(super) fn of(texts: impl IntoIterator<Item = (Module, String)>) -> Self {
        let files = texts.into_iter().map(|(module, text)| {
            let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{module:?}: {error}"));
            let mut file = File::default();
            read(&module, &parsed.items, &mut file);
            (module, file)
        });
        let mut files: BTreeMap<Module, File> = files.collect();
        let tests: Vec<Module> = files.values().flat_map(|file| file.tests.clone()).collect();
        files.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
        Self { files }
    }

    /// Each circle as the modules that it goes through.
    pub(super) fn circles(&self) -> Vec<Vec<String>> {
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            self.files.keys().map(|module| (module, self.reached_from(module))).collect();
        let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
        for (module, others) in &reached {
            let mutual = others.iter().filter(|other| reached[*other].contains(module));
            let circle: Vec<String> = mutual.map(|module| module.join("::")).collect();
            if !circle.is_empty() {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }

    fn reached_from(&self, start: &Module) -> BTreeSet<&Module> {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&Module> = self.imports(start).into_iter().collect();
        while let Some(module) = next.pop() {
            if reached.insert(module) {
                next.extend(self.imports(module));
            }
        }
        reached
    }

    /// The files of this room that this one imports something from.
    fn imports(&self, module: &Module) -> BTreeSet<&Module> {
        let file = &self.files[module];
        let imported = file.names.values().chain(&file.paths);
        let imported = imported.filter_map(|path| self.defined_in(path, 0)).filter(|other| *other != module);
        let below =
            self.files.keys().filter(|other| other.split_last().is_some_and(|(_, parent)| parent == module));
        imported.chain(below.filter(|_| file.names_all_below)).collect()
    }

    fn defined_in(&self, path: &[String], passed_on: usize) -> Option<&Module> {
        assert!(passed_on < 20, "{path:?} is passed on in a circle");
        let (length, (module, file)) = (1..=path.len())
            .rev()
            .find_map(|length| Some((length, self.files.get_key_value(&path[..length])?)))?;
        let Some(name) = path.get(length) else {
            return Some(module);
        };
        match file.names.get(name) {
            Some(passed) => {
                let whole: Vec<String> = passed.iter().chain(&path[length + 1..]).cloned().collect();
                self.defined_in(&whole, passed_on + 1)
            }
            None => Some(module),
        }
    }
}

fn read(module: &Module, items: &[Item], file: &mut File) {
    let children: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(child) if child.content.is_none() => Some(child.ident.to_string()),
            _ => None,
        })
        .collect();
    for item in items {
        match item {
            Item::Use(used) if !is_of_tests(&used.attrs) => {
                names(module, &children, Vec::new(), &used.tree, file);
            }
            Item::Mod(child) if is_of_tests(&child.attrs) => {
                file.tests.push([module.as_slice(), &[child.ident.to_string()]].concat());
            }
            Item::Mod(child) if child.content.is_none() => {}
            Item::Fn(function) if is_of_tests(&function.attrs) => {}
            Item::Impl(block) if is_of_tests(&block.attrs) => {}
            other => paths(module, &children, other.to_token_stream(), file),
        }
    }
}

fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string() == "# [cfg (test)]")
}

fn names(module: &Module, children: &BTreeSet<String>, before: Vec<String>, tree: &UseTree, file: &mut File) {
    let whole = |last: &str| {
        let mut path = before.clone();
        if last != "self" {
            path.push(last.to_owned());
        }
        absolute(module, children, &path)
    };
    match tree {
        UseTree::Path(path) => {
            let before = before.iter().cloned().chain([path.ident.to_string()]).collect();
            names(module, children, before, &path.tree, file);
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let called = if name == "self" { before.last().cloned() } else { Some(name.clone()) };
            if let (Some(called), Some(path)) = (called, whole(&name)) {
                file.names.insert(called, path);
            }
        }
        UseTree::Rename(renamed) => {
            if let Some(path) = whole(&renamed.ident.to_string()) {
                file.names.insert(renamed.rename.to_string(), path);
            }
        }
        UseTree::Glob(_) => file.paths.extend(absolute(module, children, &before)),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| names(module, children, before.clone(), tree, file));
        }
    }
}

/// The path from `crate` on; `None` for another crate's and for a name of the file itself.
fn absolute(module: &Module, children: &BTreeSet<String>, path: &[String]) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" | "$crate" => Some(rest.to_vec()),
        "self" => Some([module, rest].concat()),
        "super" => {
            let (_, parent) = module.split_last()?;
            if rest.first().is_some_and(|next| next == "super") {
                return absolute(&parent.to_vec(), &BTreeSet::new(), rest);
            }
            Some([parent, rest].concat())
        }
        child if children.contains(child) => Some([module, path].concat()),
        _ => None,
    }
}

/// The paths in code and in the calls of macros: names joined by `::`.
fn paths(module: &Module, children: &BTreeSet<String>, code: TokenStream, file: &mut File) {
    let mut path: Vec<String> = Vec::new();
    let mut joints = 0;
    let (mut after_dollar, mut is_variable) = (false, false);
    let mut found = BTreeSet::new();
    let mut end = |path: &mut Vec<String>| {
        found.extend(absolute(module, children, path).filter(|_| path.len() > 1));
        path.clear();
    };
    let mut inside = Vec::new();
    for token in code {
        match token {
            TokenTree::Ident(name) => {
                if joints != 2 {
                    end(&mut path);
                }
                path.push(name.to_string());
                joints = 0;
                is_variable = after_dollar && name != "crate";
                after_dollar = false;
            }
            TokenTree::Punct(sign) if sign.as_char() == ':' => {
                joints += 1;
                file.names_all_below |= joints == 2 && is_variable;
            }
            TokenTree::Group(group) => {
                // `pub(in crate::room)` says who may come in, and imports nothing.
                let first = group.stream().into_iter().next().map(|first| first.to_string());
                inside.extend((first.as_deref() != Some("in")).then(|| group.stream()));
                end(&mut path);
                joints = 0;
            }
            other => {
                after_dollar = other.to_string() == "$";
                end(&mut path);
                joints = 0;
            }
        }
    }
    end(&mut path);
    file.paths.extend(found);
    inside.into_iter().for_each(|code| paths(module, children, code, file));
}

#[test]
fn circles_are_seen_through_braces_renames_and_parents_that_pass_names_on() {
    let module = |path: &str| path.split("::").map(str::to_owned).collect::<Module>();
    let room = |files: &[(&str, &str)]| {
        Room::of(files.iter().map(|(path, text)| (module(path), (*text).to_owned()))).circles()
    };
    let passed_on = room(&[
        ("room", "mod one; mod other; pub use other::Other;"),
        ("room::one", "use super::{Other as Renamed}; pub struct One;"),
        ("room::other", "pub struct Other; fn f() { drop(super::one::One) }"),
    ]);
    assert_eq!(passed_on, [["room::one", "room::other"]]);
    let parent = room(&[
        ("room", "mod one; pub struct Room(one::One);"),
        ("room::one", "pub struct One; fn f(_: &crate::room::Room) {}"),
    ]);
    assert_eq!(parent, [["room", "room::one"]]);
    let round = room(&[
        ("a", "use crate::b::B; pub struct A;"),
        ("b", "use crate::c::*; pub struct B;"),
        ("c", "fn f() { vec![crate::a::A]; }"),
    ]);
    assert_eq!(round, [["a", "b", "c"]]);
    let by_a_macro = room(&[
        (
            "list",
            "macro_rules! list { ($($file:ident),+) => { $(mod $file; pub use $file::One;)+ } } list!(one); pub fn f() {}",
        ),
        ("list::one", "pub struct One; fn g() { super::f() }"),
    ]);
    assert_eq!(by_a_macro, [["list", "list::one"]]);
    let fine = room(&[
        ("room", "mod one; mod other; pub use one::One; #[cfg(test)] mod laws;"),
        ("room::laws", "use super::one::One; mod more; pub use more::More;"),
        ("room::laws::more", "pub struct More; fn f(_: super::Law) {}"),
        ("room::one", "use super::other::Other; pub struct One; #[cfg(test)] mod tests { use super::*; }"),
        ("room::other", "pub(in crate::room) struct Other;"),
    ]);
    assert_eq!(fine, Vec::<Vec<String>>::new());
}
