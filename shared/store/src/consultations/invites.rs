//! Guests: an invite beside its consultation, and one item under the hash of the token that the guest was sent, which says
//! whose it is, also for a while after it is used up. Whether it still lets somebody in is said by the invite alone.

use domain::consultation::invite::Invite;
use domain::consultation::{Consultation, ConsultationRefused, Party};
use domain::id::{ConsultationId, ConsultationInviteId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{ATTEMPTS, ConsultationError, busy, changed, get, goes_on, mailbox};
use crate::outbox::{self, Entry};
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, key, pause};

/// For so long whoever comes too late is told so.
const HOLDER_KEPT: SignedDuration = SignedDuration::from_hours(24);

impl Sealed for Invite {
    const SEALED: &'static [&'static str] = &["name"];
}

/// What a token is good for.
#[derive(Serialize, Deserialize)]
struct Holder {
    patient: UserId,
    consultation: ConsultationId,
    invite: ConsultationInviteId,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// Invites a guest. `digest`: of the token that they are sent.
pub async fn add(store: &Store, invite: &Invite, digest: &str, audit: &Entry) -> Result<(), ConsultationError> {
    let (patient, id) = (invite.patient, invite.consultation);
    let holder = Holder {
        patient,
        consultation: id,
        invite: invite.id,
        expires_at: invite.usable_until + HOLDER_KEPT,
    };
    for attempt in 0..ATTEMPTS {
        let before = get(store, patient, id).await?.ok_or(ConsultationRefused::NotFound)?;
        let now = invite.created_at;
        let guests = list(store, &before).await?.into_iter();
        let after = before.with_invite(guests.filter(|guest| guest.has_place(now)).count(), now)?;
        let mut writes = changed(store, &before, &after).await?;
        let place = key::call_invite(patient, id, invite.id);
        writes.push(store.sealed_put(place, invite).await?.if_absent());
        writes.push(Write::put(key::call_invite_holder(digest), &holder)?.if_absent());
        writes.push(audit.write(store).await?);
        match store.transact_as_seen(writes).await {
            Ok(()) => return Ok(()),
            Err(Error::ConditionFailed(0) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

/// The invite of a token, and its consultation.
pub async fn find(store: &Store, digest: &str) -> Result<(Consultation, Invite), ConsultationError> {
    let holder: Option<Holder> = store.get(&key::call_invite_holder(digest)).await?;
    let Holder {
        patient,
        consultation,
        invite,
        ..
    } = holder.ok_or(ConsultationRefused::NoInvite)?;
    let call = get(store, patient, consultation);
    let invite = one(store, patient, consultation, invite);
    let (call, invite) = futures_util::try_join!(call, invite)?;
    call.zip(invite).ok_or(ConsultationRefused::NoInvite.into())
}

/// One invite of a consultation.
pub async fn one(
    store: &Store,
    patient: UserId,
    consultation: ConsultationId,
    invite: ConsultationInviteId,
) -> Result<Option<Invite>, Error> {
    store.get_sealed(&key::call_invite(patient, consultation, invite)).await
}

/// Uses an invite up, while the call goes on: of several at once, one does. Gives the guest's connection.
pub async fn spend(
    store: &Store,
    call: &Consultation,
    invite: &Invite,
    now: Timestamp,
    audit: &Entry,
) -> Result<u64, ConsultationError> {
    invite.must_be_usable(now)?;
    call.must_be_running_for(invite.guest(), now)?;
    let (connection, taken_over) = mailbox::taken_over(call, invite.guest(), Default::default())?;
    let used = Write::update(key::call_invite(call.patient, call.id, invite.id)).set("used_at", &now)?;
    let used = used.if_present().if_null_or_absent("used_at");
    let writes = vec![
        goes_on(call)?,
        used.if_null_or_absent("revoked_at"),
        taken_over,
        audit.write(store).await?,
    ];
    for attempt in 0..ATTEMPTS {
        match store.transact_as_seen(writes.clone()).await {
            Ok(()) => return Ok(connection),
            Err(Error::ConditionFailed(0)) => return Err(ConsultationRefused::NotActive.into()),
            Err(Error::ConditionFailed(_)) => return Err(ConsultationRefused::InviteGone.into()),
            Err(Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

/// Takes an invite back: nobody joins by it any more, and whoever has is out. Once more changes nothing.
pub async fn revoke(
    store: &Store,
    call: &Consultation,
    invite: ConsultationInviteId,
    now: Timestamp,
    audit: &Entry,
) -> Result<(), ConsultationError> {
    let revoked = Write::update(key::call_invite(call.patient, call.id, invite)).set("revoked_at", &now)?;
    let revoked = revoked.if_present().if_null_or_absent("revoked_at");
    match store.transact(vec![revoked, audit.write(store).await?]).await {
        // It is taken back, or there is none.
        Err(Error::ConditionFailed(0)) => {
            let found = one(store, call.patient, call.id, invite).await?;
            found.ok_or(ConsultationRefused::NoInvite)?;
            Ok(outbox::add(store, audit).await?)
        }
        outcome => Ok(outcome?),
    }
}

/// All guests of a consultation, in the order of their invites.
pub async fn list(store: &Store, call: &Consultation) -> Result<Vec<Invite>, Error> {
    // Most have none.
    if call.invites == 0 {
        return Ok(Vec::new());
    }
    let range = key::call_invites(call.patient, call.id);
    let items = store.query_all(&range, usize::from(call.invites)).await?;
    store.open_items(&range, items).await
}

/// Who a name on the wire stands for in a call; guests are called as their invites are.
pub fn party_named(call: &Consultation, name: &str) -> Option<Party> {
    let person: Option<UserId> = name.parse().ok();
    let party = person.and_then(|person| call.party_of(person));
    party.or_else(|| name.parse().ok().map(Party::Guest))
}
