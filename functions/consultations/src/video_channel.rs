//! Tokens for channels of Agora: made for one channel, one person in it, and not for longer than the visit.

use clients::agora::{AgoraError, App, Issue, Rtc, Uid};
use domain::consultation::{ConsultationRefused, Party, VideoNotSetUp};
use runtime::secrets::Secret;
use runtime::{Context, Problem};

/// What lets somebody into a channel.
pub struct Ticket {
    pub app_id: String,
    pub channel: String,
    /// To join with.
    pub uid: u32,
    pub token: String,
}

/// `seconds`: how long it lives.
pub async fn ticket(context: &Context, channel: String, party: Party, seconds: u32) -> Result<Ticket, Problem> {
    let uid = party.video_uid().ok_or(ConsultationRefused::NoChannel)?;
    let app_id = context.platform.settings.calls.agora_app_id.as_deref();
    let app_id = app_id.filter(|_| context.has_secret(Secret::AgoraAppCertificate));
    let app_id = app_id.ok_or(VideoNotSetUp)?;
    let certificate = context.secret(Secret::AgoraAppCertificate).await?;
    let random = context.random()?;
    let make = || -> Result<String, AgoraError> {
        let app = App::new(app_id, certificate.trim())?;
        let issue = Issue::new(context.now.as_second(), seconds, random)?;
        let publisher = Rtc::new(&channel, Uid::Number(uid))?.publisher(seconds)?;
        app.token(issue, &[publisher])
    };
    let token = make().map_err(|error| Problem::internal(error.to_string()))?;
    Ok(Ticket {
        app_id: app_id.to_owned(),
        channel,
        uid,
        token,
    })
}
