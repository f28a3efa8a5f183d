use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};

use super::*;

const FIVE_MIB: usize = 5 * 1024 * 1024;
const KEY: &str = "big";

async fn begin(s3: &Client) -> String {
    let upload = s3
        .create_multipart_upload()
        .bucket(BUCKET)
        .key(KEY)
        .content_type("image/tiff")
        .send()
        .await
        .unwrap();
    upload.upload_id.unwrap()
}

async fn part(s3: &Client, id: &str, number: i32, bytes: Vec<u8>) -> CompletedPart {
    let upload = s3
        .upload_part()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(id)
        .part_number(number);
    let done = upload.body(ByteStream::from(bytes)).send().await.unwrap();
    let part = CompletedPart::builder().part_number(number).set_e_tag(done.e_tag);
    part.set_checksum_crc32(done.checksum_crc32)
        .set_checksum_sha256(done.checksum_sha256)
        .build()
}

async fn complete(s3: &Client, id: &str, parts: &[CompletedPart]) -> Result<String, (u16, String)> {
    let parts = CompletedMultipartUpload::builder()
        .set_parts(Some(parts.to_vec()))
        .build();
    let request = s3
        .complete_multipart_upload()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(id)
        .multipart_upload(parts);
    let answer = request.send().await;
    match answer {
        Ok(done) => Ok(done.e_tag.unwrap()),
        refused => Err(refusal(refused)),
    }
}

#[tokio::test]
async fn parts_become_one_object_whatever_the_order_they_came_in() {
    let (_cloud, s3) = bucket().await;
    let id = begin(&s3).await;
    let second = part(&s3, &id, 2, b"end".to_vec()).await;
    part(&s3, &id, 1, vec![b'x'; FIVE_MIB]).await;
    let first = part(&s3, &id, 1, vec![b'a'; FIVE_MIB]).await;
    let listed = s3
        .list_parts()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(&id)
        .send()
        .await
        .unwrap();
    assert_eq!(
        listed
            .parts()
            .iter()
            .filter_map(|part| part.part_number())
            .collect::<Vec<_>>(),
        [1, 2]
    );
    let etag = complete(&s3, &id, &[first, second]).await.unwrap();
    assert!(etag.ends_with("-2\""), "{etag}");
    let object = s3.get_object().bucket(BUCKET).key(KEY).send().await.unwrap();
    assert_eq!(object.content_type(), Some("image/tiff"));
    let bytes = object.body.collect().await.unwrap().to_vec();
    assert_eq!(
        (bytes.len(), bytes[0], &bytes[FIVE_MIB..]),
        (FIVE_MIB + 3, b'a', &b"end"[..])
    );
    assert_eq!(complete(&s3, &id, &[]).await.unwrap_err().0, 404);
}

#[tokio::test]
async fn a_completion_that_does_not_fit_the_parts_is_refused() {
    let (_cloud, s3) = bucket().await;
    let id = begin(&s3).await;
    let (one, two) = (
        part(&s3, &id, 1, b"1".to_vec()).await,
        part(&s3, &id, 2, b"2".to_vec()).await,
    );
    let refused = |code: &str| (400, code.to_owned());
    assert_eq!(
        complete(&s3, &id, &[one.clone(), two.clone()]).await.unwrap_err(),
        refused("EntityTooSmall")
    );
    assert_eq!(
        complete(&s3, &id, &[two, one.clone()]).await.unwrap_err(),
        refused("InvalidPartOrder")
    );
    let never = CompletedPart::builder().part_number(3).e_tag("\"00\"").build();
    assert_eq!(
        complete(&s3, &id, &[one.clone(), never]).await.unwrap_err(),
        refused("InvalidPart")
    );
    complete(&s3, &id, &[one]).await.unwrap();
}

#[tokio::test]
async fn an_upload_that_is_given_up_is_gone() {
    let (_cloud, s3) = bucket().await;
    let id = begin(&s3).await;
    let one = part(&s3, &id, 1, b"1".to_vec()).await;
    s3.abort_multipart_upload()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(&id)
        .send()
        .await
        .unwrap();
    assert_eq!(
        complete(&s3, &id, &[one]).await.unwrap_err(),
        (404, "NoSuchUpload".to_owned())
    );
    assert_eq!(
        s3.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(),
        Some(0)
    );
}

#[tokio::test]
async fn the_checksum_of_parts_is_one_over_their_checksums() {
    let (_cloud, s3) = bucket().await;
    let upload = s3
        .create_multipart_upload()
        .bucket(BUCKET)
        .key(KEY)
        .checksum_algorithm(ChecksumAlgorithm::Sha256);
    let id = upload.send().await.unwrap().upload_id.unwrap();
    let request = s3.upload_part().bucket(BUCKET).key(KEY).upload_id(&id).part_number(1);
    let request = request
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .body(ByteStream::from_static(b"hello"));
    let done = request.send().await.unwrap();
    let part = CompletedPart::builder()
        .part_number(1)
        .set_e_tag(done.e_tag)
        .set_checksum_sha256(done.checksum_sha256);
    let parts = CompletedMultipartUpload::builder().parts(part.build()).build();
    let request = s3
        .complete_multipart_upload()
        .bucket(BUCKET)
        .key(KEY)
        .upload_id(&id)
        .multipart_upload(parts);
    // SHA-256 of the SHA-256 of "hello".
    assert_eq!(
        request.send().await.unwrap().checksum_sha256(),
        Some("lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=-1")
    );
}
