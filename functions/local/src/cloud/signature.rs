//! Requests must be signed with Signature Version 4, with the key and secret this cloud was started with.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use http::{HeaderMap, header};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::cloud::Credentials;

/// How far the clocks of client and service may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(15);

/// Why a request is not let in. Services have codes of their own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    #[error("Request is missing Authentication Token")]
    NoToken,
    #[error("The request's signature lacks {0}.")]
    Incomplete(&'static str),
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    #[error("Signature expired or not yet current.")]
    OutOfTime,
    #[error("The request signature we calculated does not match the signature you provided.")]
    Mismatch,
}

/// The parts of an `Authorization` header.
struct Authorization<'a> {
    scope: &'a str,
    scope_parts: [&'a str; 4],
    signed_headers: &'a str,
    signature: &'a str,
}

/// What is signed beside headers and body.
pub struct Call<'a> {
    pub method: &'a str,
    /// As sent, without a query.
    pub path: &'a str,
    /// What AWS calls the service: `sns`.
    pub service: &'a str,
}

/// The Query and JSON protocols post to the root.
pub fn check(headers: &HeaderMap, body: &[u8], service: &str, credentials: &Credentials) -> Result<(), Unsigned> {
    let call = Call {
        method: "POST",
        path: "/",
        service,
    };
    check_call(&call, headers, body, credentials)
}

pub fn check_call(
    call: &Call<'_>,
    headers: &HeaderMap,
    body: &[u8],
    credentials: &Credentials,
) -> Result<(), Unsigned> {
    let authorization = Authorization::read(headers, call.service, &credentials.access_key)?;
    let time = text(headers, "x-amz-date").ok_or(Unsigned::Incomplete("X-Amz-Date"))?;
    check_time(time, authorization.scope_parts[0], Timestamp::now())?;
    let signed: Vec<&str> = authorization.signed_headers.split(';').collect();
    let canonical_headers: String = signed
        .iter()
        .map(|name| format!("{name}:{}\n", squeeze(text(headers, name).unwrap_or_default())))
        .collect();
    let request = format!(
        "{}\n{}\n\n{canonical_headers}\n{}\n{}",
        call.method,
        canonical_path(call.path),
        authorization.signed_headers,
        HEXLOWER.encode(&Sha256::digest(body))
    );
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{time}\n{}\n{}",
        authorization.scope,
        HEXLOWER.encode(&Sha256::digest(request))
    );
    let mut key = format!("AWS4{}", credentials.secret_key).into_bytes();
    for part in authorization.scope_parts {
        key = mac(&key, part).finalize().into_bytes().to_vec();
    }
    let signature = HEXLOWER.decode(authorization.signature.as_bytes()).unwrap_or_default();
    let verified = mac(&key, &to_sign).verify_slice(&signature).is_ok();
    if verified && signed.contains(&"host") {
        Ok(())
    } else {
        Err(Unsigned::Mismatch)
    }
}

impl<'a> Authorization<'a> {
    fn read(headers: &'a HeaderMap, service: &str, access_key: &str) -> Result<Self, Unsigned> {
        let header = text(headers, header::AUTHORIZATION.as_str()).ok_or(Unsigned::NoToken)?;
        let fields = header.strip_prefix("AWS4-HMAC-SHA256 ").ok_or(Unsigned::NoToken)?;
        let field = |name: &'static str| {
            let mut parts = fields
                .split(',')
                .filter_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
            parts.next().ok_or(Unsigned::Incomplete(name))
        };
        let (key, scope) = field("Credential")?
            .split_once('/')
            .ok_or(Unsigned::Incomplete("Credential"))?;
        if key != access_key {
            return Err(Unsigned::UnknownKey);
        }
        let parts: Vec<&str> = scope.split('/').collect();
        let Ok(scope_parts @ [_, _, scope_service, "aws4_request"]) = <[&str; 4]>::try_from(parts) else {
            return Err(Unsigned::Mismatch);
        };
        if scope_service != service {
            return Err(Unsigned::Mismatch);
        }
        Ok(Self {
            scope,
            scope_parts,
            signed_headers: field("SignedHeaders")?,
            signature: field("Signature")?,
        })
    }
}

fn check_time(time: &str, scope_date: &str, now: Timestamp) -> Result<(), Unsigned> {
    let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", time).ok();
    let signed_at = signed_at
        .and_then(|time| TimeZone::UTC.to_timestamp(time).ok())
        .ok_or(Unsigned::Mismatch)?;
    if !time.starts_with(scope_date) || now.duration_since(signed_at).abs() > SKEW {
        return Err(Unsigned::OutOfTime);
    }
    Ok(())
}

/// Encoded once more than it was sent, as for all services but S3.
fn canonical_path(path: &str) -> String {
    const ENCODED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(path, ENCODED).to_string()
}

fn mac(key: &[u8], text: &str) -> Hmac<Sha256> {
    // A key of any length is allowed, and a failure could only make every signature wrong.
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mut mac = mac.unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(text.as_bytes());
    mac
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Trimmed, and inner runs of spaces made one.
fn squeeze(value: &str) -> String {
    value
        .split(' ')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
