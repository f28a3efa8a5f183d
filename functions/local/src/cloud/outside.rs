//! The services that are not AWS's: what they would send arrives in the inbox; others only answer.

use std::future::Future;
use std::io;
use std::net::TcpListener;

use clients::{fcm, firebase, gemini, huggingface, overpass, twilio};

use super::engine::{Engine, Stop};
use super::{CloudError, listener};
use crate::inbox::{Channel, Inbox};

/// A running stand-in, and where it is.
type Started<S> = Result<(S, String), CloudError>;

pub fn twilio(engine: &Engine, inbox: &Inbox) -> Started<twilio::StandIn> {
    let inbox = inbox.clone();
    let stand_in = twilio::StandIn::new(move |sent| {
        let channel = match sent.channel.as_str() {
            "email" => Channel::Email,
            _ => Channel::Sms,
        };
        inbox.record(channel, sent.to, None, sent.text);
    });
    let (port, url) = listener("http")?;
    let service = stand_in.clone();
    engine.run(|stop| until(stop, port, |listener| service.serve(listener)));
    Ok((stand_in, url))
}

pub fn fcm(engine: &Engine, inbox: &Inbox) -> Started<fcm::StandIn> {
    let inbox = inbox.clone();
    let stand_in = fcm::StandIn::new(move |push| {
        let text = text(&push);
        inbox.record(Channel::Push, push.to, push.title, text);
    });
    let (port, url) = listener("http")?;
    let service = stand_in.clone();
    engine.run(|stop| until(stop, port, |listener| service.serve(listener)));
    Ok((stand_in, url))
}

pub fn firebase(engine: &Engine) -> Started<firebase::StandIn> {
    let stand_in = firebase::StandIn::default();
    let (port, url) = listener("http")?;
    let service = stand_in.clone();
    engine.run(|stop| until(stop, port, |listener| service.serve(listener)));
    Ok((stand_in, url))
}

pub fn overpass(engine: &Engine) -> Started<overpass::StandIn> {
    let stand_in = overpass::StandIn::default();
    let (port, url) = listener("http")?;
    let service = stand_in.clone();
    engine.run(|stop| until(stop, port, |listener| service.serve(listener)));
    Ok((stand_in, url))
}

pub fn gemini(engine: &Engine) -> Started<gemini::StandIn> {
    let stand_in = gemini::StandIn::default();
    let (port, url) = listener("http")?;
    let service = stand_in.clone();
    engine.run(|stop| until(stop, port, |listener| service.serve(listener)));
    Ok((stand_in, url))
}

pub fn huggingface(engine: &Engine) -> Started<huggingface::StandIn> {
    let stand_in = huggingface::StandIn::default();
    let (port, url) = listener("http")?;
    let service = stand_in.clone();
    engine.run(|stop| until(stop, port, |listener| service.serve(listener)));
    Ok((stand_in, url))
}

/// What is shown, then what the app gets beside it.
fn text(push: &fcm::SentPush) -> String {
    let data = push.data.iter().map(|(key, value)| format!("{key}={value}"));
    push.body.iter().cloned().chain(data).collect::<Vec<_>>().join("\n")
}

async fn until<F>(
    mut stop: Stop,
    listener: TcpListener,
    serve: impl FnOnce(tokio::net::TcpListener) -> F,
) -> io::Result<()>
where
    F: Future<Output = io::Result<()>>,
{
    let listener = tokio::net::TcpListener::from_std(listener)?;
    tokio::select! {
        () = stop.requested() => Ok(()),
        result = serve(listener) => result,
    }
}
