//! A report on one A4 page, as PDF.
