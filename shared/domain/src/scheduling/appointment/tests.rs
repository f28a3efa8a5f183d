use super::*;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn start() -> Timestamp {
    "2026-12-07T09:00:00Z".parse().unwrap()
}

fn visit(status: Status) -> Appointment {
    let (now, starts_at) = (start() - HOUR * 48, start());
    Appointment {
        id: AppointmentId::new(now, [1; 6]),
        patient: UserId::new(now, [2; 6]),
        doctor: UserId::new(now, [3; 6]),
        patient_number: UserNumber::from_random([4; 8]),
        doctor_number: UserNumber::from_random([5; 8]),
        slot: None,
        starts_at,
        ends_at: starts_at + HOUR,
        takes_from: starts_at,
        takes_until: starts_at + HOUR,
        seats: 1,
        zone: Zone::utc(),
        status,
        version: 1,
        held_until: (status == Status::Held).then_some(now + HELD),
        waiting: None,
        skin_record: None,
        reason: None,
        cancel_reason: None,
        cancelled_by: None,
        booked_by: UserId::new(now, [2; 6]),
        created_at: now,
        updated_at: now,
    }
}

fn step(status: Status, to: Status, by: Side, now: Timestamp) -> Result<Appointment, SchedulingRefused> {
    let reason = None;
    visit(status).stepped(&Step { to, by, reason }, now)
}

#[test]
fn only_what_the_table_says_is_possible() {
    let by_either = |from, to| {
        // Some moment of the two weeks around the visit, and one of the two people.
        (-7 * 24..14 * 24).any(|hours| {
            let now = start() + SignedDuration::from_mins(20) + HOUR * hours;
            [Side::Patient, Side::Doctor]
                .into_iter()
                .any(|by| step(from, to, by, now).is_ok())
        })
    };
    let mut possible = Vec::new();
    for from in Status::ALL {
        let to = Status::ALL.into_iter().filter(|to| by_either(from, *to));
        possible.extend(to.map(|to| format!("{} {}", from.word(), to.word())));
    }
    assert_eq!(
        possible,
        [
            "held scheduled",
            "held cancelled",
            "scheduled checked_in",
            "scheduled in_progress",
            "scheduled completed",
            "scheduled cancelled",
            "scheduled no_show",
            "checked_in in_progress",
            "checked_in completed",
            "checked_in cancelled",
            "in_progress completed",
        ]
    );
}

#[test]
fn who_and_when_are_minded() {
    use SchedulingRefused::{OnlyBy, TooEarly, TooLate};
    use Side::{Doctor, Patient};
    use Status::{Cancelled, CheckedIn, Completed, InProgress, NoShow, Scheduled};
    let minute = SignedDuration::from_mins(1);
    for (from, to, by, after_start, refused) in [
        (Scheduled, CheckedIn, Patient, -61, Some(TooEarly)),
        (Scheduled, CheckedIn, Patient, -60, None),
        (Scheduled, CheckedIn, Doctor, 59, None),
        (Scheduled, CheckedIn, Patient, 60, Some(TooLate)),
        (Scheduled, NoShow, Doctor, 14, Some(TooEarly)),
        (Scheduled, NoShow, Doctor, 15, None),
        (Scheduled, NoShow, Patient, 20, Some(OnlyBy(Doctor))),
        (CheckedIn, InProgress, Patient, 0, Some(OnlyBy(Doctor))),
        (CheckedIn, InProgress, Doctor, -16, Some(TooEarly)),
        (CheckedIn, InProgress, Doctor, -15, None),
        (InProgress, Completed, Doctor, -1, Some(TooEarly)),
        (InProgress, Completed, Doctor, 0, None),
        (Scheduled, Cancelled, Patient, -1, None),
        (Scheduled, Cancelled, Patient, 0, Some(TooLate)),
        (Scheduled, Cancelled, Doctor, 59, None),
        (Scheduled, Cancelled, Doctor, 60, Some(TooLate)),
    ] {
        let outcome = step(from, to, by, start() + minute * after_start);
        assert_eq!(outcome.err(), refused, "{from:?} {to:?} {by:?} {after_start}");
    }
}

#[test]
fn a_hold_is_confirmed_while_it_lasts_and_by_the_patient() {
    let held = visit(Status::Held);
    let confirm = |by, now| step(Status::Held, Status::Scheduled, by, now);
    let booked_at = held.created_at;
    let almost = booked_at + HELD - SignedDuration::from_millis(1);
    assert_eq!(
        confirm(Side::Doctor, booked_at),
        Err(SchedulingRefused::OnlyBy(Side::Patient))
    );
    let confirmed = confirm(Side::Patient, almost).unwrap();
    assert_eq!(
        (confirmed.status, confirmed.version, confirmed.held_until),
        (Status::Scheduled, 2, None)
    );
    assert_eq!(
        confirm(Side::Patient, booked_at + HELD),
        Err(SchedulingRefused::HoldExpired)
    );
    assert_eq!(held.expired(almost), None);
    let expired = held.expired(booked_at + HELD).unwrap();
    assert_eq!(expired.takes().map(|(_, taken)| taken), [None, None]);
    // Afterwards only where its time can still be booked, whether or not somebody has cleared it away.
    let time = FreeTime {
        from: held.starts_at,
        until: held.ends_at,
        slot: None,
        seats: 1,
        seats_left: 1,
    };
    let late = |visit: &Appointment, now| visit.confirmed_late(&time, held.stretch(), &Zone::utc(), now);
    for visit in [&held, &expired] {
        let confirmed = late(visit, booked_at + HELD).unwrap();
        assert_eq!((confirmed.status, confirmed.held_until), (Status::Scheduled, None));
        assert_eq!(confirmed.stretch(), held.stretch());
    }
    let (from, to) = (Status::Held, Status::Scheduled);
    let impossible = Err(SchedulingRefused::Impossible { from, to });
    assert_eq!(late(&held, almost), impossible);
}

#[test]
fn a_doctor_treats_whom_they_will_see_or_have_seen() {
    let treats = Status::ALL.into_iter().filter(|status| visit(*status).care().is_some());
    assert_eq!(
        treats.collect::<Vec<_>>(),
        [
            Status::Scheduled,
            Status::CheckedIn,
            Status::InProgress,
            Status::Completed
        ]
    );
}

#[test]
fn another_time_keeps_the_visit() {
    let booked = visit(Status::Scheduled);
    let time = FreeTime {
        from: start() + HOUR * 24,
        until: start() + HOUR * 25,
        slot: None,
        seats: 1,
        seats_left: 1,
    };
    let takes = time.stretch();
    let moved = booked.moved(&time, takes, &Zone::utc(), start() - HOUR).unwrap();
    assert_eq!((moved.id, moved.version, moved.starts_at), (booked.id, 2, time.from));
    assert_eq!(
        booked.moved(&time, takes, &Zone::utc(), start()),
        Err(SchedulingRefused::TooLate)
    );
    for status in [Status::Cancelled, Status::Completed, Status::Held] {
        assert!(
            visit(status)
                .moved(&time, takes, &Zone::utc(), start() - HOUR * 47)
                .is_err()
        );
    }
}

#[test]
fn a_visit_has_a_video_channel_until_a_little_after_it() {
    let seconds = |status, now| visit(status).video_seconds(now);
    let no = |why| Err(SchedulingRefused::NoVideo(why));
    for status in [Status::Scheduled, Status::CheckedIn, Status::InProgress] {
        assert_eq!(seconds(status, start()), Ok(90 * 60), "{status:?}");
        assert_eq!(seconds(status, start() - HOUR * 48), Ok(24 * 60 * 60), "{status:?}");
        assert_eq!(seconds(status, start() + HOUR + HOUR / 4), Ok(15 * 60), "{status:?}");
        assert_eq!(seconds(status, start() + HOUR * 2), no("over"), "{status:?}");
    }
    for status in [Status::Completed, Status::Cancelled, Status::NoShow, Status::Expired] {
        assert_eq!(seconds(status, start()), no(status.word()));
    }
    let held = visit(Status::Held).held_until.unwrap();
    assert_eq!(seconds(Status::Held, held - HOUR / 60), no("held"));
    assert_eq!(seconds(Status::Held, held), no("expired"));
}
