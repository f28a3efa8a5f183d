//! A device as ESP-IDF makes it: what it cannot do matters as much as what it does.
//!
//! Its request line must fit in its buffer, it keeps its `Authorization` header wherever it is redirected to, it asks for
//! the rest of an image with `Range` after a cut, and it takes a 200 in place of a 206 for "begin anew". Beyond the stock
//! client it checks the signed manifest before it fetches anything, and the SHA-256 before it boots.

use domain::firmware::manifest::{Manifest, ManifestKey};
use domain::firmware::version::compare;
use domain::firmware::{FirmwareVersion, Hardware};
use reqwest::header::{CONTENT_LENGTH, LOCATION, RANGE};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// `buffer_size_tx` of a stock build.
const BUFFER: usize = 512;
const MOST_REDIRECTS: u32 = 10;
/// A build with partial download fetches so much at once.
pub const PART: u64 = 65_536;
/// Before this much has come, a device cannot judge what it gets and begins anew.
const RESUMES_FROM: usize = 1024;

pub struct Device {
    http: Client,
    url: String,
    pub label: String,
    /// Of a registered device.
    pub token: Option<String>,
    /// The slot that it runs from.
    pub partition: &'static str,
    pub running: FirmwareVersion,
    pub hardware: Hardware,
    /// Burned in when the firmware was built.
    pub key: ManifestKey,
    /// Kept on every request, and across redirects.
    pub authorization: Option<String>,
    pub buffer: usize,
    /// The slot that the next image goes to.
    pub slot: Vec<u8>,
}

/// What a device was told to run.
#[derive(Debug, Clone)]
pub struct Offer {
    pub version: FirmwareVersion,
    pub url: String,
    pub download_url: String,
    pub manifest: Manifest,
}

/// Why an update ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    #[error("out of buffer")]
    OutOfBuffer,
    #[error("status {0}")]
    Status(u16),
    #[error("the connection was cut")]
    Cut,
    #[error("the manifest is not signed by our key")]
    NotSigned,
    #[error("the image is not for this device: {0}")]
    NotForUs(&'static str),
    #[error("the image is not what the manifest says")]
    WrongImage,
}

impl Device {
    pub fn new(url: &str, label: &str, running: &str, key: ManifestKey) -> Self {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("ESP32 HTTP Client/1.0")
            .build()
            .expect("a client");
        Self {
            http,
            url: url.to_owned(),
            label: label.to_owned(),
            token: None,
            partition: "ota_0",
            running: running.parse().expect("a version"),
            hardware: Hardware::default(),
            key,
            authorization: None,
            buffer: BUFFER,
            slot: Vec::new(),
        }
    }

    /// Asks what to run; none where that is what runs already. The offer is checked before it is believed.
    pub async fn check(&self) -> Result<Option<Offer>, UpdateError> {
        let url = format!("{}/api/firmware/latest", self.url);
        let says = [
            ("X-Running-Version", self.running.as_str()),
            ("X-Running-Partition", self.partition),
        ];
        let response = self.send(Method::GET, &url, &says).await?;
        if response.status() != StatusCode::OK {
            return Err(UpdateError::Status(response.status().as_u16()));
        }
        let latest: Value = response.json().await.map_err(|_| UpdateError::Cut)?;
        let offer = self.read(&latest)?;
        Ok((offer.version != self.running).then_some(offer))
    }

    /// What `latest` said, if it is signed and for this device.
    pub fn read(&self, latest: &Value) -> Result<Offer, UpdateError> {
        let text = |member: &str| latest[member].as_str().unwrap_or_default();
        let manifest = self.key.verify(text("manifest"), text("manifest_signature"));
        let manifest = manifest.map_err(|_| UpdateError::NotSigned)?;
        if manifest.hardware != self.hardware {
            return Err(UpdateError::NotForUs("other hardware"));
        }
        let is_below = |one: &FirmwareVersion, other: &FirmwareVersion| compare((one, 0), (other, 0)).is_lt();
        if is_below(&manifest.version, &self.running) {
            let may_go_back = manifest.downgrade_from.as_ref();
            if may_go_back.is_none_or(|from| *from != self.running) {
                return Err(UpdateError::NotForUs("a lower version"));
            }
        }
        if manifest
            .min_version
            .as_ref()
            .is_some_and(|least| is_below(&self.running, least))
        {
            return Err(UpdateError::NotForUs("another version must come between"));
        }
        Ok(Offer {
            version: manifest.version.clone(),
            url: text("url").to_owned(),
            download_url: text("download_url").to_owned(),
            manifest,
        })
    }

    /// Fetches what is missing in the slot, until all is there or the connection is cut after so many bytes.
    pub async fn fetch(&mut self, url: &str, cut_after: Option<usize>) -> Result<(), UpdateError> {
        if self.slot.len() < RESUMES_FROM {
            self.slot.clear();
        }
        let range = (!self.slot.is_empty()).then(|| format!("bytes={}-", self.slot.len()));
        let mut response = self.follow(Method::GET, url, range.as_deref()).await?;
        match response.status() {
            StatusCode::OK => self.slot.clear(),
            StatusCode::PARTIAL_CONTENT => {}
            other => return Err(UpdateError::Status(other.as_u16())),
        }
        let mut left = cut_after.unwrap_or(usize::MAX);
        while let Some(chunk) = response.chunk().await.map_err(|_| UpdateError::Cut)? {
            let taken = chunk.len().min(left);
            self.slot.extend(&chunk[..taken]);
            left -= taken;
            if left == 0 {
                return Err(UpdateError::Cut);
            }
        }
        Ok(())
    }

    /// As a build with partial download does it: asks for the length first, then for one part after the other. Parts
    /// may come shorter than they were asked for.
    pub async fn fetch_in_parts(&mut self, url: &str) -> Result<(), UpdateError> {
        let head = self.follow(Method::HEAD, url, None).await?;
        if head.status() != StatusCode::OK {
            return Err(UpdateError::Status(head.status().as_u16()));
        }
        let length = head.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        let length: u64 = length
            .and_then(|text| text.parse().ok())
            .ok_or(UpdateError::Status(200))?;
        self.slot.clear();
        while (self.slot.len() as u64) < length {
            let first = self.slot.len() as u64;
            let range = format!("bytes={first}-{}", (first + PART).min(length) - 1);
            let part = self.follow(Method::GET, url, Some(&range)).await?;
            if part.status() != StatusCode::PARTIAL_CONTENT {
                return Err(UpdateError::Status(part.status().as_u16()));
            }
            self.slot.extend(part.bytes().await.map_err(|_| UpdateError::Cut)?);
        }
        Ok(())
    }

    /// Boots what is in the slot, if it is what was signed.
    pub fn install(&mut self, offer: &Offer) -> Result<(), UpdateError> {
        let is_whole = self.slot.len() as u64 == offer.manifest.size;
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&self.slot));
        if !is_whole || digest != offer.manifest.sha256 {
            return Err(UpdateError::WrongImage);
        }
        self.running = offer.version.clone();
        self.partition = if self.partition == "ota_0" { "ota_1" } else { "ota_0" };
        self.slot.clear();
        Ok(())
    }

    /// Tells how it went; what came of telling is of no use to a device.
    pub async fn report(&self, version: &FirmwareVersion, status: &str) -> Result<StatusCode, UpdateError> {
        let url = format!("{}/api/firmware/report", self.url);
        let body = json!({
            "device_id": self.label, "firmware_version": version, "status": status,
            "running_version": self.running, "partition": self.partition,
        });
        let mut request = self.http.post(url).json(&body);
        if let Some(token) = &self.token {
            request = request.header("X-Device-Token", token);
        }
        Ok(request.send().await.map_err(|_| UpdateError::Cut)?.status())
    }

    async fn follow(&self, method: Method, url: &str, range: Option<&str>) -> Result<Response, UpdateError> {
        let mut url = url.to_owned();
        for _ in 0..=MOST_REDIRECTS {
            let range: Vec<_> = range.map(|range| (RANGE.as_str(), range)).into_iter().collect();
            let response = self.send(method.clone(), &url, &range).await?;
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            match location {
                Some(location) if response.status().is_redirection() => url = location.to_owned(),
                _ => return Ok(response),
            }
        }
        Err(UpdateError::Status(302))
    }

    async fn send(&self, method: Method, url: &str, headers: &[(&str, &str)]) -> Result<Response, UpdateError> {
        if request_line(&method, url) > self.buffer {
            return Err(UpdateError::OutOfBuffer);
        }
        let mut request = self.http.request(method, url).header("X-Device-Id", &self.label);
        if let Some(token) = &self.token {
            request = request.header("X-Device-Token", token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        request.send().await.map_err(|_| UpdateError::Cut)
    }
}

/// How long the first line of a request is.
pub fn request_line(method: &Method, url: &str) -> usize {
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    format!("{method} /{path} HTTP/1.1\r\n").len()
}
