//! How people are told things, and what else follows a change: the errands of the outbox.

pub mod run_errand;

runtime::area!("notifications", endpoints: [], workers: [run_errand::RunErrand]);
