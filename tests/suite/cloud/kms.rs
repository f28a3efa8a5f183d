//! KMS: what the key ring relies on, and what is refused.

use aws_sdk_kms::Client;
use aws_sdk_kms::error::ProvideErrorMetadata;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use local::cloud::kms::{KEY_ALIAS, KEY_ARN};
use local::cloud::{Cloud, Storage};

use super::{SECRET_KEY, in_memory, sdk, start};

fn client(cloud: &Cloud) -> Client {
    Client::from_conf(sdk!(aws_sdk_kms, &cloud.kms_url, SECRET_KEY).build())
}

fn code<T, E: ProvideErrorMetadata>(answer: Result<T, E>) -> String {
    answer
        .err()
        .and_then(|error| error.code().map(str::to_owned))
        .unwrap_or_default()
}

async fn encrypt(kms: &Client, plaintext: &[u8], context: &str) -> Blob {
    let encrypt = kms.encrypt().key_id(KEY_ALIAS).plaintext(Blob::new(plaintext));
    let answer = encrypt.encryption_context("key", context).send().await.unwrap();
    assert_eq!(answer.key_id(), Some(KEY_ARN));
    answer.ciphertext_blob.unwrap()
}

async fn decrypt(kms: &Client, ciphertext: Blob, context: &str) -> Result<Vec<u8>, String> {
    let decrypt = kms.decrypt().ciphertext_blob(ciphertext);
    match decrypt.encryption_context("key", context).send().await {
        Ok(answer) => Ok(answer.plaintext.unwrap().into_inner()),
        Err(error) => Err(error.code().unwrap_or_default().to_owned()),
    }
}

#[tokio::test]
async fn what_was_encrypted_is_decrypted_under_the_same_context_only() {
    let cloud = in_memory();
    let kms = client(&cloud);
    let ciphertext = encrypt(&kms, b"a key", "one").await;
    assert_eq!(decrypt(&kms, ciphertext.clone(), "one").await.unwrap(), b"a key");
    assert_eq!(
        decrypt(&kms, ciphertext, "two").await.unwrap_err(),
        "InvalidCiphertextException"
    );
}

#[tokio::test]
async fn a_changed_ciphertext_is_refused_wherever_it_was_changed() {
    let cloud = in_memory();
    let kms = client(&cloud);
    let ciphertext = encrypt(&kms, b"a key", "one").await.into_inner();
    for place in 0..ciphertext.len() {
        let mut changed = ciphertext.clone();
        changed[place] ^= 1;
        let answer = decrypt(&kms, Blob::new(changed), "one").await;
        assert_eq!(answer.unwrap_err(), "InvalidCiphertextException", "byte {place}");
    }
    let short = Blob::new(&ciphertext[..5]);
    assert_eq!(
        decrypt(&kms, short, "one").await.unwrap_err(),
        "InvalidCiphertextException"
    );
}

#[tokio::test]
async fn a_data_key_comes_in_the_open_and_wrapped() {
    let cloud = in_memory();
    let kms = client(&cloud);
    let generate = kms.generate_data_key().key_id(KEY_ARN).key_spec(DataKeySpec::Aes256);
    let key = generate.encryption_context("key", "one").send().await.unwrap();
    let plaintext = key.plaintext.unwrap().into_inner();
    assert_eq!(plaintext.len(), 32);
    assert_eq!(
        decrypt(&kms, key.ciphertext_blob.unwrap(), "one").await.unwrap(),
        plaintext
    );
    let neither = kms.generate_data_key().key_id(KEY_ARN).send().await;
    assert_eq!(code(neither), "ValidationException");
    let too_long = kms.generate_data_key().key_id(KEY_ARN).number_of_bytes(1025);
    assert_eq!(code(too_long.send().await), "ValidationException");
}

#[tokio::test]
async fn an_unknown_key_is_not_found() {
    let cloud = in_memory();
    let kms = client(&cloud);
    for id in ["alias/other", "0000abcd-12ab-34cd-56ef-1234567890ab"] {
        let encrypt = kms.encrypt().key_id(id).plaintext(Blob::new("a key")).send().await;
        assert!(
            encrypt
                .unwrap_err()
                .as_service_error()
                .unwrap()
                .is_not_found_exception(),
            "{id}"
        );
    }
}

#[tokio::test]
async fn at_most_4096_bytes_are_encrypted() {
    let cloud = in_memory();
    let kms = client(&cloud);
    let encrypt = |length| kms.encrypt().key_id(KEY_ALIAS).plaintext(Blob::new(vec![1; length]));
    assert!(encrypt(4096).send().await.is_ok());
    for length in [0, 4097] {
        assert_eq!(code(encrypt(length).send().await), "ValidationException", "{length}");
    }
}

#[tokio::test]
async fn requests_must_be_signed_by_the_right_key() {
    let cloud = in_memory();
    let unsigned = reqwest::Client::new()
        .post(&cloud.kms_url)
        .header("x-amz-target", "TrentService.Encrypt")
        .body("{}");
    let answer = unsigned.send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("MissingAuthenticationTokenException")
    );
    let other = Client::from_conf(sdk!(aws_sdk_kms, &cloud.kms_url, "another-secret").build());
    let encrypt = other
        .encrypt()
        .key_id(KEY_ALIAS)
        .plaintext(Blob::new("a key"))
        .send()
        .await;
    assert_eq!(code(encrypt), "InvalidSignatureException");
}

#[tokio::test]
async fn what_was_encrypted_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || start(Storage::Directory(folder.path().to_owned()));
    let cloud = open();
    let ciphertext = encrypt(&client(&cloud), b"a key", "one").await;
    cloud.shutdown().await;
    assert_eq!(
        decrypt(&client(&open()), ciphertext.clone(), "one").await.unwrap(),
        b"a key"
    );
    let another = in_memory();
    let answer = decrypt(&client(&another), ciphertext, "one").await;
    assert_eq!(answer.unwrap_err(), "InvalidCiphertextException");
}
