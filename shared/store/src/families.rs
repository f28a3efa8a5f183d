//! Family links, which stand under both people, and what one lets the other see.

use domain::family::{FamilyLink, FamilyRefused, Grant, LinkStatus, Scope};
use domain::id::{FamilyLinkId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key};

#[derive(Serialize, Deserialize)]
struct Pair {
    link: FamilyLinkId,
}

/// Links that one person may have.
pub const MOST_LINKS: usize = 50;

/// Notes the wish for a link under both. `ConditionFailed` when the two are linked already.
pub async fn ask(store: &Store, link: &FamilyLink, message: &Entry) -> Result<(), Error> {
    let pair = Write::put(key::family_pair(link.asker, link.member), &Pair { link: link.id })?;
    store
        .transact(vec![
            pair.if_absent(),
            Write::put(key::family_link(link.asker, link.id), link)?,
            Write::put(key::family_link(link.member, link.id), link)?,
            message.write(store).await?,
        ])
        .await
}

/// A person's links, both asked for and asked of them.
pub async fn list(store: &Store, user: UserId) -> Result<Vec<FamilyLink>, Error> {
    let items = store.query_all(&key::family_links(user), MOST_LINKS).await?;
    items
        .into_iter()
        .map(|item| Ok(serde_dynamo::from_item(item)?))
        .collect()
}

pub async fn get(store: &Store, user: UserId, link: FamilyLinkId) -> Result<Option<FamilyLink>, Error> {
    store.get(&key::family_link(user, link)).await
}

/// The member agrees; nobody else can.
pub async fn accept(store: &Store, member: UserId, link: &FamilyLink, message: &Entry) -> Result<(), Error> {
    let agree = |user| -> Result<Write, Error> {
        Write::update(key::family_link(user, link.id))
            .set("status", &LinkStatus::Active)?
            .if_equals("member", &member)
    };
    store
        .transact(vec![
            agree(link.asker)?,
            agree(link.member)?,
            message.write(store).await?,
        ])
        .await
}

/// Ends a link and every grant that came with it.
pub async fn end(store: &Store, link: &FamilyLink, message: &Entry) -> Result<(), Error> {
    store
        .transact(vec![
            Write::delete(key::family_link(link.asker, link.id)).if_present(),
            Write::delete(key::family_link(link.member, link.id)),
            Write::delete(key::family_pair(link.asker, link.member)),
            Write::delete(key::grant(link.asker, link.member)),
            Write::delete(key::grant(link.member, link.asker)),
            message.write(store).await?,
        ])
        .await
}

/// Ends all links of somebody whose account is gone, with every grant that came with them. Repeatable.
pub(crate) async fn erase(store: &Store, user: UserId) -> Result<(), Error> {
    loop {
        let links = list(store, user).await?;
        if links.is_empty() {
            return Ok(());
        }
        for link in links {
            let writes = vec![
                Write::delete(key::family_link(link.asker, link.id)),
                Write::delete(key::family_link(link.member, link.id)),
                Write::delete(key::family_pair(link.asker, link.member)),
                Write::delete(key::grant(link.asker, link.member)),
                Write::delete(key::grant(link.member, link.asker)),
            ];
            store.transact(writes).await?;
        }
    }
}

/// Lets a caregiver see something of the owner's, in place of what they were let before. The link must stand.
pub async fn grant(store: &Store, grant: &Grant) -> Result<(), Error> {
    let link = Write::check(key::family_link(grant.owner, grant.link)).if_equals("status", &LinkStatus::Active)?;
    let written = Write::put(key::grant(grant.owner, grant.caregiver), grant)?;
    store.transact(vec![link, written]).await
}

/// Takes a grant back. The next request of the caregiver finds none.
pub async fn revoke(store: &Store, owner: UserId, caregiver: UserId) -> Result<bool, Error> {
    match store
        .write(Write::delete(key::grant(owner, caregiver)).if_present())
        .await
    {
        Err(Error::ConditionFailed(_)) => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(true),
    }
}

/// What a person and others let each other see, in both directions.
pub async fn list_grants(store: &Store, user: UserId, others: &[UserId]) -> Result<Vec<Grant>, Error> {
    let both = |other: &UserId| [key::grant(user, *other), key::grant(*other, user)];
    let keys: Vec<key::Key> = others.iter().flat_map(both).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let found = store.batch_get(&keys).await?;
    let grants = found.into_iter().flatten();
    grants.map(|item| Ok(serde_dynamo::from_item(item)?)).collect()
}

pub async fn find_grant(store: &Store, owner: UserId, caregiver: UserId) -> Result<Option<Grant>, Error> {
    store.get(&key::grant(owner, caregiver)).await
}

/// The leave of a caregiver, looked up with every request that uses it.
pub async fn require<E: From<Error> + From<FamilyRefused>>(
    store: &Store,
    owner: UserId,
    caregiver: UserId,
    scope: Scope,
    now: Timestamp,
) -> Result<(), E> {
    let grant = find_grant(store, owner, caregiver).await?;
    if grant.is_some_and(|grant| grant.allows(scope, now)) {
        return Ok(());
    }
    Err(FamilyRefused::NoGrant.into())
}
