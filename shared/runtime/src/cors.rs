//! What pages of other origins may do. API Gateway answers preflights itself, from the template's copy of this; the
//! local product does the same. Never `*` with credentials.

pub const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

pub const REQUEST_HEADERS: [&str; 6] = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "Range",
    "X-Consultation-Session",
];

pub const EXPOSED_HEADERS: [&str; 15] = [
    "X-Firmware-Version",
    "X-Firmware-Checksum",
    "X-Firmware-Size",
    "X-Process-Time",
    "X-Request-Id",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "RateLimit-Policy",
    "ETag",
    "Content-Range",
    "Link",
    "Idempotency-Replayed",
    "X-List-Cut-Off",
];

/// How long a browser may remember the answer to a preflight.
pub const MAX_AGE_SECONDS: u32 = 600;
