//! How requests leave a trace in the log of whose health data they touch.
//!
//! What is noted is an errand of the outbox. A write takes it into its own transaction; a read puts it while it reads,
//! and does not answer before it is put. A worker adds it to the chain.

use std::future::Future;

use domain::audit::{Action, Actor, AuditEvent, ChainKey, Resource, Why};
use domain::id::UserId;
use domain::network;
use domain::session::Session;
use futures_util::future::join;
use store::outbox::{self, Entry, Errand};

use crate::context::Context;
use crate::entropy::NoEntropy;
use crate::problem::Problem;
use crate::secrets::Secret;

impl Context {
    /// What a write takes into its transaction.
    pub fn audit(
        &self,
        by: &Session,
        subject: UserId,
        action: Action,
        resource: Resource,
        why: Why,
    ) -> Result<Entry, NoEntropy> {
        let actor = Actor {
            id: by.user_id,
            role: by.role,
        };
        self.audit_by(actor, subject, action, resource, why)
    }

    /// The same for somebody without a session of their own, by whoever answers for them.
    pub fn audit_by(
        &self,
        actor: Actor,
        subject: UserId,
        action: Action,
        resource: Resource,
        why: Why,
    ) -> Result<Entry, NoEntropy> {
        let event = AuditEvent {
            subject,
            actor,
            action,
            resource,
            why,
            from: network::vicinity(&self.client.address),
            request_id: self.request_id.clone(),
            at: self.now,
            versions: None,
        };
        self.entry(Errand::Audit { event })
    }

    /// An attempt at somebody else's, by one who has no right to it.
    pub async fn note_refused(
        &self,
        by: &Session,
        subject: UserId,
        action: Action,
        resource: Resource,
    ) -> Result<(), Problem> {
        let note = self.audit(by, subject, action, resource, Why::Refused)?;
        Ok(outbox::add(&self.store, &note).await?)
    }

    /// A read that is noted: both happen at once, and what was read is given out only once it is noted.
    pub async fn audited<T, E>(&self, note: &Entry, read: impl Future<Output = Result<T, E>>) -> Result<T, Problem>
    where
        Problem: From<E>,
    {
        let (noted, found) = join(outbox::add(&self.store, note), read).await;
        noted?;
        Ok(found?)
    }

    /// What makes and checks the chains.
    pub async fn chain_key(&self) -> Result<ChainKey, Problem> {
        let key = self.platform.secrets.key(Secret::AuditKey).await?;
        ChainKey::new(&key).ok_or_else(|| Problem::internal("the audit key is malformed"))
    }
}
