//! Who people are to one another and to the product: profiles and pictures, patients and doctors, families, and what
//! admins do with users.

pub mod accept_family_link;
pub mod add_evidence;
pub mod change_user_role;
pub mod delete_user;
pub mod end_family_link;
pub mod find_doctors;
pub mod get_application;
pub mod get_dashboard;
pub mod get_family_profile;
pub mod get_own_picture;
pub mod get_own_profile;
pub mod get_own_verification;
pub mod get_patient_profile;
pub mod get_user;
pub mod grant_access;
pub mod link_family_member;
pub mod list_activity;
pub mod list_applications;
pub mod list_family;
pub mod list_users;
mod needs;
mod own_change;
mod own_link;
mod patient_profile;
mod picture_change;
mod profile;
pub mod remove_own_picture;
pub mod revoke_grant;
pub mod set_own_picture;
pub mod set_user_password;
pub mod suspend_user;
mod suspension;
mod target;
pub mod unsuspend_user;
pub mod update_doctor_profile;
pub mod update_own_profile;
pub mod update_patient_profile;
pub mod verify_doctor;
mod views;
mod window;

runtime::area!(
    "people",
    endpoints: [
        get_own_profile::GetOwnProfile,
        update_own_profile::UpdateOwnProfile,
        set_own_picture::SetOwnPicture,
        remove_own_picture::RemoveOwnPicture,
        get_own_picture::GetOwnPicture,
        get_patient_profile::GetPatientProfile,
        update_patient_profile::UpdatePatientProfile,
        update_doctor_profile::UpdateDoctorProfile,
        add_evidence::AddEvidence,
        get_own_verification::GetOwnVerification,
        find_doctors::FindDoctors,
        link_family_member::LinkFamilyMember,
        list_family::ListFamily,
        accept_family_link::AcceptFamilyLink,
        end_family_link::EndFamilyLink,
        grant_access::GrantAccess,
        revoke_grant::RevokeGrant,
        get_family_profile::GetFamilyProfile,
        list_users::ListUsers,
        get_user::GetUser,
        change_user_role::ChangeUserRole,
        set_user_password::SetUserPassword,
        delete_user::DeleteUser,
        suspend_user::SuspendUser,
        unsuspend_user::UnsuspendUser,
        verify_doctor::VerifyDoctor,
        list_applications::ListApplications,
        get_application::GetApplication,
        get_dashboard::GetDashboard,
        list_activity::ListActivity,
    ],
    workers: [],
);
