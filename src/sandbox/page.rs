//! placeholder
pub fn router(_sandbox: std::sync::Arc<super::Sandbox>) -> axum::Router {
    axum::Router::new()
}
