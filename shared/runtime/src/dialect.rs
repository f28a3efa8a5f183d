//! What the clients of each product read in a problem, where it differs from what all others read.

use domain::refusal::Refusal;
use domain::session::{NotAllowed, NotSignedIn, Product};
use serde_json::Value;

use crate::problem::Problem;

/// Puts a problem into the words of the product whose client asked.
pub(crate) fn reword(problem: &mut Problem, product: Option<Product>, path: &str) {
    let Some(product) = product else { return };
    let no_token = problem.code == NotSignedIn::NoToken.code();
    let is_unknown = no_token || problem.code == NotSignedIn::InvalidToken.code();
    if let Some(sentence) = not_signed_in(product, path, no_token).filter(|_| is_unknown) {
        sentence.clone_into(&mut problem.detail);
    }
    if product == Product::Telemedicine && !problem.errors.is_empty() {
        // Its clients read the list in `details` and a fixed word in `error`.
        let details = serde_json::to_value(&problem.errors).unwrap_or(Value::Null);
        problem.members.insert("details".to_owned(), details);
        problem.error = Some("Validation error".to_owned());
    }
}

fn not_signed_in(product: Product, path: &str, no_token: bool) -> Option<&'static str> {
    match product {
        Product::Telemedicine => Some("Invalid authentication credentials"),
        Product::Derma if no_token => Some("Not authenticated"),
        Product::Derma => Some("Invalid token"),
        Product::Dental if path.starts_with("/api/auth") => Some("Invalid token"),
        Product::Dental | Product::FacialDerma | Product::Diabetes => None,
    }
}

/// Why somebody of another role may not, in the product's words.
pub(crate) fn wrong_role(
    product: Option<Product>,
    fallback: NotAllowed,
    roles: &'static [domain::role::Role],
) -> NotAllowed {
    match product {
        Some(Product::Telemedicine) => NotAllowed::WrongRole(roles),
        _ => fallback,
    }
}
