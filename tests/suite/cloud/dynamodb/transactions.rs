use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{ConditionCheck, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};

use super::*;

/// Puts one item that must not exist yet.
fn new_item(pk: &str, sk: &str, by: i32) -> TransactWriteItem {
    let put = Put::builder()
        .table_name(TABLE)
        .item("pk", s(pk))
        .item("sk", s(sk))
        .item("by", n(by));
    let put = put.condition_expression("attribute_not_exists(pk)");
    let put = put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    TransactWriteItem::builder().put(put.build().unwrap()).build()
}

#[tokio::test]
async fn a_transaction_of_sixty_racers_has_one_winner_and_no_half_of_another() {
    let (_cloud, db) = table().await;
    let race = (0..60).map(|racer| {
        let request = db
            .transact_write_items()
            .transact_items(new_item(&format!("user#{racer}"), "-", racer));
        tokio::spawn(request.transact_items(new_item("email#a@b", "-", racer)).send())
    });
    let results: Vec<_> = futures_util::future::join_all(race)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let winners: Vec<_> = (0..60)
        .filter(|racer: &i32| results[usize::try_from(*racer).unwrap()].is_ok())
        .collect();
    assert_eq!(winners.len(), 1);
    let everything = db.scan().table_name(TABLE).send().await.unwrap();
    assert_eq!(everything.count(), 2, "the winner's two items and nothing else");
    assert_eq!(get(&db, "email#a@b", "-").await.unwrap()["by"], n(winners[0]));
}

#[tokio::test]
async fn a_cancelled_transaction_says_which_action_failed_and_changes_nothing() {
    let (_cloud, db) = table().await;
    put(&db, "taken", "-", &[("by", n(7))]).await;
    let request = db.transact_write_items().transact_items(new_item("free", "-", 1));
    let error = request
        .transact_items(new_item("taken", "-", 1))
        .send()
        .await
        .unwrap_err();
    let error = error.into_service_error();
    assert!(error.is_transaction_canceled_exception());
    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
        cancelled,
    ) = error
    else {
        panic!("another error");
    };
    let codes: Vec<_> = cancelled
        .cancellation_reasons()
        .iter()
        .map(|reason| reason.code().unwrap_or_default())
        .collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    assert_eq!(cancelled.cancellation_reasons()[1].item().unwrap()["by"], n(7));
    assert!(get(&db, "free", "-").await.is_none());
}

#[tokio::test]
async fn a_check_without_a_write_guards_a_transaction() {
    let (_cloud, db) = table().await;
    let check = ConditionCheck::builder()
        .table_name(TABLE)
        .key("pk", s("session"))
        .key("sk", s("-"));
    let check = check.condition_expression("attribute_exists(pk)").build().unwrap();
    let check = TransactWriteItem::builder().condition_check(check).build();
    let write = |by| {
        db.transact_write_items()
            .transact_items(check.clone())
            .transact_items(new_item("p", "-", by))
            .send()
    };
    assert!(write(1).await.is_err());
    put(&db, "session", "-", &[]).await;
    write(2).await.unwrap();
    assert_eq!(get(&db, "p", "-").await.unwrap()["by"], n(2));
}

#[tokio::test]
async fn a_repeated_client_token_applies_once_and_must_mean_the_same() {
    let (_cloud, db) = table().await;
    let write = |pk: &str| {
        let request = db.transact_write_items().client_request_token("token-1");
        request.transact_items(new_item(pk, "-", 1)).send()
    };
    write("a").await.unwrap();
    write("a").await.unwrap();
    let other = write("b").await.unwrap_err();
    assert_eq!(other.code(), Some("IdempotentParameterMismatchException"));
}

#[tokio::test]
async fn more_than_a_hundred_actions_or_two_on_one_item_are_refused() {
    let (_cloud, db) = table().await;
    let many = (0..101)
        .map(|number| new_item(&number.to_string(), "-", number))
        .collect();
    let error = db
        .transact_write_items()
        .set_transact_items(Some(many))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    let twice = vec![new_item("a", "-", 1), new_item("a", "-", 2)];
    let error = db
        .transact_write_items()
        .set_transact_items(Some(twice))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
}
