//! Why firmware is not published, or not given out.

use crate::firmware::rollout::{LONGEST_MINUTES, MOST_WAVES};
use crate::firmware::{FirmwareVersion, Hardware, RolloutState};
use crate::refusal::{Kind, Refusal};

/// The largest image taken, whichever way it comes.
pub const LARGEST_IMAGE_BYTES: u64 = 10_485_760;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FirmwareRefused {
    #[error("No firmware available")]
    NoneAvailable,
    /// Also of a version that was taken back.
    #[error("Firmware file not found")]
    FileNotFound,
    #[error("Firmware upload not found")]
    UploadNotFound,
    #[error("Firmware version {0} already exists")]
    VersionExists(FirmwareVersion),
    #[error("The firmware is too large: at most {LARGEST_IMAGE_BYTES} bytes")]
    TooLarge,
    #[error("The file's name must end in .bin")]
    NotABinFile,
    #[error("The image is for {image}, not for {wanted}")]
    WrongChip { image: Hardware, wanted: Hardware },
    /// The text inside is a dotted number, so it says nothing unfit to be shown.
    #[error("The image says that it is version {inner}, not {given}")]
    VersionContradiction { inner: String, given: FirmwareVersion },
    #[error("The image's secure version {image} is below {published}, which devices have been given already")]
    SecureVersionTooLow { image: u32, published: u32 },
    #[error("Firmware version not found")]
    VersionNotFound,
    #[error("The rollout is {} and follows no plan", .0.word())]
    RolloutIsOver(RolloutState),
    #[error("The rollout is {}, and so cannot become {}", .is.word(), .to.word())]
    WrongRolloutState { is: RolloutState, to: RolloutState },
    #[error("The percent only goes up: it is {from} now")]
    PercentLowered { from: u8 },
    #[error(
        "Percents are 0 to 100 and rise from wave to wave, of which there are {MOST_WAVES} at the most; times are up to \
         {LONGEST_MINUTES} minutes, that of silence at least 1"
    )]
    PlanOutOfRange,
    #[error("After a halt another operator than the one who published must resume")]
    SecondOperatorNeeded,
    #[error("Too many rollouts are under way: take one back, or bring one to all devices")]
    TooManyRollouts,
    #[error("Device not found")]
    DeviceNotFound,
    #[error("A device of this name is registered already")]
    DeviceExists,
    #[error("The token is of another device")]
    AnotherDevice,
}

impl Refusal for FirmwareRefused {
    fn kind(&self) -> Kind {
        match self {
            FirmwareRefused::NoneAvailable
            | FirmwareRefused::FileNotFound
            | FirmwareRefused::UploadNotFound
            | FirmwareRefused::VersionNotFound
            | FirmwareRefused::DeviceNotFound => Kind::NotFound,
            FirmwareRefused::VersionExists(_)
            | FirmwareRefused::TooLarge
            | FirmwareRefused::NotABinFile
            | FirmwareRefused::WrongChip { .. }
            | FirmwareRefused::VersionContradiction { .. }
            | FirmwareRefused::SecureVersionTooLow { .. } => Kind::BadRequest,
            FirmwareRefused::RolloutIsOver(_)
            | FirmwareRefused::WrongRolloutState { .. }
            | FirmwareRefused::PercentLowered { .. }
            | FirmwareRefused::TooManyRollouts
            | FirmwareRefused::DeviceExists => Kind::Conflict,
            FirmwareRefused::PlanOutOfRange => Kind::Invalid,
            FirmwareRefused::SecondOperatorNeeded | FirmwareRefused::AnotherDevice => Kind::Forbidden,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            FirmwareRefused::NoneAvailable => "no_firmware_available",
            FirmwareRefused::FileNotFound => "firmware_not_found",
            FirmwareRefused::UploadNotFound => "firmware_upload_not_found",
            FirmwareRefused::VersionExists(_) => "firmware_version_exists",
            FirmwareRefused::TooLarge => "firmware_too_large",
            FirmwareRefused::NotABinFile => "not_a_bin_file",
            FirmwareRefused::WrongChip { .. } => "image_for_another_chip",
            FirmwareRefused::VersionContradiction { .. } => "image_version_contradicts",
            FirmwareRefused::SecureVersionTooLow { .. } => "image_secure_version_too_low",
            FirmwareRefused::VersionNotFound => "firmware_version_not_found",
            FirmwareRefused::RolloutIsOver(_) => "rollout_is_over",
            FirmwareRefused::WrongRolloutState { .. } => "wrong_rollout_state",
            FirmwareRefused::PercentLowered { .. } => "percent_lowered",
            FirmwareRefused::PlanOutOfRange => "plan_out_of_range",
            FirmwareRefused::SecondOperatorNeeded => "second_operator_needed",
            FirmwareRefused::TooManyRollouts => "too_many_rollouts",
            FirmwareRefused::DeviceNotFound => "device_not_found",
            FirmwareRefused::DeviceExists => "device_exists",
            FirmwareRefused::AnotherDevice => "another_device",
        }
    }
}
