//! Keys of consultations, all in their patient's partition, where erasure and a change of keys find them; and where their
//! people and guests look for them.

use domain::consultation::Party;
use domain::id::{ConsultationId, ConsultationInviteId, UserId};

use super::{Key, KeyRange, PATIENT, USER, key, range};
use crate::table::Table;

const CALL: &str = "CALL#";

fn of_patient(patient: UserId, sort: String) -> Key {
    key(Table::Consultations, format!("{PATIENT}{patient}"), sort)
}

fn all_of_patient(patient: UserId, sort_prefix: String) -> KeyRange {
    range(Table::Consultations, format!("{PATIENT}{patient}"), sort_prefix)
}

pub(crate) fn consultation(patient: UserId, id: ConsultationId) -> Key {
    of_patient(patient, format!("{CALL}{id}"))
}

pub(crate) fn consultation_of(person: UserId, id: ConsultationId) -> Key {
    key(Table::Consultations, format!("{USER}{person}"), format!("{CALL}{id}"))
}

pub(crate) fn consultations_of(person: UserId) -> KeyRange {
    range(Table::Consultations, format!("{USER}{person}"), CALL)
}

pub(crate) fn consultation_owner(id: ConsultationId) -> Key {
    key(Table::Consultations, format!("{CALL}{id}"), "PATIENT")
}

pub(crate) fn mailbox(patient: UserId, id: ConsultationId, party: Party) -> Key {
    of_patient(patient, format!("MAILBOX#{id}#{party}"))
}

pub(crate) fn signals(patient: UserId, id: ConsultationId, party: Party) -> KeyRange {
    all_of_patient(patient, format!("SIGNAL#{id}#{party}#"))
}

pub(crate) fn signal(patient: UserId, id: ConsultationId, party: Party, sequence: u64) -> Key {
    of_patient(patient, format!("SIGNAL#{id}#{party}#{sequence:012}"))
}

pub(crate) fn signals_of_call(patient: UserId, id: ConsultationId) -> KeyRange {
    all_of_patient(patient, format!("SIGNAL#{id}#"))
}

/// Under the beginning of all signals of a call, so that it goes with them; no party is called so.
pub(crate) fn call_signal_named(patient: UserId, id: ConsultationId, from: Party, digest: &str) -> Key {
    of_patient(patient, format!("SIGNAL#{id}#sent by {from}#{digest}"))
}

pub(crate) fn call_talk(patient: UserId, id: ConsultationId) -> Key {
    of_patient(patient, format!("TALK#{id}"))
}

pub(crate) fn call_messages(patient: UserId, id: ConsultationId) -> KeyRange {
    all_of_patient(patient, format!("MESSAGE#{id}#"))
}

pub(crate) fn call_message(patient: UserId, id: ConsultationId, sequence: u64) -> Key {
    of_patient(patient, format!("MESSAGE#{id}#{sequence:012}"))
}

/// Clients make up the names of their messages, so only a digest of one is part of a key.
pub(crate) fn call_message_named(patient: UserId, id: ConsultationId, party: Party, digest: &str) -> Key {
    of_patient(patient, format!("SAID#{id}#{party}#{digest}"))
}

pub(crate) fn call_invites(patient: UserId, id: ConsultationId) -> KeyRange {
    all_of_patient(patient, format!("INVITE#{id}#"))
}

pub(crate) fn call_invite(patient: UserId, id: ConsultationId, invite: ConsultationInviteId) -> Key {
    of_patient(patient, format!("INVITE#{id}#{invite}"))
}

/// `digest`: of the token that a guest was sent.
pub(crate) fn call_invite_holder(digest: &str) -> Key {
    key(Table::Consultations, format!("INVITE#{digest}"), "HOLDER")
}

pub(crate) fn whole_consultation_partition(patient: UserId) -> KeyRange {
    all_of_patient(patient, String::new())
}
