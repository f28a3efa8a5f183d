//! Why stock does not move, and why nothing is set apart.

use serde_json::{Map, Value, json};

use super::reservation::Status;
use crate::refusal::{FieldError, Kind, Refusal};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PharmacyRefused {
    #[error("{0} {1}")]
    Invalid(&'static str, &'static str),
    #[error("Pharmacy not found")]
    NotFound,
    #[error("The pharmacy has changed")]
    Changed { version: u64 },
    #[error("Medicine not found")]
    NoMedicine,
    #[error("Lot not found")]
    NoLot,
    /// Of what is free, neither expired nor recalled.
    #[error("There is not enough in stock")]
    NotEnough { available: u64 },
    #[error("The lot has expired")]
    LotExpired,
    #[error("The lot was recalled")]
    LotRecalled,
    #[error("The packs without a lot number that are there have expired. Discard them first.")]
    ExpiredPacksFirst,
    #[error("The lot is known with another expiry date")]
    LotDiffers,
    /// Since the version that the count was made over.
    #[error("The stock has changed since it was counted")]
    StockChanged { version: u64 },
    #[error("More is reserved than was counted")]
    HeldExceedsCount { held: u64 },
    #[error("A medicine can have 60 lots at a pharmacy")]
    TooManyLots,
    #[error("This is too much for one movement")]
    TooMuchAtOnce,
    #[error("There is another movement under this id")]
    MovementTaken,
    #[error("Reservation not found")]
    NoReservation,
    #[error("The reservation is {} already", .status.word())]
    ReservationOver { status: Status },
    #[error("Prescription not found")]
    NoPrescription,
    #[error("The prescription holds no more")]
    PrescriptionOver,
    #[error("The prescription names this medicine no more, or less of it")]
    PrescriptionChanged,
    #[error("All of this prescription has been reserved or given out")]
    NoFillsLeft,
    #[error("This medicine is reserved already")]
    ReservedAlready,
    #[error("At most 10 medicines can be reserved at once")]
    TooManyReserved,
    /// Of prescriptions that no doctor has signed here.
    #[error("At most 3 medicines can be reserved at once whose prescription was not signed here")]
    TooManyUnsigned,
    #[error("No open pharmacy within reach has it in stock")]
    NowhereInStock,
    /// No doctor has signed it here.
    #[error("Look at the prescription on paper first, and say so by paper_seen")]
    PaperNeeded,
    #[error("Only verified doctors can do this")]
    VerifiedOnly,
    #[error("Only the pharmacy can do this")]
    OnlyPharmacy,
    /// However often it was tried.
    #[error("Others are changing this stock at this very moment. Please try again.")]
    Busy,
}

impl Refusal for PharmacyRefused {
    fn kind(&self) -> Kind {
        match self {
            PharmacyRefused::Invalid(..) | PharmacyRefused::TooMuchAtOnce => Kind::Invalid,
            PharmacyRefused::NotFound
            | PharmacyRefused::NoMedicine
            | PharmacyRefused::NoLot
            | PharmacyRefused::NoReservation
            | PharmacyRefused::NoPrescription => Kind::NotFound,
            PharmacyRefused::VerifiedOnly | PharmacyRefused::OnlyPharmacy => Kind::Forbidden,
            _ => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            PharmacyRefused::Invalid(..) | PharmacyRefused::TooMuchAtOnce => "validation_error",
            PharmacyRefused::NotFound => "pharmacy_not_found",
            PharmacyRefused::Changed { .. } => "changed_meanwhile",
            PharmacyRefused::NoMedicine => "medicine_not_found",
            PharmacyRefused::NoLot => "lot_not_found",
            PharmacyRefused::NotEnough { .. } => "not_enough_in_stock",
            PharmacyRefused::LotExpired => "lot_expired",
            PharmacyRefused::LotRecalled => "lot_recalled",
            PharmacyRefused::ExpiredPacksFirst => "expired_packs_first",
            PharmacyRefused::LotDiffers => "lot_differs",
            PharmacyRefused::StockChanged { .. } => "stock_changed",
            PharmacyRefused::HeldExceedsCount { .. } => "held_exceeds_count",
            PharmacyRefused::TooManyLots => "lots_too_many",
            PharmacyRefused::MovementTaken => "movement_id_taken",
            PharmacyRefused::NoReservation => "reservation_not_found",
            PharmacyRefused::ReservationOver { .. } => "reservation_over",
            PharmacyRefused::NoPrescription => "prescription_not_found",
            PharmacyRefused::PrescriptionOver => "prescription_over",
            PharmacyRefused::PrescriptionChanged => "prescription_changed",
            PharmacyRefused::NoFillsLeft => "no_fills_left",
            PharmacyRefused::ReservedAlready => "reserved_already",
            PharmacyRefused::TooManyReserved => "reservations_too_many",
            PharmacyRefused::TooManyUnsigned => "unsigned_reservations_too_many",
            PharmacyRefused::NowhereInStock => "nowhere_in_stock",
            PharmacyRefused::PaperNeeded => "paper_needed",
            PharmacyRefused::VerifiedOnly => "verified_doctors_only",
            PharmacyRefused::OnlyPharmacy => "pharmacy_only",
            PharmacyRefused::Busy => "busy",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            PharmacyRefused::Invalid(field, rule) => vec![FieldError::new("body", field, "invalid", rule)],
            PharmacyRefused::TooMuchAtOnce => vec![FieldError::new("body", "lines", "invalid", self)],
            _ => Vec::new(),
        }
    }

    fn members(&self) -> Map<String, Value> {
        let member = match self {
            PharmacyRefused::Changed { version } | PharmacyRefused::StockChanged { version } => ("version", version),
            PharmacyRefused::NotEnough { available } => ("available", available),
            PharmacyRefused::HeldExceedsCount { held } => ("held", held),
            _ => return Map::new(),
        };
        Map::from_iter([(member.0.to_owned(), json!(member.1))])
    }
}
