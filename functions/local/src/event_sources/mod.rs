//! What invokes the workers in the cloud, done by hand: object events, table streams, schedules.
