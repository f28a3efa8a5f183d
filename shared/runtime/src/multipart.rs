//! `multipart/form-data` bodies: exact field names, any order, bounded in number and size.

use bytes::Bytes;
use domain::refusal::FieldError;
use futures_util::stream;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use multer::{Constraints, Multipart, SizeLimit};

use crate::input::Input;
use crate::openapi::Describe;
use crate::problem::Problem;
use crate::request::Incoming;

/// More fields than any client sends.
const MOST_PARTS: usize = 32;
/// More than Lambda hands over.
const LARGEST_BODY: u64 = 8 * 1024 * 1024;

/// The fields of a form, by name. A part's content type and file name are not proof of anything and are dropped.
pub struct Parts(Vec<(String, Bytes)>, Vec<(String, String)>);

impl Parts {
    /// The first field of that name.
    pub fn take(&mut self, name: &str) -> Option<Bytes> {
        let place = self.0.iter().position(|(field, _)| field == name)?;
        Some(self.0.swap_remove(place).1)
    }

    /// Browsers send a choice of a file that was left open as an empty part.
    fn leave_out_unfilled(&mut self, fields: &[FormField]) {
        let is_open = |name: &str| {
            let field = fields.iter().find(|field| field.name == name);
            field.is_some_and(|field| field.is_file && !field.is_required)
        };
        self.0.retain(|(name, bytes)| !bytes.is_empty() || !is_open(name));
    }

    /// The name that the client's file has in that field. Only ever shown back: it is no path and no proof of a type.
    pub fn file_name(&self, name: &str) -> Option<&str> {
        self.1
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, file)| file.as_str())
    }

    /// A field of text, if it is there and says something.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        let Some(bytes) = self.take(name) else { return Ok(None) };
        let text = String::from_utf8(bytes.to_vec())
            .map_err(|_| Problem::invalid(vec![FieldError::new("body", name, "invalid", "must be UTF-8 text")]))?;
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }

    /// A field that must be there.
    pub fn require(&mut self, name: &str) -> Result<Bytes, Problem> {
        self.take(name)
            .ok_or_else(|| Problem::invalid(vec![FieldError::new("body", name, "missing", "is required")]))
    }
}

/// Characters of a client's file name that are kept.
const LONGEST_FILE_NAME: usize = 200;

/// One field of a form, for the documentation.
pub struct FormField {
    pub name: &'static str,
    pub is_file: bool,
    pub is_required: bool,
}

impl FormField {
    /// A text that may be left out.
    pub const fn text(name: &'static str) -> Self {
        Self {
            name,
            is_file: false,
            is_required: false,
        }
    }

    /// A file that may be left out.
    pub const fn file(name: &'static str) -> Self {
        Self {
            name,
            is_file: true,
            is_required: false,
        }
    }

    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}

/// A form as a type.
pub trait MultipartForm: Sized + Send {
    const FIELDS: &'static [FormField];

    fn from_parts(parts: Parts) -> Result<Self, Problem>;
}

pub struct Form<T>(pub T);

impl<T: MultipartForm> Input for Form<T> {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let mut parts = read_parts(request).await?;
        parts.leave_out_unfilled(T::FIELDS);
        T::from_parts(parts).map(Self)
    }

    fn describe(operation: &mut Describe) {
        operation.form_body(T::FIELDS);
    }
}

async fn read_parts(request: &Incoming) -> Result<Parts, Problem> {
    let content_type = request.header(&CONTENT_TYPE).unwrap_or_default();
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return urlencoded(&request.body);
    }
    let boundary = request
        .header(&CONTENT_TYPE)
        .and_then(|text| multer::parse_boundary(text).ok());
    let boundary = boundary.ok_or_else(|| {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Problem::new(status, "multipart_expected", "The body must be multipart/form-data.")
    })?;
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(LARGEST_BODY));
    let body = stream::iter([Ok::<_, std::convert::Infallible>(request.body.clone())]);
    let mut multipart = Multipart::with_constraints(body, boundary, limits);

    let (mut parts, mut file_names) = (Vec::new(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(malformed)? {
        if parts.len() == MOST_PARTS {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "too_many_parts",
                "The form has too many fields.",
            ));
        }
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name() {
            file_names.push((name.clone(), file.chars().take(LONGEST_FILE_NAME).collect()));
        }
        parts.push((name, field.bytes().await.map_err(malformed)?));
    }
    Ok(Parts(parts, file_names))
}

/// A form without files may come in the older encoding.
fn urlencoded(body: &Bytes) -> Result<Parts, Problem> {
    let pairs: Vec<(String, String)> = serde_html_form::from_bytes(body).map_err(|_| {
        let detail = "The form is incomplete or malformed.";
        Problem::new(StatusCode::BAD_REQUEST, "malformed_form", detail)
    })?;
    let parts = pairs.into_iter().take(MOST_PARTS);
    let parts = parts.map(|(name, value)| (name, Bytes::from(value)));
    Ok(Parts(parts.collect(), Vec::new()))
}

fn malformed(error: multer::Error) -> Problem {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "The form is too large.",
        ),
        _ => Problem::new(
            StatusCode::BAD_REQUEST,
            "malformed_multipart",
            "The form is incomplete or malformed.",
        ),
    }
}
