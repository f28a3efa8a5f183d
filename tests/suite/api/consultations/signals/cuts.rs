//! Two apps on lines that are cut at random moments: before a request arrives, or before its answer does.

use reqwest::Method;
use serde_json::{Value, json};
use tests::dice::Dice;
use tests::world::{Answer, Person, World, send};

use super::super::{Call, join, list};
use super::SESSION;

const CUTS: u32 = 20;
const SIGNALS: usize = 40;

/// How a request fares.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Whole,
    RequestLost,
    AnswerLost,
}

struct App<'a> {
    person: &'a Person,
    call: &'a Call,
    token: Value,
    /// What it will say, and how much of that it knows to be sent.
    script: Vec<Value>,
    sent: usize,
    /// What it has been told, and the place of the last of that.
    heard: Vec<Value>,
    last: u64,
    cuts: u32,
}

impl<'a> App<'a> {
    async fn joined(person: &'a Person, call: &'a Call, name: &str) -> Self {
        let kinds = ["offer", "ice-candidate", "ice-candidate", "answer"];
        let say = |n: usize| json!({ "signal_type": kinds[n % 4], "signal_data": { "from": name, "n": n } });
        Self {
            person,
            call,
            token: join(person, &call.call).await["session_token"].clone(),
            script: (0..SIGNALS).map(say).collect(),
            sent: 0,
            heard: Vec::new(),
            last: 0,
            cuts: 0,
        }
    }

    fn is_done(&self, other: &Self) -> bool {
        self.sent == SIGNALS && self.heard.len() == SIGNALS && other.heard.len() == SIGNALS && self.cuts == CUTS
    }

    /// A cut may come at any time, until there were twenty.
    fn line(&mut self, dice: &mut Dice) -> Line {
        let line = match dice.roll(6) {
            0 if self.cuts < CUTS => Line::RequestLost,
            1 if self.cuts < CUTS => Line::AnswerLost,
            _ => Line::Whole,
        };
        self.cuts += u32::from(line != Line::Whole);
        line
    }

    async fn step(&mut self, dice: &mut Dice) {
        let line = self.line(dice);
        if self.sent < SIGNALS && dice.roll(2) == 0 {
            self.say(line).await;
        } else {
            self.listen(line).await;
        }
        if line != Line::Whole {
            // Whoever was cut off comes back on a new connection, and the old one is told so.
            let old = std::mem::take(&mut self.token);
            self.token = join(self.person, &self.call.call).await["session_token"].clone();
            let path = self.call.path(&format!("/signals?after={}", self.last));
            let request = self.person.request(Method::GET, &path);
            assert_eq!(send(request.header(SESSION, old.as_str().unwrap())).await.status, 409);
        }
    }

    /// Under a key of its own: what was sent already is not sent twice.
    async fn say(&mut self, line: Line) {
        let request = self.person.request(Method::POST, &self.call.path("/signal"));
        let request = request
            .header("Idempotency-Key", format!("signal {}", self.sent))
            .json(&self.script[self.sent]);
        if let Some(answer) = over(line, request).await {
            assert_eq!(answer.status, 200, "{}", answer.text());
            self.sent += 1;
        }
    }

    async fn listen(&mut self, line: Line) {
        let path = self.call.path(&format!("/signals?after={}", self.last));
        let request = self.person.request(Method::GET, &path);
        let request = request.header(SESSION, self.token.as_str().unwrap());
        let Some(answer) = over(line, request).await else {
            return;
        };
        assert_eq!(answer.status, 200, "{}", answer.text());
        for signal in list(&answer.json(), "signals") {
            self.last = signal["sequence"].as_u64().unwrap();
            let heard = json!({ "signal_type": signal["signal_type"], "signal_data": signal["signal_data"] });
            self.heard.push(heard);
        }
    }
}

/// What the app learns of a request over such a line.
async fn over(line: Line, request: reqwest::RequestBuilder) -> Option<Answer> {
    if line == Line::RequestLost {
        return None;
    }
    let answer = send(request).await;
    (line == Line::Whole).then_some(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_cut_twenty_times_hears_everything_once_and_in_order() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = App::joined(&call.ana, &call, "ana").await;
    let mut dora = App::joined(&call.dora, &call, "dora").await;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2_000 {
        if ana.is_done(&dora) && dora.is_done(&ana) {
            break;
        }
        ana.step(&mut dice).await;
        dora.step(&mut dice).await;
    }
    assert_eq!((ana.cuts, dora.cuts), (CUTS, CUTS));
    assert_eq!(ana.heard, dora.script);
    assert_eq!(dora.heard, ana.script);
}
