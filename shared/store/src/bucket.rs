//! The S3 buckets. Both the local product and `template.yaml` are made from this list.
//!
//! All are private, encrypted, and refuse plain HTTP.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// Pictures of people, cleaned of metadata.
    Images,
    /// Files as clients sent them past the API; removed after a day.
    Uploads,
}

impl Bucket {
    pub const ALL: [Bucket; 2] = [Bucket::Images, Bucket::Uploads];

    pub fn name(self) -> &'static str {
        match self {
            Bucket::Images => "images",
            Bucket::Uploads => "uploads",
        }
    }

    /// After how many days objects go by themselves.
    pub fn expiry_days(self) -> Option<u32> {
        match self {
            Bucket::Images => None,
            Bucket::Uploads => Some(1),
        }
    }

    /// Whether browsers put files into it directly.
    pub fn takes_browser_uploads(self) -> bool {
        matches!(self, Bucket::Uploads)
    }
}

/// What a function does with the objects of a bucket; also what it is allowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectAction {
    Get,
    Put,
    Delete,
}

impl ObjectAction {
    pub fn iam(self) -> &'static str {
        match self {
            ObjectAction::Get => "s3:GetObject",
            ObjectAction::Put => "s3:PutObject",
            ObjectAction::Delete => "s3:DeleteObject",
        }
    }
}
