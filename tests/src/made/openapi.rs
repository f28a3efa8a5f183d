//! The document that `get-openapi` serves.

use runtime::Area;

use super::MadeFile;

pub const PATH: &str = "functions/platform/openapi.json";

pub fn file(areas: &[&'static Area]) -> MadeFile {
    let document = runtime::openapi::document(areas);
    let text = serde_json::to_string_pretty(&document).expect("the document has string keys only");
    MadeFile {
        path: PATH.to_owned(),
        content: text + "\n",
    }
}
