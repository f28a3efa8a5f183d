//! The product itself: banner, health, documentation, pictures, documents, uploads, support tickets and the keys of personal fields.

pub mod answer_ticket;
pub mod answer_unknown_route;
pub mod check_health;
pub mod complete_upload;
pub mod delete_ticket;
pub mod get_banner;
pub mod get_current_key_rotation;
pub mod get_docs;
pub mod get_document;
pub mod get_openapi;
pub mod get_picture;
pub mod get_upload;
mod key_rotation;
pub mod list_own_tickets;
pub mod list_tickets;
pub mod open_ticket;
pub mod receive_upload;
pub mod reencrypt_fields;
pub mod start_key_rotation;
pub mod start_upload;
mod ticket_answer;
mod upload_answer;

runtime::area!(
    "platform",
    endpoints: [
        get_banner::GetBanner,
        check_health::CheckHealth,
        get_picture::GetPicture,
        get_document::GetDocument,
        start_upload::StartUpload,
        get_upload::GetUpload,
        complete_upload::CompleteUpload,
        open_ticket::OpenTicket,
        list_own_tickets::ListOwnTickets,
        list_tickets::ListTickets,
        answer_ticket::AnswerTicket,
        delete_ticket::DeleteTicket,
        start_key_rotation::StartKeyRotation,
        get_current_key_rotation::GetCurrentKeyRotation,
        get_openapi::GetOpenapi,
        get_docs::GetDocs,
        answer_unknown_route::AnswerUnknownRoute,
    ],
    workers: [receive_upload::ReceiveUpload, reencrypt_fields::ReencryptFields],
);
