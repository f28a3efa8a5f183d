//! Appointments: when doctors may be booked, what takes whose time, and how a visit goes from a wish to its end.
//!
//! Rules are kept as they are said, by the clock on the doctor's wall, with the zone of that wall; what is booked is kept
//! as a moment. So a doctor who moves to another zone moves their hours, and no appointment.
//!
//! [`availability`]: what a doctor says; [`hours`]: which moments that means; [`occupancy`]: what is taken; [`free`]: what is
//! left; [`appointment`]: a visit and its states; [`waiting`]: who would take what becomes free.

pub mod appointment;
pub mod availability;
pub mod clock_time;
pub mod free;
pub mod hours;
pub mod occupancy;
mod refused;
pub mod view;
pub mod visit;
pub mod waiting;
pub mod zone;

pub use refused::SchedulingRefused;
