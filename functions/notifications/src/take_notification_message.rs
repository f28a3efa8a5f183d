//! Socket `notifications`, `read`: the own list over the WebSocket API, for whoever has just connected, and that
//! something in it was read.

use domain::id::NotificationId;
use domain::notification::NotificationUnknown;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::socket::{Message, Reply};
use runtime::{Context, Function, Problem, Socket};
use serde::{Deserialize, Serialize};
use store::notifications;
use store::table::{ItemAction, Table};

use crate::notification::Item;

pub static FUNCTION: Function = Function::socket::<TakeNotificationMessage>();

pub struct TakeNotificationMessage;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    Notifications {
        #[serde(default)]
        unread_only: bool,
        #[serde(default)]
        limit: Limit,
    },
    Read {
        notification_id: NotificationId,
    },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answer {
    Notifications {
        /// The newest first.
        notifications: Vec<Item>,
        unread_count: u32,
    },
    Read {
        notification_id: NotificationId,
    },
}

impl Socket for TakeNotificationMessage {
    const NAME: &'static str = "take-notification-message";
    const SUMMARY: &'static str = "The own notifications over the WebSocket API";
    const ROUTES: &'static [&'static str] = &["notifications", "read"];
    const NEEDS: &'static [Need] = &[Need::Items(
        Table::Notifications,
        &[
            ItemAction::Get,
            ItemAction::Query,
            ItemAction::Update,
            ItemAction::Delete,
        ],
    )];

    type Event = Message<Said>;
    type Output = Reply<Answer>;

    async fn handle(context: &Context, message: Message<Said>) -> Result<Reply<Answer>, Problem> {
        let user = message.from.session.user_id;
        match message.body {
            Said::Notifications {
                unread_only,
                limit: Limit(limit),
            } => {
                let (lines, counts) = notifications::list(&context.store, user, unread_only, 0, limit).await?;
                Ok(Reply(Answer::Notifications {
                    notifications: lines.into_iter().map(Item::from).collect(),
                    unread_count: counts.unread,
                }))
            }
            Said::Read { notification_id } => {
                let marked = notifications::mark_read(&context.store, user, notification_id).await;
                marked
                    .map_err(|error| error.or_if_condition_failed(|_| Problem::from(NotificationUnknown::NotFound)))?;
                Ok(Reply(Answer::Read { notification_id }))
            }
        }
    }
}
