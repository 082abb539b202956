//! The wgpu backend of volta.
