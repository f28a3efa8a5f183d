use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, Mac};
use jiff::{Timestamp, ToSpan};
use local::cloud::Cloud;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use sha2::Sha256;

use super::super::ACCESS_KEY;
use super::*;

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// A form that allows up to ten bytes of text below `uploads/`, signed by hand: the SDK has no helper for it.
struct Upload {
    secret: &'static str,
    expires_in_minutes: i64,
    key: &'static str,
    content_type: &'static str,
    file: &'static str,
    extra: Option<(&'static str, &'static str)>,
}

const GOOD: Upload = Upload {
    secret: SECRET_KEY,
    expires_in_minutes: 5,
    key: "uploads/a.txt",
    content_type: "text/plain",
    file: "hello",
    extra: None,
};

impl Upload {
    async fn send(self, cloud: &Cloud) -> (u16, String) {
        let now = Timestamp::now();
        let date = now.strftime("%Y%m%d").to_string();
        let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let credential = format!("{ACCESS_KEY}/{date}/us-east-1/s3/aws4_request");
        let policy = json!({
            "expiration": format!("{:.0}", now + self.expires_in_minutes.minutes()),
            "conditions": [
                { "bucket": BUCKET },
                ["starts-with", "$key", "uploads/"],
                ["eq", "$Content-Type", "text/plain"],
                ["content-length-range", 1, 10],
                { "x-amz-algorithm": "AWS4-HMAC-SHA256" },
                { "x-amz-credential": credential },
                { "x-amz-date": time },
                { "success_action_status": "201" },
            ],
        });
        let policy = BASE64.encode(policy.to_string().as_bytes());
        let mut key = hmac(format!("AWS4{}", self.secret).as_bytes(), &date);
        for part in ["us-east-1", "s3", "aws4_request"] {
            key = hmac(&key, part);
        }
        let mut form = Form::new()
            .text("key", self.key)
            .text("Content-Type", self.content_type)
            .text("success_action_status", "201")
            .text("x-amz-algorithm", "AWS4-HMAC-SHA256")
            .text("x-amz-credential", credential)
            .text("x-amz-date", time)
            .text("x-amz-signature", HEXLOWER.encode(&hmac(&key, &policy)))
            .text("policy", policy);
        if let Some((name, value)) = self.extra {
            form = form.text(name, value);
        }
        let form = form.part(
            "file",
            Part::text(self.file).file_name("a.txt").mime_str("text/plain").unwrap(),
        );
        let request = reqwest::Client::new()
            .post(format!("{}/{BUCKET}", cloud.s3_url))
            .multipart(form);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_form_within_its_policy_uploads() {
    let (cloud, s3) = bucket().await;
    let (status, body) = GOOD.send(&cloud).await;
    assert_eq!(status, 201, "{body}");
    assert!(body.contains("<Key>uploads/a.txt</Key>"));
    assert_eq!(read(&s3, "uploads/a.txt").await, "hello");
    let head = s3
        .head_object()
        .bucket(BUCKET)
        .key("uploads/a.txt")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_type(), Some("text/plain"));
}

/// What breaks the policy, with the status and the code that S3 answers.
fn uploads_outside_their_policy() -> [(Upload, u16, &'static str); 7] {
    [
        (
            Upload {
                file: "more than ten bytes",
                ..GOOD
            },
            400,
            "EntityTooLarge",
        ),
        (Upload { file: "", ..GOOD }, 400, "EntityTooSmall"),
        (
            Upload {
                key: "elsewhere/a.txt",
                ..GOOD
            },
            403,
            "AccessDenied",
        ),
        (
            Upload {
                content_type: "text/html",
                ..GOOD
            },
            403,
            "AccessDenied",
        ),
        (
            Upload {
                expires_in_minutes: -60,
                ..GOOD
            },
            403,
            "AccessDenied",
        ),
        (
            Upload {
                secret: "another-secret",
                ..GOOD
            },
            403,
            "SignatureDoesNotMatch",
        ),
        (
            Upload {
                extra: Some(("x-amz-meta-a", "1")),
                ..GOOD
            },
            403,
            "AccessDenied",
        ),
    ]
}

#[tokio::test]
async fn a_form_outside_its_policy_is_refused_and_stores_nothing() {
    let (cloud, s3) = bucket().await;
    for (upload, status, code) in uploads_outside_their_policy() {
        let (got, body) = upload.send(&cloud).await;
        assert_eq!(got, status, "{body}");
        assert!(body.contains(code), "{code} expected: {body}");
    }
    assert_eq!(
        s3.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(),
        Some(0)
    );
}
