use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::runtime_api::{Invocation, RuntimeApi};
use super::{Binary, Cause, FunctionError, LambdaFunction, build_for_tests};

const HELLO: Binary = Binary {
    package: "hello",
    name: "hello",
};

#[test]
fn a_real_function_answers_one_event_after_the_other() {
    let mut hello = hello();
    for _ in 0..3 {
        let answer = hello.invoke(&request("/")).expect("an answer");
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!("hello")));
    }
    let cold = hello.cold_start().expect("it has answered");
    assert!(Duration::ZERO < cold.until_first_poll && cold.until_first_poll < cold.until_first_answer);
    assert!(hello.peak_memory_bytes().expect("it lives") > 1_000_000);
}

#[test]
fn an_error_of_the_handler_is_reported_and_the_environment_lives_on() {
    let mut hello = hello();
    let failure = hello
        .invoke(&json!({ "no": "request" }))
        .expect_err("not an event of API Gateway");
    assert!(matches!(failure.cause, Cause::Reported(_)), "{failure}");
    hello.invoke(&request("/")).expect("an answer");
}

#[test]
fn an_event_beyond_the_limit_of_lambda_never_reaches_the_function() {
    let failure = hello()
        .invoke(&request(&"x".repeat(6 * 1024 * 1024)))
        .expect_err("too large");
    assert!(matches!(failure.cause, Cause::EventTooLarge(_)), "{failure}");
}

#[test]
fn a_process_that_ends_is_reported_with_its_last_words() {
    let failure = start("crash.sh").invoke(&json!({})).expect_err("it exits");
    assert!(
        matches!(failure.cause, Cause::Exited(status) if status.code() == Some(3)),
        "{failure}"
    );
    assert_eq!(failure.log, "no settings found\n");
}

#[test]
fn a_function_that_misses_its_deadline_is_killed() {
    let mut hanging = start("hang.sh").with_timeout(Duration::from_millis(50));
    let first: FunctionError = hanging.invoke(&json!({})).expect_err("it sleeps");
    assert!(matches!(first.cause, Cause::TimedOut(_)), "{first}");
    let second = hanging.invoke(&json!({})).expect_err("it is dead");
    assert!(matches!(second.cause, Cause::Exited(_)), "{second}");
}

#[test]
fn an_answer_may_come_in_chunks() {
    let api = RuntimeApi::serve("chunks");
    let answers = api.offer(Invocation::new("{}".into(), Duration::from_secs(1)));
    let next = call(
        &api,
        "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: l\r\nconnection: close\r\n\r\n",
    );
    let id = header(&next, "lambda-runtime-aws-request-id");
    let chunked = format!(
        "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nhost: l\r\nconnection: close\r\n\
         transfer-encoding: chunked\r\n\r\n4\r\n{{\"a\"\r\n3\r\n:1}}\r\n0\r\n\r\n"
    );
    assert!(call(&api, &chunked).starts_with("HTTP/1.1 202"));
    let answer = answers.recv().expect("an answer").expect("no error");
    assert_eq!(answer, r#"{"a":1}"#);
    assert!(
        call(&api, &chunked).starts_with("HTTP/1.1 400"),
        "a second answer is refused"
    );
}

#[test]
fn a_failed_start_is_kept_until_someone_asks() {
    let api = RuntimeApi::serve("broken");
    let report = r#"{"errorType":"Settings","errorMessage":"TABLE is missing"}"#;
    let request = format!(
        "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nhost: l\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{report}",
        report.len()
    );
    assert!(call(&api, &request).starts_with("HTTP/1.1 202"));
    assert_eq!(
        api.init_error().expect("a report").to_string(),
        "Settings: TABLE is missing"
    );
}

fn hello() -> LambdaFunction {
    LambdaFunction::start(&build_for_tests(&[HELLO]).join(HELLO.name), &[])
}

fn start(script: &str) -> LambdaFunction {
    LambdaFunction::start(&fixtures().join(script), &[])
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lambda/fixtures")
}

fn request(path: &str) -> serde_json::Value {
    let mut event: serde_json::Value = serde_json::from_str(include_str!("../../hello/event.json")).expect("JSON");
    event["rawPath"] = path.into();
    event
}

fn call(api: &RuntimeApi, request: &str) -> String {
    let mut connection = TcpStream::connect(api.address()).expect("the server listens");
    connection.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("it answers");
    answer
}

fn header(answer: &str, name: &str) -> String {
    let value = answer
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    value.expect("the header").to_owned()
}
