use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue};
use jiff::Timestamp;

use super::super::eventually;
use super::*;

#[tokio::test]
async fn items_come_back_with_every_kind_of_value() {
    let (_cloud, db) = table().await;
    let values = [
        ("text", s("ä")),
        ("number", n("3.1415926535897932384626433832795028841")),
        ("yes", AttributeValue::Bool(true)),
        ("nothing", AttributeValue::Null(true)),
        ("raw", AttributeValue::B(vec![0, 255].into())),
        ("list", AttributeValue::L(vec![n(1), s("x")])),
        ("map", AttributeValue::M([("k".to_owned(), s("v"))].into())),
        ("set", AttributeValue::Ss(vec!["a".to_owned(), "b".to_owned()])),
    ];
    put(&db, "p", "1", &values).await;
    let item = get(&db, "p", "1").await.unwrap();
    for (name, value) in values {
        assert_eq!(item[name], value, "{name}");
    }
    assert!(get(&db, "p", "2").await.is_none());
    let too_precise = db.put_item().table_name(TABLE).item("pk", s("p")).item("sk", s("2"));
    let too_precise = too_precise
        .item("number", n("3.14159265358979323846264338327950288419"))
        .send()
        .await;
    assert_eq!(
        too_precise.unwrap_err().code(),
        Some("ValidationException"),
        "38 digits are kept, more are refused"
    );
}

#[tokio::test]
async fn a_conditional_put_of_a_hundred_racers_has_one_winner() {
    let (_cloud, db) = table().await;
    let race = (0..100).map(|racer: i32| {
        let put = db
            .put_item()
            .table_name(TABLE)
            .item("pk", s("email#a@b"))
            .item("sk", s("-"))
            .item("by", n(racer));
        tokio::spawn(put.condition_expression("attribute_not_exists(pk)").send())
    });
    let results: Vec<_> = futures_util::future::join_all(race)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for lost in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(lost.as_service_error().unwrap().is_conditional_check_failed_exception());
    }
}

#[tokio::test]
async fn an_update_counts_and_gives_back_what_it_made() {
    let (_cloud, db) = table().await;
    for expected in 1..=2 {
        let update = db
            .update_item()
            .table_name(TABLE)
            .key("pk", s("p"))
            .key("sk", s("count"));
        let update = update.update_expression("SET visits = if_not_exists(visits, :zero) + :one ADD hits :one");
        let update = update
            .expression_attribute_values(":zero", n(0))
            .expression_attribute_values(":one", n(1));
        let updated = update
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .unwrap()
            .attributes
            .unwrap();
        assert_eq!((&updated["visits"], &updated["hits"]), (&n(expected), &n(expected)));
    }
    let reserved = db
        .update_item()
        .table_name(TABLE)
        .key("pk", s("p"))
        .key("sk", s("count"));
    let reserved = reserved
        .update_expression("SET total = :one")
        .expression_attribute_values(":one", n(1))
        .send()
        .await;
    assert_eq!(
        reserved.unwrap_err().code(),
        Some("ValidationException"),
        "reserved words need a placeholder"
    );
    let refused = db
        .update_item()
        .table_name(TABLE)
        .key("pk", s("p"))
        .key("sk", s("never"));
    let refused = refused
        .update_expression("SET a = :one")
        .condition_expression("attribute_exists(pk)");
    let refused = refused
        .expression_attribute_values(":one", n(1))
        .send()
        .await
        .unwrap_err();
    assert!(
        refused
            .as_service_error()
            .unwrap()
            .is_conditional_check_failed_exception()
    );
}

#[tokio::test]
async fn a_query_gives_pages_in_order_and_a_sparse_index_finds_by_another_key() {
    let (_cloud, db) = table().await;
    for day in ["01", "02", "03", "04"] {
        put(&db, "p", &format!("VITAL#{day}"), &[]).await;
    }
    put(&db, "p", "PROFILE", &[("email", s("a@b.example"))]).await;
    let query = || {
        let query = db
            .query()
            .table_name(TABLE)
            .key_condition_expression("pk = :p AND begins_with(sk, :v)");
        query
            .expression_attribute_values(":p", s("p"))
            .expression_attribute_values(":v", s("VITAL#"))
            .limit(3)
    };
    let newest = query()
        .scan_index_forward(false)
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let first = newest.send().await.unwrap();
    let days = |items: &[std::collections::HashMap<String, AttributeValue>]| -> Vec<String> {
        items
            .iter()
            .map(|item| item["sk"].as_s().unwrap()[6..].to_owned())
            .collect()
    };
    assert_eq!(days(first.items()), ["04", "03", "02"]);
    assert!(first.consumed_capacity().unwrap().capacity_units().unwrap() > 0.0);
    let rest = query()
        .scan_index_forward(false)
        .set_exclusive_start_key(first.last_evaluated_key)
        .send()
        .await
        .unwrap();
    assert_eq!(days(rest.items()), ["01"]);
    assert!(rest.last_evaluated_key().is_none());
    let index = db
        .query()
        .table_name(TABLE)
        .index_name("by-email")
        .key_condition_expression("email = :e");
    let found = index
        .expression_attribute_values(":e", s("a@b.example"))
        .send()
        .await
        .unwrap();
    assert_eq!(found.items().len(), 1);
    assert_eq!(found.items()[0]["sk"], s("PROFILE"));
}

#[tokio::test]
async fn an_item_above_400_kilobytes_and_a_filter_on_a_key_are_refused() {
    let (_cloud, db) = table().await;
    let large = db.put_item().table_name(TABLE).item("pk", s("p")).item("sk", s("1"));
    let error = large.item("text", s("x".repeat(400 * 1024))).send().await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    let query = db
        .query()
        .table_name(TABLE)
        .key_condition_expression("pk = :p")
        .filter_expression("sk = :p");
    let error = query
        .expression_attribute_values(":p", s("p"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    let missing = db
        .get_item()
        .table_name("nowhere")
        .key("pk", s("p"))
        .send()
        .await
        .unwrap_err();
    assert!(missing.as_service_error().unwrap().is_resource_not_found_exception());
}

#[tokio::test]
async fn expired_items_are_swept_and_others_stay() {
    let (_cloud, db) = table().await;
    let now = Timestamp::now().as_second();
    put(&db, "p", "old", &[("ttl", n(now - 60))]).await;
    put(&db, "p", "new", &[("ttl", n(now + 3_600))]).await;
    eventually("the expired item gone", || async {
        get(&db, "p", "old").await.is_none().then_some(())
    })
    .await;
    assert!(get(&db, "p", "new").await.is_some());
}
