//! All items that follow from an account: who holds what is unique, which lists the person is on, who is found by
//! which words. A change writes the difference between what followed before and what follows now.

use std::collections::BTreeMap;

use domain::account::{Account, Unique};
use domain::id::UserId;
use domain::verification::VerificationStatus;
use jiff::Timestamp;
use serde::Serialize;

use super::{email_holder, license_holder, phone_holder};
use crate::counters::{self, Counter};
use crate::key::Key;
use crate::write::Write;
use crate::{Error, Store, key, scheduling};

/// By table key, so that two sets can be compared.
#[derive(Default)]
pub(super) struct FollowUps {
    items: BTreeMap<(String, String), FollowUp>,
    /// Of a doctor whom patients can find.
    listed: Option<Item>,
}

struct FollowUp {
    key: Key,
    item: Item,
    unique: Option<Unique>,
    counter: Option<Counter>,
}

#[derive(Clone, PartialEq, Serialize)]
struct Item {
    user: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
}

impl FollowUps {
    pub async fn of(store: &Store, account: Option<&Account>) -> Result<Self, Error> {
        let mut set = Self::default();
        let Some(account) = account else { return Ok(set) };
        let item = Item {
            user: account.id,
            valid_until: None,
        };
        set.add_unique(store, account, &item).await?;
        set.add_lists(account, &item);
        if account.is_listed() {
            set.add_doctor(account);
        }
        Ok(set)
    }

    async fn add_unique(&mut self, store: &Store, account: &Account, item: &Item) -> Result<(), Error> {
        self.add(
            key::username_holder(&account.username),
            item.clone(),
            Some(Unique::Username),
            None,
        );
        self.add(
            key::number_holder(account.number),
            item.clone(),
            Some(Unique::Number),
            None,
        );
        if let Some(email) = &account.email {
            self.add(
                email_holder(store, email).await?,
                item.clone(),
                Some(Unique::Email),
                None,
            );
        }
        if let Some(phone) = &account.phone {
            self.add(
                phone_holder(store, phone).await?,
                item.clone(),
                Some(Unique::Phone),
                None,
            );
        }
        if let Some(license) = &account.practice.license {
            self.add(
                license_holder(store, license).await?,
                item.clone(),
                Some(Unique::License),
                None,
            );
        }
        Ok(())
    }

    fn add_lists(&mut self, account: &Account, item: &Item) {
        let role = Counter::of_role(account.role);
        self.add(
            key::listed(Counter::Users.word(), account.id),
            item.clone(),
            None,
            Some(Counter::Users),
        );
        self.add(key::listed(role.word(), account.id), item.clone(), None, Some(role));
        let application = account.verification.as_ref().map(|check| check.status);
        let list = match application {
            Some(VerificationStatus::Pending) => Counter::Pending,
            Some(VerificationStatus::Rejected) => Counter::Rejected,
            Some(VerificationStatus::Approved) | None => return,
        };
        self.add(key::listed(list.word(), account.id), item.clone(), None, Some(list));
    }

    fn add_doctor(&mut self, account: &Account) {
        let item = Item {
            user: account.id,
            valid_until: account.verification.as_ref().and_then(|check| check.valid_until),
        };
        self.add(key::doctor(account.id), item.clone(), None, None);
        self.listed = Some(item.clone());
        for term in [Some(account.username.as_str()), account.name.as_deref()]
            .into_iter()
            .flatten()
        {
            self.add(
                key::doctor_term(&term.to_lowercase(), account.id),
                item.clone(),
                None,
                None,
            );
        }
    }

    fn add(&mut self, key: Key, item: Item, unique: Option<Unique>, counter: Option<Counter>) {
        let place = (key.partition.clone(), key.sort.clone());
        let follow_up = FollowUp {
            key,
            item,
            unique,
            counter,
        };
        self.items.insert(place, follow_up);
    }

    /// What must be written when this set takes the place of an older one, and what each write claims.
    pub fn writes_after(&self, old: &Self) -> Result<(Vec<Write>, Vec<Option<Unique>>), Error> {
        let mut writes = Vec::new();
        let mut uniques = Vec::new();
        for (place, gone) in &old.items {
            if !self.items.contains_key(place) {
                writes.push(Write::delete(gone.key.clone()));
                uniques.push(None);
                if let Some(counter) = gone.counter {
                    writes.push(counters::change(counter, -1));
                    uniques.push(None);
                }
            }
        }
        for (place, new) in &self.items {
            let known = old.items.get(place);
            if known.is_some_and(|known| known.item == new.item) {
                continue;
            }
            let write = Write::put(new.key.clone(), &new.item)?;
            writes.push(if new.unique.is_some() && known.is_none() {
                write.if_absent()
            } else {
                write
            });
            uniques.push(new.unique);
            if let (Some(counter), None) = (new.counter, known) {
                writes.push(counters::change(counter, 1));
                uniques.push(None);
            }
        }
        // What they offered before can be booked from now on.
        if let Some(item) = self.listed.as_ref().filter(|_| self.listed != old.listed) {
            writes.push(scheduling::may_be_free_now(item.user)?);
            uniques.push(None);
        }
        Ok((writes, uniques))
    }
}
