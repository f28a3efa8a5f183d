use super::*;
use crate::glucose::Reading;
use crate::glucose::simulator::{Condition, Person};
use jiff::SignedDuration;

fn series(days: i64, zone: &Zone) -> Series {
    let person = Person::new(11, Condition::TypeOne, zone.rules().clone());
    let from: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    Series::new(person.readings(from, from + SignedDuration::from_hours(24 * days)))
}

fn made(series: &Series, language: Language, name: Option<&str>) -> Vec<u8> {
    let zone: Zone = "Asia/Kolkata".to_owned().try_into().unwrap();
    pdf(&Report {
        series,
        unit: Unit::MgPerDl,
        zone: &zone,
        language,
        name,
        made_at: "2026-03-20T09:00:00Z".parse().unwrap(),
    })
}

fn contains(pdf: &[u8], what: &str) -> bool {
    pdf.windows(what.len()).any(|part| part == what.as_bytes())
}

fn count(pdf: &[u8], what: &str) -> usize {
    pdf.windows(what.len()).filter(|part| *part == what.as_bytes()).count()
}

#[test]
fn a_report_is_one_tagged_page_whose_text_can_be_selected() {
    let pdf = made(&series(20, &Zone::utc()), Language::En, Some("Ada Example"));
    assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF"));
    for what in [
        "/Lang(en)",
        "/Marked true",
        "/StructTreeRoot",
        "/Title(Glucose report)",
        "/DisplayDocTitle true",
    ] {
        assert!(contains(&pdf, what), "{what}");
    }
    assert!(contains(&pdf, "(Name: Ada Example)Tj") && contains(&pdf, "(Time in ranges)Tj"));
    assert_eq!(count(&pdf, "/Type/Page/") + count(&pdf, "/Type/Page\n"), 1);
    // The profile and each day have a description, and whatever is drawn is marked or an ornament.
    assert_eq!((count(&pdf, "/S/Figure"), count(&pdf, "/Alt")), (15, 15));
    assert_eq!(count(&pdf, "BDC") + count(&pdf, "BMC"), count(&pdf, "EMC"));
    assert!(!contains(&pdf, "NaN") && !contains(&pdf, "inf"));
}

#[test]
fn a_report_is_in_a_language_that_its_font_can_write() {
    let readings = series(3, &Zone::utc());
    assert!(contains(&made(&readings, Language::Es, None), "/Lang(es)"));
    let hindi = made(&readings, Language::Hi, Some("आशा"));
    assert!(contains(&hindi, "/Lang(en)") && contains(&hindi, "(Name: ______"));
}

#[test]
fn a_report_of_next_to_nothing_is_one() {
    assert!(contains(&made(&Series::new([]), Language::En, None), "(No readings)Tj"));
    let one = Series::new([Reading::measured("2026-03-01T00:00:00Z".parse().unwrap(), 100.0)]);
    let pdf = made(&one, Language::En, None);
    assert!(!contains(&pdf, "(Readings set aside as impossible)Tj"));
    let odd = Series::new([5.5, 100.0].map(|value| Reading::measured(Timestamp::UNIX_EPOCH, value)));
    assert!(contains(
        &made(&odd, Language::En, None),
        "(Readings set aside as impossible)Tj"
    ));
    assert!(contains(&pdf, "(Figures)Tj") && !contains(&pdf, "NaN"));
}
