//! One page that is drawn and, at the same time, said: each block is marked with what it is, so that a screen reader
//! reads the page in order. Places are counted in points from the upper left corner.

use pdf_writer::types::{StructRole, TabOrder, TableHeaderScope};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Settings, Str, TextStr};

use super::text::{self, Weight};

pub(super) const WIDTH: f64 = 595.0;
pub(super) const HEIGHT: f64 = 842.0;

const DENSE: Settings = Settings { pretty: false };

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const PLAIN: Ref = Ref::new(5);
const BOLD: Ref = Ref::new(6);
const INFO: Ref = Ref::new(7);
const ROOT: Ref = Ref::new(8);
const DOCUMENT: Ref = Ref::new(9);
const PARENTS: Ref = Ref::new(10);
const FIRST_ELEMENT: i32 = 11;

/// Where a text is held by its place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

pub(super) struct Sheet {
    content: Content,
    /// What the page consists of, in the order in which it is read.
    elements: Vec<Element>,
    /// Of each piece of marked content, the element that it belongs to.
    owners: Vec<usize>,
    /// The element that what comes next belongs to; none is the document.
    open: Vec<usize>,
}

struct Element {
    role: StructRole,
    parent: Option<usize>,
    alt: Option<String>,
    marked: Option<i32>,
}

impl Sheet {
    pub fn new() -> Self {
        Self {
            content: Content::with_settings(DENSE),
            elements: Vec::new(),
            owners: Vec::new(),
            open: Vec::new(),
        }
    }

    /// What is drawn within is of that kind, and has children of its own kinds.
    pub fn group(&mut self, role: StructRole, draw: impl FnOnce(&mut Sheet)) {
        let place = self.add(role, None, None);
        self.open.push(place);
        draw(self);
        self.open.pop();
    }

    /// What is drawn within is one piece; `alt` says it where it is no text.
    pub fn block(&mut self, role: StructRole, alt: Option<String>, draw: impl FnOnce(&mut Sheet)) {
        let marked = i32::try_from(self.owners.len()).unwrap_or(i32::MAX);
        let place = self.add(role, alt, Some(marked));
        self.owners.push(place);
        let mut mark = self.content.begin_marked_content_with_properties(role.to_name());
        mark.properties().identify(marked);
        mark.finish();
        draw(self);
        self.content.end_marked_content();
    }

    /// What is drawn within says nothing.
    pub fn ornament(&mut self, draw: impl FnOnce(&mut Sheet)) {
        self.content.begin_marked_content(Name(b"Artifact"));
        draw(self);
        self.content.end_marked_content();
    }

    fn add(&mut self, role: StructRole, alt: Option<String>, marked: Option<i32>) -> usize {
        self.elements.push(Element {
            role,
            parent: self.open.last().copied(),
            alt,
            marked,
        });
        self.elements.len() - 1
    }

    /// `y` is that of the base line.
    pub fn text(&mut self, (x, y): (f64, f64), size: f64, weight: Weight, anchor: Anchor, what: &str) {
        let shift = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => text::width(what, size, weight) / 2.0,
            Anchor::End => text::width(what, size, weight),
        };
        let font: &[u8] = if weight == Weight::Bold { b"Bold" } else { b"Plain" };
        self.content.begin_text();
        self.content.set_fill_rgb(0.1, 0.11, 0.13);
        self.content.set_font(Name(font), size as f32);
        self.content.next_line(rounded(x - shift), down(y));
        self.content.show(Str(&text::written(what)));
        self.content.end_text();
    }

    /// Fills what the points go around.
    pub fn area(&mut self, points: &[(f64, f64)], [red, green, blue]: [f32; 3]) {
        self.content.set_fill_rgb(red, green, blue);
        self.trace(points);
        self.content.fill_nonzero();
    }

    pub fn line(&mut self, points: &[(f64, f64)], width: f64, dashes: &[f32], [red, green, blue]: [f32; 3]) {
        self.content.set_stroke_rgb(red, green, blue);
        self.content.set_line_width(width as f32);
        self.content.set_dash_pattern(dashes.iter().copied(), 0.0);
        self.trace(points);
        self.content.stroke();
    }

    fn trace(&mut self, points: &[(f64, f64)]) {
        for (place, (x, y)) in points.iter().enumerate() {
            let (x, y) = (rounded(*x), down(*y));
            if place == 0 {
                self.content.move_to(x, y);
            } else {
                self.content.line_to(x, y);
            }
        }
    }

    pub fn finish(self, title: &str, language: &str) -> Vec<u8> {
        let mut pdf = Pdf::with_settings(DENSE);
        let mut catalog = pdf.catalog(CATALOG);
        catalog.pages(PAGES).lang(TextStr(language));
        catalog.viewer_preferences().display_doc_title(true);
        catalog.mark_info().marked(true);
        catalog.pair(Name(b"StructTreeRoot"), ROOT);
        catalog.finish();
        pdf.document_info(INFO).title(TextStr(title));
        pdf.pages(PAGES).kids([PAGE]).count(1);
        let mut page = pdf.page(PAGE);
        page.parent(PAGES).contents(CONTENT).struct_parents(0);
        page.media_box(Rect::new(0.0, 0.0, WIDTH as f32, HEIGHT as f32));
        page.tab_order(TabOrder::StructureOrder);
        let mut resources = page.resources();
        resources.fonts().pair(Name(b"Plain"), PLAIN).pair(Name(b"Bold"), BOLD);
        resources.finish();
        page.finish();
        for (font, name) in [(PLAIN, &b"Helvetica"[..]), (BOLD, b"Helvetica-Bold")] {
            let mut font = pdf.type1_font(font);
            font.base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        self.write_structure(&mut pdf);
        pdf.stream(CONTENT, &self.content.finish());
        pdf.finish()
    }

    fn write_structure(&self, pdf: &mut Pdf) {
        let id = |place: usize| Ref::new(FIRST_ELEMENT.saturating_add(i32::try_from(place).unwrap_or(i32::MAX)));
        let children = |of: Option<usize>| {
            let elements = self.elements.iter().enumerate();
            elements
                .filter(move |(_, element)| element.parent == of)
                .map(|(place, _)| id(place))
        };
        let mut root = pdf.indirect(ROOT).dict();
        root.pair(Name(b"Type"), Name(b"StructTreeRoot"));
        root.pair(Name(b"K"), DOCUMENT)
            .pair(Name(b"ParentTree"), PARENTS)
            .pair(Name(b"ParentTreeNextKey"), 1);
        root.finish();
        let mut parents = pdf.indirect(PARENTS).dict();
        let mut numbers = parents.insert(Name(b"Nums")).array();
        numbers.item(0);
        numbers.push().array().items(self.owners.iter().map(|place| id(*place)));
        numbers.finish();
        parents.finish();
        let mut document = pdf.struct_element(DOCUMENT);
        document.kind(StructRole::Document).parent(ROOT);
        let mut kids = document.children();
        children(None).for_each(|child| {
            kids.struct_element(child);
        });
        kids.finish();
        document.finish();
        for (place, element) in self.elements.iter().enumerate() {
            let mut written = pdf.struct_element(id(place));
            written
                .kind(element.role)
                .parent(element.parent.map_or(DOCUMENT, id))
                .page(PAGE);
            if let Some(alt) = &element.alt {
                written.alt(TextStr(alt));
            }
            if element.role == StructRole::TH {
                let mut attributes = written.attributes();
                attributes.push().table().scope(TableHeaderScope::Row);
            }
            let mut kids = written.children();
            if let Some(marked) = element.marked {
                kids.marked_content_id(marked);
            }
            children(Some(place)).for_each(|child| {
                kids.struct_element(child);
            });
            kids.finish();
            written.finish();
        }
    }
}

/// PDF counts from the lower left corner.
fn down(y: f64) -> f32 {
    rounded(HEIGHT - y)
}

/// To hundredths of a point: nobody sees more.
fn rounded(points: f64) -> f32 {
    ((points * 100.0).round() / 100.0) as f32
}
