pub mod cloud;
pub mod event_sources;
pub mod inbox;
