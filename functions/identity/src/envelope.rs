//! The dental product's answers: an envelope, and beside it what its first version had bare.

use domain::id::{CodeRequestId, UserId};
use domain::one_time_code;
use domain::phone_number::PhoneNumber;
use jiff::Timestamp;
use jiff::civil::Date;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;
use store::accounts::StoredAccount;

use crate::opening::Tokens;

/// A code is on its way, or a failure that its clients read from `success`.
#[derive(Serialize, JsonSchema)]
pub struct CodeSent {
    success: bool,
    message: &'static str,
    status: &'static str,
    data: CodeSentData,
    error: Option<&'static str>,
}

#[derive(Default, Serialize, JsonSchema)]
struct CodeSentData {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<PhoneNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<CodeRequestId>,
    /// Registration only: who this will be.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    otp_expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

const SENT: &str = "OTP sent successfully";

impl CodeSent {
    pub fn sent(phone: PhoneNumber, request_id: CodeRequestId, user_id: Option<UserId>) -> Self {
        Self {
            success: true,
            message: SENT,
            status: "pending",
            data: CodeSentData {
                message: Some(SENT),
                status: Some("success"),
                phone: Some(phone),
                request_id: Some(request_id),
                user_id,
                otp_expires_in: Some(one_time_code::LIFE.as_secs()),
                error: None,
            },
            error: None,
        }
    }

    pub fn failed(message: &'static str, code: &'static str) -> Self {
        Self {
            success: false,
            message,
            status: "failed",
            data: CodeSentData {
                error: Some(code),
                ..CodeSentData::default()
            },
            error: Some(code),
        }
    }
}

/// Signed in by a code, or a failure.
#[derive(Serialize, JsonSchema)]
pub struct CodeVerified {
    success: bool,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    data: CodeVerifiedData,
    error: Option<&'static str>,
}

#[derive(Default, Serialize, JsonSchema)]
struct CodeVerifiedData {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// The same, where the newer apps read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<DentalUser>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct DentalUser {
    id: UserId,
    name: Option<String>,
    phone: Option<PhoneNumber>,
    age: Option<u8>,
    profile_image_url: Option<String>,
    #[schemars(with = "Option<String>")]
    date_of_birth: Option<Date>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl CodeVerified {
    pub async fn signed_in(context: &Context, stored: StoredAccount, tokens: &Tokens) -> Result<Self, Problem> {
        let account = stored.account;
        let age = account.age(context.now);
        let profile_image_url = match &account.personal.picture {
            Some(picture) => Some(context.picture_links().await?.address(picture)),
            None => None,
        };
        let user = DentalUser {
            id: account.id,
            age,
            profile_image_url,
            name: account.name,
            phone: account.phone,
            date_of_birth: account.personal.date_of_birth,
            created_at: account.created_at,
            updated_at: account.updated_at,
        };
        let access_token = Some(tokens.access_token.clone());
        Ok(Self {
            success: true,
            message: "OTP verified successfully",
            access_token: access_token.clone(),
            refresh_token: tokens.refresh_token.clone(),
            token_type: Some("bearer"),
            expires_in: Some(tokens.expires_in),
            data: CodeVerifiedData {
                token: access_token.clone(),
                access_token,
                refresh_token: tokens.refresh_token.clone(),
                token_type: Some("bearer"),
                expires_in: Some(tokens.expires_in),
                user: Some(user),
                error: None,
            },
            error: None,
        })
    }

    pub fn failed(message: &'static str, code: &'static str) -> Self {
        Self {
            success: false,
            message,
            access_token: None,
            refresh_token: None,
            token_type: None,
            expires_in: None,
            data: CodeVerifiedData {
                error: Some(code),
                ..CodeVerifiedData::default()
            },
            error: Some(code),
        }
    }
}
