//! What a client would send, by function: the only part of the sample events that is not derived.
//!
//! A function that takes a body has an entry in [`body`]; one with required query parameters, in [`query`].

use data_encoding::{BASE64, HEXLOWER};
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::outbox::{Entry, Errand};

use crate::esp32_image;

/// When all samples happened.
pub const AT: Timestamp = Timestamp::constant(1_795_309_323, 0);

/// The least that is a picture: one transparent pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// The only part of a file that came in parts.
pub const UPLOADED_PART: &[u8] = b"123456789";

/// A health record that a client has drawn the name of.
pub const RECORD: &str = "01a0000000000123456789ab";

/// A file that it names, and the upload that the file comes by.
pub const RECORD_FILE: &str = "01a0000000000123456789f1";
pub const RECORD_FILE_UPLOAD: &str = "01a0000000000123456789f2";

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
        /// Fields of text before it.
        texts: &'static [(&'static str, &'static str)],
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
        _ => return others(function),
    })
}

fn others(function: &str) -> Option<Body> {
    people_body(function)
        .or_else(|| opinion_body(function))
        .or_else(|| firmware_body(function))
        .or_else(|| upload_body(function))
        .or_else(|| record_body(function))
        .or_else(|| scheduling_body(function))
        .or_else(|| call_body(function))
        .or_else(|| pharmacy_body(function))
        .or_else(|| vital_body(function))
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
            texts: &[],
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
        texts: &[],
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
        "give-opinion-on-prediction" | "give-opinion-on-skin-record" => Body::Json(json!({
            "verdict": "correct",
            "condition": "Rosacea",
            "note": "The redness spares the folds.",
        })),
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

/// Of health records.
fn record_body(function: &str) -> Option<Body> {
    Some(match function {
        "create-medical-history" => Body::Json(json!({ "title": "Asthma", "diagnosis_date": "2019-05-01T00:00:00" })),
        "create-prescription" => Body::Json(json!({
            "doctor_name": "Dora Example",
            "medications": [{ "name": "Salbutamol", "dose": "100 micrograms" }],
        })),
        "create-lab-report" => Body::Json(json!({
            "test_name": "Haemoglobin", "test_type": "blood", "results": { "hb_g_per_dl": 13.5 },
        })),
        "update-record" => Body::Json(json!({ "client_version": 2, "description": "Better since May" })),
        "resolve-conflict" => Body::Json(json!({
            "record_id": RECORD, "chosen_version": 1, "resolved_data": { "title": "Asthma" },
        })),
        "push-record-changes" => Body::Json(json!({
            "device_id": "a-phone",
            "changes": [{
                "change_id": "1", "record_id": RECORD, "record_type": "medical_history", "base_version": 0,
                "data": { "title": "Asthma" },
            }],
        })),
        "settle-record-conflict" => Body::Json(json!({ "keep": "server", "version": 2 })),
        "create-record-draft" => Body::Json(json!({
            "patient_id": path_parameter("patient_id"), "record_type": "diagnosis", "data": { "text": "Asthma (J45)" },
        })),
        "update-record-draft" => Body::Json(json!({ "base_version": 1, "data": { "text": "Asthma, mild (J45.20)" } })),
        "amend-record" => Body::Json(json!({
            "base_version": 1, "reason": "The severity was missing", "data": { "text": "Asthma, mild (J45.20)" },
        })),
        "open-emergency-access" => Body::Json(json!({ "reason": "Unconscious, brought in by ambulance" })),
        "review-emergency-access" => Body::Json(json!({ "outcome": "justified" })),
        "attach-record-file" => Body::Json(json!({ "file_id": RECORD_FILE, "upload_id": RECORD_FILE_UPLOAD })),
        _ => return None,
    })
}

/// Of hours and appointments.
fn scheduling_body(function: &str) -> Option<Body> {
    Some(match function {
        "offer-slot" => Body::Json(json!({
            "start_datetime": "2033-05-02T09:00:00Z", "end_datetime": "2033-05-02T09:30:00Z",
        })),
        "offer-slots" => Body::Json(json!({
            "start_datetime": "2033-05-03T09:00:00Z", "end_datetime": "2033-05-03T12:00:00Z",
        })),
        "set-own-availability" => Body::Json(json!({
            "version": 0,
            "time_zone": "Asia/Kolkata",
            "visit_minutes": 30,
            "weekly": [{ "weekday": "monday", "from": "09:00", "until": "12:30" }],
            "dates": [{ "date": "2033-12-26", "hours": [] }],
            "time_off": [{ "from": "2033-08-01T00:00", "until": "2033-08-15T00:00" }],
        })),
        "request-appointment" => Body::Json(json!({ "preferred_specialization": "Dermatology" })),
        "book-appointment" => Body::Json(json!({
            "doctor_id": path_parameter("id"), "start": "2033-05-02T09:00:00Z", "reason": "A mole that grows",
        })),
        "change-appointment-status" => Body::Json(json!({ "status": "cancelled", "reason": "I am away that day." })),
        "reschedule-appointment" => Body::Json(json!({ "start": "2033-05-02T11:00:00Z", "version": 1 })),
        "join-waitlist" => Body::Json(json!({ "doctor_id": path_parameter("id") })),
        _ => return None,
    })
}

/// Of consultations.
fn call_body(function: &str) -> Option<Body> {
    Some(match function {
        "create-consultation" => Body::Json(json!({
            "doctor_id": path_parameter("id"),
            "scheduled_time": "2026-11-25T10:00:00Z",
            "consultation_type": "video",
            "reason": "A rash that comes back",
        })),
        "send-signal" => Body::Json(json!({
            "signal_type": "ice-candidate",
            "signal_data": { "candidate": "candidate:1 1 udp 2130706431 192.0.2.1 51000 typ host", "sdpMid": "0" },
        })),
        "send-call-message" => Body::Json(json!({ "text": "Can you see me?", "client_id": "1" })),
        "invite-guest" => Body::Json(json!({ "name": "Interpreter" })),
        "join-as-guest" => Body::Json(json!({ "token": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })),
        _ => return None,
    })
}

/// Of pharmacies.
fn pharmacy_body(function: &str) -> Option<Body> {
    Some(match function {
        "create-pharmacy" => Body::Json(json!({
            "name": "Lake Pharmacy", "address": "1 Lake Road", "city": "Udaipur", "state": "Rajasthan",
            "pincode": "313001", "phone": PHONE, "latitude": 24.5854, "longitude": 73.7125, "time_zone": "Asia/Kolkata",
            "operating_hours": { "monday": "09:00-21:00" },
        })),
        "update-pharmacy" => Body::Json(json!({ "operating_hours": { "monday": "08:00-21:00" } })),
        "set-pharmacy-stock" => Body::Json(json!({
            "medicine_name": "Paracetamol", "quantity": 120, "unit": "tablets", "expiry_date": "2033-05-31",
        })),
        "move-stock" => Body::Json(json!({
            "kind": "receive",
            "lines": [{ "medicine_name": "Paracetamol", "lot": "A-17", "quantity": 40, "expiry_date": "2033-12" }],
        })),
        "recall-lot" => Body::Json(json!({
            "medicine_name": "Paracetamol", "lot": "A-17", "reason": "Recalled by its manufacturer",
        })),
        "search-pharmacies" => Body::Json(json!({
            "medicine_name": "paracetamol", "latitude": 24.58, "longitude": 73.71, "radius_km": 5,
        })),
        "reserve-medicine" => Body::Json(json!({ "record_id": RECORD, "latitude": 24.58, "longitude": 73.71 })),
        "change-reservation-status" => Body::Json(json!({ "status": "cancelled" })),
        _ => return None,
    })
}

/// Of vital signs.
fn vital_body(function: &str) -> Option<Body> {
    Some(match function {
        "register-vital-device" => Body::Json(json!({ "name": "Cuff in the kitchen", "model": "BP-100" })),
        "take-device-readings" => Body::Json(json!({
            "device_id": path_parameter("device_id"),
            "device_token": "0186a1f2c3d4e5f601234567.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "data_points": [
                { "timestamp": "2026-11-25T10:00:00Z", "heart_rate": 71, "systolic_bp": 122, "diastolic_bp": 78 },
                { "timestamp": "2026-11-25T10:00:01Z", "heart_rate": 72, "spo2": 97.5, "temperature": 36.6 },
            ],
        })),
        "add-vital-readings" => Body::Json(json!({
            "readings": [
                { "kind": "glucose", "value": 5.5, "unit": "mmol/L", "measured_at": "2026-11-25T07:00:00Z" },
                { "kind": "weight", "value": 71.4, "unit": "kg", "measured_at": "2026-11-25T07:05:00Z" },
            ],
        })),
        "query-vitals" => Body::Json(json!({
            "start_time": "2026-11-24T00:00:00Z", "end_time": "2026-11-25T00:00:00Z", "metrics": ["heart_rate", "bp"],
            "aggregation": "hourly",
        })),
        "answer-vital-alert" => Body::Json(json!({ "action": "snooze", "minutes": 30 })),
        "set-vital-settings" => Body::Json(json!({
            "version": 0,
            "time_zone": "Asia/Kolkata",
            "night": { "from": "22:00", "until": "06:30" },
            "no_data": [{ "kind": "glucose", "after_minutes": 30, "delay_minutes": 60 }],
        })),
        _ => return None,
    })
}

fn upload_body(function: &str) -> Option<Body> {
    Some(match function {
        "start-upload" => Body::Json(json!({ "size_bytes": 8_000_000 })),
        "complete-upload" => Body::Json(json!({ "part_sha256": [HEXLOWER.encode(&Sha256::digest(UPLOADED_PART))] })),
        _ => return None,
    })
}

/// Of operators and devices.
fn firmware_body(function: &str) -> Option<Body> {
    Some(match function {
        "upload-firmware" => Body::Form {
            field: "file",
            file: "camera.bin",
            media_type: "application/octet-stream",
            bytes: esp32_image::image("1.2.3", esp32_image::SMALLEST),
            texts: &[("version", "1.2.3"), ("release_notes", "Sharper pictures in the dark.")],
        },
        "report-update" => Body::Json(json!({
            "device_id": "camera-7", "firmware_version": "1.2.3", "status": "in_progress", "progress_percent": 40,
        })),
        "enroll-device" => Body::Json(json!({ "device_id": "camera-7" })),
        "change-rollout" => Body::Json(json!({ "action": "plan", "percent": 50 })),
        "start-firmware-upload" => Body::Json(json!({ "version": "1.3.0", "size_bytes": 6_000_000 })),
        _ => return None,
    })
}

pub fn query(function: &str) -> &'static [(&'static str, &'static str)] {
    match function {
        "list-predictions" | "list-skin-records" | "list-notifications" => &[("limit", "20")],
        "open-socket" => &[("ticket", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE")],
        "find-skin-clinics" => &[("lat", "52.52"), ("lng", "13.405"), ("radius", "5000")],
        "verify-email" => &[("token", "0186a1f2c3d4e5f601234567.1795309623.00")],
        "get-video-token" => &[("channel", "visit-0186a1f2c3d4e5f601234567")],
        "get-vital-series" => &[("kind", "glucose"), ("bucket", "1h"), ("unit", "mmol/L")],
        "get-vitals-chart" => &[("metric", "bp")],
        "check-username" => &[("username", "ana")],
        "list-stock-movements" => &[("medicine_name", "paracetamol")],
        "get-picture" | "get-document" => &[
            ("expires", "1795309623"),
            ("signature", "bm90LXJlYWxseS1zaWduZWQtYnV0LXRoaXMtbG9uZw"),
        ],
        _ => &[],
    }
}

/// What is said over a connection.
pub fn message(function: &str) -> Option<Value> {
    Some(match function {
        "answer-socket-message" => json!({ "type": "hello", "id": "1" }),
        "take-call-message" => {
            json!({ "type": "call_subscribe", "id": "3", "consultation_id": path_parameter("id") })
        }
        "take-notification-message" => json!({ "type": "notifications", "id": "2", "unread_only": true }),
        _ => return None,
    })
}

/// Names are the same wherever they stand in a path.
pub fn path_parameter(name: &str) -> &'static str {
    match name {
        "filename" => "0123456789abcdef0123456789abcdef.jpg",
        "document" => "0123456789abcdef0123456789abcdef.pdf",
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
        "publish-firmware" => {
            let upload = domain::id::FirmwareUploadId::new(AT, [9; 6]);
            Some((format!("incoming/{upload}"), 6_000_000))
        }
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
