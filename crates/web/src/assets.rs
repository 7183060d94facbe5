//! Style sheets, scripts and icons: built from `web/` by npm, compiled into the program, named by what is in them.

use crate::answer::{Answer, Gives, Reply};
use crate::form::bytes_schema;
use axum::http::header::{self, HeaderValue};

/// A file of the pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asset {
    /// Its name without the part that changes with what is in it: `staff.css`.
    pub name: &'static str,
    /// Its name, with that part.
    pub file: &'static str,
    pub media: &'static str,
    pub plain: &'static [u8],
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of a file of the pages.
pub(crate) fn url(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    format!("/assets/{}", found.map_or(name, |asset| asset.file))
}

/// The file of a name.
pub(crate) fn named(file: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.file == file)
}

/// A file of the pages on its way out: it never changes under its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Served {
    pub asset: &'static Asset,
    pub gzip: bool,
}

impl Reply for Served {
    const GIVES: Gives = Gives { status: 200, content: Some(("*/*", bytes_schema)), replays: false };

    fn answer(self) -> Answer {
        let Served { asset, gzip } = self;
        let answer = Answer::kept(&Self::GIVES, if gzip { asset.gzip } else { asset.plain })
            .with(header::CONTENT_TYPE, HeaderValue::from_static(asset.media))
            .with(header::VARY, HeaderValue::from_static("Accept-Encoding"))
            .with(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        match gzip {
            true => answer.with(header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
            false => answer,
        }
    }
}
