//! From the bytes of a file to its text, or a sentence that says which encoding they seem to have.
use super::MAX_BYTES;
use crate::finding::Finding;
use anmin_rules::model::Place;

/// The text of a file, without its byte order mark.
pub(super) fn text(file: u32, bytes: &[u8]) -> Result<&str, Finding> {
    let start = Place { file, line: 1, column: 1 };
    if bytes.len() > MAX_BYTES {
        return Err(Finding::error(
            start,
            format!("文件超过 1 MB（{MAX_BYTES} 字节）。请分成几个文件"),
            format!("the file has more than {MAX_BYTES} bytes (1 MB); split it"),
        ));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(utf_16(start));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => match text.find('\0') {
            Some(at) if looks_like_utf_16(bytes) => Err(utf_16(place_of(file, &text[..at]))),
            Some(at) => Err(Finding::error(
                place_of(file, &text[..at]),
                "此处有一个 NUL 字节（0x00），文件可能损坏或不是文本。请删去它或重新保存",
                "there is a NUL byte (0x00) here; the file may be damaged or not text. Remove it or save the file again",
            )),
            None => Ok(text),
        },
        Err(error) => {
            let good = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            let place = place_of(file, good);
            if is_gbk(bytes) {
                return Err(Finding::error(
                    place,
                    "文件是 GBK 编码，请另存为 UTF-8",
                    "the file is in GBK (GB 18030); save it as UTF-8",
                ));
            }
            let byte = bytes[error.valid_up_to()];
            Err(Finding::error(
                place,
                format!("文件不是 UTF-8 编码：第一个不合规的字节是 0x{byte:02X}。请另存为 UTF-8"),
                format!("the file is not UTF-8: the first bad byte is 0x{byte:02X}; save it as UTF-8"),
            ))
        }
    }
}

fn utf_16(place: Place) -> Finding {
    Finding::error(place, "文件是 UTF-16 编码，请另存为 UTF-8", "the file is in UTF-16; save it as UTF-8")
}

/// Without a byte order mark, Western text in UTF-16 has a zero in every second byte.
fn looks_like_utf_16(bytes: &[u8]) -> bool {
    bytes.len().is_multiple_of(2) && bytes.iter().filter(|b| **b == 0).count() * 4 >= bytes.len()
}

/// Whether all bytes decode as GB 18030 and some of them to Chinese characters.
fn is_gbk(bytes: &[u8]) -> bool {
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .is_some_and(|text| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
}

/// The place right after `before`.
fn place_of(file: u32, before: &str) -> Place {
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    Place { file, line: line as u32, column: last.chars().count() as u32 + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], line: u32, column: u32, zh: &str) {
        let finding = text(7, bytes).unwrap_err();
        assert_eq!(finding.place, Place { file: 7, line, column }, "{}", finding.zh);
        assert!(finding.zh.contains(zh), "{}", finding.zh);
    }

    #[test]
    fn names_the_encoding_and_the_first_bad_line() {
        let (gbk, _, _) = encoding_rs::GBK.encode("name: a\n工资: 3000\n");
        check(&gbk, 2, 1, "GBK 编码，请另存为 UTF-8");
        check(b"a: 1\nb: \xff\xff\n", 2, 4, "0xFF");
        check(&[0xff, 0xfe, b'a', 0], 1, 1, "UTF-16");
        check(b"a\0b\0c\0\n\0", 1, 2, "UTF-16");
        check(b"a: 1\nb: \0\n", 2, 4, "NUL");
        check(&vec![b'#'; 10 * MAX_BYTES], 1, 1, "1 MB");
    }

    #[test]
    fn a_utf_8_mark_is_dropped() {
        assert_eq!(text(0, b"\xef\xbb\xbfa: 1"), Ok("a: 1"));
    }
}
