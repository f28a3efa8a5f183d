use serde_json::json;

use super::*;
use crate::id::SessionId;
use crate::session::Product;

fn details() -> Details {
    Details {
        name: " Lake Pharmacy ".to_owned(),
        address: "1 Lake Road".to_owned(),
        city: "Udaipur".to_owned(),
        state: "Rajasthan".to_owned(),
        pincode: "313001".to_owned(),
        phone: "+15005550006".to_owned(),
        email: Some(" ".to_owned()),
        latitude: Some(24.58),
        longitude: Some(73.68),
        operating_hours: Map::new(),
        is_24x7: false,
        time_zone: None,
    }
}

fn user(number: u8) -> UserId {
    UserId::new(Timestamp::UNIX_EPOCH, [number; 6])
}

fn session(number: u8, role: Role, is_verified: bool) -> Session {
    Session {
        id: SessionId::new(Timestamp::UNIX_EPOCH, [number; 6]),
        user_id: user(number),
        role,
        is_suspended: false,
        is_verified,
        product: Product::Telemedicine,
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::UNIX_EPOCH,
    }
}

fn pharmacy(staff: &[u8]) -> Pharmacy {
    Pharmacy {
        id: PharmacyId::new(Timestamp::UNIX_EPOCH, [9; 6]),
        owner: user(1),
        staff: staff.iter().copied().map(user).collect(),
        details: details(),
        version: 1,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn what_is_typed_is_trimmed_and_a_place_is_whole() {
    let checked = details().checked().unwrap();
    assert_eq!((checked.name.as_str(), checked.email), ("Lake Pharmacy", None));
    let wrong = |change: fn(&mut Details)| {
        let mut details = details();
        change(&mut details);
        details.checked().unwrap_err()
    };
    for refused in [
        wrong(|details| details.name = " ".to_owned()),
        wrong(|details| details.city = "x".repeat(201)),
        wrong(|details| details.longitude = None),
        wrong(|details| details.latitude = None),
        wrong(|details| details.latitude = Some(90.1)),
        wrong(|details| details.longitude = Some(f64::NAN)),
        wrong(|details| drop(details.operating_hours.insert("x".repeat(4_001), json!(1)))),
        wrong(|details| drop(details.operating_hours.insert("monday".to_owned(), json!([1e300])))),
        wrong(|details| drop(details.operating_hours.insert("monday".to_owned(), json!(-1e-200)))),
        wrong(|details| drop(details.operating_hours.insert("monday".to_owned(), json!({ "": 1 })))),
        wrong(|details| drop(details.operating_hours.insert("monday".to_owned(), nested(13)))),
    ] {
        assert!(matches!(refused, PharmacyRefused::Invalid(..)), "{refused}");
    }
}

fn nested(times: usize) -> Value {
    (0..times).fold(json!("09:00-18:00"), |inner, _| json!([inner]))
}

/// Storage refuses numbers that are next to nothing.
#[test]
fn a_place_is_kept_to_a_centimetre() {
    let details = Details {
        latitude: Some(-1e-200),
        longitude: Some(73.683_300_012),
        ..details()
    };
    let checked = details.checked().unwrap();
    assert_eq!((checked.latitude, checked.longitude), (Some(0.0), Some(73.683_3)));
    let label = |price| shelf::Label {
        price: Some(price),
        ..shelf::Label::default()
    };
    assert_eq!(label(1e-200).checked().unwrap().price, Some(0.0));
    assert_eq!(label(19.99).checked().unwrap().price, Some(19.99));
}

#[test]
fn it_is_open_by_its_own_clock_or_as_far_as_anybody_knows() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let mut details = details();
    assert!(details.is_open(at("2026-11-30T00:00:00Z")));
    details
        .operating_hours
        .insert("monday".to_owned(), json!("09:00-18:00"));
    assert!(
        details.is_open(at("2026-11-30T00:00:00Z")),
        "nobody said by whose clock"
    );
    details.time_zone = Zone::try_from("Asia/Kolkata".to_owned()).ok();
    assert!(!details.is_open(at("2026-11-30T03:29:00Z")) && details.is_open(at("2026-11-30T03:30:00Z")));
    details.is_24x7 = true;
    assert!(details.is_open(at("2026-11-30T00:00:00Z")));
}

#[test]
fn those_who_run_it_are_its_owner_and_its_verified_staff() {
    let rights = |staff: &[u8], session: Session| {
        let pharmacy = pharmacy(staff);
        (pharmacy.is_run_by(&session), pharmacy.may_be_stocked_by(&session))
    };
    assert_eq!(rights(&[2], session(1, Role::Admin, false)), (true, true));
    assert_eq!(rights(&[2], session(3, Role::Admin, false)), (false, true));
    assert_eq!(rights(&[2], session(2, Role::Doctor, true)), (true, true));
    assert_eq!(rights(&[2], session(2, Role::Doctor, false)), (false, false));
    assert_eq!(rights(&[2], session(4, Role::Doctor, true)), (false, false));
    assert_eq!(rights(&[], session(4, Role::Doctor, true)), (false, true));
    assert_eq!(rights(&[], session(4, Role::Doctor, false)), (false, false));
    assert_eq!(rights(&[2], session(2, Role::Patient, false)), (false, false));
    // Whoever was an admin and is none any more has nothing left of it.
    assert_eq!(rights(&[2], session(1, Role::Patient, false)), (false, false));
}
