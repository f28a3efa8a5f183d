use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};

use super::{Connections, HttpsClient, HttpsError, form, url};
use crate::stand_in::{html, json, open};

const LIMIT: Duration = Duration::from_secs(5);

#[tokio::test]
async fn an_answer_is_bounded_and_a_redirect_is_an_answer() {
    let base = open(|request: &Request<Bytes>| match request.uri().path() {
        "/large" => Some(json(StatusCode::OK, &"x".repeat(300 * 1024).into())),
        "/elsewhere" => {
            let mut reply = html(StatusCode::FOUND);
            let place = HeaderValue::from_static("/large");
            reply.headers_mut().insert(header::LOCATION, place);
            Some(reply)
        }
        _ => None,
    })
    .await;
    let https = HttpsClient::new(Connections::Kept).unwrap();
    let send = |path: &str| https.send(form(&url(&base, path).unwrap(), &[]), LIMIT);
    assert_eq!(send("/large").await.err(), Some(HttpsError::TooLarge));
    assert_eq!(send("/dropped").await.err(), Some(HttpsError::Broken));
    assert_eq!(send("/elsewhere").await.unwrap().status, StatusCode::FOUND);
    let nobody = url("http://127.0.0.1:1", "/").unwrap();
    let unreachable = https.send(form(&nobody, &[]), LIMIT).await;
    assert_eq!(unreachable.err(), Some(HttpsError::Unreachable));
}

#[tokio::test]
async fn a_service_that_says_nothing_is_given_up() {
    let (listener, base) = crate::stand_in::port().await;
    let https = HttpsClient::new(Connections::OnePerRequest).unwrap();
    let request = form(&url(&base, "/").unwrap(), &[]);
    let answer = https.send(request, Duration::from_millis(20)).await;
    assert_eq!(answer.err(), Some(HttpsError::TimedOut));
    drop(listener);
}

#[test]
fn a_base_url_is_one_of_http() {
    assert_eq!(url("https://a.example/", "/v2").unwrap(), "https://a.example/v2");
    for wrong in ["", "a.example", "ftp://a.example", "https://", "https://a b"] {
        assert_eq!(url(wrong, "/v2"), None, "{wrong}");
    }
}
