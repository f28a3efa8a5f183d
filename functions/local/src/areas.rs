//! The one place that knows every area of the product.

use runtime::Area;

pub static AREAS: &[&Area] = &[
    &identity::AREA,
    &people::AREA,
    &diagnosis::AREA,
    &firmware::AREA,
    &notifications::AREA,
    &records::AREA,
    &exports::AREA,
    &scheduling::AREA,
    &sockets::AREA,
    &consultations::AREA,
    &pharmacies::AREA,
    &vitals::AREA,
    &audit::AREA,
    &platform::AREA,
];
