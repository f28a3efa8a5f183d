//! Firmware of devices, updated over the air: what an image is, which release a device should run, what is signed.
//!
//! A [`release::Release`] is published once and never changed; the [`head::Head`] of a hardware holds all that is needed
//! to decide for any device, so that a poll costs one read however many devices there are.
//! Start with [`image`] (what is accepted) and [`head::Head::choose`] (who gets what).

pub mod device;
pub mod download;
pub mod enrolled;
pub mod hardware;
pub mod head;
pub mod image;
pub mod manifest;
pub mod refused;
pub mod release;
pub mod report;
pub mod rollout;
pub mod update;
pub mod upload;
pub mod version;

pub use device::DeviceLabel;
pub use enrolled::EnrolledDevice;
pub use hardware::Hardware;
pub use head::Head;
pub use refused::FirmwareRefused;
pub use release::Release;
pub use rollout::{Rollout, RolloutState};
pub use version::FirmwareVersion;
