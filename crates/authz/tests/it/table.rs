//! The shared table, read as the program reads it.
use anmin_authz::authority::Authority;
use anmin_pack::library::Library;
use std::path::Path;
use std::sync::LazyLock;

/// The table, read once.
pub static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let library = Library::open(&Path::new(&root).join("../..")).expect("a library");
    library.authority().unwrap_or_else(|failure| {
        let told = failure.findings.iter().map(|f| format!("{}: {}\n", failure.files.show(f.place), f.en));
        panic!("{}", told.collect::<String>())
    })
});

#[test]
fn the_shared_table_is_sound() {
    let parts = AUTHORITY.parts();
    assert!(parts.roles.len() >= 24 && parts.actions.len() >= 40);
}
