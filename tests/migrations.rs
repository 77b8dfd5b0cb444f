//! The schema goes up, down and up again, and the entities are what it says, on both databases.

use klarsvar::store::Db;
use klarsvar_migrations::{Migrator, schema};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Iden, Iterable, Statement};
use sea_orm_migration::MigratorTrait;

use crate::support::database;

/// Table, column and whether it may be absent, sorted.
async fn columns(db: &Db) -> Vec<(String, String, bool)> {
    let sql = match db.backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS t, c.name AS c, CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 0 ELSE 1 END AS n FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        _ => {
            "SELECT table_name::text AS t, column_name::text AS c, CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END AS n FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let rows = db
        .reader()
        .query_all_raw(Statement::from_string(db.backend(), sql))
        .await
        .expect("the schema");
    let mut all = Vec::new();
    for row in rows {
        let table: String = row.try_get("", "t").expect("a table");
        if table != "seaql_migrations" && !table.starts_with("sqlite_") {
            let absent = row.try_get::<i32>("", "n").expect("a number") == 1;
            all.push((table, row.try_get("", "c").expect("a column"), absent));
        }
    }
    all.sort();
    all
}

async fn indexes(db: &Db) -> Vec<String> {
    let sql = match db.backend() {
        DbBackend::Sqlite => "SELECT name AS i FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'",
        _ => "SELECT indexname::text AS i FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%pkey'",
    };
    let rows = db
        .reader()
        .query_all_raw(Statement::from_string(db.backend(), sql))
        .await
        .expect("the indexes");
    let mut all: Vec<String> = rows.iter().map(|row| row.try_get("", "i").expect("a name")).collect();
    all.sort();
    all
}

#[tokio::test]
async fn the_schema_goes_up_down_and_up_again() {
    let place = database::empty().await;
    let db = Db::open(&place.url).await.expect("it opens");
    assert_eq!(schema::state(db.writer()).await.unwrap(), schema::State::Behind);
    Migrator::up(db.writer(), None).await.unwrap();
    assert_eq!(schema::state(db.writer()).await.unwrap(), schema::State::Current);
    let (first, first_indexes) = (columns(&db).await, indexes(&db).await);
    assert!(first.len() > 100, "{first:?}");
    for _ in Migrator::migrations() {
        Migrator::down(db.writer(), Some(1)).await.unwrap();
        assert_eq!(schema::state(db.writer()).await.unwrap(), schema::State::Behind);
    }
    assert_eq!(columns(&db).await, []);
    Migrator::up(db.writer(), None).await.unwrap();
    assert_eq!((columns(&db).await, indexes(&db).await), (first, first_indexes));
    db.close().await;
}

#[tokio::test]
async fn the_same_schema_on_both_databases_has_the_same_indexes() {
    let place = database::fresh_sqlite().await;
    let sqlite = Db::open(&place.url).await.expect("it opens");
    let other = database::fresh().await;
    let db = Db::open(&other.url).await.expect("it opens");
    assert_eq!(columns(&sqlite).await, columns(&db).await);
    assert_eq!(indexes(&sqlite).await, indexes(&db).await);
    sqlite.close().await;
    db.close().await;
}

fn entity<E: EntityTrait>() -> Vec<(String, String, bool)> {
    use sea_orm::ColumnTrait;
    E::Column::iter()
        .map(|column| {
            (
                E::default().table_name().to_owned(),
                Iden::to_string(&column),
                column.def().is_null(),
            )
        })
        .collect()
}

#[tokio::test]
async fn the_entities_are_what_the_schema_says() {
    use klarsvar::store::entity as e;
    let mut expected: Vec<_> = [
        entity::<e::absence::Entity>(),
        entity::<e::ad::Entity>(),
        entity::<e::calendar::Entity>(),
        entity::<e::campaign::Entity>(),
        entity::<e::comment::Entity>(),
        entity::<e::blind::Entity>(),
        entity::<e::connector::Entity>(),
        entity::<e::counter::Entity>(),
        entity::<e::daily::Entity>(),
        entity::<e::decision::Entity>(),
        entity::<e::delivery::Entity>(),
        entity::<e::draft::Entity>(),
        entity::<e::errand::Entity>(),
        entity::<e::escalation::Entity>(),
        entity::<e::event::Entity>(),
        entity::<e::example::Entity>(),
        entity::<e::exchange::Entity>(),
        entity::<e::handover::Entity>(),
        entity::<e::handover_read::Entity>(),
        entity::<e::hourly::Entity>(),
        entity::<e::idempotency::Entity>(),
        entity::<e::material::Entity>(),
        entity::<e::material_use::Entity>(),
        entity::<e::wave::Entity>(),
        entity::<e::narrative_version::Entity>(),
        entity::<e::outbox::Entity>(),
        entity::<e::person::Entity>(),
        entity::<e::post::Entity>(),
        entity::<e::revision::Entity>(),
        entity::<e::session::Entity>(),
        entity::<e::shift::Entity>(),
        entity::<e::spent::Entity>(),
        entity::<e::unheard::Entity>(),
        entity::<e::story::Entity>(),
        entity::<e::template::Entity>(),
        entity::<e::template_version::Entity>(),
        entity::<e::token::Entity>(),
    ]
    .concat();
    expected.sort();
    let place = database::fresh().await;
    let db = Db::open(&place.url).await.expect("it opens");
    assert_eq!(columns(&db).await, expected);
    db.close().await;
}
