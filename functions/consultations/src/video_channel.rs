//! Tokens for channels of Agora: made for one channel, one person in it, and not for longer than the visit.

use clients::agora::{AgoraError, App, Issue, Rtc, Uid};
use domain::consultation::{ConsultationRefused, VideoNotSetUp, channel};
use jiff::Timestamp;
use runtime::secrets::Secret;
use runtime::{Context, Problem};

/// What lets somebody into a channel.
pub struct Ticket {
    pub app_id: String,
    pub token: String,
}

/// `end`: of the visit. One that is over has no channel any more.
pub async fn ticket(context: &Context, name: &str, uid: u32, end: Timestamp) -> Result<Ticket, Problem> {
    let seconds = channel::token_seconds(end, context.now).ok_or(ConsultationRefused::NoChannel)?;
    let app_id = context.platform.settings.calls.agora_app_id.as_deref();
    let app_id = app_id.filter(|_| context.has_secret(Secret::AgoraAppCertificate));
    let app_id = app_id.ok_or(VideoNotSetUp)?;
    let certificate = context.secret(Secret::AgoraAppCertificate).await?;
    let random = context.random()?;
    let make = || -> Result<String, AgoraError> {
        let app = App::new(app_id, certificate.trim())?;
        let issue = Issue::new(context.now.as_second(), seconds, random)?;
        let publisher = Rtc::new(name, Uid::Number(uid))?.publisher(seconds)?;
        app.token(issue, &[publisher])
    };
    Ok(Ticket {
        app_id: app_id.to_owned(),
        token: make().map_err(|error| Problem::internal(error.to_string()))?,
    })
}
