//! Roles. What a function may do is its own list of needs; functions of an area whose lists come to the very same share one
//! role, since a stack holds 500 resources. All others, and workers, to whom SAM adds what their events need, have one each,
//! which SAM makes.

use indexmap::IndexMap;
use runtime::{Area, Function};
use serde_json::{Value, json};

use super::functions::{functions, is_worker};
use super::policy::statements;
use super::{function_id, sub};

/// A role that several functions have.
pub struct SharedRole {
    /// After the first of them.
    pub id: String,
    statements: Vec<Value>,
    functions: Vec<&'static str>,
}

pub fn shared(area: &Area) -> Vec<SharedRole> {
    let mut alike: IndexMap<String, Vec<&'static Function>> = IndexMap::new();
    for function in functions(area).filter(|function| !is_worker(function)) {
        let rights = Value::from(statements(function)).to_string();
        alike.entry(rights).or_default().push(function);
    }
    let several = alike.into_values().filter(|functions| functions.len() > 1);
    several
        .map(|functions| SharedRole {
            id: function_id(functions[0]) + "AndAlikeRole",
            statements: statements(functions[0]),
            functions: functions.iter().map(|function| function.name).collect(),
        })
        .collect()
}

impl SharedRole {
    pub fn is_of(&self, function: &Function) -> bool {
        self.functions.contains(&function.name)
    }

    /// As SAM makes one for a function: it writes logs and traces.
    pub fn resource(&self) -> Value {
        let managed = |name: &str| sub(&format!("arn:${{AWS::Partition}}:iam::aws:policy/{name}"));
        let mut properties = json!({
            "Description": format!("Of {}", self.functions.join(", ")),
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "Service": "lambda.amazonaws.com" },
                    "Action": "sts:AssumeRole",
                }],
            },
            "ManagedPolicyArns": [
                managed("service-role/AWSLambdaBasicExecutionRole"),
                managed("AWSXrayWriteOnlyAccess"),
            ],
        });
        if !self.statements.is_empty() {
            properties["Policies"] = json!([{
                "PolicyName": "Needs",
                "PolicyDocument": { "Version": "2012-10-17", "Statement": self.statements },
            }]);
        }
        json!({ "Type": "AWS::IAM::Role", "Properties": properties })
    }
}
