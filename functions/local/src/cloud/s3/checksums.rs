//! Reads a body to its end and compares it with every digest its sender declared, in headers or trailers.

use bytes::{Bytes, BytesMut};
use data_encoding::{BASE64, HEXLOWER};
use futures_util::StreamExt;
use http::HeaderMap;
use md5::{Digest, Md5};
use s3s::checksum::ChecksumHasher;
use s3s::crypto::Checksum;
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3Result, TrailingHeaders, s3_error};
use serde::{Deserialize, Serialize};

/// Base64, by algorithm, as S3 writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksums {
    pub crc32: Option<String>,
    pub crc32c: Option<String>,
    pub crc64nvme: Option<String>,
    pub sha1: Option<String>,
    pub sha256: Option<String>,
}

/// The names in headers, trailers and the `ChecksumAlgorithm` parameter (there in capitals).
const ALGORITHMS: [&str; 5] = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

impl Checksums {
    pub fn get(&self, algorithm: &str) -> Option<&String> {
        match algorithm {
            "crc32" => self.crc32.as_ref(),
            "crc32c" => self.crc32c.as_ref(),
            "crc64nvme" => self.crc64nvme.as_ref(),
            "sha1" => self.sha1.as_ref(),
            "sha256" => self.sha256.as_ref(),
            _ => None,
        }
    }

    pub fn set(&mut self, algorithm: &str, value: String) {
        match algorithm {
            "crc32" => self.crc32 = Some(value),
            "crc32c" => self.crc32c = Some(value),
            "crc64nvme" => self.crc64nvme = Some(value),
            "sha1" => self.sha1 = Some(value),
            "sha256" => self.sha256 = Some(value),
            _ => {}
        }
    }

    /// One checksum of `content`.
    pub fn of(algorithm: &str, content: &[u8]) -> Self {
        let mut hasher = ChecksumHasher::default();
        match algorithm {
            "crc32" => hasher.crc32 = Some(Checksum::new()),
            "crc32c" => hasher.crc32c = Some(Checksum::new()),
            "crc64nvme" => hasher.crc64nvme = Some(Checksum::new()),
            "sha1" => hasher.sha1 = Some(Checksum::new()),
            "sha256" => hasher.sha256 = Some(Checksum::new()),
            _ => {}
        }
        hasher.update(content);
        let sums = hasher.finalize();
        Self {
            crc32: sums.checksum_crc32,
            crc32c: sums.checksum_crc32c,
            crc64nvme: sums.checksum_crc64nvme,
            sha1: sums.checksum_sha1,
            sha256: sums.checksum_sha256,
        }
    }
}

/// What the sender says the body is.
#[derive(Default)]
pub struct Declared {
    pub md5: Option<String>,
    pub checksums: Checksums,
}

/// Uploads of objects and of parts name their digests alike.
macro_rules! declared {
    ($input:expr) => {
        $crate::cloud::s3::checksums::Declared {
            md5: $input.content_md5.take(),
            checksums: $crate::cloud::s3::checksums::Checksums {
                crc32: $input.checksum_crc32.take(),
                crc32c: $input.checksum_crc32c.take(),
                crc64nvme: $input.checksum_crc64nvme.take(),
                sha1: $input.checksum_sha1.take(),
                sha256: $input.checksum_sha256.take(),
            },
        }
    };
}
pub(super) use declared;

/// A body that is what it was declared to be.
pub struct Received {
    pub content: Bytes,
    pub etag: String,
    pub checksums: Checksums,
}

/// Trailers exist only once the body was read, so they are looked at last.
pub async fn receive(
    body: Option<StreamingBlob>,
    declared: Declared,
    trailers: Option<TrailingHeaders>,
) -> S3Result<Received> {
    let content = drain(body).await?;
    let trailers = trailers.and_then(|trailers| trailers.take()).unwrap_or_default();
    let digest = Md5::digest(&content);
    check_md5(declared.md5.as_deref(), &digest)?;
    let checksums = check(&content, with_trailers(declared.checksums, &trailers))?;
    Ok(Received {
        etag: HEXLOWER.encode(&digest),
        checksums,
        content,
    })
}

async fn drain(body: Option<StreamingBlob>) -> S3Result<Bytes> {
    let mut content = BytesMut::new();
    if let Some(mut body) = body {
        while let Some(chunk) = body.next().await {
            content.extend_from_slice(&chunk.map_err(unreadable)?);
        }
    }
    Ok(content.freeze())
}

/// A body whose chunks are badly signed or that breaks off ends in an error of the stream.
fn unreadable(source: s3s::StdError) -> S3Error {
    match source.downcast::<S3Error>() {
        Ok(error) => *error,
        Err(source) => S3Error::with_source(s3s::S3ErrorCode::IncompleteBody, source),
    }
}

fn check_md5(declared: Option<&str>, digest: &[u8]) -> S3Result<()> {
    let Some(declared) = declared else {
        return Ok(());
    };
    match BASE64.decode(declared.as_bytes()) {
        Ok(md5) if md5.len() == 16 && md5 == digest => Ok(()),
        Ok(md5) if md5.len() == 16 => Err(s3_error!(
            BadDigest,
            "The Content-MD5 you specified did not match what we received."
        )),
        _ => Err(s3_error!(InvalidDigest, "The Content-MD5 you specified was invalid.")),
    }
}

fn with_trailers(mut declared: Checksums, trailers: &HeaderMap) -> Checksums {
    for algorithm in ALGORITHMS {
        let value = trailers
            .get(format!("x-amz-checksum-{algorithm}"))
            .and_then(|value| value.to_str().ok());
        if let Some(value) = value {
            declared.set(algorithm, value.to_owned());
        }
    }
    declared
}

/// Without a declared checksum S3 computes CRC-64/NVME for itself.
fn check(content: &[u8], declared: Checksums) -> S3Result<Checksums> {
    let mut any = false;
    for algorithm in ALGORITHMS {
        let Some(value) = declared.get(algorithm) else {
            continue;
        };
        any = true;
        if Checksums::of(algorithm, content).get(algorithm) != Some(value) {
            return Err(s3_error!(
                BadDigest,
                "The {algorithm} you specified did not match the calculated checksum."
            ));
        }
    }
    Ok(if any {
        declared
    } else {
        Checksums::of("crc64nvme", content)
    })
}
