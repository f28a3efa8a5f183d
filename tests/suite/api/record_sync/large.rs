//! Records as large as they may be: a page ends before it is too large for an answer.

use super::*;

const RECORDS: usize = 80;
/// What Lambda answers with at most.
const LARGEST_ANSWER: usize = 6_000_000;

fn id(number: usize) -> String {
    format!("01d{number:021x}")
}

/// As it stands in Lambda's answer: text in JSON.
fn size(answer: &Answer) -> usize {
    Value::from(answer.text()).to_string().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_large_records_are_shorter_and_miss_none() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let one = |number: usize| {
        let files = json!([{ "id": id(number), "name": "scan" }]);
        let data = json!({ "text": "\"x\"".repeat(19_000), "files": files });
        change(&number.to_string(), &id(number), 0, data)
    };
    let changes: Vec<Value> = (0..RECORDS).map(one).collect();
    for part in changes.chunks(20) {
        push(&ana, "a", part.into()).await;
    }
    let all: BTreeSet<String> = (0..RECORDS).map(id).collect();

    let (mut seen, mut after, mut has_more) = (BTreeSet::new(), 0, true);
    while has_more {
        let answer = ana.get(&format!("{CHANGES}?after={after}")).await;
        assert!(size(&answer) < LARGEST_ANSWER, "{}", size(&answer));
        let page = answer.json();
        let records = page["records"].as_array().unwrap().iter();
        seen.extend(records.map(|record| record["id"].as_str().unwrap().to_owned()));
        (after, has_more) = (page["after"].as_u64().unwrap(), page["has_more"] == true);
    }
    assert_eq!(seen, all);

    let (mut seen, mut path) = (BTreeSet::new(), "/api/records/sync/pending?limit=100".to_owned());
    while !path.is_empty() {
        let answer = ana.get(&path).await;
        assert!(
            answer.status == 200 && size(&answer) < LARGEST_ANSWER,
            "{}",
            size(&answer)
        );
        let page = answer.json();
        let records = page.as_array().unwrap().iter();
        seen.extend(records.map(|record| record["id"].as_str().unwrap().to_owned()));
        let next = answer
            .header("link")
            .strip_prefix('<')
            .and_then(|link| link.split_once('>'));
        path = next.map(|(next, _)| next.to_owned()).unwrap_or_default();
    }
    assert_eq!(seen, all);

    let refused = ana.get("/api/records?page_size=100").await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (422, &json!("page_too_large"))
    );
    let page = ana.get("/api/records?page_size=25").await;
    assert!(page.status == 200 && size(&page) < LARGEST_ANSWER, "{}", size(&page));
}
