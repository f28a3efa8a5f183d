//! `GET /documents/{document}`: a document, by a signed link, to be saved and never shown in place.

use std::time::Duration;

use bytes::Bytes;
use domain::picture_link::{DocumentName, DocumentNotFound};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue, LOCATION};
use runtime::answer::{Answer, Output};
use runtime::callers::Anyone;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::openapi::Describe;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::bucket::{Bucket, ObjectAction};
use store::documents::{self, Found};

pub static FUNCTION: Function = Function::endpoint::<GetDocument>();

pub struct GetDocument;

/// What fits in an answer: Lambda's 6 MB envelope less base64 and headers.
const MOST_BYTES: u64 = 4_500_000;
/// Of an address of storage: it is followed at once.
const ADDRESS_LIFE: Duration = Duration::from_secs(60);

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "DocumentParameters")]
pub struct Parameters {
    document: String,
}

/// As signed by us.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "DocumentSignature")]
pub struct Signature {
    /// Seconds since 1970.
    expires: Option<String>,
    signature: Option<String>,
}

pub enum Document {
    Here(DocumentName, Bytes),
    /// Too large for an answer: an address of storage.
    Elsewhere(String),
}

impl Output for Document {
    fn into_answer(self) -> Result<Answer, Problem> {
        let value = |text: String| HeaderValue::try_from(text).map_err(|error| Problem::internal(error.to_string()));
        Ok(match self {
            Document::Here(name, bytes) => Answer::new(StatusCode::OK, "application/pdf", bytes)
                .with(
                    CONTENT_DISPOSITION,
                    value(format!("attachment; filename=\"{}\"", name.as_str()))?,
                )
                .with(CACHE_CONTROL, HeaderValue::from_static("private, max-age=300")),
            Document::Elsewhere(address) => Answer::empty(StatusCode::FOUND).with(LOCATION, value(address)?),
        })
    }

    fn describe(operation: &mut Describe) {
        operation.answer(StatusCode::OK, "application/pdf");
        operation.empty_answer(StatusCode::FOUND);
    }
}

impl Endpoint for GetDocument {
    const NAME: &'static str = "get-document";
    const SUMMARY: &'static str = "A document, by a signed link";
    const ROUTES: &'static [Route] = &[Route::get("/documents/{document}")];
    const RATE: RateClass = RateClass::Pictures;
    const NEEDS: &'static [Need] = &[
        Need::Objects(Bucket::Documents, &[ObjectAction::Get]),
        Need::Secret(Secret::LinkSigningKey),
    ];
    const MEMORY_MB: u16 = 512;

    type Caller = Anyone;
    type Input = (Path<Parameters>, Query<Signature>);
    type Output = Document;

    async fn handle(
        context: &Context,
        _: Anyone,
        (Path(path), Query(query)): Self::Input,
    ) -> Result<Document, Problem> {
        let name = DocumentName::try_from(path.document).map_err(|_| DocumentNotFound)?;
        let expires = query.expires.and_then(|expires| expires.parse().ok());
        let (Some(expires), Some(signature)) = (expires, query.signature) else {
            return Err(DocumentNotFound.into());
        };
        if !context.picture_links().await?.opens(&name, expires, &signature) {
            return Err(DocumentNotFound.into());
        }
        match documents::get_linked(&context.store, &name, MOST_BYTES).await? {
            Some(Found::Whole(bytes)) => Ok(Document::Here(name, bytes)),
            Some(Found::TooLarge) => {
                let address = documents::address(&context.store, &name, context.now, ADDRESS_LIFE).await?;
                Ok(Document::Elsewhere(address))
            }
            None => Err(DocumentNotFound.into()),
        }
    }
}
