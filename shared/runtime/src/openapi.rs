//! The OpenAPI 3.1 document, made from the endpoints' data and types.

use http::{Method, StatusCode};
use indexmap::IndexMap;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema, json_schema};
use serde::Serialize;
use serde_json::Value;

use crate::answer::Output;
use crate::callers::Access;
use crate::endpoint::{Endpoint, RateClass};
use crate::function::{Area, Listing, Work};
use crate::idempotency::Retry;
use crate::input::Input;
use crate::multipart::FormField;
use crate::problem::ProblemBody;

#[derive(Serialize)]
pub struct Document {
    openapi: &'static str,
    info: Info,
    tags: Vec<Tag>,
    pub paths: Paths,
    components: Components,
}

#[derive(Serialize)]
struct Info {
    title: &'static str,
    version: &'static str,
    description: &'static str,
    license: License,
}

#[derive(Serialize)]
struct License {
    name: &'static str,
    identifier: &'static str,
}

#[derive(Serialize)]
struct Tag {
    name: &'static str,
}

#[derive(Serialize)]
struct Components {
    schemas: serde_json::Map<String, Value>,
    #[serde(rename = "securitySchemes")]
    security_schemes: Value,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    operation_id: String,
    summary: &'static str,
    tags: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<Body>,
    responses: IndexMap<String, Response>,
    security: Vec<IndexMap<&'static str, [(); 0]>>,
    #[serde(rename = "x-access")]
    access: Access,
    #[serde(rename = "x-rate-class")]
    rate: RateClass,
}

#[derive(Serialize, Clone)]
struct Parameter {
    name: String,
    #[serde(rename = "in")]
    place: &'static str,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    schema: Value,
}

impl Parameter {
    fn is_on(&self, path: &str) -> bool {
        self.place != "path" || path.contains(&format!("{{{}}}", self.name))
    }
}

#[derive(Serialize, Clone, Default)]
struct Body {
    required: bool,
    content: IndexMap<&'static str, Media>,
}

#[derive(Serialize, Clone)]
struct Response {
    description: &'static str,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    content: IndexMap<&'static str, Media>,
}

#[derive(Serialize, Clone)]
struct Media {
    schema: Schema,
}

/// Gathers what one endpoint's types say of themselves.
pub struct Describe {
    generator: SchemaGenerator,
    parameters: Vec<Parameter>,
    body: Option<Body>,
    responses: IndexMap<String, Response>,
}

pub(crate) fn describe<E: Endpoint>(operation: &mut Describe) {
    E::Input::describe(operation);
    E::Output::describe(operation);
}

impl Describe {
    fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Self {
            generator: settings.into_generator(),
            parameters: Vec::new(),
            body: None,
            responses: IndexMap::new(),
        }
    }

    /// In place rather than by name: most endpoints call theirs `Body`.
    pub fn json_body<T: JsonSchema>(&mut self) {
        let schema = T::json_schema(&mut self.generator);
        self.body_content("application/json", schema);
    }

    pub fn form_body(&mut self, fields: &[FormField]) {
        let properties: serde_json::Map<String, Value> = fields
            .iter()
            .map(|field| {
                let schema = if field.is_file {
                    json_schema!({"type": "string", "format": "binary"})
                } else {
                    json_schema!({"type": "string"})
                };
                (field.name.to_owned(), schema.into())
            })
            .collect();
        let required: Vec<&str> = fields
            .iter()
            .filter(|field| field.is_required)
            .map(|field| field.name)
            .collect();
        self.body_content(
            "multipart/form-data",
            json_schema!({ "type": "object", "properties": properties, "required": required }),
        );
    }

    /// The members of a struct, each as a parameter.
    pub fn parameters<T: JsonSchema>(&mut self, place: &'static str) {
        let schema = T::json_schema(&mut self.generator);
        let required: Vec<String> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        for (name, mut schema) in properties {
            let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            self.parameters.push(Parameter {
                required: place == "path" || required.contains(&name),
                description: description.and_then(|text| text.as_str().map(str::to_owned)),
                name,
                place,
                schema,
            });
        }
    }

    /// In place as well.
    pub fn json_answer<T: JsonSchema>(&mut self, status: StatusCode) {
        let schema = T::json_schema(&mut self.generator);
        self.answer_content(status, "application/json", schema);
    }

    pub fn answer(&mut self, status: StatusCode, media_type: &'static str) {
        let schema = match media_type {
            "application/json" => json_schema!({ "type": "object" }),
            "image/jpeg" | "application/octet-stream" => json_schema!({ "type": "string", "format": "binary" }),
            _ => json_schema!({ "type": "string" }),
        };
        self.answer_content(status, media_type, schema);
    }

    pub fn empty_answer(&mut self, status: StatusCode) {
        self.response(status);
    }

    fn body_content(&mut self, media_type: &'static str, schema: Schema) {
        let body = self.body.get_or_insert_with(|| Body {
            required: true,
            ..Body::default()
        });
        body.content.insert(media_type, Media { schema });
    }

    fn answer_content(&mut self, status: StatusCode, media_type: &'static str, schema: Schema) {
        self.response(status).content.insert(media_type, Media { schema });
    }

    fn response(&mut self, status: StatusCode) -> &mut Response {
        self.responses
            .entry(status.as_str().to_owned())
            .or_insert_with(|| Response {
                description: status.canonical_reason().unwrap_or("Answer"),
                content: IndexMap::new(),
            })
    }

    fn problems(&mut self) {
        let schema = self.generator.subschema_for::<ProblemBody>();
        let problem = Response {
            description: "A problem (RFC 9457), with the members that old clients read",
            content: IndexMap::from([("application/problem+json", Media { schema })]),
        };
        self.responses.insert("default".to_owned(), problem);
    }
}

type Paths = IndexMap<&'static str, IndexMap<String, Operation>>;

/// The document for the given areas, in their order.
pub fn document(areas: &[&'static Area]) -> Document {
    let mut describe = Describe::new();
    let mut paths = Paths::new();
    for area in areas {
        for listing in area.functions {
            add_operations(&mut paths, area.name, listing, &mut describe);
        }
    }
    Document {
        openapi: "3.1.0",
        info: Info {
            title: "Polyclinic",
            version: env!("CARGO_PKG_VERSION"),
            description: "The telehealth backend that health apps and medical devices run on.",
            license: License {
                name: "Apache-2.0",
                identifier: "Apache-2.0",
            },
        },
        tags: areas.iter().map(|area| Tag { name: area.name }).collect(),
        paths,
        components: Components {
            schemas: describe.generator.take_definitions(true),
            security_schemes: serde_json::json!({
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "basic": { "type": "http", "scheme": "basic" },
                "device": { "type": "apiKey", "in": "header", "name": "X-Device-Token" },
                "guest": { "type": "apiKey", "in": "header", "name": "X-Consultation-Session" }
            }),
        },
    }
}

/// One operation for each route of an endpoint: aliases are operations of their own, and ids are unique.
fn add_operations(paths: &mut Paths, area: &'static str, listing: &Listing, describe: &mut Describe) {
    let function = listing.function;
    let Work::Requests {
        routes,
        access,
        rate,
        retry,
        ..
    } = function.work
    else {
        return;
    };
    (listing.describe)(describe);
    describe.problems();
    let mut operation = Operation {
        operation_id: function.name.to_owned(),
        summary: function.summary,
        tags: [area],
        parameters: std::mem::take(&mut describe.parameters),
        request_body: describe.body.take(),
        responses: std::mem::take(&mut describe.responses),
        security: security(access),
        access,
        rate,
    };
    for (place, route) in routes.iter().enumerate() {
        if place > 0 {
            operation.operation_id = format!("{}-{}", function.name, place + 1);
        }
        let mut operation = operation.clone();
        // Aliases may name different things in their paths.
        operation.parameters.retain(|parameter| parameter.is_on(route.path));
        if route.method == Method::POST {
            operation.parameters.extend(idempotency_key(retry));
        }
        let methods = paths.entry(route.path).or_default();
        methods.insert(route.method.as_str().to_lowercase(), operation);
    }
}

fn idempotency_key(retry: Retry) -> Option<Parameter> {
    let description = "A text of your own for this one thing that is wanted, such as a random UUID. The request may then \
                       be sent again for 48 hours and is carried out once: the answer is the first one, with \
                       `Idempotency-Replayed: true`. With another body or address the key is refused with 422.";
    let schema = serde_json::json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$" });
    (retry == Retry::Replayed).then(|| Parameter {
        name: "Idempotency-Key".to_owned(),
        place: "header",
        required: false,
        description: Some(description.to_owned()),
        schema,
    })
}

/// The ways in, of which any one will do; an empty one stands for no token.
fn security(access: Access) -> Vec<IndexMap<&'static str, [(); 0]>> {
    let bearer = IndexMap::from([("bearer", [])]);
    match access {
        Access::Anyone => vec![],
        Access::MaybeSignedIn => vec![IndexMap::new(), bearer],
        Access::InCall => vec![IndexMap::from([("bearer", [])]), IndexMap::from([("guest", [])])],
        Access::MaybeDevice => vec![IndexMap::new(), IndexMap::from([("device", [])])],
        Access::Operator => vec![IndexMap::from([("basic", [])]), bearer],
        _ => vec![bearer],
    }
}
