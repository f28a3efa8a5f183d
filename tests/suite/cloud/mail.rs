//! Mail: our own client against the relay of the local cloud.

use clients::mail::{Mail, MailClient, MailError, MailSettings};
use local::cloud::Cloud;
use local::inbox::Channel;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{eventually, in_memory};

fn client(cloud: &Cloud) -> MailClient {
    MailClient::new(&MailSettings::new(
        &cloud.smtp_url,
        "Polyclinic <no-reply@polyclinic.example>",
    ))
    .unwrap()
}

fn mail(to: &str, text: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Termin bestätigt ✓".to_owned(),
        text: text.to_owned(),
        calendar: None,
    }
}

#[tokio::test]
async fn a_mail_arrives_word_for_word() {
    let cloud = in_memory();
    let text = "Guten Tag,\n.\n..zwei Punkte\nein sehr langer Absatz ".to_owned() + &"ä".repeat(2_000);
    client(&cloud)
        .send("outbox-1", &mail("anna@example.org", &text))
        .await
        .unwrap();
    let look = || async { cloud.inbox.newest(1).pop() };
    let message = eventually("the mail", look).await;
    assert_eq!(
        (message.channel, message.to.as_str()),
        (Channel::Email, "anna@example.org")
    );
    assert_eq!(message.subject.as_deref(), Some("Termin bestätigt ✓"));
    assert_eq!(message.body, text);
}

#[tokio::test]
async fn an_error_says_whether_to_try_again() {
    let cloud = in_memory();
    let client = client(&cloud);
    let refused = client
        .send("1", &mail("nobody@clinic.invalid", "hi"))
        .await
        .unwrap_err();
    assert!(matches!(refused, MailError::Refused(_)) && !refused.may_retry());
    let malformed = client.send("1", &mail("not an address", "hi")).await.unwrap_err();
    assert!(matches!(malformed, MailError::Malformed(_)) && !malformed.may_retry());
    let forged = client
        .send("1>\r\nBcc: x@y.example", &mail("anna@example.org", "hi"))
        .await
        .unwrap_err();
    assert!(matches!(forged, MailError::Malformed(_)));
    cloud.mail.put_off_next(1);
    let busy = client.send("1", &mail("anna@example.org", "hi")).await.unwrap_err();
    assert!(busy.may_retry());
    client.send("1", &mail("anna@example.org", "hi")).await.unwrap();
    let nobody_there = MailSettings::new("smtp://127.0.0.1:1", "a@b.example");
    let unreachable = MailClient::new(&nobody_there)
        .unwrap()
        .send("1", &mail("anna@example.org", "hi"))
        .await;
    assert!(unreachable.unwrap_err().may_retry());
}

#[tokio::test]
async fn unusable_settings_are_refused_without_naming_the_password() {
    let settings = MailSettings::new("http://user:geheim@host", "a@b.example");
    let error = MailClient::new(&settings).err().unwrap();
    assert!(!format!("{error} {error:?} {settings:?}").contains("geheim"));
    assert!(MailClient::new(&MailSettings::new("smtp://localhost:25", "nobody")).is_err());
}

#[tokio::test]
async fn a_relay_that_never_answers_is_given_up() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let settings = MailSettings {
        timeout: std::time::Duration::from_millis(50),
        ..MailSettings::new(url, "a@b.example")
    };
    let error = MailClient::new(&settings)
        .unwrap()
        .send("1", &mail("anna@example.org", "hi"))
        .await
        .unwrap_err();
    assert!(error.may_retry(), "{error:?}");
}

/// Speaks line by line, as a careless program would.
async fn talk(cloud: &Cloud, lines: &[&str]) -> Vec<String> {
    let stream = TcpStream::connect(cloud.smtp_url.trim_start_matches("smtp://"))
        .await
        .unwrap();
    let (read, mut write) = stream.into_split();
    let mut answers = BufReader::new(read).lines();
    let mut codes = Vec::new();
    answers.next_line().await.unwrap();
    for line in lines {
        write.write_all(line.as_bytes()).await.unwrap();
        codes.push(answers.next_line().await.unwrap().unwrap()[..3].to_owned());
    }
    codes
}

#[tokio::test]
async fn the_relay_refuses_what_is_not_smtp_or_not_a_mail() {
    let cloud = in_memory();
    let start = [
        "HELO me\r\n",
        "MAIL FROM:<a@b.example>\r\n",
        "RCPT TO:<c@d.example>\r\n",
        "DATA\r\n",
    ];
    let bare_newline = talk(&cloud, &["HELO me\n"]).await;
    assert_eq!(bare_newline, ["500"]);
    let out_of_order = talk(
        &cloud,
        &["DATA\r\n", "RCPT TO:<c@d.example>\r\n", "MAIL FROM:<a@b.example>\r\n"],
    )
    .await;
    assert_eq!(out_of_order, ["503", "503", "503"]);
    let no_headers = talk(&cloud, &[&start[..], &["just text\r\n.\r\n"]].concat()).await;
    assert_eq!(no_headers, ["250", "250", "250", "354", "554"]);
    let long_line = "x".repeat(2_000) + "\r\n.\r\n";
    assert_eq!(
        talk(&cloud, &[&start[..], &[long_line.as_str(), "NOOP\r\n"]].concat()).await[4..],
        ["552", "250"]
    );
    assert!(cloud.inbox.newest(1).is_empty());
}
