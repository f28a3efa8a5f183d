//! Pharmacies: what they have, by lot, where a medicine is to be had, and what is set apart for patients.

mod access;
pub mod change_reservation_status;
pub mod create_pharmacy;
pub mod get_pharmacy;
pub mod list_low_stock;
pub mod list_pharmacy_stock;
pub mod list_reservations;
pub mod list_stock_movements;
pub mod move_stock;
mod nearby;
mod needs;
mod pharmacy_answer;
pub mod recall_lot;
pub mod release_reservations;
mod reservation_answer;
pub mod reserve_medicine;
pub mod search_pharmacies;
pub mod set_pharmacy_stock;
mod stock_answer;
pub mod update_pharmacy;

runtime::area!(
    "pharmacies",
    endpoints: [
        create_pharmacy::CreatePharmacy,
        get_pharmacy::GetPharmacy,
        update_pharmacy::UpdatePharmacy,
        set_pharmacy_stock::SetPharmacyStock,
        list_pharmacy_stock::ListPharmacyStock,
        move_stock::MoveStock,
        list_stock_movements::ListStockMovements,
        recall_lot::RecallLot,
        search_pharmacies::SearchPharmacies,
        list_low_stock::ListLowStock,
        reserve_medicine::ReserveMedicine,
        list_reservations::ListReservations,
        change_reservation_status::ChangeReservationStatus,
    ],
    workers: [
        release_reservations::ReleaseReservations,
    ],
);
