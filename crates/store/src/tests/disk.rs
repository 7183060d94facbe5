//! A full disk: reads go on, writes say so, nothing acknowledged is lost, and it works again when there is room, without
//! a restart. Needs a file system of its own, which takes root; `./x test` says so where there is none and sets
//! `ANMIN_TEST_NO_TMPFS`. Without that word a missing file system is a failure, never a test that quietly passed.

use super::world::*;
use crate::table::*;
use crate::*;
use std::path::Path;
use std::process::Command as Program;

struct Disk(std::path::PathBuf);

impl Disk {
    fn new(folder: &Path) -> Option<Disk> {
        let path = folder.join("disk");
        std::fs::create_dir_all(&path).unwrap();
        let mounted = Program::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"])
            .arg(&path)
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Disk(path))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Program::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Fills what is left but so many bytes.
fn fill(path: &Path, leave: u64) {
    let _ = std::fs::remove_file(path);
    let chunk = vec![0xAA_u8; 64 * 1024];
    let mut file = std::fs::File::create(path).unwrap();
    while std::io::Write::write_all(&mut file, &chunk).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size.saturating_sub(leave)).unwrap();
}

async fn write(store: &Store, n: u128) -> Result<i64> {
    let scope = everything();
    let mut work = store.begin_job(command(&scope)).await?;
    work.insert(case(Id(0x1000 + n), TOWN, RESIDENT).with("payload", vec![7; 4_000])).await?;
    work.commit(STREAM, b"", b"").await
}

/// Everything can be looked at, and each look is in the log.
async fn looks(store: &Store, times: usize) {
    let scope = everything();
    let areas = store.read_personal(&scope, "test", NOW, &Find::all(&AREA)).await.unwrap();
    assert_eq!(areas.len(), 3);
    assert!(store.count(&scope, &Find::all(&CASE_FILE).limit(10_000)).await.is_ok());
    let before = logged(store).await;
    for _ in 0..times {
        let found = store.read_personal(&scope, "test", NOW, &Find::all(&CASE_FILE).limit(2)).await;
        assert_eq!(found.expect("reads go on").len(), 2);
    }
    assert_eq!(logged(store).await - before, 2 * i64::try_from(times).unwrap());
}

async fn logged(store: &Store) -> i64 {
    let rows = store.inner.db.rows("SELECT COUNT(*) FROM access".into(), Vec::new()).await.unwrap();
    sqlx::Row::try_get(&rows[0], 0).unwrap()
}

#[test]
fn a_full_disk_stops_writes_and_nothing_else() {
    let folder = folder();
    let Some(disk) = Disk::new(&folder) else {
        std::fs::remove_dir_all(&folder).unwrap();
        let left_out = std::env::var_os("ANMIN_TEST_NO_TMPFS").is_some();
        assert!(
            left_out,
            "no 64 MB tmpfs could be mounted: run ./x test, or as root, or set ANMIN_TEST_NO_TMPFS=1"
        );
        return;
    };
    block_on(async {
        let settings = Settings {
            url: format!("sqlite:{}", disk.0.join("db.sqlite").display()),
            keys: folder.join("keys"),
            objects: disk.0.join("objects"),
            witness: None,
        };
        Keys::create(&settings.keys).unwrap();
        let store = Store::create(&settings, DeploymentKind::Demo, NOW).await.unwrap();
        let scope = everything();
        let mut work = store.begin_job(command(&scope)).await.unwrap();
        for row in county() {
            work.insert(row).await.unwrap();
        }
        work.commit(STREAM, b"", b"").await.unwrap();
        let mut written = 0_u128;
        for leave in [0, 8 * 1024, 100 * 1024, 1024 * 1024] {
            fill(&disk.0.join("ballast"), leave);
            let mut refused = None;
            for _ in 0..2_000 {
                match write(&store, written).await {
                    Ok(_) => written += 1,
                    Err(error) => {
                        refused = Some(error);
                        break;
                    }
                }
            }
            assert!(matches!(refused, Some(Error::Fault(Fault::Full))), "{refused:?}");
            let full = store.store_file(&vec![1; 2 * 1024 * 1024], NOW).await;
            assert!(matches!(full, Err(Error::Fault(Fault::Full))), "{full:?}");
            looks(&store, 400).await;
            // Also by a program that was started on the full disk.
            let started = Store::open(&settings).await.unwrap();
            looks(&started, 10).await;
            for store in [&store, &started] {
                let refused = write(store, written).await;
                assert!(matches!(refused, Err(Error::Fault(Fault::Full))), "{refused:?}");
            }
            started.close().await;
            std::fs::remove_file(disk.0.join("ballast")).unwrap();
            write(&store, written).await.expect("room again, without a restart");
            written += 1;
            assert!(disk.0.join("db.sqlite.reserve").exists(), "and in reserve again");
        }
        for n in 0..written {
            store.read_one(&scope, "test", NOW, &CASE_FILE, Id(0x1000 + n)).await.unwrap();
        }
        assert_eq!(store.verify_state().await.unwrap().findings, []);
        store.close().await;
        let again = Store::open(&settings).await.unwrap();
        assert_eq!(again.verify_state().await.unwrap().findings, []);
        again.close().await;
    });
    drop(disk);
    std::fs::remove_dir_all(&folder).unwrap();
}
