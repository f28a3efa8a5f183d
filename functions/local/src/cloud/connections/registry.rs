//! The connections that are open at this moment, shared by the gateway, which holds them, and whoever sends over them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// That wait for a client that does not keep up.
const MOST_WAITING: usize = 64;

/// What is to be done with a connection.
#[derive(Debug)]
pub enum Command {
    Send(String),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    Gone,
    Full,
}

/// What is known of a connection.
#[derive(Debug, Clone)]
pub struct Live {
    pub connected_at: Timestamp,
    pub last_active_at: Timestamp,
    pub address: String,
    pub user_agent: String,
}

/// By their ids, each with what is known of it and the way to its task.
type Open = HashMap<String, (Live, Sender<Command>)>;

#[derive(Clone, Default)]
pub struct Connections(Arc<Mutex<Open>>);

impl Connections {
    /// From now on it can be sent to.
    pub fn register(&self, id: &str, live: Live) -> Receiver<Command> {
        let (send, receive) = channel(MOST_WAITING);
        self.lock().insert(id.to_owned(), (live, send));
        receive
    }

    pub fn forget(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Its client has said something.
    pub fn note_activity(&self, id: &str) {
        if let Some((live, _)) = self.lock().get_mut(id) {
            live.last_active_at = Timestamp::now();
        }
    }

    pub fn look(&self, id: &str) -> Option<Live> {
        self.lock().get(id).map(|(live, _)| live.clone())
    }

    pub fn send(&self, id: &str, text: String) -> Result<(), NotSent> {
        let connections = self.lock();
        let (_, commands) = connections.get(id).ok_or(NotSent::Gone)?;
        commands.try_send(Command::Send(text)).map_err(|error| match error {
            TrySendError::Full(_) => NotSent::Full,
            TrySendError::Closed(_) => NotSent::Gone,
        })
    }

    /// `false` where there is none. It is gone at once for whoever sends, whatever its client does.
    pub fn end(&self, id: &str) -> bool {
        match self.lock().remove(id) {
            // What waits is sent first; without room for the command, that it is forgotten ends it.
            Some((_, commands)) => {
                let _ = commands.try_send(Command::End);
                true
            }
            None => false,
        }
    }

    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// For tests that break connections as networks do, without a word.
    pub fn ids(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Live, Sender<Command>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
