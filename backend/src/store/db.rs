//! Opening the database: SQLite embedded, or PostgreSQL by address.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use super::Error;

/// The desk's database: many readers, one connection that writes.
#[derive(Clone, Debug)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// SQLite only: folds the journal into the file beside the writer.
    fold: Option<DatabaseConnection>,
}

/// Pages (4 KiB) the journal may hold before the writer folds it in itself, for the case that nobody else did.
const JOURNAL_PAGES: u32 = 16_384;

impl Db {
    /// Opens `sqlite:///path` (made if absent) or `postgres://…`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be reached or opened.
    pub async fn open(url: &str) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            let write = Database::connect(sqlite(path, 1, false)).await?;
            let read = Database::connect(sqlite(path, 4, true)).await?;
            let fold = Some(Database::connect(sqlite(path, 1, false)).await?);
            return Ok(Self { read, write, fold });
        }
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(12)
            .min_connections(1)
            .sqlx_logging(false)
            .acquire_timeout(Duration::from_secs(3));
        let read = Database::connect(options.clone()).await?;
        options.max_connections(2);
        let write = Database::connect(options).await?;
        Ok(Self {
            read,
            write,
            fold: None,
        })
    }

    /// Folds what SQLite's journal holds into the file, without keeping readers or the writer waiting. Left to the
    /// writer, as by default, every sixtieth commit or so pays for it. <https://sqlite.org/wal.html#ckpt>
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn fold_journal(&self) -> Result<(), Error> {
        if let Some(fold) = &self.fold {
            fold.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await?;
        }
        Ok(())
    }

    /// A connection for reading.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The connection for migrations and the one writer.
    #[must_use]
    pub const fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Which of the two databases this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once.
    ///
    /// # Errors
    /// [`Error::Busy`] or [`Error::Unavailable`].
    pub async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate),
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Closes every connection, so that SQLite folds its journal into the file.
    pub async fn close(self) {
        for connection in [Some(self.read), self.fold, Some(self.write)].into_iter().flatten() {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "the database did not close");
            }
        }
    }
}

/// WAL with FULL sync: an acknowledged commit survives power loss, readers never wait for the writer.
fn sqlite(path: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(format!("sqlite://{path}"));
    options
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(5))
        .map_sqlx_sqlite_opts(move |options| {
            let options = options
                .create_if_missing(!read_only)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(256)
                .row_buffer_size(256);
            if read_only {
                options.read_only(true)
            } else {
                options
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("wal_autocheckpoint", JOURNAL_PAGES.to_string())
                    .pragma("journal_size_limit", (JOURNAL_PAGES * 4_096).to_string())
            }
        });
    options
}
