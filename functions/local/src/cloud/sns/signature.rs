//! Requests must be signed with Signature Version 4, by the key this cloud was started with.

use http::{HeaderMap, header};

use super::answer::Refusal;
use crate::cloud::Credentials;

/// The shape and the key are checked, the signature's value is not: S3's part of this cloud does that, with
/// the same credentials, and the product signs both by the same library.
pub fn check(headers: &HeaderMap, _body: &[u8], credentials: &Credentials) -> Result<(), Refusal> {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let missing = || Refusal::new("MissingAuthenticationToken", "Request is missing Authentication Token");
    let fields = text.ok_or_else(missing)?.strip_prefix("AWS4-HMAC-SHA256 ").ok_or_else(missing)?;
    let field = |name: &str| {
        let mut parts = fields.split(',').filter_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        parts.next().ok_or_else(|| Refusal::new("IncompleteSignature", format!("Authorization lacks {name}.")))
    };
    let scope: Vec<&str> = field("Credential")?.split('/').collect();
    let [key, _date, _region, service, "aws4_request"] = scope[..] else {
        return Err(Refusal::new("IncompleteSignature", "Credential should be key/date/region/service/aws4_request."));
    };
    if key != credentials.access_key {
        return Err(Refusal::new("InvalidClientTokenId", "The security token included in the request is invalid."));
    }
    let signature = field("Signature")?;
    let signed = field("SignedHeaders")?.split(';').any(|name| name == "host") && headers.contains_key("x-amz-date");
    let hexadecimal = signature.len() == 64 && signature.bytes().all(|byte| byte.is_ascii_hexdigit());
    if service != "sns" || !signed || !hexadecimal {
        return Err(Refusal::new("SignatureDoesNotMatch", "The request signature does not match."));
    }
    Ok(())
}
