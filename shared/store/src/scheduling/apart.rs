//! What a booking refuses, apart from what its caller's part of it fails with.

use super::BookingError;
use crate::Error;

pub(super) enum Apart<E> {
    Booking(BookingError),
    Other(E),
}

impl<E> From<BookingError> for Apart<E> {
    fn from(error: BookingError) -> Self {
        Self::Booking(error)
    }
}

impl<E> From<Error> for Apart<E> {
    fn from(error: Error) -> Self {
        Self::Booking(error.into())
    }
}

impl<E: From<BookingError>> Apart<E> {
    pub fn joined(self) -> E {
        match self {
            Self::Booking(error) => error.into(),
            Self::Other(error) => error,
        }
    }
}
