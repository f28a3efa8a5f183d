//! Who people are to one another and to the product: their profiles.

pub mod get_own_profile;
mod profile;

runtime::area!("people", endpoints: [get_own_profile::GetOwnProfile], workers: []);
