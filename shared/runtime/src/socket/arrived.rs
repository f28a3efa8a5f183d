//! What API Gateway tells of a connection, before anybody has looked at it.

use std::collections::HashMap;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use data_encoding::BASE64;
use domain::socket::ConnectionId;
use http::header::SEC_WEBSOCKET_PROTOCOL;

use crate::problem::Problem;
use crate::request::Client;

pub struct Arrived {
    /// `$connect`, or the type of a message.
    pub route: String,
    pub connection: ConnectionId,
    pub client: Client,
    pub request_id: String,
    /// On connecting only. May hold secrets: never logged.
    pub query: HashMap<String, String>,
    /// The subprotocols that the client offers on connecting.
    pub offered: Vec<String>,
    /// What was said.
    pub body: String,
    /// How the connection ended.
    pub close_code: Option<i64>,
}

impl Arrived {
    pub(crate) fn read(event: serde_json::Value) -> Result<Self, Problem> {
        let malformed = |what: &str| Problem::internal(format!("an event of the WebSocket API: {what}"));
        let event: ApiGatewayWebsocketProxyRequest =
            serde_json::from_value(event).map_err(|error| malformed(&error.to_string()))?;
        let context = event.request_context;
        let connection = context.connection_id.unwrap_or_default();
        let offered = event.headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter();
        let offered = offered.filter_map(|value| value.to_str().ok());
        let offered = offered
            .flat_map(|value| value.split(','))
            .map(|word| word.trim().to_owned());
        let offered = offered.collect();
        let query = event.query_string_parameters.iter();
        let body = event.body.unwrap_or_default();
        Ok(Self {
            route: context.route_key.unwrap_or_default(),
            connection: connection.try_into().map_err(|_| malformed("no connection"))?,
            client: Client {
                address: context.identity.source_ip.unwrap_or_default(),
                user_agent: context.identity.user_agent.unwrap_or_default(),
            },
            request_id: context.request_id.unwrap_or_default(),
            query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            offered,
            body: match event.is_base64_encoded {
                true => decoded(&body),
                false => body,
            },
            close_code: context.disconnect_status_code,
        })
    }
}

/// What is no text is no message either, which whoever reads it says.
fn decoded(body: &str) -> String {
    let bytes = BASE64.decode(body.as_bytes()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
