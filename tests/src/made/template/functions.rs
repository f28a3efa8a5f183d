//! The functions, and what all of them share.
//!
//! Workers stand in the root, beside the tables and buckets that call them, as SAM demands for buckets. What answers
//! requests and messages stands in the stack of its area. Logs stand in the root, since both write into those of the
//! area.

use runtime::{Area, Function, Trigger, Work};
use serde_json::{Map, Value, json};
use store::bucket::Bucket;
use store::table::{SORT_KEY, Table};

use super::policy::{bucket_id, statements, table_id, variables};
use super::roles::{self, SharedRole};
use super::{Section, attribute, failures, field_key, function_id, logical, named, reference, sockets, sub};

pub fn globals() -> Map<String, Value> {
    let functions = json!({
        "Runtime": "provided.al2023",
        "Handler": "bootstrap",
        "Architectures": [reference("Architecture")],
        "Tracing": "Active",
        "LoggingConfig": { "LogFormat": "JSON" },
        "Environment": {
            "Variables": {
                "ENVIRONMENT": reference("Environment"),
                "TABLE_PREFIX": reference("AWS::StackName"),
                "BUCKET_PREFIX": sub("${AWS::StackName}-${AWS::AccountId}"),
                "FIELD_KEY_ID": reference(field_key::KEY),
                "TOKEN_PUBLIC_KEYS": reference("TokenPublicKeys"),
                "PUBLIC_URL": reference("PublicUrl"),
                "SOCKET_ENDPOINT": sub(&format!("https://{}", sockets::ADDRESS)),
                "SOCKET_URL": reference("SocketUrl"),
                "PICTURE_LINK_MINUTES": reference("PictureLinkMinutes"),
                "CORS_ORIGINS": { "Fn::Join": [",", reference("CorsOrigins")] },
                "MAIL_FROM": reference("MailFrom"),
                "STRICT_SIGN_IN": reference("StrictSignIn"),
                "CODES_A_DAY_AND_COUNTRY": reference("CodesADayAndCountry"),
                "CODES_A_DAY": reference("CodesADay"),
                "PUSH_PROVIDER": reference("PushProvider"),
                "OTP_PROVIDER": reference("OtpProvider"),
                "FIREBASE_PROJECT_ID": reference("FirebaseProjectId"),
                "SNS_PLATFORM_APPLICATION_ARN": reference("SnsPlatformApplicationArn"),
                "TWILIO_ACCOUNT_SID": reference("TwilioAccountSid"),
                "TWILIO_SERVICE_SID": reference("TwilioServiceSid"),
                "SYMPTOM_ENGINE": reference("SymptomEngine"),
                "DENTAL_ENGINE": reference("DentalEngine"),
                "GEMINI_MODEL": reference("GeminiModel"),
                "HUGGINGFACE_MODEL": reference("HuggingfaceModel"),
                "AGORA_APP_ID": reference("AgoraAppId"),
                "STUN_URLS": reference("StunUrls"),
                "TURN_URLS": reference("TurnUrls"),
            },
        },
    });
    named([("Function", functions)])
}

/// One for each area.
pub fn logs(areas: &[&'static Area]) -> Section {
    let group = |area: &&Area| (logs_id(area), log_group(&format!("/${{AWS::StackName}}/{}", area.name)));
    Section {
        heading: "Logs, area by area.".to_owned(),
        resources: areas.iter().map(group).collect(),
    }
}

fn logs_id(area: &Area) -> String {
    logical(area.name) + "Logs"
}

/// Called by time, new items and new objects, and by no client.
pub fn is_worker(function: &Function) -> bool {
    matches!(function.work, Work::Events { .. })
}

pub fn workers(areas: &[&'static Area]) -> Section {
    let of_area = |area: &&'static Area| {
        let logs = logs_id(area);
        let workers = functions(area).filter(|function| is_worker(function));
        workers.map(move |worker| (function_id(worker), function(worker, &logs, None)))
    };
    Section {
        heading: "Workers: what time, new items and new objects call.".to_owned(),
        resources: areas.iter().flat_map(of_area).collect(),
    }
}

/// What answers requests and messages of the area, and the roles that several share.
pub fn called(area: &'static Area) -> Map<String, Value> {
    let logs = logs_id(area);
    let shared = roles::shared(area);
    let mut resources: Map<String, Value> = shared.iter().map(|role| (role.id.clone(), role.resource())).collect();
    for called in functions(area).filter(|function| !is_worker(function)) {
        let role = shared.iter().find(|role| role.is_of(called));
        resources.insert(function_id(called), function(called, &logs, role));
    }
    resources
}

pub fn functions(area: &Area) -> impl Iterator<Item = &'static Function> + use<> {
    area.functions.iter().map(|listing| listing.function)
}

/// By name, which is unique: what calls a function need not stand beside it.
pub fn arn(function: &Function) -> String {
    let name = name(function);
    format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}")
}

fn name(function: &Function) -> String {
    format!("${{AWS::StackName}}-{}", function.name)
}

/// From the folder of the template that it stands in.
fn code(function: &Function) -> String {
    let root = if is_worker(function) { "" } else { "../../" };
    format!("{root}target/lambda/{}/", function.name)
}

pub fn log_group(name: &str) -> Value {
    json!({
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": { "LogGroupName": sub(name), "RetentionInDays": reference("LogRetentionDays") },
    })
}

fn function(function: &Function, logs: &str, role: Option<&SharedRole>) -> Value {
    let mut properties = json!({
        "FunctionName": sub(&name(function)),
        "Description": function.summary,
        "CodeUri": code(function),
        "MemorySize": function.memory_mb,
        "Timeout": function.timeout_seconds,
        "LoggingConfig": { "LogGroup": reference(logs) },
    });
    let (variables, statements) = (variables(function), statements(function));
    if !variables.is_empty() {
        properties["Environment"] = json!({ "Variables": variables });
    }
    if let Some(role) = role {
        properties["Role"] = attribute(&role.id, "Arn");
    } else if !statements.is_empty() {
        properties["Policies"] = json!([{ "Version": "2012-10-17", "Statement": statements }]);
    }
    if let Work::Events { trigger, .. } = function.work {
        match trigger {
            Trigger::Schedule { minutes } => {
                properties["Events"] = json!({ "Schedule": schedule(minutes) });
                properties["DeadLetterQueue"] = json!({ "Type": "SQS", "TargetArn": failures::queue_arn() });
            }
            Trigger::NewItems(table) => properties["Events"] = json!({ "NewItems": new_items(table) }),
            Trigger::NewObjects(bucket) => {
                properties["Events"] = json!({ "NewObjects": new_objects(bucket) });
                properties["DeadLetterQueue"] = json!({ "Type": "SQS", "TargetArn": failures::queue_arn() });
            }
        }
    }
    json!({ "Type": "AWS::Serverless::Function", "Properties": properties })
}

/// Entries are independent of one another, so shards may be read in parallel. Lambda waits longer with each retry; a
/// batch is halved until the entry that fails is alone.
fn new_items(table: Table) -> Value {
    let mut filter = json!({ "eventName": ["INSERT"] });
    if let Some(sort) = table.streamed_sort_key() {
        filter["dynamodb"] = json!({ "Keys": { SORT_KEY: { "S": [sort] } } });
    }
    json!({
        "Type": "DynamoDB",
        "Properties": {
            "Stream": attribute(&table_id(table), "StreamArn"),
            "StartingPosition": "TRIM_HORIZON",
            "FilterCriteria": { "Filters": [{ "Pattern": filter.to_string() }] },
            "BatchSize": 10,
            "ParallelizationFactor": 4,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BisectBatchOnFunctionError": true,
            "MaximumRetryAttempts": 10,
            "DestinationConfig": { "OnFailure": { "Type": "SQS", "Destination": failures::queue_arn() } },
        },
    })
}

fn schedule(minutes: u16) -> Value {
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    json!({ "Type": "Schedule", "Properties": { "Schedule": format!("rate({minutes} {unit})") } })
}

fn new_objects(bucket: Bucket) -> Value {
    let mut properties = json!({ "Bucket": reference(&bucket_id(bucket)), "Events": "s3:ObjectCreated:*" });
    let prefix = bucket.watched_prefix();
    if !prefix.is_empty() {
        properties["Filter"] = json!({ "S3Key": { "Rules": [{ "Name": "prefix", "Value": prefix }] } });
    }
    json!({ "Type": "S3", "Properties": properties })
}
