//! Opening the database: SQLite embedded, or PostgreSQL by address.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use super::Error;

/// The desk's database: many readers, one connection that writes.
#[derive(Clone, Debug)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

/// Pages (4 KiB) of SQLite's journal after which a commit folds it into the file. A comment writes some ten; with the
/// default of 1,000 one commit in a hundred waits for that, with this one in two hundred. A journal much larger than this
/// is slower at each commit, since the file grows instead of being written again (measured at 16,384: a third slower).
const JOURNAL_PAGES: u32 = 2_000;

/// What a reader keeps of SQLite's pages (512 KiB). The operating system keeps them too: more here is memory taken twice.
const READER_CACHE: &str = "-512";

impl Db {
    /// Opens `sqlite:///path` (made if absent) or `postgres://…`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be reached or opened.
    pub async fn open(url: &str) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            let write = Database::connect(sqlite(path, 1, false)).await?;
            let read = Database::connect(sqlite(path, 4, true)).await?;
            return Ok(Self { read, write });
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
        Ok(Self { read, write })
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
        for connection in [self.read, self.write] {
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
                options.read_only(true).pragma("cache_size", READER_CACHE)
            } else {
                options
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("wal_autocheckpoint", JOURNAL_PAGES.to_string())
            }
        });
    options
}
