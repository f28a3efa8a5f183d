//! The product itself: banner, health, documentation, pictures and uploads.

pub mod answer_unknown_route;
pub mod check_health;
pub mod get_banner;
pub mod get_docs;
pub mod get_openapi;
pub mod get_picture;
pub mod get_upload;
pub mod receive_upload;
pub mod start_upload;

runtime::area!(
    "platform",
    endpoints: [
        get_banner::GetBanner,
        check_health::CheckHealth,
        get_picture::GetPicture,
        start_upload::StartUpload,
        get_upload::GetUpload,
        get_openapi::GetOpenapi,
        get_docs::GetDocs,
        answer_unknown_route::AnswerUnknownRoute,
    ],
    workers: [receive_upload::ReceiveUpload],
);
