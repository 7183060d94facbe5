//! Compiles in the files of the pages that npm made (`web/dist`). Without them the program works and its pages are bare:
//! `./x` makes them before it builds.
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let listed = fs::read_to_string(dist.join("manifest.txt")).unwrap_or_default();
    if listed.is_empty() {
        println!("cargo::warning=web/dist is not there: the pages will have no style. Run ./x assets");
    }
    let mut code = String::from("/// All files of the pages.\npub(crate) const ASSETS: &[Asset] = &[\n");
    for line in listed.lines() {
        // name, file
        let Some((name, file)) = line.split_once(' ') else { continue };
        let (plain, gzip) = (dist.join(file), dist.join(format!("{file}.gz")));
        let media = media(file);
        let _ = writeln!(
            code,
            "    Asset {{ name: {name:?}, file: {file:?}, media: {media:?}, plain: include_bytes!({plain:?}), \
             gzip: include_bytes!({gzip:?}) }},"
        );
    }
    code.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("assets.rs");
    fs::write(out, code).expect("the folder of the build can be written");
}

fn media(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
