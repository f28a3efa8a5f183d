//! Letters without their case and accents, so that what people type is told whatever keyboard they have.

/// Accents of their own, which stand behind their letter.
pub(crate) fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

pub(crate) fn is_devanagari(c: char) -> bool {
    ('\u{900}'..='\u{97f}').contains(&c) && !matches!(c, '।' | '॥')
}

/// Of a letter in lower case.
pub(crate) fn fold(c: char, word: &mut String) {
    match c {
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' => word.push('a'),
        'é' | 'è' | 'ë' | 'ê' => word.push('e'),
        'í' | 'ì' | 'ï' | 'î' => word.push('i'),
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => word.push('o'),
        'ú' | 'ù' | 'ü' | 'û' => word.push('u'),
        'ñ' => word.push('n'),
        'ç' => word.push('c'),
        'ß' => word.push_str("ss"),
        'ё' => word.push('е'),
        'й' => word.push('и'),
        'أ' | 'إ' | 'آ' => word.push('ا'),
        'ة' => word.push('ه'),
        'ى' => word.push('ي'),
        // Arabic vowel signs and the stretching line.
        '\u{640}' | '\u{64b}'..='\u{652}' => {}
        '\u{901}' => word.push('\u{902}'),
        '\u{93c}' => {}
        '\u{958}' => word.push('क'),
        '\u{959}' => word.push('ख'),
        '\u{95a}' => word.push('ग'),
        '\u{95b}' => word.push('ज'),
        '\u{95c}' => word.push('ड'),
        '\u{95d}' => word.push('ढ'),
        '\u{95e}' => word.push('फ'),
        '०'..='९' => word.push(char::from(b'0' + u8::try_from(u32::from(c) - 0x966).unwrap_or(0))),
        c if is_mark(c) => {}
        c => word.push(c),
    }
}

/// The same for the rest of Europe's Latin letters.
pub(crate) fn fold_any(c: char, word: &mut String) {
    match c {
        'ā' | 'ă' | 'ą' => word.push('a'),
        'ć' | 'ĉ' | 'ċ' | 'č' => word.push('c'),
        'ď' | 'đ' | 'ð' => word.push('d'),
        'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => word.push('e'),
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => word.push('g'),
        'ĥ' | 'ħ' => word.push('h'),
        'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => word.push('i'),
        'ĵ' => word.push('j'),
        'ķ' => word.push('k'),
        'ĺ' | 'ļ' | 'ľ' | 'ł' => word.push('l'),
        'ń' | 'ņ' | 'ň' => word.push('n'),
        'ō' | 'ŏ' | 'ő' | 'ø' => word.push('o'),
        'ŕ' | 'ŗ' | 'ř' => word.push('r'),
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => word.push('s'),
        'ţ' | 'ť' | 'ț' => word.push('t'),
        'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => word.push('u'),
        'ŵ' => word.push('w'),
        'ý' | 'ÿ' | 'ŷ' => word.push('y'),
        'ź' | 'ż' | 'ž' => word.push('z'),
        'æ' => word.push_str("ae"),
        'œ' => word.push_str("oe"),
        'þ' => word.push_str("th"),
        c => fold(c, word),
    }
}
