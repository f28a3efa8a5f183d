//! How a cloud ends.

use std::net::TcpStream;

use super::{eventually, in_memory};

#[tokio::test]
async fn a_dropped_cloud_closes_all_its_ports() {
    let cloud = in_memory();
    let urls = [
        &cloud.dynamodb_url,
        &cloud.s3_url,
        &cloud.sns_url,
        &cloud.smtp_url,
        &cloud.twilio_url,
        &cloud.fcm_url,
        &cloud.firebase_url,
    ];
    let addresses = urls.map(|url| url.split_once("//").unwrap().1.to_owned());
    let open = |address: &String| TcpStream::connect(address).is_ok();
    assert!(addresses.iter().all(open));
    drop(cloud);
    let closed = || async { (!addresses.iter().any(open)).then_some(()) };
    eventually("all ports closed", closed).await;
}
