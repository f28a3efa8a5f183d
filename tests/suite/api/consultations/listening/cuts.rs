//! Two apps that only speak over the WebSocket API, on lines that are cut at random moments.

use serde_json::{Value, json};
use tests::dice::Dice;
use tests::world::World;

use super::super::{Call, list};
use super::Line;
use crate::api::sockets::client::{Client, text};

const CUTS: u32 = 20;
const SIGNALS: usize = 40;
/// Of a line that is down.
const LONGEST_SECONDS: u64 = 60;

/// What an app does just before its line is cut.
enum Last {
    Nothing,
    /// What it sends may have arrived.
    Signal,
    Acknowledgement,
    Subscription,
    Question,
}

struct App<'a> {
    world: &'a World,
    line: Line,
    /// What it will say, and how much of that it knows to be sent.
    script: Vec<Value>,
    sent: usize,
    /// What it was told, and the place of the last of that.
    heard: Vec<Value>,
    last: u64,
    /// How much of it came without being asked for.
    unasked: usize,
    cuts: u32,
    /// Whether it knows which of its connections it is.
    is_sure: bool,
}

impl<'a> App<'a> {
    async fn open(world: &'a World, person: &tests::world::Person, call: &Call, name: &str) -> Self {
        let kinds = ["offer", "ice-candidate", "ice-candidate", "answer"];
        let say = |n: usize| {
            json!({
                "signal_type": kinds[n % 4],
                "signal_data": { "from": name, "n": n },
                "client_id": format!("{name} {n}"),
            })
        };
        Self {
            world,
            line: Line::open(world, person, call).await,
            script: (0..SIGNALS).map(say).collect(),
            sent: 0,
            heard: Vec::new(),
            last: 0,
            unasked: 0,
            cuts: 0,
            is_sure: true,
        }
    }

    fn is_done(&self) -> bool {
        self.sent == SIGNALS && self.heard.len() == SIGNALS && self.cuts == CUTS
    }

    async fn step(&mut self, dice: &mut Dice) {
        if self.cuts < CUTS && dice.roll(4) == 0 {
            self.cut(dice).await;
        } else if self.sent < SIGNALS && dice.roll(2) == 0 {
            let sent = self.line.signal(self.script[self.sent].clone()).await;
            assert_eq!(sent["type"], "call_signal", "{sent}");
            self.sent += 1;
        } else {
            self.listen(dice).await;
        }
    }

    /// What it was told without asking; of what it cannot follow, it asks.
    async fn listen(&mut self, dice: &mut Dice) {
        self.line.client.ask(json!({ "type": "ping" })).await;
        let mut has_gap = false;
        for told in self.line.heard() {
            assert_eq!(told["type"], "signal", "{told}");
            let known = self.last;
            has_gap |= !self.take(&told["signal"]);
            self.unasked += usize::from(self.last > known);
        }
        // Whoever is not told of something asks once in a while, as nobody tells them of that either.
        if has_gap || dice.roll(8) == 0 {
            self.catch_up().await;
        }
        if dice.roll(2) == 0 {
            let acknowledged = self.line.ask("call_acknowledge", json!({ "upto": self.last })).await;
            assert_eq!(acknowledged["type"], "call_acknowledge", "{acknowledged}");
        }
    }

    /// False where something before it is missing.
    fn take(&mut self, signal: &Value) -> bool {
        let sequence = signal["sequence"].as_u64().unwrap();
        if sequence == self.last + 1 {
            self.last = sequence;
            self.heard.push(signal.clone());
        }
        sequence <= self.last
    }

    async fn catch_up(&mut self) {
        loop {
            let page = self.line.ask("call_signals", json!({ "after": self.last })).await;
            assert_eq!(page["type"], "call_signals", "{page}");
            for signal in list(&page, "signals") {
                assert!(self.take(&signal), "a hole before {signal}");
            }
            if page["has_more"] == false {
                return;
            }
        }
    }

    /// The line breaks, stays down for a while, and the app comes back by its token.
    async fn cut(&mut self, dice: &mut Dice) {
        self.cuts += 1;
        let last = match dice.roll(6) {
            0 | 1 => Last::Nothing,
            2 if self.sent < SIGNALS => Last::Signal,
            2 | 3 => Last::Acknowledgement,
            4 => Last::Subscription,
            _ => Last::Question,
        };
        self.say(&last).await;
        self.is_sure &= !matches!(last, Last::Subscription);
        let seconds = i64::try_from(dice.roll(LONGEST_SECONDS)).unwrap();
        self.world.product.clock.set_forward(seconds);
        self.line.client = self.back().await;
        if dice.roll(4) == 0 {
            // It breaks at once again: the token was used, and its successor never came.
            self.line.client.say(&json!({ "type": "hello" })).await;
            self.line.client = self.back().await;
        }
        let hello = self.line.client.hello().await;
        self.line.resume = text(&hello["resume"]);
        let seat = format!("consultation/{}", self.line.call.as_str().unwrap());
        assert_eq!(
            (&hello["is_resumed"], &hello["channels"]),
            (&json!(true), &json!([seat]))
        );
        // Only whoever lost the answer to subscribing does not know what they are called.
        if !self.is_sure {
            self.line.subscribe().await;
            self.is_sure = true;
        }
        self.catch_up().await;
    }

    /// Without waiting for an answer.
    async fn say(&mut self, last: &Last) {
        let (kind, more) = match last {
            Last::Nothing => return,
            Last::Signal => ("call_signal", self.script[self.sent].clone()),
            Last::Acknowledgement => ("call_acknowledge", json!({ "upto": self.last })),
            Last::Subscription => ("call_subscribe", json!({})),
            Last::Question => ("call_signals", json!({ "after": self.last })),
        };
        let mut message = more;
        message["type"] = kind.into();
        message["consultation_id"] = self.line.call.clone();
        message["connection"] = self.line.connection.clone();
        self.line.client.say(&message).await;
    }

    async fn back(&self) -> Client {
        let back = Client::with_resume(self.world, &self.line.resume).await;
        back.unwrap_or_else(|status| panic!("refused with {status} after cut {}", self.cuts))
    }
}

fn said(script: &[Value]) -> Vec<(&Value, &Value)> {
    let parts = script.iter();
    parts.map(|each| (&each["signal_type"], &each["signal_data"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_cut_twenty_times_is_told_everything_once_and_in_order() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = App::open(&world, &call.ana, &call, "ana").await;
    let mut dora = App::open(&world, &call.dora, &call, "dora").await;
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for _ in 0..3_000 {
        if ana.is_done() && dora.is_done() {
            break;
        }
        ana.step(&mut dice).await;
        dora.step(&mut dice).await;
    }
    assert_eq!((ana.cuts, dora.cuts), (CUTS, CUTS));
    assert_eq!(said(&ana.heard), said(&dora.script));
    assert_eq!(said(&dora.heard), said(&ana.script));
    // The others came when the app came back.
    println!("{} and {} of {SIGNALS} came unasked", ana.unasked, dora.unasked);
    assert!(ana.unasked > 0 && dora.unasked > 0);
}
