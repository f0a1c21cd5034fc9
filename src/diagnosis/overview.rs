//! What all routes come to, for the causes that are about none of them alone.

use super::case::Case;

/// A question as a whole.
pub(super) struct Overview<'c, 'f> {
    pub(super) case: &'c Case<'f>,
    /// There is a route with a permission set that was asked for, or that works.
    pub(super) any_route_matters: bool,
    /// The route that gets furthest works, with a permission set that nobody asked for.
    pub(super) only_another_set_works: bool,
    /// The route that gets furthest gives what was asked for.
    pub(super) gives_what_was_asked: bool,
    /// The names of the permission sets of all routes that work, where they were read.
    pub(super) sets_that_work: Vec<String>,
}
