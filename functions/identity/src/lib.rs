//! Who a person is: sign-up, log-in, and the keys that access tokens are checked with.

pub mod get_public_keys;
pub mod log_in;
pub mod sign_up;

runtime::area!(
    "identity",
    endpoints: [sign_up::SignUp, log_in::LogIn, get_public_keys::GetPublicKeys],
    workers: [],
);
