//! Papers as they are photographed: told by what they are, never by what they are called. A picture is decoded and written
//! anew, upright and no larger than a page needs, so that nothing but the picture is kept: no place, no maker, nothing
//! behind its end. A PDF is kept as it is and only ever handed out as an attachment.

use crate::error::{Fault, Kind, Refusal, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// The longest side that is kept, in pixels: a page of A4 at some 250 dots to the inch.
const LONGEST: u32 = 3_000;
/// The longest side that is decoded at all.
const DECODED: u32 = 16_000;
/// Most bytes a picture may take while it is decoded.
const MEMORY: u64 = 256 * 1024 * 1024;
/// How finely it is written.
const QUALITY: u8 = 85;

/// A paper as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// `application/pdf` or `image/jpeg`.
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

/// Reads a paper. Slow: not for a thread that serves pages.
///
/// # Errors
/// It is none of the kinds that are taken, not whole, or too large to look at.
pub(crate) fn kept(bytes: &[u8]) -> Result<Kept> {
    if bytes.starts_with(b"%PDF-") {
        let tail = &bytes[bytes.len().saturating_sub(1024)..];
        let whole = tail.windows(5).any(|window| window == b"%%EOF");
        return match whole {
            true => Ok(Kept { kind: "application/pdf", bytes: bytes.to_vec() }),
            false => Err(not_taken().into()),
        };
    }
    let format = image::guess_format(bytes).ok();
    let format = format.filter(|f| matches!(f, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP));
    let picture = decoded(bytes, format.ok_or_else(not_taken)?).ok_or_else(not_taken)?;
    let mut out = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&on_white(picture));
    written.map_err(|e| Fault::Broken(e.to_string()))?;
    Ok(Kept { kind: "image/jpeg", bytes: out })
}

fn decoded(bytes: &[u8], format: ImageFormat) -> Option<DynamicImage> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(DECODED);
    limits.max_image_height = Some(DECODED);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    if decoder.total_bytes() > MEMORY {
        return None;
    }
    let upright = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(upright);
    let large = picture.width() > LONGEST || picture.height() > LONGEST;
    Some(if large { picture.thumbnail(LONGEST, LONGEST) } else { picture })
}

/// What shows through is white, as paper is.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let mut page = RgbImage::new(picture.width(), picture.height());
    for (to, from) in page.pixels_mut().zip(picture.pixels()) {
        let [r, g, b, a] = from.0.map(u32::from);
        let mix = |colour: u32| u8::try_from((colour * a + 255 * (255 - a)) / 255).unwrap_or(u8::MAX);
        to.0 = [mix(r), mix(g), mix(b)];
    }
    page
}

fn not_taken() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "file_kind",
        "这个文件不是照片也不是 PDF，或者没有传完。",
        "This file is neither a photograph nor a PDF, or not all of it arrived.",
    )
    .next(
        "请用手机重新拍照上传，或选一个 JPG、PNG、WebP 图片或 PDF 文件。",
        "Take the photograph again, or choose a JPEG, PNG or WebP picture or a PDF.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let picture = DynamicImage::new_rgba8(width, height);
        picture.write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_picture_is_written_anew_with_nothing_behind_it() {
        let mut bytes = png(40, 30);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let kept = kept(&bytes).unwrap();
        assert_eq!(kept.kind, "image/jpeg");
        assert!(kept.bytes.starts_with(b"\xff\xd8\xff"));
        assert!(!kept.bytes.windows(6).any(|w| w == b"script"));
        let again = image::load_from_memory(&kept.bytes).unwrap();
        assert_eq!((again.width(), again.height()), (40, 30));
        assert_eq!(again.to_rgb8().get_pixel(1, 1).0, [255, 255, 255], "what shows through is white");
    }

    #[test]
    fn a_large_picture_is_made_as_small_as_a_page_needs() {
        let kept = kept(&png(4_000, 100)).unwrap();
        let again = image::load_from_memory(&kept.bytes).unwrap();
        assert_eq!(again.width(), LONGEST);
    }

    #[test]
    fn where_and_by_what_it_was_taken_is_gone() {
        let mut out = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(8, 8).write_to(&mut out, ImageFormat::Jpeg).unwrap();
        let plain = out.into_inner();
        // A segment of metadata right after the mark a JPEG begins with.
        let note = b"Exif\0\0GPS 39.9N 116.4E";
        let mut bytes = plain[..2].to_vec();
        bytes.extend_from_slice(&[0xff, 0xe1]);
        bytes.extend_from_slice(&u16::try_from(note.len() + 2).unwrap().to_be_bytes());
        bytes.extend_from_slice(note);
        bytes.extend_from_slice(&plain[2..]);
        let kept = kept(&bytes).unwrap();
        assert!(!kept.bytes.windows(3).any(|w| w == b"GPS"));
    }

    #[test]
    fn what_is_no_paper_is_refused() {
        let cut = &png(40, 30)[..60];
        for bytes in
            [&b""[..], b"MZ\x90", b"<svg onload=1>", b"GIF89a", b"%PDF-1.7 cut off", b"\xff\xd8\xff", cut]
        {
            assert!(kept(bytes).is_err());
        }
        assert_eq!(kept(b"%PDF-1.7\n...\n%%EOF\n").unwrap().kind, "application/pdf");
        // A header that claims a picture larger than any memory.
        let mut bomb = png(1, 1);
        bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(kept(&bomb).is_err());
    }
}
