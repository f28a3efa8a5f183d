//! SNS on loopback: the Query protocol, platform endpoints, topics and text messages. Nothing is delivered;
//! it arrives in the inbox. What AWS refuses is refused here too, with the codes its SDKs understand.
//!
//! Deliberately not here: delivery to HTTP, Lambda or SQS subscribers, filter policies, FIFO topics.

mod answer;
mod catalogue;
mod endpoints;
mod publish;
mod request;
mod topics;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::{Credentials, signature};
use crate::inbox::Inbox;
use answer::{Answer, Refusal};
use catalogue::Catalogue;
use request::Request;

struct Sns {
    credentials: Credentials,
    catalogue: Mutex<Catalogue>,
    inbox: Inbox,
}

/// The service as a router. With a file, topics and endpoints survive a restart: their ARNs are stored elsewhere.
pub fn router(file: Option<PathBuf>, credentials: Credentials, inbox: Inbox) -> io::Result<Router> {
    let catalogue = Mutex::new(Catalogue::open(file)?);
    let sns = Arc::new(Sns {
        credentials,
        catalogue,
        inbox,
    });
    Ok(Router::new().fallback(handle).with_state(sns))
}

async fn handle(State(sns): State<Arc<Sns>>, headers: HeaderMap, body: Bytes) -> Response {
    answer::write(sns.answer(&headers, &body))
}

impl Sns {
    fn answer(&self, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Refusal> {
        signature::check(headers, body, "sns", &self.credentials)?;
        let request = Request::parse(body)?;
        let mut catalogue = self.catalogue.lock().unwrap_or_else(PoisonError::into_inner);
        match request.action() {
            "Publish" => publish::one(&request, &catalogue, &self.inbox),
            "PublishBatch" => publish::batch(&request, &catalogue, &self.inbox),
            "CreatePlatformApplication" => endpoints::create_application(&request, &mut catalogue),
            "DeletePlatformApplication" => endpoints::delete_application(&request, &mut catalogue),
            "CreatePlatformEndpoint" => endpoints::create(&request, &mut catalogue),
            "GetEndpointAttributes" => endpoints::attributes(&request, &catalogue),
            "SetEndpointAttributes" => endpoints::set_attributes(&request, &mut catalogue),
            "DeleteEndpoint" => endpoints::delete(&request, &mut catalogue),
            "CreateTopic" => topics::create(&request, &mut catalogue),
            "DeleteTopic" => topics::delete(&request, &mut catalogue),
            "ListTopics" => Ok(topics::list(&catalogue)),
            "Subscribe" => topics::subscribe(&request, &mut catalogue),
            "Unsubscribe" => topics::unsubscribe(&request, &mut catalogue),
            other => Err(Refusal::new(
                "InvalidAction",
                format!("The action {other} is not valid for this endpoint."),
            )),
        }
    }
}
