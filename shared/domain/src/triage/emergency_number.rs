//! Whom to call, by country. The number of the country's ambulance, or the general one.

/// Where nothing is known: GSM phones turn it into the local number nearly everywhere.
pub const DEFAULT: &str = "112";

/// ISO 3166 code, calling code, number. Where countries share a calling code the first is taken.
const NUMBERS: &[(&str, &str, &str)] = &[
    ("US", "1", "911"),
    ("CA", "1", "911"),
    ("MX", "52", "911"),
    ("AR", "54", "911"),
    ("CO", "57", "123"),
    ("CL", "56", "131"),
    ("PE", "51", "106"),
    ("EC", "593", "911"),
    ("BO", "591", "118"),
    ("UY", "598", "911"),
    ("PY", "595", "911"),
    ("VE", "58", "911"),
    ("BR", "55", "192"),
    ("CR", "506", "911"),
    ("PA", "507", "911"),
    ("GT", "502", "122"),
    ("HN", "504", "911"),
    ("NI", "505", "128"),
    ("SV", "503", "911"),
    ("CU", "53", "104"),
    ("ES", "34", "112"),
    ("IN", "91", "112"),
    ("PK", "92", "1122"),
    ("BD", "880", "999"),
    ("NP", "977", "102"),
    ("LK", "94", "1990"),
    ("BT", "975", "112"),
    ("GB", "44", "999"),
    ("IE", "353", "112"),
    ("AU", "61", "000"),
    ("NZ", "64", "111"),
    ("ZA", "27", "112"),
    ("KE", "254", "999"),
    ("NG", "234", "112"),
    ("AE", "971", "998"),
    ("SA", "966", "997"),
    ("QA", "974", "999"),
    ("OM", "968", "9999"),
    ("KW", "965", "112"),
    ("BH", "973", "999"),
    ("SG", "65", "995"),
    ("MY", "60", "999"),
    ("PH", "63", "911"),
    ("ID", "62", "119"),
    ("TH", "66", "1669"),
    ("JP", "81", "119"),
    ("CN", "86", "120"),
    ("FR", "33", "112"),
    ("DE", "49", "112"),
    ("IT", "39", "112"),
    ("PT", "351", "112"),
];

/// Of a country by its ISO 3166 code, such as `IN`.
#[must_use]
pub fn of_country(code: &str) -> &'static str {
    find(|(country, ..)| country.eq_ignore_ascii_case(code.trim()))
}

/// Of a country by its calling code without plus, see `PhoneNumber::calling_code`.
#[must_use]
pub fn of_calling_code(code: &str) -> &'static str {
    find(|(_, calling, _)| *calling == code)
}

fn find(is: impl Fn(&(&str, &str, &str)) -> bool) -> &'static str {
    NUMBERS
        .iter()
        .find(|row| is(row))
        .map_or(DEFAULT, |(.., number)| number)
}
