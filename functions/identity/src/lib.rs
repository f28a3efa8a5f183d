//! Who a person is: sign-up, sign-in by password, code or Firebase, sessions, proofs of address and number, and the
//! keys that access tokens are checked with.

pub mod change_admin_password;
pub mod change_password;
pub mod check_username;
mod codes_checked;
pub mod confirm_contact_change;
pub mod delete_own_account;
mod email_link;
pub mod end_all_sessions;
pub mod end_session;
mod envelope;
pub mod forgot_password;
pub mod get_own_account;
pub mod get_public_keys;
mod guessing;
pub mod list_sessions;
pub mod log_in;
pub mod log_out;
mod new_password;
mod opening;
mod phone_accounts;
pub mod refresh_session;
pub mod register;
mod registration;
pub mod resend_verification;
pub mod reset_password;
pub mod send_code;
mod sending;
pub mod sign_in_with_firebase;
pub mod sign_up;
pub mod start_contact_change;
pub mod verify_code;
pub mod verify_email;
pub mod verify_email_code;

runtime::area!(
    "identity",
    endpoints: [
        sign_up::SignUp,
        register::Register,
        log_in::LogIn,
        send_code::SendCode,
        verify_code::VerifyCode,
        sign_in_with_firebase::SignInWithFirebase,
        refresh_session::RefreshSession,
        log_out::LogOut,
        list_sessions::ListSessions,
        end_session::EndSession,
        end_all_sessions::EndAllSessions,
        get_own_account::GetOwnAccount,
        delete_own_account::DeleteOwnAccount,
        verify_email::VerifyEmail,
        verify_email_code::VerifyEmailCode,
        resend_verification::ResendVerification,
        forgot_password::ForgotPassword,
        reset_password::ResetPassword,
        change_password::ChangePassword,
        change_admin_password::ChangeAdminPassword,
        start_contact_change::StartContactChange,
        confirm_contact_change::ConfirmContactChange,
        check_username::CheckUsername,
        get_public_keys::GetPublicKeys,
    ],
    workers: [],
);
