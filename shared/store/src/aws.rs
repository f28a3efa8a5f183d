//! How AWS is reached: region, credentials, endpoints, trust.
//!
//! Built from plain values, without `aws-config`: Lambda hands credentials over in the environment, and its
//! provider chain would cost start-up time for nothing.

use std::time::Duration;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::bucket::Bucket;
use crate::table::Table;

/// Where AWS is and who we are there.
#[derive(Clone)]
pub struct Connection {
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
    /// Other addresses than AWS's own: the local product's, or another emulator's.
    pub dynamodb_endpoint: Option<String>,
    pub s3_endpoint: Option<String>,
    pub secrets_endpoint: Option<String>,
    pub kms_endpoint: Option<String>,
}

/// What tables, buckets and keys are called in this deployment.
#[derive(Clone, Debug)]
pub struct ResourceNames {
    /// Put before table names: `polyclinic` gives `polyclinic-identity`.
    pub table_prefix: String,
    /// Put before bucket names, which are unique in the whole world: `polyclinic-123456789012`.
    pub bucket_prefix: String,
    /// The KMS key that wraps the keys of sealed fields: its id, ARN or alias.
    pub field_key: String,
}

impl ResourceNames {
    pub fn table(&self, table: Table) -> String {
        format!("{}-{}", self.table_prefix, table.name())
    }

    pub fn bucket(&self, bucket: Bucket) -> String {
        format!("{}-{}", self.bucket_prefix, bucket.name())
    }
}

impl Connection {
    pub fn credentials(&self) -> Credentials {
        Credentials::new(
            &self.access_key_id,
            &self.secret_access_key,
            self.session_token.clone(),
            None,
            "environment",
        )
    }

    pub fn aws_region(&self) -> Region {
        Region::new(self.region.clone())
    }

    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let mut config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(self.aws_region())
            .credentials_provider(self.credentials())
            .timeout_config(timeouts())
            .http_client(http_client(self.dynamodb_endpoint.as_deref()));
        config.set_endpoint_url(self.dynamodb_endpoint.clone());
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    pub fn s3(&self) -> aws_sdk_s3::Client {
        let mut config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(self.aws_region())
            .credentials_provider(self.credentials())
            .timeout_config(timeouts())
            .force_path_style(self.s3_endpoint.is_some())
            .http_client(http_client(self.s3_endpoint.as_deref()));
        config.set_endpoint_url(self.s3_endpoint.clone());
        aws_sdk_s3::Client::from_conf(config.build())
    }

    pub fn kms(&self) -> aws_sdk_kms::Client {
        let mut config = aws_sdk_kms::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(self.aws_region())
            .credentials_provider(self.credentials())
            .timeout_config(timeouts())
            .http_client(http_client(self.kms_endpoint.as_deref()));
        config.set_endpoint_url(self.kms_endpoint.clone());
        aws_sdk_kms::Client::from_conf(config.build())
    }
}

/// Below API Gateway's 30 s, so that a hanging call still becomes an answer.
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(8))
        .operation_timeout(Duration::from_secs(20))
        .build()
}

/// TLS by ring with Amazon's own roots only: parsing the system's 140 certificates costs more than the rest of a
/// cold start. A change of Amazon's roots, announced years ahead, needs a new build. Plain HTTP where the endpoint
/// is plain.
pub fn http_client(endpoint: Option<&str>) -> SharedHttpClient {
    if endpoint.is_some_and(|url| url.starts_with("http://")) {
        return aws_smithy_http_client::Builder::new().build_http();
    }
    let builder = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    match TlsContext::builder().with_trust_store(amazon_roots()).build() {
        Ok(context) => builder.tls_context(context).build_https(),
        // Unreachable with our own certificates; the system's serve as well.
        Err(_) => builder.build_https(),
    }
}

fn amazon_roots() -> TrustStore {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter(|der| names_amazon(der))
        .fold(TrustStore::empty(), |store, der| store.with_pem_certificate(pem(der)))
}

/// Amazon's roots carry its name or that of Starfield, whose root it took over.
fn names_amazon(der: &[u8]) -> bool {
    [b"Amazon Root CA".as_slice(), b"Starfield Services Root"]
        .iter()
        .any(|name| der.windows(name.len()).any(|part| part == *name))
}

fn pem(der: &[u8]) -> Vec<u8> {
    let text = data_encoding::BASE64.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazons_roots_are_among_those_we_carry() {
        let count = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .filter(|der| names_amazon(der))
            .count();
        assert!((4..=6).contains(&count), "{count}");
        assert!(TlsContext::builder().with_trust_store(amazon_roots()).build().is_ok());
    }
}
