//! The security label of what is asked for, as the whole house counts it.

pub use anmin_base::sensitivity::Sensitivity;
