//! Vital signs from devices and by hand: what people measure, and when somebody must be told of it.

mod access;
pub mod add_vital_readings;
mod alert_answer;
pub mod answer_vital_alert;
mod chart;
mod device_answer;
pub mod get_vital_series;
pub mod get_vital_settings;
pub mod get_vitals_chart;
mod intake;
pub mod list_quarantined_readings;
pub mod list_recent_vitals;
pub mod list_vital_alerts;
pub mod list_vital_devices;
mod metric;
mod paging;
pub mod query_vitals;
pub mod register_vital_device;
pub mod renew_vital_device_token;
pub mod revoke_vital_device;
mod rows;
mod series;
pub mod set_vital_settings;
mod settings_answer;
mod settings_form;
pub mod take_device_readings;
pub mod watch_vitals;

runtime::area!(
    "vitals",
    endpoints: [
        register_vital_device::RegisterVitalDevice,
        list_vital_devices::ListVitalDevices,
        renew_vital_device_token::RenewVitalDeviceToken,
        revoke_vital_device::RevokeVitalDevice,
        take_device_readings::TakeDeviceReadings,
        add_vital_readings::AddVitalReadings,
        list_recent_vitals::ListRecentVitals,
        query_vitals::QueryVitals,
        get_vital_series::GetVitalSeries,
        get_vitals_chart::GetVitalsChart,
        list_quarantined_readings::ListQuarantinedReadings,
        list_vital_alerts::ListVitalAlerts,
        answer_vital_alert::AnswerVitalAlert,
        get_vital_settings::GetVitalSettings,
        set_vital_settings::SetVitalSettings,
    ],
    workers: [watch_vitals::WatchVitals],
);
