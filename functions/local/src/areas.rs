//! The one place that knows every area of the product.

use runtime::Area;

pub static AREAS: &[&Area] = &[
    &identity::AREA,
    &people::AREA,
    &diagnosis::AREA,
    &notifications::AREA,
    &audit::AREA,
    &platform::AREA,
];
