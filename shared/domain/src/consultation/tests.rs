use super::*;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-25T10:00:00Z".parse().unwrap()
}

fn hours(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

fn wanted(time: Option<Timestamp>, waiting_room: bool) -> Wanted {
    let (patient, doctor) = (UserId::new(now(), [1; 6]), UserId::new(now(), [2; 6]));
    Wanted {
        doctor,
        patient,
        created_by: patient,
        scheduled_time: time,
        consultation_type: ConsultationType::Video,
        reason: Some("A rash".to_owned()),
        notes: Some("  ".to_owned()),
        waiting_room,
        gives_care: true,
    }
}

fn made(time: Option<Timestamp>, waiting_room: bool) -> Consultation {
    let id = ConsultationId::new(now(), [3; 6]);
    Consultation::new(id, wanted(time, waiting_room), now()).unwrap()
}

#[test]
fn one_without_a_time_goes_on_at_once() {
    let at_once = made(None, false);
    assert_eq!((at_once.status, at_once.started_at), (Status::Active, Some(now())));
    let later = made(Some(hours(1)), false);
    assert_eq!((later.status, later.started_at), (Status::Scheduled, None));
    assert_eq!(later.notes, None);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let id = ConsultationId::new(now(), [3; 6]);
    for time in [hours(-1), hours(400 * 24)] {
        let refused = Consultation::new(id, wanted(Some(time), false), now());
        assert_eq!(refused.err(), Some(ConsultationRefused::TimeOutOfRange));
    }
    let oneself = Wanted {
        doctor: UserId::new(now(), [1; 6]),
        ..wanted(None, false)
    };
    assert_eq!(
        Consultation::new(id, oneself, now()).err(),
        Some(ConsultationRefused::Oneself)
    );
    let long = Wanted {
        reason: Some("x".repeat(2_001)),
        ..wanted(None, false)
    };
    assert!(matches!(
        Consultation::new(id, long, now()),
        Err(ConsultationRefused::TooLong { .. })
    ));
}

#[test]
fn time_misses_and_ends_what_people_do_not() {
    let scheduled = made(Some(hours(1)), false);
    assert_eq!(scheduled.status_at(hours(1)), Status::Scheduled);
    assert_eq!(scheduled.status_at(hours(2)), Status::Missed);
    assert_eq!(
        scheduled.joined(Party::Patient, hours(2)),
        Err(ConsultationRefused::NotActive)
    );
    let begun = scheduled.joined(Party::Patient, hours(1)).unwrap().after;
    assert_eq!(begun.status_at(hours(4)), Status::Active);
    assert_eq!(begun.status_at(hours(5)), Status::Completed);
    assert_eq!(begun.ended_at(hours(9)), Some(hours(5)));
    assert_eq!(begun.ended(hours(9)), None);
}

#[test]
fn one_begins_a_quarter_of_an_hour_before_its_time_at_the_earliest() {
    let scheduled = made(Some(hours(1)), false);
    let earliest = hours(1) - EARLIEST_START;
    let early = scheduled
        .joined(Party::Doctor, earliest - SignedDuration::from_secs(1))
        .unwrap();
    assert!(early.waits && !early.is_changed && early.after == scheduled);
    let begun = scheduled.joined(Party::Doctor, earliest).unwrap();
    assert!(!begun.waits && begun.after.started_at == Some(earliest));
    // Who is admitted before waits for the time alone.
    let admitted = made(Some(hours(1)), true).admitted(now()).unwrap().unwrap();
    assert_eq!(admitted.status, Status::Scheduled);
    let begun = admitted.joined(Party::Patient, hours(1)).unwrap();
    assert!(!begun.waits && begun.after.status == Status::Active);
}

#[test]
fn the_patients_side_waits_where_there_is_a_waiting_room() {
    let scheduled = made(Some(hours(1)), true);
    let waiting = scheduled.joined(Party::Patient, hours(1)).unwrap();
    assert!(waiting.waits && waiting.is_changed);
    assert_eq!(waiting.after.status, Status::Scheduled);
    let again = waiting.after.joined(Party::Patient, hours(1)).unwrap();
    assert!(again.waits && !again.is_changed);
    let begun = again.after.joined(Party::Doctor, hours(1)).unwrap().after;
    assert_eq!(begun.status, Status::Active);
    let refused = begun.must_be_running_for(Party::Patient, hours(1));
    assert_eq!(refused, Err(ConsultationRefused::NotAdmitted));
    let admitted = begun.admitted(hours(1)).unwrap().unwrap();
    assert_eq!(admitted.must_be_running_for(Party::Patient, hours(1)), Ok(()));
    assert_eq!(admitted.admitted(hours(1)), Ok(None));
    assert_eq!(made(None, false).admitted(now()), Ok(None));
}

#[test]
fn care_lasts_for_a_while_after_the_call_and_goes_with_it_when_it_is_off() {
    let scheduled = made(Some(hours(1)), false);
    assert_eq!(scheduled.care().unwrap().until, hours(6) + AFTER_A_VISIT);
    let ended = made(None, false).ended(hours(1)).unwrap();
    assert_eq!(ended.care().unwrap().until, hours(1) + AFTER_A_VISIT);
    assert_eq!(scheduled.cancelled(now()).unwrap().unwrap().care(), None);
    let without = Consultation {
        gives_care: false,
        ..scheduled
    };
    assert_eq!(without.care(), None);
}

#[test]
fn one_that_the_doctor_made_gives_care_once_the_patient_has_come() {
    let wanted = wanted(Some(hours(1)), true);
    let by_doctor = Wanted {
        created_by: wanted.doctor,
        ..wanted
    };
    let made = Consultation::new(ConsultationId::new(now(), [3; 6]), by_doctor, now()).unwrap();
    let guest = Party::Guest(crate::id::ConsultationInviteId::new(now(), [4; 6]));
    let without = [Party::Doctor, guest].map(|party| made.joined(party, hours(1)).unwrap().after.care());
    assert_eq!((made.care(), without), (None, [None, None]));
    let waiting = made.joined(Party::Patient, hours(1)).unwrap();
    assert!(waiting.is_changed && waiting.after.care().is_some());
}

#[test]
fn a_party_has_a_word_and_a_number_of_its_own() {
    let guest = Party::Guest(crate::id::ConsultationInviteId::new(now(), [4; 6]));
    for party in [Party::Doctor, Party::Patient, guest] {
        assert_eq!(Party::try_from(party.to_string()), Ok(party));
    }
    assert!(Party::try_from("guest-1".to_owned()).is_err());
    assert_ne!(Party::Doctor.video_uid(), Party::Patient.video_uid());
    assert_eq!(guest.video_uid(), None);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Join(Party),
    Admit,
    End,
    Cancel,
    Wait(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Join(Party::Patient)),
        Just(Step::Join(Party::Doctor)),
        Just(Step::Admit),
        Just(Step::End),
        Just(Step::Cancel),
        (1_u8..120).prop_map(Step::Wait),
    ]
}

proptest! {
    /// What is over stays over as it is, versions only rise, and nobody speaks but in a call that goes on.
    #[test]
    fn whatever_people_do_a_call_that_is_over_stays_so(steps in prop::collection::vec(step(), 0..30), is_later: bool, room: bool) {
        let mut call = made(is_later.then(|| hours(1)), room);
        let mut time = now();
        for step in steps {
            let (before, was) = (call.clone(), call.status_at(time));
            let next = match step {
                Step::Wait(minutes) => {
                    time += SignedDuration::from_mins(i64::from(minutes));
                    None
                }
                Step::Join(party) => call.joined(party, time).ok().map(|joined| joined.after),
                Step::Admit => call.admitted(time).ok().flatten(),
                Step::End => call.ended(time),
                Step::Cancel => call.cancelled(time).ok().flatten(),
            };
            call = next.unwrap_or(call);
            prop_assert!(call.version == before.version || call.version == before.version + 1);
            prop_assert_eq!(call.version == before.version, call == before);
            if !matches!(was, Status::Scheduled | Status::Active) {
                prop_assert_eq!(&call, &before);
            }
            if call.must_be_running_for(Party::Patient, time).is_ok() {
                prop_assert!(call.started_at.is_some() && call.ended_at(time).is_none());
            }
        }
    }
}
