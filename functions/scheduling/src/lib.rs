//! Appointments: when doctors may be booked, booking, what becomes of a visit, and waiting for a time.

mod access;
mod availability_answer;
pub mod book_appointment;
mod booking;
pub mod change_appointment_status;
pub mod expire_holds;
mod free_time_answer;
pub mod get_appointment;
pub mod get_own_availability;
pub mod join_waitlist;
pub mod leave_waitlist;
pub mod list_appointments;
pub mod list_doctor_appointments;
pub mod list_free_times;
pub mod list_own_slots;
pub mod list_patient_appointments;
pub mod list_waitlist;
mod listing;
mod needs;
pub mod offer_slot;
pub mod offer_slots;
pub mod request_appointment;
pub mod reschedule_appointment;
pub mod send_reminders;
pub mod set_own_availability;
mod slot_answer;
mod waiting_answer;
pub mod withdraw_slot;

runtime::area!(
    "scheduling",
    endpoints: [
        offer_slot::OfferSlot,
        list_own_slots::ListOwnSlots,
        offer_slots::OfferSlots,
        withdraw_slot::WithdrawSlot,
        get_own_availability::GetOwnAvailability,
        set_own_availability::SetOwnAvailability,
        list_free_times::ListFreeTimes,
        request_appointment::RequestAppointment,
        book_appointment::BookAppointment,
        list_patient_appointments::ListPatientAppointments,
        list_doctor_appointments::ListDoctorAppointments,
        list_appointments::ListAppointments,
        get_appointment::GetAppointment,
        change_appointment_status::ChangeAppointmentStatus,
        reschedule_appointment::RescheduleAppointment,
        join_waitlist::JoinWaitlist,
        list_waitlist::ListWaitlist,
        leave_waitlist::LeaveWaitlist,
    ],
    workers: [
        expire_holds::ExpireHolds,
        send_reminders::SendReminders,
    ],
);
