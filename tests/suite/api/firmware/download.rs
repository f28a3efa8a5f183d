use data_encoding::HEXLOWER;
use reqwest::Method;
use sha2::{Digest, Sha256};
use tests::esp32_image::image;
use tests::world::{Answer, World, send};

use super::upload;

const PATH: &str = "/api/firmware/download?version=1.0.0";

async fn world_with(size: usize) -> (World, Vec<u8>) {
    let world = World::new().await;
    let file = image("1.0.0", size);
    let answer = upload(&world, "1.0.0", file.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    (world, file)
}

async fn with(world: &World, headers: &[(&str, &str)]) -> Answer {
    let request = world.request(Method::GET, PATH);
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value));
    send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_comes_whole_and_says_what_it_is() {
    let (world, file) = world_with(100_000).await;
    let checksum = HEXLOWER.encode(&Sha256::digest(&file));
    for path in [PATH, "/api/firmware/download"] {
        // Compression is offered and must not be used: devices cannot undo it.
        let request = world.request(Method::GET, path).header("Accept-Encoding", "gzip");
        let answer = send(request).await;
        assert_eq!(answer.status, 200, "{:?}", answer.headers);
        assert_eq!(answer.header("content-type"), "application/octet-stream");
        assert_eq!(answer.header("content-length"), "100000");
        assert_eq!(answer.header("content-encoding"), "");
        assert_eq!(answer.header("accept-ranges"), "bytes");
        assert_eq!(answer.header("etag"), format!("\"{checksum}\""));
        assert!(answer.header("last-modified").ends_with(" GMT"), "{:?}", answer.headers);
        assert_eq!(
            answer.header("content-disposition"),
            "attachment; filename=\"esp32p4_v1.0.0.bin\""
        );
        assert_eq!(answer.header("x-firmware-version"), "1.0.0");
        assert_eq!(answer.header("x-firmware-checksum"), checksum);
        assert_eq!(answer.header("x-firmware-size"), "100000");
        assert!(answer.bytes == file);
    }
    assert_eq!(world.last_usage("download-firmware").round_trips, 1);
    assert_eq!(world.last_usage("download-firmware").object_calls, 1);
    let head = send(world.request(Method::HEAD, PATH)).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    assert_eq!(head.header("content-length"), "100000");
    assert_eq!(head.header("accept-ranges"), "bytes");
    assert_eq!(head.header("x-firmware-checksum"), checksum);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_given_as_they_are_asked_for() {
    let (world, file) = world_with(4096).await;
    for (range, first, last) in [
        ("bytes=0-1023", 0, 1023),
        ("bytes=0-0", 0, 0),
        ("bytes=1024-", 1024, 4095),
        ("bytes=-96", 4000, 4095),
        ("bytes=4000-99999", 4000, 4095),
        ("bytes=-99999", 0, 4095),
    ] {
        let part = with(&world, &[("Range", range)]).await;
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {first}-{last}/4096"));
        assert_eq!(part.header("content-length"), (last - first + 1).to_string());
        assert_eq!(part.header("x-firmware-size"), "4096");
        assert!(part.bytes == file[first..=last], "{range}");
    }
    for range in ["bytes=4096-", "bytes=5000-6000", "bytes=-0"] {
        let beyond = with(&world, &[("Range", range)]).await;
        assert_eq!((beyond.status.as_u16(), beyond.bytes.len()), (416, 0), "{range}");
        assert_eq!(beyond.header("content-range"), "bytes */4096");
    }
    for range in ["bytes=0-1,5-9", "lines=0-1", "bytes=9-5", "bytes=x-"] {
        let whole = with(&world, &[("Range", range)]).await;
        assert_eq!((whole.status.as_u16(), whole.bytes.len()), (200, 4096), "{range}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_goes_on_only_with_the_file_it_was_begun_with() {
    let (world, file) = world_with(4096).await;
    let head = send(world.request(Method::HEAD, PATH)).await;
    let (etag, date) = (head.header("etag"), head.header("last-modified"));
    for validator in [etag, date] {
        let part = with(&world, &[("Range", "bytes=100-199"), ("If-Range", validator)]).await;
        assert_eq!((part.status.as_u16(), part.bytes.as_slice()), (206, &file[100..200]));
    }
    let other = with(&world, &[("Range", "bytes=100-199"), ("If-Range", "\"another\"")]).await;
    assert_eq!((other.status.as_u16(), other.bytes.len()), (200, 4096));
    let known = with(&world, &[("If-None-Match", etag), ("Range", "bytes=0-9")]).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
    assert_eq!(known.header("etag"), etag);
    assert_eq!(with(&world, &[("If-None-Match", "\"another\"")]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found() {
    let world = World::new().await;
    world
        .get("/api/firmware/download")
        .await
        .problem(404, "No firmware available");
    for version in ["1.0.0", "..%2F..%2Fetc%2Fpasswd", "%00", "9.9.9"] {
        let answer = world.get(&format!("/api/firmware/download?version={version}")).await;
        answer.problem(404, "Firmware file not found");
    }
    assert_eq!(send(world.request(Method::HEAD, PATH)).await.status, 404);
}

/// Apps and devices with room for a long address fetch from storage, for a while.
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_leads_to_storage_and_dies() {
    let (world, file) = world_with(4096).await;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let redirect = async || {
        let answer = send(client.get(world.url(&format!("{PATH}&redirect=1")))).await;
        assert_eq!((answer.status.as_u16(), answer.bytes.len()), (302, 0), "{answer:?}");
        assert_eq!(answer.header("x-firmware-version"), "1.0.0");
        assert_eq!(answer.header("x-firmware-size"), "4096");
        answer.header("location").to_owned()
    };
    let address = redirect().await;
    assert!(world.follow(&address).await.bytes == file);
    let part = send(client.get(&address).header("Range", "bytes=10-19")).await;
    assert_eq!((part.status.as_u16(), part.bytes.as_slice()), (206, &file[10..20]));
    // Storage goes by the real time: an address of a quarter of an hour ago is dead.
    world.product.clock.set_forward(-16 * 60);
    let dead = world.follow(&redirect().await).await;
    assert_eq!(dead.status, 403, "{dead:?}");
}
