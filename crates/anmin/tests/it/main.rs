//! Integration tests of the whole repository, in one binary so that they link once.
mod tidy;
