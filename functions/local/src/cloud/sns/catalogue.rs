//! Which topics, platform applications and endpoints exist.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::answer::Refusal;
use crate::cloud::s3::directory::write_json;
use crate::cloud::{ACCOUNT, REGION};

#[derive(Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// By ARN, as everything here.
    pub topics: BTreeMap<String, Topic>,
    pub applications: BTreeMap<String, BTreeMap<String, String>>,
    pub endpoints: BTreeMap<String, Endpoint>,
    #[serde(skip)]
    file: Option<PathBuf>,
}

#[derive(Default, Serialize, Deserialize)]
pub struct Topic {
    pub subscriptions: BTreeMap<String, Subscription>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub protocol: String,
    pub endpoint: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Endpoint {
    pub application: String,
    pub token: String,
    pub enabled: bool,
    pub user_data: String,
}

impl Catalogue {
    pub fn open(file: Option<PathBuf>) -> io::Result<Self> {
        let stored = match &file {
            Some(path) => match std::fs::read(path) {
                Ok(json) => serde_json::from_slice(&json)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Self::default(),
                Err(error) => return Err(error),
            },
            None => Self::default(),
        };
        Ok(Self { file, ..stored })
    }

    /// After every change. A change that cannot be kept is not acknowledged.
    pub fn save(&self) -> Result<(), Refusal> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        write_json(file, self).map_err(|error| Refusal::new("InternalError", error.to_string()))
    }

    pub fn endpoint(&self, arn: &str) -> Result<&Endpoint, Refusal> {
        self.endpoints.get(arn).ok_or_else(|| Refusal::not_found("Endpoint"))
    }

    pub fn topic(&self, arn: &str) -> Result<&Topic, Refusal> {
        self.topics.get(arn).ok_or_else(|| Refusal::not_found("Topic"))
    }
}

pub fn arn(resource: &str) -> String {
    format!("arn:aws:sns:{REGION}:{ACCOUNT}:{resource}")
}
