//! `index.html`: everything for people to read, in their language as far as headings go. Nothing in it runs, nothing is
//! loaded from elsewhere, and whatever somebody wrote is text.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::export::Export;
use domain::language::Language;
use domain::picture_link::PictureName;
use runtime::Problem;
use serde_json::Value;
use store::holdings::Kind;

use super::spool::{Spool, SpoolReader};
use super::titles::{Words, title, words};

pub struct PageWriter {
    body: Spool,
    language: Language,
    open: Option<Kind>,
    number: u64,
}

/// The page in three pieces.
pub struct Page {
    pub head: String,
    pub body: SpoolReader,
    pub foot: &'static str,
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
color:#1a1a1a;background:#fff}h2{margin-top:3rem;border-bottom:2px solid #1a1a1a}article{margin:1.5rem 0;\
padding:.5rem 1rem;border:1px solid #767676;border-radius:.3rem}dt{font-weight:600}dd{margin:0 0 .3rem 1rem;\
overflow-wrap:anywhere;white-space:pre-wrap}img{max-width:100%;height:auto}a{color:#00488f}\
@media print{article{break-inside:avoid}}";

impl PageWriter {
    pub fn new() -> Result<Self, Problem> {
        Ok(Self {
            body: Spool::new()?,
            language: Language::default(),
            open: None,
            number: 0,
        })
    }

    /// From here on.
    pub fn speak(&mut self, language: Language) {
        self.language = language;
    }

    pub fn begin(&mut self, kind: Kind) -> Result<(), Problem> {
        (self.open, self.number) = (Some(kind), 0);
        let (word, title) = (kind.word(), escaped(title(kind, self.language)));
        let head =
            format!("<section id=\"{word}\" aria-labelledby=\"{word}-title\">\n<h2 id=\"{word}-title\">{title}</h2>\n");
        self.body.write(head.as_bytes())
    }

    /// `json`: a thing of the kind that was begun.
    pub fn add(&mut self, json: &[u8]) -> Result<(), Problem> {
        let thing: Value = serde_json::from_slice(json).map_err(|error| Problem::internal(error.to_string()))?;
        self.number += 1;
        let title = self.open.map(|kind| title(kind, self.language)).unwrap_or_default();
        let mut html = format!("<article>\n<h3>{} {}</h3>\n", escaped(title), self.number);
        write_value(&mut html, &thing, words(self.language));
        html.push_str("</article>\n");
        self.body.write(html.as_bytes())
    }

    pub fn end(&mut self) -> Result<(), Problem> {
        self.open = None;
        self.body.write(b"</section>\n")
    }

    pub fn close(self, export: &Export, counts: &BTreeMap<String, u64>) -> Result<Page, Problem> {
        Ok(Page {
            head: head(self.language, export, counts),
            body: self.body.into_reader()?,
            foot: "</main>\n</body>\n</html>\n",
        })
    }
}

fn head(language: Language, export: &Export, counts: &BTreeMap<String, u64>) -> String {
    let Words {
        heading,
        intro,
        contents,
        ..
    } = words(language);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; \
         style-src 'unsafe-inline'\">\n<title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{heading}</h1>\n<p>{intro}</p>\n<p><time>{:.0}</time></p>\n</header>\n\
         <nav aria-label=\"{contents}\">\n<ul>\n",
        language.tag(),
        export.created_at,
    );
    for kind in Kind::ALL {
        let count = counts.get(kind.word()).copied().unwrap_or_default();
        let title = escaped(title(kind, language));
        let _ = match count {
            0 => writeln!(html, "<li>{title}: 0</li>"),
            _ => writeln!(html, "<li><a href=\"#{}\">{title}</a>: {count}</li>", kind.word()),
        };
    }
    html + "</ul>\n</nav>\n<main>\n"
}

fn write_value(html: &mut String, value: &Value, words: &Words) {
    match value {
        Value::Null => {}
        Value::Bool(true) => html.push_str(words.yes),
        Value::Bool(false) => html.push_str(words.no),
        Value::Number(number) => html.push_str(&number.to_string()),
        Value::String(text) => match PictureName::try_from(text.clone()) {
            Ok(picture) => write_picture(html, &picture, words),
            Err(_) => html.push_str(&escaped(text)),
        },
        Value::Array(values) => {
            html.push_str("<ul>\n");
            for value in values {
                html.push_str("<li>");
                write_value(html, value, words);
                html.push_str("</li>\n");
            }
            html.push_str("</ul>\n");
        }
        Value::Object(members) => {
            html.push_str("<dl>\n");
            for (name, value) in members.iter().filter(|(_, value)| says_something(value)) {
                html.push_str("<dt>");
                html.push_str(&escaped(&name.replace('_', " ")));
                html.push_str("</dt>\n<dd>");
                write_value(html, value, words);
                html.push_str("</dd>\n");
            }
            html.push_str("</dl>\n");
        }
    }
}

fn write_picture(html: &mut String, picture: &PictureName, words: &Words) {
    let name = picture.as_str();
    let _ = write!(
        html,
        "<a href=\"pictures/{name}\"><img src=\"pictures/{name}\" alt=\"{}\" loading=\"lazy\"></a>",
        words.picture
    );
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// As text, and in attributes.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_people_write_is_text() {
        let mut html = String::new();
        let evil = json!({ "<script>": "</dd><img src=x onerror='a()'>\" & \u{1b}[0m" });
        write_value(&mut html, &evil, words(Language::En));
        assert_eq!(
            html,
            "<dl>\n<dt>&lt;script&gt;</dt>\n\
             <dd>&lt;/dd&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;&quot; &amp; [0m</dd>\n</dl>\n"
        );
    }

    #[test]
    fn pictures_are_shown_and_nothing_that_only_looks_like_one() {
        let mut html = String::new();
        let name = "0123456789abcdef0123456789abcdef.jpg";
        write_value(&mut html, &json!([name, "../../etc/passwd.jpg"]), words(Language::En));
        assert_eq!(html.matches("<img ").count(), 1);
        assert!(html.contains(&format!("src=\"pictures/{name}\"")) && html.contains("<li>../../etc/passwd.jpg</li>"));
    }
}
