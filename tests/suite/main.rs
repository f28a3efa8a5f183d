//! Everything that is tested through the running product, in one binary.

mod api;
mod cloud;
mod contract;
