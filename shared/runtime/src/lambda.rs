//! The Lambda loop, and the same path for whoever has an event in hand: the local product runs every request through
//! the very (de)serialisation of the cloud.

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::Arc;

use lambda_http::lambda_runtime::service_fn;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::Service;
use lambda_http::{Adapter, Body, Context as LambdaContext, LambdaEvent, Response};

use crate::answer::Answer;
use crate::clock::Clock;
use crate::context::Platform;
use crate::function::{Function, Respond, Work};
use crate::problem::Problem;
use crate::request::Incoming;
use crate::settings::Settings;
use crate::telemetry::Telemetry;

/// The whole of a deployed binary: `fn main() -> ExitCode { runtime::serve(&area::endpoint::FUNCTION) }`.
pub fn serve(function: &'static Function) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(function)),
        Err(error) => Err(error.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "{}: {error}", function.name);
            ExitCode::FAILURE
        }
    }
}

async fn run(function: &'static Function) -> Result<(), String> {
    let needs: Vec<_> = function.all_needs().copied().collect();
    let settings = Settings::read(|name| std::env::var(name).ok(), &needs).map_err(|error| error.to_string())?;
    let platform = Arc::new(Platform::new(settings, Telemetry::CloudWatch, Clock::default()));
    (function.prepare)(&platform).map_err(|problem| problem.cause.unwrap_or(problem.detail))?;
    let outcome = match function.work {
        Work::Requests { respond, .. } => {
            lambda_http::run(service_fn(move |request| answer(respond, platform.clone(), request))).await
        }
        Work::Events { .. } | Work::Sockets { .. } => {
            let handle =
                move |event: LambdaEvent<serde_json::Value>| handle(&function.work, platform.clone(), event.payload);
            lambda_runtime::run(service_fn(handle)).await
        }
    };
    outcome.map_err(|error| error.to_string())
}

/// Runs one event through a function: the event's JSON in, the answer's JSON out.
pub async fn invoke(function: &'static Function, platform: Arc<Platform>, event: &str) -> Result<String, String> {
    let text = |error: serde_json::Error| error.to_string();
    match function.work {
        Work::Requests { respond, .. } => {
            let request: LambdaRequest = serde_json::from_str(event).map_err(text)?;
            let mut adapter = Adapter::from(service_fn(move |request| answer(respond, platform.clone(), request)));
            let call = adapter.call(LambdaEvent::new(request, LambdaContext::default()));
            let response = call.await.map_err(|never: Infallible| never.to_string())?;
            serde_json::to_string(&response).map_err(text)
        }
        Work::Events { .. } | Work::Sockets { .. } => {
            let event = serde_json::from_str(event).map_err(text)?;
            let answer = handle(&function.work, platform, event).await;
            answer
                .map(|answer| answer.to_string())
                .map_err(|error| error.to_string())
        }
    }
}

async fn answer(
    respond: Respond,
    platform: Arc<Platform>,
    request: lambda_http::Request,
) -> Result<Response<Body>, Infallible> {
    let Answer { status, headers, body } = respond(platform, Incoming::from_lambda(request)).await;
    let is_text = !headers.contains_key(http::header::CONTENT_ENCODING)
        && headers.get(http::header::CONTENT_TYPE).is_some_and(|value| {
            let value = value.to_str().unwrap_or_default();
            value.starts_with("text/") || value.ends_with("json")
        });
    let body = match String::from_utf8(body.to_vec()) {
        Ok(text) if is_text => Body::Text(text),
        Ok(text) => Body::Binary(text.into_bytes()),
        Err(bytes) => Body::Binary(bytes.into_bytes()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// Of a worker it fails when the batch cannot be told record by record: the whole event is then handed over again.
async fn handle(
    work: &'static Work,
    platform: Arc<Platform>,
    event: serde_json::Value,
) -> Result<serde_json::Value, lambda_runtime::Error> {
    let answer = match work {
        Work::Events { run, .. } => run(platform, event).await.map(serde_json::to_value),
        Work::Sockets { respond, .. } => respond(platform, event).await.map(serde_json::to_value),
        Work::Requests { .. } => Err(Problem::internal("a request is no event")),
    };
    let answer = answer.map_err(|problem| problem.cause.unwrap_or(problem.detail))?;
    Ok(answer?)
}
