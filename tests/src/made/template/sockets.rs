//! The WebSocket API: a route for each type of message, with the same role that calls the functions of the other API.
//!
//! It cannot be described in one body as an HTTP API can, so each route is a resource, and another where its function
//! answers over the connection. It has no access log: API Gateway writes one only where an account-wide role for it was
//! set up by hand, and the functions log every message.

use runtime::socket::{ROUTE_SELECTION, SocketKind};
use runtime::{Area, Function, Work};
use serde_json::{Map, Value, json};

use super::api::{ROLE, invocation};
use super::functions::functions;
use super::{Section, attribute, function_id, logical, reference, stacks, sub};

const API: &str = "SocketApi";
const STAGE: &str = "live";

/// Without a scheme.
pub const ADDRESS: &str = "${SocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live";
/// What may be sent over.
pub const CONNECTIONS: &str =
    "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${SocketApi}/live/*/@connections/*";

pub fn section(areas: &[&'static Area]) -> Section {
    let mut resources = Map::from_iter([(API.to_owned(), api()), (API.to_owned() + "Stage", stage())]);
    let of_area = |area: &'static Area| functions(area).map(move |function| (area, function));
    for (area, function) in areas.iter().copied().flat_map(of_area) {
        let Work::Sockets { routes, kind, .. } = function.work else {
            continue;
        };
        resources.insert(integration_id(function), integration(area, function));
        for route in routes {
            let id = format!("Socket{}Route", logical(route.trim_start_matches('$')));
            resources.insert(id.clone(), self::route(route, kind, function));
            if kind == SocketKind::Message {
                resources.insert(id.clone() + "Response", response(&id));
            }
        }
    }
    Section {
        heading: "The WebSocket API: a route for each type of message, all others to `$default`.".to_owned(),
        resources,
    }
}

fn api() -> Value {
    json!({
        "Type": "AWS::ApiGatewayV2::Api",
        "Properties": {
            "Name": sub("${AWS::StackName}-sockets"),
            "ProtocolType": "WEBSOCKET",
            "RouteSelectionExpression": ROUTE_SELECTION,
        },
    })
}

fn stage() -> Value {
    json!({
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {
            "ApiId": reference(API),
            "StageName": STAGE,
            "AutoDeploy": true,
            "DefaultRouteSettings": { "ThrottlingRateLimit": 500, "ThrottlingBurstLimit": 1000 },
        },
    })
}

fn integration_id(function: &Function) -> String {
    function_id(function) + "Integration"
}

/// Behind its function, as the other API; the API itself is what functions name, and so before them.
fn integration(area: &Area, function: &Function) -> Value {
    json!({
        "Type": "AWS::ApiGatewayV2::Integration",
        "DependsOn": stacks::id(area),
        "Properties": {
            "ApiId": reference(API),
            "IntegrationType": "AWS_PROXY",
            "IntegrationMethod": "POST",
            "IntegrationUri": invocation(function),
            "CredentialsArn": attribute(ROLE, "Arn"),
        },
    })
}

fn route(route: &str, kind: SocketKind, function: &Function) -> Value {
    let mut properties = json!({
        "ApiId": reference(API),
        "RouteKey": route,
        "AuthorizationType": "NONE",
        "Target": sub(&format!("integrations/${{{}}}", integration_id(function))),
    });
    if kind == SocketKind::Message {
        properties["RouteResponseSelectionExpression"] = "$default".into();
    }
    json!({ "Type": "AWS::ApiGatewayV2::Route", "Properties": properties })
}

/// Without one, what a function answers goes nowhere.
fn response(route_id: &str) -> Value {
    json!({
        "Type": "AWS::ApiGatewayV2::RouteResponse",
        "Properties": { "ApiId": reference(API), "RouteId": reference(route_id), "RouteResponseKey": "$default" },
    })
}
