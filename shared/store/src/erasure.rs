//! What belonged to somebody whose account is gone, removed piece by piece. Repeatable: what is gone stays gone.

use domain::id::UserId;

use crate::key::Key;
use crate::query::Order;
use crate::table::Table;
use crate::write::{Item, Write};
use crate::{Error, PageRequest, Store, key, pictures};

/// Items of one page.
const PAGE: u16 = 100;

/// Removes all that lies in the person's own partitions, pictures included.
pub async fn erase(store: &Store, user: UserId) -> Result<(), Error> {
    for (table, partition) in partitions(user) {
        while erase_page(store, table, &partition).await? {}
    }
    Ok(())
}

fn partitions(user: UserId) -> [(Table, String); 4] {
    [
        (Table::Identity, format!("USER#{user}")),
        (Table::Diagnosis, format!("PATIENT#{user}")),
        (Table::Notifications, format!("INBOX#{user}")),
        (Table::Notifications, format!("DEVICES#{user}")),
    ]
}

/// `true` while there is more.
async fn erase_page(store: &Store, table: Table, partition: &str) -> Result<bool, Error> {
    let range = key::whole_partition(table, partition);
    let request = PageRequest {
        limit: PAGE,
        after: None,
    };
    let page = store.query(&range, &request, Order::Forwards).await?;
    for item in &page.items {
        let Some(sort) = crate::query::sort_key(item) else {
            continue;
        };
        if let Some(picture) = picture(item) {
            pictures::remove(store, &picture).await?;
        }
        let key: Key = key::item_of(&range, sort);
        store.write(Write::delete(key)).await?;
    }
    Ok(page.next.is_some())
}

/// The picture that an item names, if it does.
fn picture(item: &Item) -> Option<domain::picture_link::PictureName> {
    let name = crate::query::text(item, "picture")?.to_owned();
    name.try_into().ok()
}
