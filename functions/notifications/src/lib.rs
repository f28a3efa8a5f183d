//! How people are told things, and what else follows a change: the errands of the outbox, the list in the app, the
//! devices that are pushed to.

pub mod delete_notification;
mod errand;
pub mod list_devices;
pub mod list_notifications;
pub mod list_parked_errands;
pub mod mark_notification_read;
mod notification;
pub mod redrive_errand;
pub mod register_device;
pub mod remove_device;
pub mod retry_errands;
pub mod run_errand;
pub mod take_notification_message;

runtime::area!(
    "notifications",
    endpoints: [
        list_notifications::ListNotifications,
        mark_notification_read::MarkNotificationRead,
        delete_notification::DeleteNotification,
        register_device::RegisterDevice,
        list_devices::ListDevices,
        remove_device::RemoveDevice,
        list_parked_errands::ListParkedErrands,
        redrive_errand::RedriveErrand,
    ],
    workers: [run_errand::RunErrand, retry_errands::RetryErrands],
    sockets: [take_notification_message::TakeNotificationMessage],
);
