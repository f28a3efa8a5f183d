use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use local::cloud::Storage;

use super::super::start;
use super::*;

#[tokio::test]
async fn objects_and_unfinished_uploads_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = start(Storage::Directory(folder.path().to_owned()));
    let s3 = client(&cloud);
    s3.create_bucket().bucket(BUCKET).send().await.unwrap();
    put(&s3, "a", "old").await;
    put(&s3, "a", "new").await;
    put(&s3, "gone", "1").await;
    s3.delete_object().bucket(BUCKET).key("gone").send().await.unwrap();
    let upload = s3
        .create_multipart_upload()
        .bucket(BUCKET)
        .key("big")
        .send()
        .await
        .unwrap()
        .upload_id
        .unwrap();
    let part = s3
        .upload_part()
        .bucket(BUCKET)
        .key("big")
        .upload_id(&upload)
        .part_number(1);
    let part = part.body(ByteStream::from_static(b"part")).send().await.unwrap();
    cloud.shutdown().await;

    let cloud = start(Storage::Directory(folder.path().to_owned()));
    let s3 = client(&cloud);
    assert_eq!(read(&s3, "a").await, "new");
    assert_eq!(
        s3.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(),
        Some(1)
    );
    let part = CompletedPart::builder().part_number(1).set_e_tag(part.e_tag).build();
    let parts = CompletedMultipartUpload::builder().parts(part).build();
    let complete = s3
        .complete_multipart_upload()
        .bucket(BUCKET)
        .key("big")
        .upload_id(upload)
        .multipart_upload(parts);
    complete.send().await.unwrap();
    assert_eq!(read(&s3, "big").await, "part");
    let contents = std::fs::read_dir(folder.path().join("s3/contents")).unwrap().count();
    assert_eq!(contents, 2, "only what is needed is kept");
}

#[tokio::test]
async fn memory_leaves_nothing_behind_and_is_not_shared() {
    let (_one, first) = bucket().await;
    put(&first, "a", "1").await;
    let other = in_memory();
    assert!(client(&other).list_buckets().send().await.unwrap().buckets().is_empty());
}
