//! What each function may do, from its needs and nothing else.

use indexmap::{IndexMap, IndexSet};
use runtime::Function;
use runtime::need::Need;
use runtime::secrets::Secret;
use serde_json::{Map, Value, json};
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};

use super::parameters::{has_secret, secret_parameter};
use super::{attribute, field_key, logical, reference, sockets, sub};

type Actions<R> = IndexMap<R, IndexSet<&'static str>>;

/// On the table of connections, by whoever pushes to them.
const PUSHING: [ItemAction; 4] = [
    ItemAction::Get,
    ItemAction::Query,
    ItemAction::Update,
    ItemAction::Delete,
];

/// Statements of the function's role; none for a function that needs nothing.
pub fn statements(function: &Function) -> Vec<Value> {
    let mut tables: Actions<Table> = IndexMap::new();
    let mut buckets: Actions<Bucket> = IndexMap::new();
    let mut wraps_keys = false;
    let mut listed: IndexSet<Bucket> = IndexSet::new();
    for need in function.all_needs() {
        match *need {
            Need::Items(table, actions) => tables
                .entry(table)
                .or_default()
                .extend(actions.iter().map(|action| action.iam())),
            Need::Objects(bucket, actions) => {
                buckets
                    .entry(bucket)
                    .or_default()
                    .extend(actions.iter().map(|action| action.iam()));
                if actions.contains(&ObjectAction::Get) {
                    listed.insert(bucket);
                }
            }
            Need::FieldKeys => {
                let actions = [ItemAction::Get, ItemAction::Put].map(ItemAction::iam);
                tables.entry(Table::Platform).or_default().extend(actions);
                wraps_keys = true;
            }
            Need::Connections => {
                let actions = PUSHING.map(ItemAction::iam);
                tables.entry(Table::Sockets).or_default().extend(actions);
                let looks = ItemAction::BatchGet.iam();
                tables.entry(Table::Identity).or_default().insert(looks);
            }
            Need::Secret(_) | Need::Messages => {}
        }
    }
    let tables = tables
        .into_iter()
        .map(|(table, actions)| allow(actions, attribute(&table_id(table), "Arn")));
    let objects = buckets
        .into_iter()
        .map(|(bucket, actions)| allow(actions, sub(&(bucket_arn(bucket) + "/*"))));
    // Who may not list a bucket is told 403 where there is no such object, and could not tell it from a lost right.
    let lists = listed
        .into_iter()
        .map(|bucket| allow(["s3:ListBucket"], sub(&bucket_arn(bucket))));
    let secrets = secrets(function).map(read_secret);
    let field_key = wraps_keys.then(|| allow(["kms:Decrypt", "kms:Encrypt"], attribute(field_key::KEY, "Arn")));
    let messages = function
        .all_needs()
        .any(|need| *need == Need::Messages)
        .then(send_messages);
    let connections = function
        .all_needs()
        .any(|need| *need == Need::Connections)
        .then(|| allow(["execute-api:ManageConnections"], sub(sockets::CONNECTIONS)));
    let statements = tables.chain(objects).chain(lists).chain(secrets);
    statements.chain(field_key).chain(messages).chain(connections).collect()
}

fn read_secret(secret: Secret) -> Value {
    let statement = allow(["secretsmanager:GetSecretValue"], reference(&secret_parameter(secret)));
    if secret.is_optional() {
        return json!({ "Fn::If": [has_secret(secret), statement, reference("AWS::NoValue")] });
    }
    statement
}

/// A phone number is no resource, so a text message can only be allowed to all.
fn send_messages() -> Value {
    let actions = [
        "sns:Publish",
        "sns:CreatePlatformEndpoint",
        "sns:GetEndpointAttributes",
        "sns:SetEndpointAttributes",
        "sns:DeleteEndpoint",
    ];
    allow(actions, json!("*"))
}

/// The variables that only functions with that need get.
pub fn variables(function: &Function) -> Map<String, Value> {
    let variable = |secret: Secret| {
        (
            secret.reference_variable().to_owned(),
            reference(&secret_parameter(secret)),
        )
    };
    secrets(function).map(variable).collect()
}

pub fn table_id(table: Table) -> String {
    logical(table.name()) + "Table"
}

pub fn bucket_id(bucket: Bucket) -> String {
    logical(bucket.name()) + "Bucket"
}

/// By name: functions and the bucket that calls them would wait for one another.
pub fn bucket_arn(bucket: Bucket) -> String {
    format!("arn:${{AWS::Partition}}:s3:::{}", bucket_name(bucket))
}

pub fn bucket_name(bucket: Bucket) -> String {
    format!("${{AWS::StackName}}-${{AWS::AccountId}}-{}", bucket.name())
}

fn secrets(function: &Function) -> impl Iterator<Item = Secret> {
    let secrets: IndexSet<Secret> = function
        .all_needs()
        .filter_map(|need| match need {
            Need::Secret(secret) => Some(*secret),
            _ => None,
        })
        .collect();
    secrets.into_iter()
}

fn allow(actions: impl IntoIterator<Item = &'static str>, resource: Value) -> Value {
    let actions: Vec<_> = actions.into_iter().collect();
    json!({ "Effect": "Allow", "Action": actions, "Resource": resource })
}
