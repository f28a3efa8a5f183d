//! What a client would send, by function: the only part of the sample events that is not derived.
//!
//! A function that takes a body has an entry in [`body`]; one with required query parameters, in [`query`].

use data_encoding::BASE64;
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::outbox::{Entry, Errand};

/// When all samples happened.
pub const AT: Timestamp = Timestamp::constant(1_795_309_323, 0);

/// The least that is a picture: one transparent pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Twilio's number for trying things out.
const PHONE: &str = "+15005550006";

pub enum Body {
    Json(Value),
    /// One file in a form: the field's name, the file's name, its type and its bytes.
    Form {
        field: &'static str,
        file: &'static str,
        media_type: &'static str,
        bytes: Vec<u8>,
    },
}

pub fn body(function: &str) -> Option<Body> {
    Some(match function {
        "sign-up" => Body::Json(json!({
            "role": "patient",
            "username": "ana",
            "email": "ana@example.org",
            "password": "correct horse battery",
            "name": "Ana Example",
        })),
        "log-in" => Body::Json(json!({ "emailOrUsername": "ana@example.org", "password": "correct horse battery" })),
        "register" => Body::Json(json!({
            "phone": PHONE,
            "password": "correct horse battery",
            "full_name": "Ana Example",
            "role": "patient",
        })),
        "send-code" => Body::Json(json!({ "mobile_number": PHONE })),
        "verify-code" => Body::Json(json!({ "mobile_number": PHONE, "otp_code": "042137" })),
        "sign-in-with-firebase" => Body::Json(json!({ "id_token": "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl" })),
        "refresh-session" => Body::Json(json!({ "refresh_token": "r.of-a-user.of-a-session.0.signature" })),
        "log-out" => Body::Json(json!({ "refresh_token": "r.of-a-user.of-a-session.0.signature" })),
        "delete-own-account" => Body::Json(json!({ "password_confirmation": "DELETE" })),
        "verify-email-code" => Body::Json(json!({ "email": "ana@example.org", "otp": "042137" })),
        "resend-verification" | "forgot-password" => Body::Json(json!({ "email": "ana@example.org" })),
        "reset-password" => Body::Json(json!({
            "email": "ana@example.org",
            "otp": "042137",
            "newPassword": "another correct horse",
        })),
        "change-password" | "change-admin-password" => Body::Json(json!({
            "currentPassword": "correct horse battery",
            "newPassword": "another correct horse",
        })),
        "start-contact-change" => Body::Json(json!({ "phone": PHONE, "password": "correct horse battery" })),
        "confirm-contact-change" => Body::Json(json!({ "phone": PHONE, "code": "042137" })),
        "predict-skin-condition" => pixel("image", "face.png"),
        "diagnose-skin" => pixel("image", "skin.png"),
        "analyze-teeth" | "report-teeth" => pixel("file1", "teeth.png"),
        "check-symptoms" => Body::Json(json!({
            "symptoms": [{ "symptom": "fever", "severity": "moderate", "duration_days": 2 }, { "symptom": "cough" }],
            "age": 34,
            "gender": "female",
        })),
        "register-device" => Body::Json(json!({ "token": "fcm-registration-token", "platform": "android" })),
        "open-ticket" => Body::Json(json!({
            "name": "Ana Example",
            "email": "ana@example.org",
            "subject": "A picture does not load",
            "category": "Technical",
            "message": "Since yesterday my latest picture stays blank.",
        })),
        "answer-ticket" => Body::Json(json!({ "status": "in-progress", "adminResponse": "We are looking into it." })),
        "start-upload" => Body::Json(json!({ "size_bytes": 8_000_000 })),
        _ => return people_body(function).or_else(|| opinion_body(function)),
    })
}

fn people_body(function: &str) -> Option<Body> {
    Some(match function {
        "update-own-profile" => Body::Json(json!({ "name": "Ana Example", "age": "34" })),
        "set-own-picture" => Body::Json(json!({ "image": PIXEL })),
        "update-patient-profile" => Body::Form {
            field: "gender",
            file: "",
            media_type: "text/plain",
            bytes: b"female".to_vec(),
        },
        "update-doctor-profile" => {
            Body::Json(json!({ "specialization": "Dermatology", "bio": "Twenty years of skin." }))
        }
        "link-family-member" => Body::Json(json!({ "family_member_phone": PHONE, "relationship": "parent" })),
        "grant-access" => Body::Json(json!({ "scopes": ["profile"], "expires_at": "2027-11-25T00:00:00Z" })),
        "change-user-role" => Body::Json(json!({ "new_role": "doctor" })),
        "set-user-password" => Body::Json(json!({ "new_password": "another correct horse" })),
        "verify-doctor" => Body::Json(json!({ "status": "approved", "reviewComments": "The licence is in order." })),
        "add-evidence" => pixel("file", "licence.png"),
        _ => return None,
    })
}

/// A form with a picture of one pixel.
fn pixel(field: &'static str, file: &'static str) -> Body {
    Body::Form {
        field,
        file,
        media_type: "image/png",
        bytes: BASE64.decode(PIXEL.as_bytes()).expect("the pixel is base64"),
    }
}

/// Of doctors and admins.
fn opinion_body(function: &str) -> Option<Body> {
    Some(match function {
        "request-review" => Body::Json(json!({
            "predictionId": path_parameter("id"),
            "dermatologistId": path_parameter("id"),
            "message": "Is this something to worry about?",
        })),
        "submit-review" => Body::Json(json!({ "comment": "Nothing to worry about; please come back in a month." })),
        "reject-review-request" => Body::Json(json!({ "reason": "I am away this week." })),
        "add-treatment" => Body::Json(json!({
            "name": "Chapped lips",
            "treatments": ["Use a plain balm several times a day."],
            "prevention": ["Do not lick your lips."],
            "resources": ["https://www.nhs.uk/conditions/sore-lips/"],
        })),
        "update-treatment" => Body::Json(json!({ "prevention": ["Drink enough water."] })),
        _ => return None,
    })
}

pub fn query(function: &str) -> &'static [(&'static str, &'static str)] {
    match function {
        "list-predictions" | "list-notifications" => &[("limit", "20")],
        "find-skin-clinics" => &[("lat", "52.52"), ("lng", "13.405"), ("radius", "5000")],
        "verify-email" => &[("token", "0186a1f2c3d4e5f601234567.1795309623.00")],
        "check-username" => &[("username", "ana")],
        "get-picture" => &[
            ("expires", "1795309623"),
            ("signature", "bm90LXJlYWxseS1zaWduZWQtYnV0LXRoaXMtbG9uZw"),
        ],
        _ => &[],
    }
}

/// Names are the same wherever they stand in a path.
pub fn path_parameter(name: &str) -> &'static str {
    match name {
        "filename" => "0123456789abcdef0123456789abcdef.jpg",
        _ => "0186a1f2c3d4e5f601234567",
    }
}

/// What a worker fed by a table finds in it: the partition key, the sort key and the item.
pub fn new_item(worker: &str) -> Option<(String, &'static str, Value)> {
    match worker {
        "run-errand" => {
            let entry = Entry::new(
                OutboxId::new(AT, [7; 6]),
                Errand::Tell {
                    user: sample_user(),
                    notice: Notice::SignedUp,
                },
                AT,
            );
            let mut item = serde_json::to_value(&entry).expect("an entry is JSON");
            let members = item.as_object_mut().expect("an entry is an object");
            members.remove("errand");
            members.insert("sealed".to_owned(), "what the errand is, sealed".into());
            Some((format!("OUTBOX#{}", entry.id), "ENTRY", item))
        }
        _ => None,
    }
}

/// What a worker fed by a bucket finds in it: the key and the size in bytes.
pub fn new_object(worker: &str) -> Option<(String, u64)> {
    match worker {
        "receive-upload" => Some((
            format!("{}/{}", sample_user(), domain::id::UploadId::new(AT, [9; 6])),
            8_000_000,
        )),
        _ => None,
    }
}

fn sample_user() -> UserId {
    UserId::new(AT, [1; 6])
}
