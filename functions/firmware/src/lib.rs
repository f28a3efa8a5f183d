//! Firmware over the air: operators publish images, devices ask what they should run, fetch it and say how it went.

mod asker;
mod campaign;
pub mod change_rollout;
mod device_answer;
pub mod download_firmware;
pub mod enroll_device;
pub mod get_enrolled_device;
pub mod get_firmware_upload;
pub mod get_latest_firmware;
pub mod get_manifest_key;
mod hearing;
pub mod list_firmware_devices;
pub mod list_releases;
pub mod list_update_reports;
mod metadata;
pub mod publish_firmware;
mod publishing;
mod release_answer;
pub mod renew_device_token;
pub mod report_update;
pub mod revoke_device;
mod signing;
pub mod start_firmware_upload;
pub mod upload_firmware;
mod wanted;
pub mod watch_rollouts;

runtime::area!(
    "firmware",
    endpoints: [
        get_latest_firmware::GetLatestFirmware,
        download_firmware::DownloadFirmware,
        get_manifest_key::GetManifestKey,
        upload_firmware::UploadFirmware,
        start_firmware_upload::StartFirmwareUpload,
        get_firmware_upload::GetFirmwareUpload,
        report_update::ReportUpdate,
        list_update_reports::ListUpdateReports,
        list_releases::ListReleases,
        change_rollout::ChangeRollout,
        enroll_device::EnrollDevice,
        list_firmware_devices::ListFirmwareDevices,
        get_enrolled_device::GetEnrolledDevice,
        renew_device_token::RenewDeviceToken,
        revoke_device::RevokeDevice,
    ],
    workers: [publish_firmware::PublishFirmware, watch_rollouts::WatchRollouts],
);
