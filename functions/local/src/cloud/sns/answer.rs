//! Answers and refusals, in the XML of the Query protocol.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::cloud::signature::Unsigned;
pub(super) use crate::cloud::uuid;

const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// What an action gives: its name and the inside of its result element.
pub struct Answer {
    pub action: &'static str,
    pub result: String,
}

/// The short code of the wire, from which an SDK makes its typed error.
pub struct Refusal {
    code: &'static str,
    message: String,
}

impl Refusal {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidParameter", format!("Invalid parameter: {}", message.into()))
    }

    pub fn not_found(what: &str) -> Self {
        Self::new("NotFound", format!("{what} does not exist"))
    }

    pub fn code(&self) -> &'static str {
        self.code
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    fn status(&self) -> StatusCode {
        match self.code {
            "NotFound" => StatusCode::NOT_FOUND,
            "MissingAuthenticationToken" | "InvalidClientTokenId" | "SignatureDoesNotMatch" => StatusCode::FORBIDDEN,
            "InternalError" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<Unsigned> for Refusal {
    fn from(unsigned: Unsigned) -> Self {
        let code = match unsigned {
            Unsigned::NoToken => "MissingAuthenticationToken",
            Unsigned::Incomplete(_) => "IncompleteSignature",
            Unsigned::UnknownKey => "InvalidClientTokenId",
            Unsigned::OutOfTime | Unsigned::Mismatch => "SignatureDoesNotMatch",
        };
        Self::new(code, unsigned.to_string())
    }
}

pub fn write(answer: Result<Answer, Refusal>) -> Response {
    let (status, xml) = match answer {
        Ok(Answer { action, result }) => (
            StatusCode::OK,
            format!(
                "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result>\
                 <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></{action}Response>",
                uuid()
            ),
        ),
        Err(refusal) => (
            refusal.status(),
            format!(
                "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type>{}{}</Error>\
                 <RequestId>{}</RequestId></ErrorResponse>",
                element("Code", refusal.code),
                element("Message", &refusal.message),
                uuid()
            ),
        ),
    };
    (status, [(header::CONTENT_TYPE, "text/xml")], xml).into_response()
}

/// An element with text inside; also the only place where text becomes XML.
pub fn element(name: &str, text: &str) -> String {
    let mut xml = format!("<{name}>");
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            // XML 1.0 has no way to write the other control characters.
            control if control.is_control() && !matches!(control, '\n' | '\r' | '\t') => {}
            other => xml.push(other),
        }
    }
    xml + &format!("</{name}>")
}
