//! Consultations: calls of a doctor and a patient, with what browsers need to find one another, what is written in them,
//! a waiting room, guests, and tokens for video channels, also of appointments.

mod access;
pub mod admit_to_consultation;
mod appointment_video;
pub mod cancel_consultation;
mod consultation_answer;
pub mod create_consultation;
pub mod end_consultation;
pub mod get_appointment_token;
pub mod get_consultation;
pub mod get_video_token;
mod ice_servers;
pub mod invite_guest;
pub mod join_as_guest;
pub mod join_consultation;
pub mod list_call_messages;
pub mod list_consultations;
pub mod list_signals;
mod message_answer;
pub mod revoke_invite;
pub mod send_call_message;
pub mod send_signal;
mod signal_answer;
mod signalling;
pub mod take_call_message;
mod telling;
mod video_channel;

runtime::area!(
    "consultations",
    endpoints: [
        create_consultation::CreateConsultation,
        list_consultations::ListConsultations,
        get_consultation::GetConsultation,
        join_consultation::JoinConsultation,
        end_consultation::EndConsultation,
        cancel_consultation::CancelConsultation,
        admit_to_consultation::AdmitToConsultation,
        send_signal::SendSignal,
        list_signals::ListSignals,
        send_call_message::SendCallMessage,
        list_call_messages::ListCallMessages,
        invite_guest::InviteGuest,
        revoke_invite::RevokeInvite,
        join_as_guest::JoinAsGuest,
        get_video_token::GetVideoToken,
        get_appointment_token::GetAppointmentToken,
    ],
    workers: [],
    sockets: [take_call_message::TakeCallMessage],
);
