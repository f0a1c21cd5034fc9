pub mod diagnosis;
pub mod sources;
pub mod gather;
