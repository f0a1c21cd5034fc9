//! A database for one benchmark, on the server that `tests/run` starts.

use sqlx::AnyPool;
use sso_why::store::new_id;

/// Names a server where databases may be made.
pub const POSTGRES: &str = "SSO_WHY_TEST_POSTGRES";

/// The address of one that nobody has used.
pub async fn new_database(server: &str) -> String {
    sqlx::any::install_default_drivers();
    let admin = AnyPool::connect(&format!("{server}/postgres")).await.expect("connects");
    let name = format!("bench_{}", new_id());
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&admin).await.expect("is made");
    admin.close().await;
    format!("{server}/{name}")
}
