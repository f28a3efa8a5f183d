//! What looks like a token and is none of ours.

use data_encoding::BASE64URL_NOPAD;
use domain::id::SessionId;
use domain::role::Role;
use domain::session::{Product, Session};
use jiff::Timestamp;
use runtime::tokens::TokenSigner;
use tests::world::Person;

/// Tokens that look more or less like one of `owner`'s.
pub fn bad_tokens(owner: &Person, other: &Person) -> Vec<(&'static str, String)> {
    let [header, claims, signature] = parts(&owner.token);
    let [_, claims_of_other, _] = parts(&other.token);
    let unsigned = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
    let symmetric = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let mut broken: String = signature.chars().rev().collect();
    if broken == signature {
        broken.insert(0, 'A');
    }
    vec![
        ("nonsense", "nonsense".to_owned()),
        ("a broken signature", format!("{header}.{claims}.{broken}")),
        ("no signature", format!("{header}.{claims}.")),
        (
            "another person's claims",
            format!("{header}.{claims_of_other}.{signature}"),
        ),
        ("no algorithm", format!("{unsigned}.{claims}.")),
        ("another algorithm", format!("{symmetric}.{claims}.{signature}")),
        ("another key", by_another_key(owner)),
    ]
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().expect("a token has three parts")
}

/// Perfect, but for who signed it.
fn by_another_key(owner: &Person) -> String {
    let now = Timestamp::now();
    let product = Product::FacialDerma;
    let session = Session {
        id: SessionId::new(now, [5; 6]),
        user_id: owner.id.parse().expect("an id"),
        role: Role::Patient,
        is_suspended: false,
        is_verified: true,
        product,
        created_at: now,
        expires_at: now + product.access_token_life(),
    };
    TokenSigner::new(&[5; 32])
        .access_token(&session, now, [5; 9])
        .expect("a token")
}
