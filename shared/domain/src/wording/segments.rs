//! How many parts a text message is charged as: 3GPP TS 23.038 (GSM-7) and 23.040 (concatenation).

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                     abcdefghijklmnopqrstuvwxyzäöñüà";
/// Sent with an escape, so each takes two places.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

pub fn segments(text: &str) -> usize {
    let septets = text.chars().map(|c| match c {
        c if BASIC.contains(c) => Some(1),
        c if EXTENDED.contains(c) => Some(2),
        _ => None,
    });
    match septets.sum::<Option<usize>>() {
        Some(septets) => parts(septets, 160, 153),
        None => parts(text.encode_utf16().count(), 70, 67),
    }
}

fn parts(length: usize, alone: usize, together: usize) -> usize {
    if length <= alone { 1 } else { length.div_ceil(together) }
}

#[test]
fn parts_are_counted_as_operators_count_them() {
    for (text, count) in [
        ("a".repeat(160), 1),
        ("a".repeat(161), 2),
        ("€".repeat(80), 1),
        ("€".repeat(81), 2),
        ("ñ".repeat(160), 1),
        ("á".repeat(70), 1),
        ("á".repeat(71), 2),
        ("न".repeat(134), 2),
        ("न".repeat(135), 3),
        ("😀".repeat(36), 2),
    ] {
        assert_eq!(segments(&text), count, "{} of {text}", text.chars().count());
    }
}
