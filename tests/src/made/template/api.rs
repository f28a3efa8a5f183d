//! API Gateway: one description of all routes, one role that calls the functions.
//!
//! A permission per route would cost as many resources as there are routes. Function names begin with the stack's
//! name, so the role may call those: the list of their ARNs would outgrow a policy.

use runtime::cors::{EXPOSED_HEADERS, MAX_AGE_SECONDS, METHODS, REQUEST_HEADERS};
use runtime::{Area, Function, Route, Work};
use serde_json::{Map, Value, json};

use super::functions::{self, log_group};
use super::parameters::HAS_ORIGINS;
use super::stacks::Stack;
use super::{Section, attribute, named, reference, sub};

/// The quota of routes of one API that the README tells operators to ask for: API Gateway gives 300 unasked.
pub const MOST_ROUTES: usize = 600;

/// Calls the functions.
pub const ROLE: &str = "ApiRole";

const INTEGRATION: &str = "x-amazon-apigateway-integration";
const INTEGRATIONS: &str = "x-amazon-apigateway-integrations";

pub fn section(areas: &[&'static Area], stacks: &[Stack]) -> Section {
    Section {
        heading: "The API: all routes of all areas, with and without a trailing slash.".to_owned(),
        resources: named([
            ("ApiLogs", log_group("/aws/vendedlogs/${AWS::StackName}/requests")),
            (ROLE, role()),
            ("Api", api(areas, stacks)),
        ]),
    }
}

/// With trailing slashes and the catch-all.
pub fn route_count(areas: &[&'static Area]) -> usize {
    1 + endpoints(areas)
        .flat_map(|(_, routes)| routes)
        .map(|route| spellings(route.path).len())
        .sum::<usize>()
}

/// Behind the functions, so that no route leads to one that is not there yet.
fn api(areas: &[&'static Area], stacks: &[Stack]) -> Value {
    let behind: Vec<_> = stacks.iter().map(Stack::id).collect();
    json!({
        "Type": "AWS::Serverless::HttpApi",
        "DependsOn": behind,
        "Properties": {
            "AccessLogSettings": {
                "DestinationArn": attribute("ApiLogs", "Arn"),
                "Format": access_log(),
            },
            "DefaultRouteSettings": { "ThrottlingRateLimit": 500, "ThrottlingBurstLimit": 1000 },
            "DefinitionBody": {
                "openapi": "3.0.1",
                "info": { "title": reference("AWS::StackName"), "version": env!("CARGO_PKG_VERSION") },
                "x-amazon-apigateway-cors": { "Fn::If": [HAS_ORIGINS, cors(), reference("AWS::NoValue")] },
                "paths": paths(areas),
                "components": { INTEGRATIONS: integrations(areas) },
            },
        },
    })
}

/// Without the query: signatures of links stand there. Without the path: the route says enough.
fn access_log() -> String {
    let fields = [
        ("requestId", "requestId"),
        ("time", "requestTime"),
        ("ip", "identity.sourceIp"),
        ("route", "routeKey"),
        ("status", "status"),
        ("responseBytes", "responseLength"),
        ("latencyMs", "responseLatency"),
        ("error", "error.message"),
        ("integrationError", "integrationErrorMessage"),
    ];
    let fields: Map<String, Value> = fields
        .into_iter()
        .map(|(name, variable)| (name.to_owned(), format!("$context.{variable}").into()))
        .collect();
    Value::from(fields).to_string()
}

fn cors() -> Value {
    json!({
        "allowOrigins": reference("CorsOrigins"),
        "allowCredentials": true,
        "allowMethods": METHODS,
        "allowHeaders": REQUEST_HEADERS,
        "exposeHeaders": EXPOSED_HEADERS,
        "maxAge": MAX_AGE_SECONDS,
    })
}

fn paths(areas: &[&'static Area]) -> Map<String, Value> {
    let mut paths: Map<String, Value> = Map::new();
    for (function, routes) in endpoints(areas) {
        let target = json!({ "$ref": format!("#/components/{INTEGRATIONS}/{}", function.name) });
        for route in routes {
            for path in spellings(route.path) {
                let methods = paths.entry(path).or_insert_with(|| json!({}));
                methods[route.method.as_str().to_lowercase()] = operation(&target);
            }
        }
        if routes.is_empty() {
            let mut any = operation(&target);
            any["isDefaultRoute"] = true.into();
            paths.insert("$default".to_owned(), json!({ "x-amazon-apigateway-any-method": any }));
        }
    }
    paths
}

/// API Gateway asks for `responses`, and for nothing in them.
fn operation(integration: &Value) -> Value {
    json!({ INTEGRATION: integration, "responses": {} })
}

fn integrations(areas: &[&'static Area]) -> Map<String, Value> {
    endpoints(areas)
        .map(|(function, _)| (function.name.to_owned(), integration(function)))
        .collect()
}

/// Where API Gateway calls a function.
pub fn invocation(function: &Function) -> Value {
    let uri = format!(
        "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{}/invocations",
        functions::arn(function)
    );
    sub(&uri)
}

fn integration(function: &Function) -> Value {
    json!({
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": invocation(function),
        "credentials": attribute(ROLE, "Arn"),
        "payloadFormatVersion": "2.0",
    })
}

fn role() -> Value {
    let functions = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*";
    json!({
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "Service": "apigateway.amazonaws.com" },
                    "Action": "sts:AssumeRole",
                }],
            },
            "Policies": [{
                "PolicyName": "CallFunctions",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{ "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": sub(functions) }],
                },
            }],
        },
    })
}

fn endpoints(areas: &[&'static Area]) -> impl Iterator<Item = (&'static Function, &'static [Route])> {
    let functions = areas.iter().flat_map(|area| functions::functions(area));
    functions.filter_map(|function| match function.work {
        Work::Requests { routes, .. } => Some((function, routes)),
        Work::Events { .. } | Work::Sockets { .. } => None,
    })
}

/// API Gateway takes a trailing slash for another path, and clients send both.
fn spellings(path: &str) -> Vec<String> {
    match path {
        "/" => vec![path.to_owned()],
        _ => vec![path.to_owned(), format!("{path}/")],
    }
}
