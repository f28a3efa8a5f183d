//! Platform applications (one per app and push service) and their endpoints (one per installed app).

use std::collections::BTreeMap;

use super::answer::{Answer, Refusal, element, uuid};
use super::catalogue::{Catalogue, Endpoint, arn};
use super::request::Request;

const PLATFORMS: [&str; 9] = [
    "ADM",
    "APNS",
    "APNS_SANDBOX",
    "APNS_VOIP",
    "APNS_VOIP_SANDBOX",
    "BAIDU",
    "GCM",
    "MPNS",
    "WNS",
];
const MAX_USER_DATA_BYTES: usize = 2_048;

pub fn create_application(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    let (platform, name) = (request.need("Platform")?, request.need("Name")?);
    if !PLATFORMS.contains(&platform) {
        return Err(Refusal::invalid(format!(
            "Platform Reason: {platform} is not supported"
        )));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.len() > 256 || !name.chars().all(plain) {
        return Err(Refusal::invalid(
            "Name Reason: it has up to 256 letters, digits, '_', '-' and '.'",
        ));
    }
    let attributes = request.attributes();
    if attributes.get("PlatformCredential").is_none_or(String::is_empty) {
        return Err(Refusal::invalid("Attributes Reason: PlatformCredential is missing"));
    }
    let arn = arn(&format!("app/{platform}/{name}"));
    catalogue.applications.insert(arn.clone(), attributes);
    catalogue.save()?;
    Ok(Answer {
        action: "CreatePlatformApplication",
        result: element("PlatformApplicationArn", &arn),
    })
}

pub fn delete_application(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    let arn = request.need("PlatformApplicationArn")?;
    catalogue.applications.remove(arn);
    catalogue.endpoints.retain(|_, endpoint| endpoint.application != arn);
    catalogue.save()?;
    Ok(Answer {
        action: "DeletePlatformApplication",
        result: String::new(),
    })
}

/// The same token with the same attributes gives the same endpoint; with others it is refused, and the
/// message names the existing endpoint, since clients are documented to read it from there.
pub fn create(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    let application = request.need("PlatformApplicationArn")?;
    let token = request.need("Token")?;
    if !catalogue.applications.contains_key(application) {
        return Err(Refusal::not_found("PlatformApplication"));
    }
    let attributes = request.attributes();
    let mut wanted = Endpoint {
        application: application.to_owned(),
        token: token.to_owned(),
        enabled: true,
        user_data: request.get("CustomUserData").unwrap_or_default().to_owned(),
    };
    change(&mut wanted, &attributes)?;
    let existing = catalogue
        .endpoints
        .iter()
        .find(|(_, e)| e.application == application && e.token == token);
    let answer = |arn: &str| Answer {
        action: "CreatePlatformEndpoint",
        result: element("EndpointArn", arn),
    };
    if let Some((arn, existing)) = existing {
        let same = existing.user_data == wanted.user_data && existing.enabled == wanted.enabled;
        return if same {
            Ok(answer(arn))
        } else {
            Err(Refusal::invalid(format!(
                "Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."
            )))
        };
    }
    let arn = format!("{}/{}", application.replacen(":app/", ":endpoint/", 1), uuid());
    catalogue.endpoints.insert(arn.clone(), wanted);
    catalogue.save()?;
    Ok(answer(&arn))
}

pub fn attributes(request: &Request, catalogue: &Catalogue) -> Result<Answer, Refusal> {
    let endpoint = catalogue.endpoint(request.need("EndpointArn")?)?;
    let enabled = endpoint.enabled.to_string();
    let pairs = [
        ("Enabled", &enabled),
        ("Token", &endpoint.token),
        ("CustomUserData", &endpoint.user_data),
    ];
    let entries: String = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("<entry>{}{}</entry>", element("key", key), element("value", value)))
        .collect();
    Ok(Answer {
        action: "GetEndpointAttributes",
        result: format!("<Attributes>{entries}</Attributes>"),
    })
}

pub fn set_attributes(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    let arn = request.need("EndpointArn")?;
    let mut endpoint = catalogue.endpoint(arn)?.clone();
    change(&mut endpoint, &request.attributes())?;
    catalogue.endpoints.insert(arn.to_owned(), endpoint);
    catalogue.save()?;
    Ok(Answer {
        action: "SetEndpointAttributes",
        result: String::new(),
    })
}

/// Deleting an endpoint that is gone succeeds.
pub fn delete(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    catalogue.endpoints.remove(request.need("EndpointArn")?);
    catalogue.save()?;
    Ok(Answer {
        action: "DeleteEndpoint",
        result: String::new(),
    })
}

fn change(endpoint: &mut Endpoint, attributes: &BTreeMap<String, String>) -> Result<(), Refusal> {
    for (name, value) in attributes {
        match name.as_str() {
            "Enabled" => {
                endpoint.enabled = value
                    .to_ascii_lowercase()
                    .parse()
                    .map_err(|_| Refusal::invalid("Attributes Reason: Enabled is true or false"))?;
            }
            "Token" if !value.is_empty() => endpoint.token = value.clone(),
            "CustomUserData" => endpoint.user_data = value.clone(),
            _ => return Err(Refusal::invalid(format!("Attributes Reason: {name}"))),
        }
    }
    if endpoint.user_data.len() > MAX_USER_DATA_BYTES {
        return Err(Refusal::invalid(
            "CustomUserData Reason: must be at most 2048 bytes long",
        ));
    }
    Ok(())
}
