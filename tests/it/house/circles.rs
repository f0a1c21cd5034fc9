//! Circles of files: two files of a room that import each other, directly or round a corner. A name that a file
//! only passes on (`use`) counts as an import of the file that defines it, and a call of a method as one of the file
//! that adds the method to a type of another file, if only one file has a method of that name.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{
    Attribute, ExprMethodCall, ImplItem, Item, ItemEnum, ItemFn, ItemImpl, ItemMod, ItemStruct, ItemUse,
    Macro, Path, Type, UseTree, Visibility,
};

/// A module's path below `crate`, as in `diagnosis::causes`.
type Module = Vec<String>;

/// The files of one room by their modules.
pub(super) struct Room {
    files: BTreeMap<Module, File>,
}

#[derive(Default)]
struct File {
    /// What each name is that the file passes on.
    names: BTreeMap<String, Vec<String>>,
    /// Every path that stands in the code, from `crate` on.
    paths: BTreeSet<Vec<String>>,
    /// Types that the file defines.
    types: BTreeSet<String>,
    /// Methods in `impl` blocks, by their type.
    methods: Vec<(String, String)>,
    /// Methods that are called.
    calls: BTreeSet<String>,
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
            let mut reader = Reader { module: module.clone(), children: Vec::new(), file: File::default() };
            reader.read(&parsed.items);
            (module, reader.file)
        });
        let mut files: BTreeMap<Module, File> = files.collect();
        let tests: Vec<Module> = files.values().flat_map(|file| file.tests.clone()).collect();
        files.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
        Self { files }
    }

    /// How many files there are, and how many imports between them.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.files.len(), self.files.keys().map(|module| self.imports(module).len()).sum())
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

    /// The files of this room that this one imports something from, or calls a method of.
    fn imports(&self, module: &Module) -> BTreeSet<&Module> {
        let file = &self.files[module];
        let imported = file.paths.iter().filter_map(|path| self.defined_in(path, 0));
        let called = file.calls.iter().filter_map(|method| self.added_in(method));
        let below =
            self.files.keys().filter(|other| other.split_last().is_some_and(|(_, parent)| parent == module));
        let below = below.filter(|_| file.names_all_below);
        imported.chain(called).chain(below).filter(|other| *other != module).collect()
    }

    /// The file that adds this method to a type of another file, if no other file has a method of that name.
    fn added_in(&self, method: &str) -> Option<&Module> {
        let has = |file: &File| file.methods.iter().any(|(_, name)| name == method);
        let mut having = self.files.iter().filter(|(_, file)| has(file));
        let (module, file) = having.next().filter(|_| having.next().is_none())?;
        let added = file.methods.iter().any(|(of, name)| name == method && !file.types.contains(of));
        added.then_some(module)
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

struct Reader {
    /// The module that is read, those inside the file included.
    module: Module,
    /// The modules below it, for each module that is read.
    children: Vec<BTreeSet<String>>,
    file: File,
}

impl Reader {
    fn read(&mut self, items: &[Item]) {
        let children = items.iter().filter_map(|item| match item {
            Item::Mod(child) => Some(child.ident.to_string()),
            _ => None,
        });
        self.children.push(children.collect());
        items.iter().for_each(|item| self.visit_item(item));
        self.children.pop();
    }

    fn names(&mut self, before: &[String], tree: &UseTree) {
        let whole = |last: &str| {
            let last = (last != "self").then(|| last.to_owned());
            before.iter().cloned().chain(last).collect::<Vec<_>>()
        };
        match tree {
            UseTree::Path(path) => self.names(&whole(&path.ident.to_string()), &path.tree),
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                let called = if name == "self" { before.last().cloned() } else { Some(name.clone()) };
                self.import(called, &whole(&name));
            }
            UseTree::Rename(renamed) => {
                let called = renamed.rename.to_string();
                self.import(Some(called), &whole(&renamed.ident.to_string()));
            }
            UseTree::Glob(_) => self.import(None, before),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.names(before, tree)),
        }
    }

    fn import(&mut self, called: Option<String>, path: &[String]) {
        let Some(path) = self.absolute(path) else { return };
        // What a module inside a file imports, that file does not pass on.
        if let (Some(called), 1) = (called, self.children.len()) {
            self.file.names.insert(called, path.clone());
        }
        self.file.paths.insert(path);
    }

    /// The path from `crate` on; `None` for another crate's and for a name of the file itself.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let (first, mut rest) = path.split_first()?;
        let is_below = |name: &String| self.children.last().is_some_and(|children| children.contains(name));
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([&self.module, rest].concat()),
            "super" => {
                let mut parent: &[String] = &self.module[..self.module.len().checked_sub(1)?];
                while let Some(("super", further)) =
                    rest.split_first().map(|(first, further)| (first.as_str(), further))
                {
                    (parent, rest) = (&parent[..parent.len().checked_sub(1)?], further);
                }
                Some([parent, rest].concat())
            }
            _ if is_below(first) => Some([self.module.as_slice(), path].concat()),
            _ => None,
        }
    }

    /// Paths and calls in what a macro is given or is made of: names joined by `::` or after a dot.
    fn tokens(&mut self, code: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut before = String::new();
        let mut joints = 0;
        for token in code {
            match &token {
                TokenTree::Ident(name) => {
                    if joints != 2 {
                        self.end(&mut path);
                    }
                    path.push(name.to_string());
                    if before == "." {
                        self.file.calls.insert(name.to_string());
                    }
                    joints = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => joints += 1,
                TokenTree::Group(group) => {
                    self.end(&mut path);
                    self.tokens(group.stream());
                    joints = 0;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.end(&mut path);
                    joints = 0;
                }
            }
            let variable = before == "$" && token.to_string() != "crate";
            before = if variable { "$variable".to_owned() } else { token.to_string() };
            if before == "$variable" {
                path = vec![before.clone()];
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.file.names_all_below |= path[0] == "$variable";
            let path = self.absolute(path);
            self.file.paths.extend(path);
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, used: &'ast ItemUse) {
        if !is_of_tests(&used.attrs) {
            self.names(&[], &used.tree);
        }
    }

    fn visit_item_mod(&mut self, child: &'ast ItemMod) {
        self.module.push(child.ident.to_string());
        match &child.content {
            _ if is_of_tests(&child.attrs) => self.file.tests.push(self.module.clone()),
            Some((_, items)) => self.read(items),
            None => {}
        }
        self.module.pop();
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_of_tests(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_struct(&mut self, defined: &'ast ItemStruct) {
        self.file.types.insert(defined.ident.to_string());
        visit::visit_item_struct(self, defined);
    }

    fn visit_item_enum(&mut self, defined: &'ast ItemEnum) {
        self.file.types.insert(defined.ident.to_string());
        visit::visit_item_enum(self, defined);
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        if is_of_tests(&block.attrs) {
            return;
        }
        if let (None, Type::Path(of)) = (&block.trait_, block.self_ty.as_ref())
            && let Some(of) = of.path.segments.last()
        {
            let methods = block.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) => Some((of.ident.to_string(), method.sig.ident.to_string())),
                _ => None,
            });
            self.file.methods.extend(methods);
        }
        visit::visit_item_impl(self, block);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.file.calls.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let mut names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.end(&mut names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.visit_path(&called.path);
        self.tokens(called.tokens.clone());
    }

    /// `pub(in crate::room)` says who may come in, and imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string() == "# [cfg (test)]")
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
    let by_a_method = room(&[
        ("room", "mod one; mod other;"),
        ("room::one", "pub struct One; impl One { pub fn f(&self) { join!(self.added()) } }"),
        ("room::other", "impl super::one::One { pub fn added(&self) {} }"),
    ]);
    assert_eq!(by_a_method, [["room::one", "room::other"]]);
    let inside = room(&[
        ("room", "mod one; mod other;"),
        ("room::one", "pub struct One; mod inner { fn f() { use super::super::{other::{Other as _}}; } }"),
        ("room::other", "pub struct Other; fn f() { use crate::{room::{one::One}}; }"),
    ]);
    assert_eq!(inside, [["room::one", "room::other"]]);
    let twice = room(&[
        ("a", "use crate::b::B as _; use crate::c::C as _; pub struct A;"),
        ("b", "use crate::a::A; pub struct B;"),
        ("c", "pub struct C;"),
    ]);
    assert_eq!(twice, [["a", "b"]]);
    let fine = room(&[
        ("room", "mod one; mod other; pub use one::One; #[cfg(test)] mod laws;"),
        ("room::laws", "use super::one::One; mod more; pub use more::More;"),
        ("room::laws::more", "pub struct More; fn f(_: super::Law) {}"),
        ("room::one", "use super::other::Other; pub struct One; #[cfg(test)] mod tests { use super::*; }"),
        ("room::other", "pub(in crate::room) struct Other;"),
    ]);
    assert_eq!(fine, Vec::<Vec<String>>::new());
}
