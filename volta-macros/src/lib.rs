//! The macros of volta.
