//! That nothing is missing in an archive, nothing is in it that must not be, and that others can read it.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use store::holdings::{Fate, Kind, PARTITIONS, RULES, fate};
use store::table::Table;
use tests::fhir;
use tests::made::workspace_root;
use tests::world::{Person, World};

use super::archive::{Archive, sha256};
use super::export;
use super::patient::{EVIL, PUSH_TOKEN, fill};

type Item = HashMap<String, AttributeValue>;

/// All of a table.
pub async fn items(world: &World, table: Table) -> Vec<Item> {
    let settings = &world.product.platform.settings;
    let (client, name) = (settings.connection.dynamodb(), settings.names.table(table));
    let mut pages = client.scan().table_name(name).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.expect("an item"));
    }
    items
}

fn text(item: &Item, name: &str) -> String {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.cloned().unwrap_or_default()
}

/// Where something lies whose partition names a person, and no rule says what becomes of it.
async fn without_rule(world: &World, person: &Person) -> Vec<String> {
    let mut forgotten = Vec::new();
    for table in Table::ALL {
        for item in items(world, table).await {
            let (partition, sort) = (text(&item, "pk"), text(&item, "sk"));
            let Some(prefix) = partition.strip_suffix(&person.id) else {
                continue;
            };
            // Who is linked with whom, which the links of both say.
            if prefix.starts_with("PAIR#") {
                continue;
            }
            let known = PARTITIONS
                .iter()
                .find(|known| known.table == table && known.prefix == prefix);
            if known.and_then(|known| fate(*known, &sort)).is_none() {
                forgotten.push(format!("{} {partition} {sort}", table.name()));
            }
        }
    }
    forgotten
}

async fn length(person: &Person, path: &str, member: &str) -> usize {
    let answer = person.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    let body = answer.json();
    let list = if member.is_empty() { &body } else { &body[member] };
    list.as_array().unwrap_or_else(|| panic!("{path}: {body}")).len()
}

/// How many records there are, how many versions of them, and how many files.
async fn listed_records(ana: &Person) -> (usize, usize, usize) {
    let changes = ana.get("/api/records/sync/changes?limit=100").await.json();
    let records = changes["records"].as_array().expect("a list");
    let (mut versions, mut files) = (0, 0);
    for record in records {
        let path = format!(
            "/api/records/{}/versions?limit=100",
            record["id"].as_str().expect("an id")
        );
        let answer = ana.get(&path).await;
        if answer.status == 200 {
            versions += answer.json().as_array().expect("a list").len();
            files += length(ana, &path.replace("versions?limit=100", "files"), "files").await;
        }
    }
    (records.len(), versions, files)
}

/// How many there are of each kind, as the patient's own lists say it.
async fn listed(world: &World, ana: &Person) -> Vec<(Kind, usize)> {
    let (records, versions, files) = listed_records(ana).await;
    let mut opinions = 0;
    for prediction in ana.predictions().await {
        let path = format!("/api/predictions/{}", prediction["id"].as_str().expect("an id"));
        opinions += length(ana, &path, "opinions").await;
    }
    let _ = world;
    vec![
        (Kind::Account, 1),
        (Kind::Care, 2),
        (Kind::EmergencyAccess, 1),
        (
            Kind::FamilyLinks,
            length(ana, "/api/users/family", "family_members").await,
        ),
        (Kind::Sessions, length(ana, "/api/auth/sessions", "sessions").await),
        (Kind::DentalAnalyses, length(ana, "/analysis/history", "data").await),
        (Kind::Opinions, opinions),
        (Kind::Predictions, ana.predictions().await.len()),
        (Kind::SkinRecords, length(ana, "/infections", "").await),
        (
            Kind::ReviewRequests,
            length(ana, "/api/review-requests", "requests").await,
        ),
        (Kind::RecordFiles, files),
        (Kind::OpenConflicts, length(ana, "/api/records/conflicts", "").await),
        (Kind::Records, records),
        (Kind::SettledConflicts, 1),
        (
            Kind::SyncingDevices,
            length(ana, "/api/records/sync/health", "devices").await,
        ),
        (Kind::RecordVersions, versions),
        (Kind::Appointments, length(ana, "/appointments", "appointments").await),
        (Kind::WaitingLists, length(ana, "/waitlist", "").await),
        (Kind::Consultations, 1),
        (Kind::Invites, 1),
        (Kind::Messages, 1),
        (Kind::Medicines, 1),
        (
            Kind::Reservations,
            length(ana, "/api/pharmacy/reservations", "reservations").await,
        ),
        (Kind::VitalAlerts, length(ana, "/api/iot/alerts?which=all", "").await),
        (Kind::VitalDevices, length(ana, "/api/iot/devices", "devices").await),
        (Kind::VitalQuarantines, 1),
        // Of two kinds, on one day.
        (Kind::VitalReadings, 2),
        (Kind::VitalSettings, 1),
        (
            Kind::Notifications,
            length(ana, "/api/notifications", "notifications").await,
        ),
        (
            Kind::Devices,
            length(ana, "/api/notifications/devices", "devices").await,
        ),
        (Kind::Tickets, length(ana, "/api/support/tickets/my", "tickets").await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_a_patient_is_in_the_archive() {
    let world = World::new().await;
    let ana = fill(&world).await;
    // What was done is noted a little later than it is done.
    let noted = ana.audit_length(30).await.len();
    let listed = listed(&world, &ana).await;
    let pictures = world.stored_pictures().await;
    let (seen, archive) = export(&world, &ana).await;

    for (kind, count) in &listed {
        let word = kind.word();
        assert_eq!(seen["counts"][word], *count, "{word}: {}", seen["counts"]);
        assert_eq!(archive.things(word).len(), *count, "{word}");
        assert!(*count > 0, "the test's patient has no {word}: give her some");
    }
    let kinds: BTreeSet<Kind> = listed.iter().map(|(kind, _)| *kind).chain([Kind::AuditLog]).collect();
    assert!(kinds.iter().eq(&Kind::ALL), "count the new kind too");
    let log = archive.things("audit_log");
    assert!(log.len() >= noted, "{} of {noted}", log.len());
    assert!((1..).zip(&log).all(|(position, entry)| entry["position"] == position));
    assert_eq!(seen["counts"]["audit_log"], log.len());

    assert_eq!(seen["counts"]["pictures"], pictures);
    let kept = archive
        .files
        .keys()
        .filter(|path| path.starts_with("pictures/"))
        .count();
    assert_eq!(kept, pictures);
    assert_eq!(
        without_rule(&world, &ana).await,
        Vec::<String>::new(),
        "give them a rule in store::holdings"
    );
    check_manifest(&archive);
    check_secrets(&archive);
    check_page(&archive);
    check_bundle(&archive, &ana);
}

fn check_manifest(archive: &Archive) {
    let manifest = archive.json("manifest.json");
    assert_eq!(
        (&manifest["unknown"], &manifest["missing_files"]),
        (&json!([]), &json!([]))
    );
    let mut listed = BTreeSet::from(["manifest.json".to_owned()]);
    for file in manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let bytes = &archive.files[path];
        assert_eq!(
            (&file["size_bytes"], &file["sha256"]),
            (&json!(bytes.len()), &json!(sha256(bytes))),
            "{path}"
        );
        listed.insert(path.to_owned());
    }
    assert!(listed.iter().eq(archive.files.keys()), "{listed:?}");
    for path in &listed {
        let is_plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._".contains(&b));
        assert!(is_plain && !path.contains("..") && !path.starts_with('/'), "{path}");
    }
    assert!(manifest["left_out"].as_array().unwrap().len() > 10);
}

fn check_secrets(archive: &Archive) {
    for (path, bytes) in archive.files.iter().filter(|(path, _)| !path.starts_with("pictures/")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        // The licence is of a doctor who gave opinions and a review, and signed no record.
        let secrets = [
            PUSH_TOKEN,
            "$argon2",
            "password of ana",
            "token_index",
            "generation",
            "LIC-derm",
        ];
        for secret in secrets {
            assert!(!text.contains(secret), "{path} has {secret}");
        }
        assert!(!text.contains("evil.jpg"), "{path} has a client's file name");
    }
}

/// Nothing in it runs or is loaded, and whatever somebody wrote is text.
fn check_page(archive: &Archive) {
    let page = archive.text("index.html");
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    for forbidden in [
        "<script",
        "javascript:",
        "http-equiv=\"refresh",
        "<iframe",
        "<link",
        "@import",
        "url(",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp;"));
    assert_eq!(page.matches("<section").count(), page.matches("</section>").count());
    assert_eq!(page.matches("<article").count(), page.matches("</article>").count());
    assert_eq!(page.matches("<h1>").count(), 1);
    for attribute in ["src=\"", "href=\""] {
        for rest in page.split(attribute).skip(1) {
            let target = rest.split('"').next().unwrap();
            let is_here = match target.strip_prefix('#') {
                Some(place) => page.contains(&format!("id=\"{place}\"")),
                None => archive.files.contains_key(target),
            };
            assert!(is_here, "{target} is not in the archive");
        }
    }
    assert!(
        page.split("<img ")
            .skip(1)
            .all(|rest| rest.split('>').next().unwrap().contains("alt=\"The picture"))
    );
}

fn check_bundle(archive: &Archive, ana: &Person) {
    let bundle = archive.json("fhir/bundle.json");
    assert_eq!(fhir::faults(&bundle), Vec::<String>::new());
    let resources: Vec<&Value> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["resource"])
        .collect();
    let of = |kind: &str| -> Vec<&Value> {
        let all = resources.iter().copied();
        all.filter(|resource| resource["resourceType"] == kind).collect()
    };
    assert_eq!(of("Patient").len(), 1);
    let patient = of("Patient")[0];
    assert_eq!((&patient["id"], &patient["gender"]), (&json!(ana.id), &json!("female")));
    assert_eq!(patient["birthDate"], "1990-02-28");
    let doctors: Vec<_> = of("Practitioner")
        .into_iter()
        .map(|it| &it["name"][0]["text"])
        .collect();
    assert_eq!(doctors, ["Dr derm", "Dr dora"]);
    assert_eq!(of("MedicationRequest").len(), 5);
    // Both of the profile, and the three records that are not deleted.
    assert_eq!(of("Condition").len(), 5, "{:#?}", of("Condition"));
    // Two pictures of faces, one of skin, one of teeth, and two of laboratories.
    assert_eq!(of("DiagnosticReport").len(), 6);
    // A review, two opinions, and two signed records.
    assert_eq!(of("Provenance").len(), 5);
    check_signed(archive, &resources);
    assert_eq!(
        of("DocumentReference").len(),
        archive.things("predictions").len() + 1 + 2 + 2 + archive.things("record_files").len()
    );
    let text = archive.text("fhir/bundle.json");
    assert!(
        !text.contains("No longer kept"),
        "every reference leads to what is kept"
    );
    assert!(text.contains(r#""valueQuantity":{"value":13.5}"#));
    assert!(
        text.contains("<script>alert('x')</script> &"),
        "what people write is text, unchanged"
    );
    assert_eq!(
        EVIL.trim_end_matches(['\u{feff}', '\u{3000}', ' ']),
        "<script>alert('x')</script> &"
    );
    // For the validators that `.ci/run` calls.
    if let Some(path) = std::env::var_os("FHIR_BUNDLE") {
        std::fs::write(path, text).expect("the bundle is written");
    }
}

/// What a doctor signed names them and is vouched for; what they withdrew or declined stands in the files only.
fn check_signed(archive: &Archive, resources: &[&Value]) {
    let of_dora = |it: &&Value| it["identifier"][0]["value"] == "LIC-dora";
    let dora = resources
        .iter()
        .copied()
        .find(of_dora)
        .expect("who signs shows a licence");
    let name = |it: &Value| {
        format!(
            "{}/{}",
            it["resourceType"].as_str().unwrap(),
            it["id"].as_str().unwrap()
        )
    };
    let dora = name(dora);
    let of_provenance = |it: &&Value| it["resourceType"] == "Provenance";
    let provenances: Vec<&Value> = resources.iter().copied().filter(of_provenance).collect();
    for (text, status, doctor) in [
        ("Amoxicillin", "unknown", "/requester/reference"),
        ("Creatinine", "amended", "/performer/0/reference"),
        ("mg_per_dl", "amended", "/performer/0/reference"),
    ] {
        let is_it = |it: &&Value| it["code"]["text"] == text || it["medicationCodeableConcept"]["text"] == text;
        let it = resources
            .iter()
            .copied()
            .find(is_it)
            .unwrap_or_else(|| panic!("no {text}"));
        assert_eq!(it["status"], status, "{it}");
        assert_eq!(it.pointer(doctor), Some(&json!(dora)), "{it}");
        let vouches = |provenance: &&&Value| {
            let mut targets = provenance["target"].as_array().unwrap().iter();
            targets.any(|target| target["reference"] == name(it))
        };
        let provenance = provenances.iter().find(vouches).expect("it is vouched for");
        assert_eq!(provenance["agent"][0]["who"]["reference"], json!(dora));
        assert!(provenance["signature"][0]["data"].is_string(), "{provenance}");
    }
    let bundle = archive.text("fhir/bundle.json");
    for (file, text) in [
        ("records", "Withdrawn medicine"),
        ("records", "Withdrawn gout"),
        ("review_requests", "Declined, not my field"),
    ] {
        assert!(archive.text(&format!("data/{file}.json")).contains(text), "{text}");
        assert!(!bundle.contains(text), "{text} is no statement about the patient");
    }
}

/// The questions at the top of `key.rs` name all keys: those of a person's partitions have rules.
#[test]
fn every_key_of_a_persons_partitions_has_a_rule() {
    let source = std::fs::read_to_string(workspace_root().join("shared/store/src/key.rs")).expect("the keys");
    let mut looked_at = 0;
    for line in source.lines().filter(|line| line.starts_with("//! | ")) {
        let cells: Vec<&str> = line.trim_start_matches("//! | ").split(" | ").collect();
        let [_, tables, partitions, sorts, _] = cells[..] else {
            panic!("{line}")
        };
        for partition in PARTITIONS {
            let is_theirs = |text: &str| text.starts_with(&format!("`{}<", partition.prefix)) && !text.contains(">#");
            if !tables.split(", ").any(|table| table == partition.table.name())
                || !partitions.split(", ").any(is_theirs)
            {
                continue;
            }
            for sort in sorts.split(", ").filter(|sort| sort.starts_with('`')) {
                let sort = sort.trim_matches('`');
                let words = match sort.strip_prefix("<status>") {
                    Some(rest) => ["pending", "reviewed", "rejected"]
                        .map(|word| format!("{word}{rest}"))
                        .to_vec(),
                    None => vec![sort.to_owned()],
                };
                for word in words {
                    looked_at += 1;
                    assert!(
                        fate(partition, &word).is_some(),
                        "{word} of {line} has no rule in store::holdings"
                    );
                }
            }
        }
    }
    let given = RULES.iter().filter(|rule| matches!(rule.fate, Fate::Given(_))).count();
    assert!(
        looked_at >= RULES.len() - 3 && given == Kind::ALL.len(),
        "{looked_at} keys of {}",
        RULES.len()
    );
}
