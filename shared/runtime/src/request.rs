//! A request as an extractor sees it: complete, since Lambda hands over whole bodies.

use std::collections::HashMap;
use std::sync::OnceLock;

use bytes::Bytes;
use domain::session::NotSignedIn;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName};
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;

use crate::context::Context;
use crate::endpoint::Method;
use crate::tokens::{self, Claims};

pub struct Incoming {
    pub method: Method,
    pub path: String,
    pub path_parameters: HashMap<String, String>,
    /// As sent, without the question mark. May hold secrets: never logged.
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub request_id: String,
    pub client: Client,
    pub base_url: String,
    /// Checked once, for whoever asks first.
    claims: OnceLock<Result<Claims, NotSignedIn>>,
}

/// Where a request came from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The real peer's address, as API Gateway saw it; `X-Forwarded-For` can be forged.
    pub address: String,
    pub user_agent: String,
}

impl Incoming {
    pub(crate) fn from_lambda(request: lambda_http::Request) -> Self {
        // API Gateway has decoded them.
        let path_parameters = request
            .path_parameters()
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let gateway = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => Some(context.clone()),
            _ => None,
        };
        let (parts, body) = request.into_parts();
        let gateway = gateway.unwrap_or_default();
        let scheme = header(&parts.headers, &HeaderName::from_static("x-forwarded-proto")).unwrap_or("https");
        Self {
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            base_url: format!("{scheme}://{}", gateway.domain_name.unwrap_or_default()),
            request_id: gateway.request_id.unwrap_or_default(),
            client: Client {
                address: gateway.http.source_ip.unwrap_or_default(),
                user_agent: gateway.http.user_agent.unwrap_or_default(),
            },
            method: parts.method,
            headers: parts.headers,
            path_parameters,
            body: body_bytes(body),
            claims: OnceLock::new(),
        }
    }

    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        header(&self.headers, name)
    }

    /// What the bearer's token says, if it is one of ours and still good.
    pub(crate) fn claims(&self, context: &Context) -> Result<&Claims, NotSignedIn> {
        let keys = &context.platform.settings.tokens.public_keys;
        let check = || tokens::verify(self.bearer().ok_or(NotSignedIn::NoToken)?, keys, context.now);
        self.claims.get_or_init(check).as_ref().map_err(|error| *error)
    }

    /// The credentials of an `Authorization: Bearer …` header; the scheme comes in any case.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header(&AUTHORIZATION)?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn body_bytes(body: lambda_http::Body) -> Bytes {
    match body {
        lambda_http::Body::Text(text) => Bytes::from(text),
        lambda_http::Body::Binary(bytes) => Bytes::from(bytes),
        _ => Bytes::new(),
    }
}
