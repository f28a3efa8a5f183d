//! Starts and checks verifications.

use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::Full;

use super::settings::is_sid;
use super::{TwilioError, TwilioSettings, answer};
use crate::https::{self, Connections, HttpsClient};

const START_TIMEOUT: Duration = Duration::from_secs(8);
/// Generous, since a check gets one attempt.
const CHECK_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    Sms,
    Call,
    Email,
}

impl Channel {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Call => "call",
            Self::Email => "email",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// `VE…`, the same for as long as one verification lasts.
    pub sid: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Check {
    /// The code was right, and is used up.
    Approved,
    /// The person may try again.
    Wrong,
    /// Unknown, expired, used or used up: Twilio does not say which. The person needs a new code.
    Gone,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct TwilioClient {
    https: HttpsClient,
    starts: Uri,
    checks: Uri,
    authorization: HeaderValue,
}

impl TwilioClient {
    pub fn new(settings: &TwilioSettings) -> Result<Self, TwilioError> {
        let TwilioSettings {
            base_url,
            account_sid,
            auth_token,
            service_sid,
        } = settings;
        if !is_sid(account_sid, "AC") && !is_sid(account_sid, "SK") {
            return Err(TwilioError::Settings("the account SID is AC or SK and 32 digits"));
        }
        if !is_sid(service_sid, "VA") {
            return Err(TwilioError::Settings("the service SID is VA and 32 digits"));
        }
        if auth_token.is_empty() {
            return Err(TwilioError::Settings("the auth token is missing"));
        }
        let url = |resource: &str| {
            https::url(base_url, &format!("/v2/Services/{service_sid}/{resource}"))
                .ok_or(TwilioError::Settings("the base URL is no URL"))
        };
        let credentials = BASE64.encode(format!("{account_sid}:{auth_token}").as_bytes());
        Ok(Self {
            // A check must not be lost to a connection that died while nobody looked.
            https: HttpsClient::new(Connections::OnePerRequest).map_err(|_| TwilioError::Settings("TLS"))?,
            starts: url("Verifications")?,
            checks: url("VerificationCheck")?,
            authorization: https::secret_header(&format!("Basic {credentials}"))
                .ok_or(TwilioError::Settings("the auth token is not printable"))?,
        })
    }

    /// Sends a code to `to`: a number in E.164 form, written as it will be for the check, or an address for e-mail.
    /// Within ten minutes the same code is sent again. `locale` is the language of the message.
    pub async fn start(&self, to: &str, channel: Channel, locale: Option<&str>) -> Result<Started, TwilioError> {
        let mut fields = vec![("To", to), ("Channel", channel.name())];
        fields.extend(locale.map(|locale| ("Locale", locale)));
        answer::started(
            self.https
                .send(self.request(&self.starts, &fields), START_TIMEOUT)
                .await,
        )
    }

    /// One attempt. Only [`Check::Approved`] is success.
    pub async fn check(&self, to: &str, code: &str) -> Result<Check, TwilioError> {
        let fields = [("Code", code), ("To", to)];
        answer::checked(
            self.https
                .send(self.request(&self.checks, &fields), CHECK_TIMEOUT)
                .await,
        )
    }

    fn request(&self, url: &Uri, fields: &[(&str, &str)]) -> Request<Full<Bytes>> {
        let mut request = https::form(url, fields);
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, self.authorization.clone());
        request
    }
}
