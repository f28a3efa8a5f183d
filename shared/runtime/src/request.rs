//! A request as an extractor sees it: complete, since Lambda hands over whole bodies.

use std::collections::HashMap;
use std::sync::OnceLock;

use bytes::Bytes;
use domain::session::NotSignedIn;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName};
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;

use crate::context::Context;
use crate::endpoint::{Method, Route};
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
    /// The route that API Gateway matched, such as `GET /api/predictions/{id}`.
    pub route_key: String,
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
            route_key: gateway.route_key.unwrap_or_default(),
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

    /// The one of an endpoint's routes that this request came by; both forms of a path are one.
    pub fn route<'a>(&self, routes: &'a [Route]) -> Option<&'a Route> {
        let (_, path) = self.route_key.split_once(' ')?;
        let path = path.trim_end_matches('/');
        let is_it = |route: &&Route| route.method == self.method && route.path.trim_end_matches('/') == path;
        routes.iter().find(is_it)
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let all = self
            .headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        all.flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
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
    pub fn bearer(&self) -> Option<&str> {
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
