//! A page as a browser takes it apart: by the parser of HTML5, with all that it mends and moves, and then element by
//! element in the order of the document.

use html5ever::{
    Attribute, LocalName, Namespace, ParseOpts, QualName,
    interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink},
    parse_document,
    tendril::{StrTendril, TendrilSink},
};
use std::{borrow::Cow, cell::RefCell};

/// Where a value that stands in one of these attributes leads: there a script could hide, or another site.
const LEADS: [&str; 6] = ["href", "src", "action", "formaction", "data-upload", "xlink:href"];

/// A page.
#[derive(Debug)]
pub struct Dom {
    nodes: Vec<Node>,
    doctype: bool,
}

#[derive(Debug)]
struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    what: What,
}

#[derive(Debug)]
enum What {
    Document,
    Element(QualName, Vec<Attribute>),
    Text(String),
    Comment,
}

/// An element of a page.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    dom: &'a Dom,
    id: usize,
}

impl Dom {
    /// What a browser makes of this text.
    pub fn of(html: &str) -> Self {
        let document = Node { parent: None, children: Vec::new(), what: What::Document };
        let tree = Tree(RefCell::new(Self { nodes: vec![document], doctype: false }));
        parse_document(tree, ParseOpts::default()).one(html)
    }

    /// Its elements, in the order of the document.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        let is_element = |id: &usize| matches!(self.nodes[*id].what, What::Element(..));
        self.below(0).into_iter().filter(is_element).map(|id| Element { dom: self, id })
    }

    /// Every element by its depth, its name and the names of its attributes, with where those lead that lead somewhere,
    /// and each comment; nothing of what is written there.
    pub fn shape(&self) -> Vec<String> {
        let mut shape = vec![format!("doctype {}", self.doctype)];
        for id in self.below(0) {
            let depth = std::iter::successors(self.nodes[id].parent, |parent| self.nodes[*parent].parent).count();
            match &self.nodes[id].what {
                What::Element(name, attributes) => {
                    let names = attributes.iter().map(|attribute| {
                        let name = local(&attribute.name);
                        if LEADS.contains(&name.as_str()) {
                            format!(" {name}={}", way(&attribute.value))
                        } else {
                            format!(" {name}")
                        }
                    });
                    shape.push(format!("{depth} {}{}", local(name), names.collect::<String>()));
                }
                What::Comment => shape.push(format!("{depth} a comment")),
                What::Document | What::Text(_) => {}
            }
        }
        shape
    }

    /// Whatever is below a node, in the order of the document.
    fn below(&self, node: usize) -> Vec<usize> {
        let (mut found, mut open) = (Vec::new(), vec![node]);
        while let Some(id) = open.pop() {
            found.push(id);
            open.extend(self.nodes[id].children.iter().rev());
        }
        found.split_off(1)
    }

    fn add(&mut self, what: What) -> usize {
        self.nodes.push(Node { parent: None, children: Vec::new(), what });
        self.nodes.len() - 1
    }

    fn take_out(&mut self, id: usize) {
        if let Some(parent) = self.nodes[id].parent.take() {
            self.nodes[parent].children.retain(|child| *child != id);
        }
    }

    fn put(&mut self, parent: usize, at: usize, child: NodeOrText<usize>) {
        let id = match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => self.add(What::Text(text.to_string())),
        };
        self.nodes[parent].children.insert(at, id);
        self.nodes[id].parent = Some(parent);
    }
}

/// The scheme of an address, or how it begins within the site.
fn way(address: &str) -> &str {
    match address.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => scheme,
        _ if address.starts_with("//") => "//",
        _ => address.get(..1).unwrap_or_default(),
    }
}

fn local(name: &QualName) -> String {
    let prefix = name.prefix.as_ref().map(|prefix| format!("{prefix}:")).unwrap_or_default();
    format!("{prefix}{}", name.local)
}

impl<'a> Element<'a> {
    fn node(self) -> &'a Node {
        &self.dom.nodes[self.id]
    }

    /// Its name.
    pub fn name(self) -> String {
        match &self.node().what {
            What::Element(name, _) => local(name),
            other => panic!("no element: {other:?}"),
        }
    }

    /// What an attribute says.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        let What::Element(_, attributes) = &self.node().what else { return None };
        attributes.iter().find(|attribute| local(&attribute.name) == name).map(|attribute| &*attribute.value)
    }

    /// The names of its attributes.
    pub fn attributes(self) -> impl Iterator<Item = String> + 'a {
        let What::Element(_, attributes) = &self.node().what else { panic!("no element") };
        attributes.iter().map(|attribute| local(&attribute.name))
    }

    /// How each address begins that it leads to.
    pub fn ways(self) -> impl Iterator<Item = &'a str> {
        LEADS.iter().filter_map(move |name| self.attribute(name)).map(way)
    }

    /// The elements in it, in the order of the document.
    pub fn inside(self) -> impl Iterator<Item = Element<'a>> {
        let inside = self.dom.below(self.id).into_iter().map(move |id| Element { id, ..self });
        inside.filter(|inside| matches!(inside.node().what, What::Element(..)))
    }

    /// The nearest element of this name in which it stands.
    pub fn within(self, name: &str) -> Option<Element<'a>> {
        let parents = std::iter::successors(self.node().parent, |id| self.dom.nodes[*id].parent);
        let mut elements = parents.map(|id| Element { id, ..self });
        elements.find(|element| matches!(element.node().what, What::Element(..)) && element.name() == name)
    }

    /// The text in it.
    pub fn text(self) -> String {
        let inside = self.dom.below(self.id).into_iter().map(|id| &self.dom.nodes[id].what);
        inside.map(|what| if let What::Text(text) = what { text } else { "" }).collect()
    }
}

/// A page that is being taken apart.
struct Tree(RefCell<Dom>);

/// The name of an element, for the parser.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Tree {
    type Handle = usize;
    type Output = Dom;
    type ElemName<'a> = Name;

    fn finish(self) -> Dom {
        self.0.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Name {
        match &self.0.borrow().nodes[*target].what {
            What::Element(name, _) => Name(name.clone()),
            other => panic!("no element: {other:?}"),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        self.0.borrow_mut().add(What::Element(name, attributes))
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.0.borrow_mut().add(What::Comment)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.0.borrow_mut().add(What::Comment)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        let mut dom = self.0.borrow_mut();
        let at = dom.nodes[*parent].children.len();
        dom.put(*parent, at, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, before: &usize, child: NodeOrText<usize>) {
        let has_parent = self.0.borrow().nodes[*element].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(before, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {
        self.0.borrow_mut().doctype = true;
    }

    /// What is in a template stands below it here.
    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let mut dom = self.0.borrow_mut();
        if let NodeOrText::AppendNode(id) = &child {
            dom.take_out(*id);
        }
        let parent = dom.nodes[*sibling].parent.expect("a sibling has a parent");
        let at = dom.nodes[parent].children.iter().position(|child| child == sibling).expect("it is a child of it");
        dom.put(parent, at, child);
    }

    fn add_attrs_if_missing(&self, target: &usize, more: Vec<Attribute>) {
        if let What::Element(_, attributes) = &mut self.0.borrow_mut().nodes[*target].what {
            for one in more {
                if attributes.iter().all(|known| known.name != one.name) {
                    attributes.push(one);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.0.borrow_mut().take_out(*target);
    }

    fn reparent_children(&self, node: &usize, new: &usize) {
        let children = std::mem::take(&mut self.0.borrow_mut().nodes[*node].children);
        for child in children {
            self.0.borrow_mut().nodes[child].parent = None;
            self.append(new, NodeOrText::AppendNode(child));
        }
    }
}

#[test]
fn a_page_is_taken_apart_as_a_browser_does() {
    let plain = Dom::of("<!doctype html><p title=\"a\">x</p><textarea><b></textarea>");
    let expected = ["doctype true", "1 html", "2 head", "2 body", "3 p title", "3 textarea"];
    assert_eq!(plain.shape(), expected, "what is in a field for text is text");
    let p = plain.elements().find(|element| element.name() == "p").unwrap();
    assert_eq!((p.text().as_str(), p.attribute("title"), p.within("body").is_some()), ("x", Some("a"), true));

    let moved = Dom::of("<table><!--x--><a href='javascript:x' onclick=y>1<tr><td><img src=//e></table><a href=/?a:b>");
    let shape = moved.shape();
    for element in ["3 a href=javascript onclick", "3 table", "4 a comment", "6 td", "7 img src=//", "3 a href=/"] {
        assert!(shape.iter().any(|one| one.contains(element.split_once(' ').unwrap().1)), "{element}: {shape:#?}");
    }
    let stray = shape.iter().position(|one| one.contains("onclick")).unwrap();
    assert!(stray < shape.iter().position(|one| one.ends_with("table")).unwrap(), "it leaves the table: {shape:#?}");
}
