//! An endpoint as data, beside one `handle`.

use std::future::Future;

use domain::session::Product;

use crate::answer::Output;
use crate::callers::Caller;
use crate::context::{Context, Platform};
use crate::idempotency::Retry;
use crate::input::Input;
use crate::need::Need;
use crate::problem::Problem;

pub use http::Method;

/// A method and a path as clients know it; path parameters in braces: `/api/predictions/{id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    /// Whose clients call it: they read their own words and shapes. None for what no old client knows.
    pub product: Option<Product>,
}

impl Route {
    pub const fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path)
    }

    /// Beside a `get` of the same path: answered alike, and the body goes no further than HTTP lets it.
    pub const fn head(path: &'static str) -> Self {
        Self::new(Method::HEAD, path)
    }

    pub const fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path)
    }

    pub const fn put(path: &'static str) -> Self {
        Self::new(Method::PUT, path)
    }

    pub const fn patch(path: &'static str) -> Self {
        Self::new(Method::PATCH, path)
    }

    pub const fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// `Route::get("/profile").of(Product::Dental)`.
    pub const fn of(mut self, product: Product) -> Self {
        self.product = Some(product);
        self
    }

    const fn new(method: Method, path: &'static str) -> Self {
        Self {
            method,
            path,
            product: None,
        }
    }
}

/// How often one caller may call: see [`crate::rate_limit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateClass {
    /// Not counted: health checks, documentation.
    Free,
    /// 60 a minute.
    Ordinary,
    /// Guessable proof of identity: 60 a minute for each network address, whoever it claims to be. The outer limit:
    /// log-ins and codes have finer budgets of their own.
    Credentials,
    /// Taken from anybody and read by people: 10 a minute for each network address.
    OpenForm,
    /// Costs a model run: 20 a minute.
    Diagnosis,
    /// Shown by the dozen on a page: 600 a minute for each network address.
    Pictures,
    /// Asked again and again until something is ready: 120 a minute.
    Polling,
    /// What the two ends of a call tell one another: 600 a minute.
    Signals,
    /// Asked by machines, of which many stand behind one network address: 600 a minute for each address.
    Devices,
    /// Connecting to the WebSocket API: 600 a minute for each network address. Tickets are counted by person.
    Connections,
    /// What is said over one connection: 300 a minute.
    Messages,
}

/// One thing that clients can call. The file, the type, the binary and the template's entry share its name.
pub trait Endpoint: 'static {
    /// Verb first, with hyphens, unique in the product: `log-in`.
    const NAME: &'static str;
    /// One sentence for the documentation.
    const SUMMARY: &'static str;
    /// Every path that leads here: aliases of other products are more of them, not more endpoints.
    const ROUTES: &'static [Route];
    const RATE: RateClass = RateClass::Ordinary;
    /// Whether it reads or writes somebody's health data, which must leave a trace: see [`Context::audit`].
    const HEALTH_DATA: bool = false;
    /// What becomes of a POST that comes again with its `Idempotency-Key`. It must be `HandledAgain` where something
    /// happens outside the tables before the answer, or a handler writes one item twice.
    const RETRY: Retry = Retry::Replayed;
    /// Beyond what finding out the caller, counting the call, leaving a trace and keeping answers need.
    const NEEDS: &'static [Need] = &[];
    /// Lambda gives CPU in proportion: 1,769 MB is one core.
    const MEMORY_MB: u16 = 256;
    const TIMEOUT_SECONDS: u16 = 10;

    type Caller: Caller;
    type Input: Input;
    type Output: Output;

    /// Loads what is worth loading before the first request, such as a model.
    fn prepare(_platform: &Platform) -> Result<(), Problem> {
        Ok(())
    }

    fn handle(
        context: &Context,
        caller: Self::Caller,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Problem>> + Send;
}
