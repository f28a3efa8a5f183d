//! Two browsers without a screen: real WebRTC on loopback, which find each other by nothing but what is signalled here.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::channel::ChannelId;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tests::world::{Person, World};
use tokio::net::UdpSocket;

use super::{Call, join, list};

/// For all of it, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often what is signalled is asked for.
const POLL: Duration = Duration::from_millis(30);

struct Peer<'a> {
    person: &'a Person,
    call: &'a Call,
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    /// The last signal that it has.
    last: u64,
    pending: Option<SdpPendingOffer>,
    channel: Option<ChannelId>,
    says: &'static str,
    has_said: bool,
    heard: Vec<String>,
    asked_at: Option<Instant>,
}

impl<'a> Peer<'a> {
    async fn new(person: &'a Person, call: &'a Call, says: &'static str) -> Self {
        let joined = join(person, &call.call).await;
        assert!(joined["webrtc_config"]["stun_servers"].is_array());
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        Self {
            person,
            call,
            rtc: Rtc::builder().build(Instant::now()),
            socket,
            address,
            last: 0,
            pending: None,
            channel: None,
            says,
            has_said: false,
            heard: Vec::new(),
            asked_at: None,
        }
    }

    async fn signal(&self, kind: &str, data: Value) {
        let body = json!({ "signal_type": kind, "signal_data": data });
        let sent = self.person.post(&self.call.path("/signal"), body).await;
        assert_eq!(sent.status, 200, "{}", sent.text());
    }

    async fn offer(&mut self) {
        let mut change = self.rtc.sdp_api();
        self.channel = Some(change.add_channel("visit".to_owned()));
        let (offer, pending) = change.apply().unwrap();
        self.pending = Some(pending);
        self.signal("offer", json!({ "type": "offer", "sdp": offer.to_sdp_string() }))
            .await;
        self.offer_candidate().await;
    }

    /// Trickled, as browsers do: after the description, and not in it.
    async fn offer_candidate(&mut self) {
        let candidate = Candidate::host(self.address, "udp").unwrap();
        let line = candidate.to_sdp_string();
        self.rtc.add_local_candidate(candidate);
        self.signal("ice-candidate", json!({ "candidate": line, "sdpMid": "0" }))
            .await;
    }

    async fn hear_signals(&mut self) {
        if self.asked_at.is_some_and(|at| at.elapsed() < POLL) {
            return;
        }
        self.asked_at = Some(Instant::now());
        let path = self.call.path(&format!("/signals?after={}", self.last));
        let answer = self.person.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        for signal in list(&answer.json(), "signals") {
            self.last = signal["sequence"].as_u64().unwrap();
            let data = &signal["signal_data"];
            let text = |name: &str| data[name].as_str().unwrap();
            match signal["signal_type"].as_str().unwrap() {
                "offer" => {
                    let offer = SdpOffer::from_sdp_string(text("sdp")).unwrap();
                    let answer = self.rtc.sdp_api().accept_offer(offer).unwrap();
                    self.signal("answer", json!({ "type": "answer", "sdp": answer.to_sdp_string() }))
                        .await;
                    self.offer_candidate().await;
                }
                "answer" => {
                    let answer = SdpAnswer::from_sdp_string(text("sdp")).unwrap();
                    let pending = self.pending.take().unwrap();
                    self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
                }
                _ => {
                    let candidate = Candidate::from_sdp_string(text("candidate")).unwrap();
                    self.rtc.add_remote_candidate(candidate);
                }
            }
        }
    }

    /// Gives out what there is to send, and tells until when nothing else is to do.
    async fn drain(&mut self) -> Instant {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(until) => return until,
                Output::Transmit(packet) => {
                    let sent = self.socket.send_to(&packet.contents, packet.destination).await;
                    sent.unwrap();
                }
                Output::Event(Event::ChannelOpen(id, _)) => self.channel = Some(id),
                Output::Event(Event::ChannelData(data)) => {
                    self.heard.push(String::from_utf8(data.data).unwrap());
                }
                Output::Event(_) => {}
            }
        }
    }

    fn speak(&mut self) {
        let Some(id) = self.channel.filter(|_| !self.has_said) else {
            return;
        };
        if let Some(mut channel) = self.rtc.channel(id) {
            self.has_said = channel.write(false, self.says.as_bytes()).unwrap_or_default();
        }
    }

    async fn step(&mut self) {
        self.hear_signals().await;
        self.speak();
        let until = self.drain().await.min(Instant::now() + POLL);
        let mut buffer = [0; 2_000];
        let received = tokio::time::timeout_at(until.into(), self.socket.recv_from(&mut buffer)).await;
        let input = match received {
            Ok(received) => {
                let (length, source) = received.unwrap();
                let packet = Receive::new(Protocol::Udp, source, self.address, &buffer[..length]);
                Input::Receive(Instant::now(), packet.unwrap())
            }
            Err(_) => Input::Timeout(Instant::now()),
        };
        self.rtc.handle_input(input).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_browsers_find_each_other_by_what_is_signalled_and_talk() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut dora = Peer::new(&call.dora, &call, "Good morning. What brings you here?").await;
    let mut ana = Peer::new(&call.ana, &call, "My hand itches.").await;
    dora.offer().await;
    let began = Instant::now();
    while dora.heard.is_empty() || ana.heard.is_empty() {
        assert!(began.elapsed() < PATIENCE, "they did not find each other");
        futures_util::future::join(dora.step(), ana.step()).await;
    }
    assert_eq!(dora.heard, ["My hand itches."]);
    assert_eq!(ana.heard, ["Good morning. What brings you here?"]);
}
