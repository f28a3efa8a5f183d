//! Which image, and which bytes of it, a request wants.

use http::Method;
use http::header::{self, HeaderName};
use runtime::input::{Input, Query};
use runtime::openapi::Describe;
use runtime::{Incoming, Problem};
use schemars::JsonSchema;
use serde::Deserialize;

pub struct Wanted {
    pub method: Method,
    pub version: Option<String>,
    /// To be led to storage instead.
    pub redirect: bool,
    pub range: Option<String>,
    pub if_range: Option<String>,
    pub if_none_match: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct InQuery {
    /// A certain version; what the device should run without it.
    version: Option<String>,
    /// `1`: be redirected to storage's own address of the image.
    redirect: Option<String>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "for the documentation only")]
struct InHeaders {
    /// `bytes=first-last`, `bytes=first-` or `bytes=-count`. Several at once are answered with the whole.
    #[schemars(rename = "Range")]
    range: Option<String>,
    /// The `ETag` or `Last-Modified` that the download was begun with.
    #[schemars(rename = "If-Range")]
    if_range: Option<String>,
    #[schemars(rename = "If-None-Match")]
    if_none_match: Option<String>,
}

impl Input for Wanted {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let Query(InQuery { version, redirect }) = Query::read(request).await?;
        let in_header = |name: HeaderName| request.header(&name).map(str::to_owned);
        Ok(Self {
            method: request.method.clone(),
            version: version.filter(|version| !version.is_empty()),
            redirect: redirect.as_deref() == Some("1"),
            range: in_header(header::RANGE),
            if_range: in_header(header::IF_RANGE),
            if_none_match: in_header(header::IF_NONE_MATCH),
        })
    }

    fn describe(operation: &mut Describe) {
        operation.parameters::<InQuery>("query");
        operation.parameters::<InHeaders>("header");
    }
}
