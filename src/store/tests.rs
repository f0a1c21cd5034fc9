//! Stores for tests: SQLite always, PostgreSQL where `tests/run` has started one.

use super::Store;

/// Where `tests/run` tells the address of a PostgreSQL in which tests may make databases.
pub const POSTGRES: &str = "SSO_WHY_TEST_POSTGRES";

/// A store of one's own on SQLite.
pub async fn sqlite() -> Store {
    Store::in_memory().await.expect("opens")
}

/// A store of one's own on PostgreSQL: a new database.
pub async fn postgres() -> Store {
    Store::open(&postgres_url().await.as_str().into()).await.expect("opens")
}

/// The address of a new database, with nothing in it.
pub async fn postgres_url() -> String {
    let server = std::env::var(POSTGRES).expect("tests/run sets it");
    sqlx::any::install_default_drivers();
    let admin = sqlx::AnyPool::connect(&format!("{server}/postgres")).await.expect("connects");
    let name = format!("test_{}", super::new_id());
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&admin).await.expect("is made");
    admin.close().await;
    format!("{server}/{name}")
}

/// Runs a statement that a test has put together.
pub async fn run(store: &Store, statement: &str) {
    let statement = sqlx::AssertSqlSafe(statement.to_owned());
    sqlx::query(statement).execute(store.pool()).await.expect("is done");
}

#[tokio::test]
async fn it_is_opened_again_as_it_was_and_by_one_process_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("store.db").display());
    let store = Store::open(&url.as_str().into()).await.expect("opens");
    sqlx::query("INSERT INTO post (key, state, began_at) VALUES ('a', 'sent', 1)")
        .execute(store.pool())
        .await
        .expect("is kept");
    let refused = Store::open(&url.as_str().into()).await.expect_err("is in use").to_string();
    assert!(refused.contains("store.db is used by another process"), "{refused}");
    store.pool().close().await;
    drop(store);
    let again = Store::open(&url.as_str().into()).await.expect("opens again");
    let rows = sqlx::query("SELECT key FROM post").fetch_all(again.pool()).await.expect("reads");
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
#[ignore = "needs PostgreSQL, which tests/run starts"]
async fn several_replicas_open_one_postgres_at_once() {
    let server = std::env::var(POSTGRES).expect("tests/run sets it");
    let first = postgres().await;
    let name = sqlx::query_scalar::<_, String>("SELECT CAST(current_database() AS TEXT)")
        .fetch_one(first.pool())
        .await
        .expect("has a name");
    let second = Store::open(&format!("{server}/{name}").into()).await.expect("opens too");
    second.is_well().await.expect("answers");
}

#[tokio::test]
#[ignore = "needs PostgreSQL, which tests/run starts"]
async fn a_postgres_that_only_reads_is_not_well() {
    let store = postgres().await;
    let name = sqlx::query_scalar::<_, String>("SELECT CAST(current_database() AS TEXT)")
        .fetch_one(store.pool())
        .await
        .expect("has a name");
    run(&store, &format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let server = std::env::var(POSTGRES).expect("tests/run sets it");
    let after = Store::open_server(&format!("{server}/{name}")).await.expect("opens");
    let refused = after.is_well().await.expect_err("only reads").to_string();
    assert!(refused.starts_with("the store cannot be written (it only reads)"), "{refused}");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_being_told() {
    let refused = Store::open(&"mysql://root:hunter2@db/x".into()).await.expect_err("is none").to_string();
    assert_eq!(
        refused,
        "the store's URL is of no kind that is known; it must begin with sqlite:// or postgres://"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn its_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sso-why.db");
    let store = Store::open(&format!("sqlite://{}", path.display()).into()).await.unwrap();
    run(&store, "UPDATE census SET known = '' WHERE id = 9").await;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert!(name.ends_with(".lock") || mode & 0o077 == 0, "{name}: {mode:o}");
    }
}
