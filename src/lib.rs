pub mod diagnosis;
pub mod sources;
pub mod gather;
pub mod words;
