//! Text as PDF's own Helvetica writes it: its 8-bit encoding and the widths of its letters (Adobe's font metrics).
//! Readers have the font, so none is embedded. It has the letters of western European languages only.

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Weight {
    Plain,
    Bold,
}

/// Thousandths of the size, from the space to the tilde.
const PLAIN: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
];
/// Of accented letters and all else that is near the middle.
const USUAL_WIDTH: u16 = 556;

/// In WinAnsi. None where a letter is not in it.
pub(super) fn encoded(text: &str) -> Option<Vec<u8>> {
    text.chars().map(byte).collect()
}

/// The same, with a question mark for what is not in it.
pub(super) fn written(text: &str) -> Vec<u8> {
    text.chars().map(|letter| byte(letter).unwrap_or(b'?')).collect()
}

fn byte(letter: char) -> Option<u8> {
    match letter {
        ' '..='~' => u8::try_from(letter).ok(),
        '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).ok(),
        '–' => Some(0x96),
        '—' => Some(0x97),
        '’' => Some(0x92),
        _ => None,
    }
}

/// In points, at that size.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let sum: u32 = text.chars().map(|letter| u32::from(letter_width(letter, weight))).sum();
    f64::from(sum) / 1000.0 * size
}

fn letter_width(letter: char, weight: Weight) -> u16 {
    let widths = match weight {
        Weight::Plain => PLAIN,
        Weight::Bold => BOLD,
    };
    let place = (letter as usize).checked_sub(' ' as usize);
    place
        .and_then(|place| widths.get(place).copied())
        .unwrap_or(USUAL_WIDTH)
}

/// Lines of words that fit, as far as words do.
pub(super) fn lines(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, Weight::Plain) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_encoded_and_measured_as_helvetica_has_them() {
        assert_eq!(encoded("Días 54–69"), Some(b"D\xedas 54\x9669".to_vec()));
        assert_eq!((encoded("आशा"), written("a आ")), (None, b"a ?".to_vec()));
        // From Adobe's tables: H 722, e 556, l 222, o 556; in bold 722, 556, 278, 611.
        assert_eq!(width("Hello", 10.0, Weight::Plain), 22.78);
        assert_eq!(width("Hello", 10.0, Weight::Bold), 24.45);
        assert_eq!(lines("one two three", 10.0, 40.0), ["one two", "three"]);
    }
}
