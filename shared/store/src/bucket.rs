//! The S3 buckets. Both the local product and `template.yaml` are made from this list.
//!
//! All are private, encrypted, and refuse plain HTTP.

use domain::export::ARCHIVE_LIFE_DAYS;
use domain::upload::PARTS_LIFE_DAYS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// Pictures of people, cleaned of metadata.
    Images,
    /// Documents of people, as they sent them.
    Documents,
    /// Files as clients sent them past the API; removed after a day.
    Uploads,
    /// Pieces of such files, until they are whole.
    Parts,
    /// Firmware images, kept for ever; and those on their way, removed after a day.
    Firmware,
    /// Archives of all that is kept of a patient, for them to fetch; removed after a week.
    Exports,
}

/// Where files lie in the firmware bucket that nobody has looked at yet.
pub(crate) const INCOMING: &str = "incoming/";

/// Objects that go by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// Only those whose keys begin so.
    pub prefix: &'static str,
    pub days: u32,
}

impl Bucket {
    pub const ALL: [Bucket; 6] = [
        Bucket::Images,
        Bucket::Documents,
        Bucket::Uploads,
        Bucket::Parts,
        Bucket::Firmware,
        Bucket::Exports,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Bucket::Images => "images",
            Bucket::Documents => "documents",
            Bucket::Uploads => "uploads",
            Bucket::Parts => "parts",
            Bucket::Firmware => "firmware",
            Bucket::Exports => "exports",
        }
    }

    pub fn expiry(self) -> Option<Expiry> {
        let (prefix, days) = match self {
            Bucket::Images | Bucket::Documents => return None,
            Bucket::Uploads => ("", 1),
            Bucket::Parts => ("", PARTS_LIFE_DAYS),
            Bucket::Firmware => (INCOMING, 1),
            Bucket::Exports => ("", ARCHIVE_LIFE_DAYS),
        };
        Some(Expiry { prefix, days })
    }

    /// What the keys begin with of those new objects that a worker is told of.
    pub fn watched_prefix(self) -> &'static str {
        match self {
            Bucket::Images | Bucket::Documents | Bucket::Uploads | Bucket::Parts | Bucket::Exports => "",
            Bucket::Firmware => INCOMING,
        }
    }

    /// What browsers are told to do with what they get from storage itself.
    pub(crate) fn disposition(self) -> Option<&'static str> {
        (self == Bucket::Documents).then_some("attachment")
    }

    /// What pages of other origins do with it directly, by signed addresses.
    pub fn browser_methods(self) -> &'static [&'static str] {
        match self {
            Bucket::Images => &[],
            // Those that are too large for an answer.
            Bucket::Documents => &["GET"],
            Bucket::Uploads | Bucket::Parts => &["PUT"],
            Bucket::Firmware => &["GET", "PUT"],
            Bucket::Exports => &["GET"],
        }
    }
}

/// What a function does with the objects of a bucket; also what it is allowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectAction {
    Get,
    Put,
    Delete,
    /// Giving up an object that is put in parts.
    Abort,
}

impl ObjectAction {
    pub fn iam(self) -> &'static str {
        match self {
            ObjectAction::Get => "s3:GetObject",
            ObjectAction::Put => "s3:PutObject",
            ObjectAction::Delete => "s3:DeleteObject",
            ObjectAction::Abort => "s3:AbortMultipartUpload",
        }
    }
}
