//! By what right somebody sees a review request.

use domain::audit::Why;
use domain::id::UserId;
use domain::review::{ReviewRequest, ReviewRequestRefused};
use domain::role::Role;
use domain::session::{NotAllowed, Session};

/// A doctor whose approval does not hold sees no patient (decision D1).
pub fn must_see_patients(session: &Session) -> Result<(), NotAllowed> {
    if session.role == Role::Doctor && !session.is_verified {
        return Err(NotAllowed::VerifiedDoctorsOnly);
    }
    Ok(())
}

/// Who was asked as a doctor and is none any more is not in it any more.
pub fn must_still_be_in(session: &Session, request: &ReviewRequest) -> Result<(), ReviewRequestRefused> {
    if session.user_id == request.patient || session.role == Role::Doctor {
        return Ok(());
    }
    Err(ReviewRequestRefused::NotFound)
}

pub fn why(request: &ReviewRequest, person: UserId) -> Why {
    if person == request.patient { Why::Own } else { Why::Care }
}
