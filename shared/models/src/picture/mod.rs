//! A picture as it came in, made safe: right format, bounded size, complete, upright, without metadata.

mod average;
mod format;
mod jpeg;
mod refusal;
mod resample;
mod sharpness;
#[cfg(test)]
mod tests;

use crate::face::PixelBox;
use average::averaged;
use format::Format;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use resample::resample;
use std::io::Cursor;

/// More pixels than any phone takes, and few enough to decode in a small Lambda.
pub const MAX_PIXELS: u64 = 50_000_000;
/// No side may be longer, whatever the other one is.
pub const MAX_SIDE: u32 = 16_384;
/// Memory that decoding may take: RGBA at the most pixels fits, 16 bits a channel do not.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// An upright RGB picture. Its `Debug` shows the size only: pictures of patients stay out of logs.
#[derive(Clone)]
pub struct Picture(RgbImage);

/// Why bytes are not a picture that we take.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is not a JPEG, PNG or WebP picture")]
    Unsupported,
    #[error("the picture has {width} × {height} pixels, more than we take")]
    TooManyPixels { width: u32, height: u32 },
    #[error("the picture needs too much memory to decode")]
    TooMuchMemory,
    #[error("the picture ends too early: the upload was probably cut off")]
    Truncated,
    #[error("the picture is damaged and cannot be read")]
    Unreadable(#[source] image::ImageError),
    #[error("the picture could not be written as JPEG")]
    Unwritable(#[source] image::ImageError),
}

impl Picture {
    /// Judges by the bytes, never by a name or declared type; sizes are checked before memory is taken.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        let format = Format::of(bytes)?;
        // Memory is limited from the first byte on; sides only below, so that the refusal can name them.
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(MAX_BYTES);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format.codec());
        reader.limits(limits.clone());
        let mut decoder = reader.into_decoder().map_err(unreadable)?;
        let (width, height) = decoder.dimensions();
        if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(PictureError::TooManyPixels { width, height });
        }
        if format == Format::Jpeg {
            jpeg::is_complete(bytes)?;
        }
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.reserve(decoder.total_bytes()).map_err(unreadable)?;
        decoder.set_limits(limits).map_err(unreadable)?;
        let orientation = decoder.orientation().map_err(unreadable)?;
        let mut upright = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
        upright.apply_orientation(orientation);
        Ok(Self(upright.into_rgb8()))
    }

    /// A picture of pixels that are already there, as a test or an example makes them.
    #[must_use]
    pub fn from_pixels(pixels: RgbImage) -> Option<Self> {
        (pixels.width() > 0 && pixels.height() > 0).then_some(Self(pixels))
    }

    #[must_use]
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    #[must_use]
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// The same picture with no side longer than `max_side` pixels; never larger than it was.
    #[must_use]
    pub fn shrink(&self, max_side: u32) -> Self {
        self.smaller(max_side).map_or_else(|| self.clone(), Self)
    }

    /// JPEG of the upright pixels alone, shrunk to `max_side`: no EXIF, no position, no thumbnail.
    /// `quality` is 1 to 100.
    pub fn to_jpeg(&self, max_side: u32, quality: u8) -> Result<Vec<u8>, PictureError> {
        let mut file = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut file, quality.clamp(1, 100));
        let smaller = self.smaller(max_side);
        let pixels = smaller.as_ref().unwrap_or(&self.0);
        pixels.write_with_encoder(encoder).map_err(PictureError::Unwritable)?;
        Ok(file)
    }

    /// The box of the whole picture.
    #[must_use]
    pub fn whole(&self) -> PixelBox {
        PixelBox {
            left: 0,
            top: 0,
            right: self.width(),
            bottom: self.height(),
        }
    }

    /// A part of the picture at another size, smoothly; proportions are the caller's concern.
    pub(crate) fn resized(&self, part: PixelBox, width: u32, height: u32) -> RgbImage {
        let (wide, high) = (part.right - part.left, part.bottom - part.top);
        // Smooth filters read every pixel many times; a coarse step first keeps 12 megapixels quick.
        if wide >= width * 4 && high >= height * 4 {
            let coarse = Self(averaged(&self.0, part, width * 2, height * 2));
            return resample(&coarse.0, coarse.whole(), width, height);
        }
        resample(&self.0, part, width, height)
    }

    /// Shrunk pixels, or none if they fit already.
    fn smaller(&self, max_side: u32) -> Option<RgbImage> {
        let (width, height) = self.0.dimensions();
        let longest = width.max(height);
        if longest <= max_side {
            return None;
        }
        let scaled = |side: u32| {
            let exact = (u64::from(side) * u64::from(max_side) + u64::from(longest) / 2) / u64::from(longest);
            u32::try_from(exact).unwrap_or(max_side).max(1)
        };
        let (wide, high) = (scaled(width), scaled(height));
        // Averaging is ten times as fast as a smooth filter, and as good where much is averaged.
        Some(if u64::from(longest) * 2 >= u64::from(max_side) * 3 {
            averaged(&self.0, self.whole(), wide, high)
        } else {
            resample(&self.0, self.whole(), wide, high)
        })
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} × {}, [redacted])", self.width(), self.height())
    }
}

/// Names what a codec complains about.
fn unreadable(error: image::ImageError) -> PictureError {
    match error {
        image::ImageError::Limits(_) => PictureError::TooMuchMemory,
        image::ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => PictureError::Truncated,
        other => PictureError::Unreadable(other),
    }
}
