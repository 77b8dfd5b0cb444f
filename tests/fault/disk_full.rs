//! No space left for SQLite: refused, nothing corrupted, and work goes on when there is space again.

use std::path::{Path, PathBuf};
use std::process::Command;

use sea_orm::{ConnectionTrait, Statement};

use crate::support::TestDesk;
use crate::support::database;
use crate::support::graph::payload;
use crate::support::sample::{SWEDISH, handed};

/// A small file system in memory; gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None where mounting is not allowed.
    fn mount(at: &Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(at)
            .output();
        mounted
            .is_ok_and(|done| done.status.success())
            .then(|| Self(at.to_owned()))
    }

    fn grows(&self) {
        let done = Command::new("mount")
            .args(["-o", "remount,size=64m"])
            .arg(&self.0)
            .status();
        assert!(done.is_ok_and(|done| done.success()), "the disk does not grow");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

async fn pragma(desk: &TestDesk, sql: &'static str) {
    desk.runs(async move |app: std::sync::Arc<klarsvar::app::App>| app.db.writer().execute_unprepared(sql).await)
        .await
        .expect("a pragma");
}

/// Hands in until it is refused; gives the names of what was acknowledged.
async fn fills(desk: &TestDesk) -> Vec<String> {
    let text = format!("{SWEDISH} {}", "lång text ".repeat(1_500));
    let mut taken = Vec::new();
    for number in 0..2_000 {
        let name = format!("fill-{number}");
        let answer = desk.hands_in(&handed(&name, &text)).await;
        if answer.status != 201 {
            answer.refuses(503, "unavailable");
            assert!(!answer.header("retry-after").is_empty());
            return taken;
        }
        taken.push(name);
    }
    panic!("the disk never was full");
}

async fn holds(desk: &TestDesk, taken: &[String]) {
    let body = payload("facebook/webhooks/01_comment_add_sv_dark_post.json");
    let refused = desk.delivers("facebook", &body).await;
    // A small body may still find room; then it is kept like any other.
    assert!(matches!(refused.status, 200 | 503), "{refused:?}");
    let rows = desk.comments().await;
    for name in taken {
        assert_eq!(rows.iter().filter(|row| row.external_id == *name).count(), 1, "{name}");
    }
    assert!(
        rows.iter().filter(|row| row.external_id.starts_with("fill-")).count() == taken.len(),
        "something was stored half"
    );
}

async fn works_again(desk: &TestDesk) {
    desk.has_comment("after", SWEDISH).await;
    desk.delivers("facebook", &payload("facebook/webhooks/02_comment_add_ar.json"))
        .await
        .is(200);
    let check = Statement::from_string(desk.db.get_database_backend(), "PRAGMA integrity_check");
    let row = desk.db.query_one_raw(check).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "ok");
}

#[tokio::test]
async fn a_full_database_refuses_and_goes_on_when_it_may_grow() {
    let desk = TestDesk::on(database::fresh_sqlite().await, |_| {}, None).await;
    // SQLite answers SQLITE_FULL as on a full disk.
    pragma(&desk, "PRAGMA max_page_count = 400").await;
    let taken = fills(&desk).await;
    assert!(!taken.is_empty());
    holds(&desk, &taken).await;
    pragma(&desk, "PRAGMA max_page_count = 4294967294").await;
    works_again(&desk).await;
}

#[tokio::test]
async fn a_full_disk_refuses_and_goes_on_when_there_is_space() {
    let directory = tempfile::tempdir().expect("a directory");
    let Some(disk) = SmallDisk::mount(directory.path()) else {
        println!("mounting is not allowed here; the full database above stands for it");
        return;
    };
    let desk = TestDesk::on(database::fresh_sqlite_in(directory).await, |_| {}, None).await;
    let taken = fills(&desk).await;
    assert!(!taken.is_empty());
    holds(&desk, &taken).await;
    disk.grows();
    works_again(&desk).await;
    drop(desk);
}
