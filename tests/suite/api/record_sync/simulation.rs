//! Eight devices of one person that write the same records, offline and on, and lose half of what they hear.
//!
//! `RECORD_SEEDS=1000` runs a thousand of them, `RECORD_SEEDS=441-1000` those that are left of a run that was cut off.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tests::dice::Dice;
use tests::world::{Answer, Person, World};

use super::CHANGES;

const DEVICES: usize = 8;
const STEPS: usize = 160;
const RECORDS: u64 = 6;
const IN_A_WORLD: usize = 20;
const AT_ONCE: usize = 4;

/// A record as a device has it.
#[derive(Debug, Clone, PartialEq)]
struct Copy {
    version: u64,
    data: Value,
    is_deleted: bool,
}

/// A change that a device has made and not heard of.
#[derive(Debug, Clone)]
struct Waiting {
    change_id: String,
    record: String,
    base_version: u64,
    data: Value,
    /// Once sent it is never altered: it may have been entered.
    was_sent: bool,
}

/// What the product said it did with a change.
#[derive(Debug, Clone)]
struct Accepted {
    record: String,
    /// In the data; none of a deletion.
    mark: Option<String>,
    outcome: String,
    version: u64,
    conflict: Option<String>,
}

struct Device<'a> {
    person: &'a Person,
    name: String,
    copies: BTreeMap<String, Copy>,
    waiting: Vec<Waiting>,
    after: u64,
    made: u64,
    /// Years that its clock is off.
    clock_off: i64,
}

impl Device<'_> {
    fn edit(&mut self, dice: &mut Dice) {
        let record = format!("01c{:021x}", dice.roll(RECORDS));
        self.made += 1;
        let mark = format!("{}:{}", self.name, self.made);
        let is_deletion = self.copies.contains_key(&record) && dice.happens(15);
        let data = match is_deletion {
            true => Value::Null,
            false => json!({ "mark": mark, "written_in": 2026 + self.clock_off }),
        };
        let unsent = self
            .waiting
            .iter_mut()
            .find(|each| each.record == record && !each.was_sent);
        if let Some(waiting) = unsent {
            waiting.data = data;
            return;
        }
        // What is on its way and unheard of comes first; this one is made from the same version.
        let known = self.copies.get(&record).map_or(0, |copy| copy.version);
        self.waiting.push(Waiting {
            change_id: mark,
            record,
            base_version: known,
            data,
            was_sent: false,
        });
    }

    async fn push(&mut self, dice: &mut Dice, accepted: &mut Vec<Accepted>, line: Line) {
        let batch: Vec<Waiting> = self.waiting.iter().take(5).cloned().collect();
        self.waiting.iter_mut().take(5).for_each(|each| each.was_sent = true);
        let change = |each: &Waiting| {
            json!({
                "change_id": each.change_id, "record_id": each.record, "record_type": "diagnosis",
                "base_version": each.base_version, "data": each.data,
            })
        };
        let changes: Vec<Value> = batch.iter().map(change).collect();
        if line.loses(dice) {
            return;
        }
        let body = json!({ "device_id": self.name, "changes": changes });
        let answer = self.person.post(CHANGES, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        if line.loses(dice) {
            return;
        }
        for (waiting, result) in batch.iter().zip(answer.json()["results"].as_array().unwrap()) {
            assert_eq!(result["change_id"], waiting.change_id.as_str());
            self.hear(waiting, result, accepted);
        }
    }

    fn hear(&mut self, waiting: &Waiting, result: &Value, accepted: &mut Vec<Accepted>) {
        self.waiting.retain(|each| each.change_id != waiting.change_id);
        let Some(outcome) = result["outcome"].as_str() else {
            // A record that is not there cannot be deleted.
            assert!(
                waiting.data.is_null() && result["code"] == "record_not_found",
                "{result}"
            );
            return;
        };
        let version = result["version"].as_u64().unwrap();
        accepted.push(Accepted {
            record: waiting.record.clone(),
            mark: waiting.data["mark"].as_str().map(str::to_owned),
            outcome: outcome.to_owned(),
            version,
            conflict: result["conflict_id"].as_str().map(str::to_owned),
        });
        if outcome == "applied" {
            let known = self.copies.get(&waiting.record);
            if known.is_none_or(|copy| copy.version < version) {
                let is_deleted = waiting.data.is_null();
                let data = if is_deleted {
                    known.map_or(Value::Null, |copy| copy.data.clone())
                } else {
                    waiting.data.clone()
                };
                let copy = Copy {
                    version,
                    data,
                    is_deleted,
                };
                self.copies.insert(waiting.record.clone(), copy);
            }
        }
    }

    /// One page. Says whether there is more.
    async fn pull(&mut self, dice: &mut Dice, line: Line) -> bool {
        let answer = self
            .person
            .get(&format!("{CHANGES}?after={}&limit=3", self.after))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        if line.loses(dice) {
            return true;
        }
        let page = answer.json();
        for record in page["records"].as_array().unwrap() {
            let copy = Copy {
                version: record["version"].as_u64().unwrap(),
                data: record["data"].clone(),
                is_deleted: record["is_deleted"].as_bool().unwrap(),
            };
            self.copies.insert(record["id"].as_str().unwrap().to_owned(), copy);
        }
        self.after = page["after"].as_u64().unwrap();
        page["has_more"].as_bool().unwrap()
    }
}

#[derive(Clone, Copy)]
enum Line {
    Bad,
    Good,
}

impl Line {
    fn loses(self, dice: &mut Dice) -> bool {
        matches!(self, Line::Bad) && dice.happens(20)
    }
}

/// Everything there is to read of the records, in the end.
struct Truth {
    heads: BTreeMap<String, Copy>,
    /// By record and version: what it said, and whether it was deleted.
    versions: BTreeMap<(String, u64), (Value, bool)>,
    conflicts: BTreeMap<String, Value>,
}

async fn truth(person: &Person) -> Truth {
    let mut reader = device(person, "reader", 0);
    while reader.pull(&mut Dice(1), Line::Good).await {}
    let mut versions = BTreeMap::new();
    for id in reader.copies.keys() {
        let mut next = format!("/api/records/{id}/versions?limit=100");
        loop {
            let answer = person.get(&next).await;
            for version in answer.json().as_array().unwrap() {
                let said = (version["data"].clone(), version["is_deleted"].as_bool().unwrap());
                versions.insert((id.clone(), version["version"].as_u64().unwrap()), said);
            }
            match next_page(&answer) {
                Some(link) => next = link,
                None => break,
            }
        }
    }
    let mut conflicts = BTreeMap::new();
    let mut next = "/api/records/conflicts?limit=100".to_owned();
    loop {
        let answer = person.get(&next).await;
        for conflict in answer.json().as_array().unwrap() {
            conflicts.insert(conflict["id"].as_str().unwrap().to_owned(), conflict.clone());
        }
        match next_page(&answer) {
            Some(link) => next = link,
            None => break,
        }
    }
    Truth {
        heads: reader.copies,
        versions,
        conflicts,
    }
}

fn next_page(answer: &Answer) -> Option<String> {
    let (link, _) = answer.header("link").strip_prefix('<')?.split_once('>')?;
    Some(link.to_owned())
}

impl Truth {
    /// Whether an accepted change is the head, an ancestor of it, or one side of an open conflict.
    fn keeps(&self, accepted: &Accepted) -> bool {
        match (accepted.outcome.as_str(), &accepted.mark) {
            ("applied", Some(mark)) => {
                let said = self.versions.get(&(accepted.record.clone(), accepted.version));
                said.is_some_and(|(data, _)| data["mark"] == mark.as_str())
            }
            ("applied" | "already_so", None) => {
                let said = self.versions.get(&(accepted.record.clone(), accepted.version));
                said.is_some_and(|(_, is_deleted)| *is_deleted)
            }
            ("conflict", mark) => {
                let conflict = accepted.conflict.as_ref().and_then(|id| self.conflicts.get(id));
                conflict.is_some_and(|conflict| match mark {
                    Some(mark) => conflict["client_data"]["mark"] == mark.as_str(),
                    None => conflict["client_data"].is_null(),
                })
            }
            _ => false,
        }
    }
}

fn device<'a>(person: &'a Person, name: &str, clock_off: i64) -> Device<'a> {
    Device {
        person,
        name: name.to_owned(),
        copies: BTreeMap::new(),
        waiting: Vec::new(),
        after: 0,
        made: 0,
        clock_off,
    }
}

/// How many changes were accepted, how many are in open conflicts, and how many are lost.
async fn simulate(world: &World, seed: u64) -> (usize, usize, usize) {
    let person = world.patient(&format!("sim{seed}")).await;
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let names = (0..DEVICES).map(|number| format!("device-{number}"));
    let mut devices: Vec<Device<'_>> = names
        .map(|name| device(&person, &name, dice.roll(21) as i64 - 10))
        .collect();
    let mut accepted = Vec::new();
    for _ in 0..STEPS {
        let device = &mut devices[dice.roll(DEVICES as u64) as usize];
        match dice.roll(10) {
            0..=4 => device.edit(&mut dice),
            5..=6 => device.push(&mut dice, &mut accepted, Line::Bad).await,
            7..=8 => {
                device.pull(&mut dice, Line::Bad).await;
            }
            _ => {}
        }
    }
    for device in &mut devices {
        while !device.waiting.is_empty() {
            device.push(&mut dice, &mut accepted, Line::Good).await;
        }
    }
    for device in &mut devices {
        while device.pull(&mut dice, Line::Good).await {}
    }
    let truth = truth(&person).await;
    for device in &devices {
        assert_eq!(device.copies, truth.heads, "seed {seed}: {} differs", device.name);
    }
    let lost: Vec<&Accepted> = accepted.iter().filter(|each| !truth.keeps(each)).collect();
    assert!(lost.is_empty(), "seed {seed}: {lost:#?}");
    let marks: BTreeSet<_> = accepted.iter().filter_map(|each| each.mark.clone()).collect();
    assert_eq!(
        marks.len(),
        accepted.iter().filter(|each| each.mark.is_some()).count(),
        "entered twice"
    );
    (accepted.len(), truth.conflicts.len(), lost.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_edit_is_lost_whatever_eight_devices_do() {
    let asked = std::env::var("RECORD_SEEDS").unwrap_or_else(|_| "3".to_owned());
    let (first, last) = asked.split_once('-').unwrap_or(("1", &asked));
    let [first, last] = [first, last].map(|seed| seed.parse::<u64>().expect("a number, or two with a dash"));
    let (mut accepted, mut conflicts, mut lost, mut done) = (0, 0, 0, 0);
    let began = Instant::now();
    let numbers: Vec<u64> = (first..=last).collect();
    // Each is one person's, so they do not touch; a world keeps a log of all that it is asked.
    for some in numbers.chunks(IN_A_WORLD) {
        let mut world = World::new().await;
        // They would spend more time on the notes of who read what than the devices on reading it.
        world.product.rest_workers();
        let simulations = some.iter().map(|seed| simulate(&world, *seed));
        let mut found = futures_util::stream::iter(simulations).buffer_unordered(AT_ONCE);
        while let Some(found) = found.next().await {
            accepted += found.0;
            conflicts += found.1;
            lost += found.2;
        }
        done += some.len();
        let seconds = began.elapsed().as_secs();
        println!(
            "{done} seeds in {seconds} s: {accepted} edits accepted, {conflicts} in open conflicts. Lost edits: {lost}"
        );
    }
    assert!(conflicts > 0, "the devices must have met");
}
