//! The text of a filter, taken apart from left to right.

use crate::sandbox::graph::refusal::Refusal;

/// What is left to read.
pub(super) struct Text<'a> {
    rest: &'a str,
}

/// A value as it was written.
pub(super) enum Written<'a> {
    InQuotes(String),
    Bare(&'a str),
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Goes on past the sign, if it comes next.
    pub(super) fn takes(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        self.rest = rest.trim_start();
        true
    }

    pub(super) fn needs(&mut self, sign: &str) -> Result<(), Refusal> {
        if self.takes(sign) { Ok(()) } else { Err(self.syntax_error()) }
    }

    /// Goes on past the word, if just this word comes next.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let ends = |rest: &str| !rest.starts_with(is_of_a_path);
        self.rest.strip_prefix(word).is_some_and(ends) && self.takes(word)
    }

    /// A name or a path of names: `id`, `sourceIdentity/id`, `eq`.
    pub(super) fn path(&mut self) -> Result<&'a str, Refusal> {
        let end = self.rest.find(|character| !is_of_a_path(character)).unwrap_or(self.rest.len());
        let (path, rest) = self.rest.split_at(end);
        if path.is_empty() {
            return Err(self.syntax_error());
        }
        self.rest = rest.trim_start();
        Ok(path)
    }

    /// A value: between quotes, in which a quote is written twice, or up to the next space or sign.
    pub(super) fn literal(&mut self) -> Result<Written<'a>, Refusal> {
        let Some(quoted) = self.rest.strip_prefix('\'') else {
            let end = self.rest.find([' ', ')', ',']).unwrap_or(self.rest.len());
            let (bare, rest) = self.rest.split_at(end);
            if bare.is_empty() {
                return Err(self.syntax_error());
            }
            self.rest = rest.trim_start();
            return Ok(Written::Bare(bare));
        };
        let mut text = String::new();
        let mut rest = quoted;
        loop {
            let (before, after) = rest.split_once('\'').ok_or_else(|| self.syntax_error())?;
            text.push_str(before);
            match after.strip_prefix('\'') {
                Some(more) => {
                    text.push('\'');
                    rest = more;
                }
                None => {
                    self.rest = after.trim_start();
                    return Ok(Written::InQuotes(text));
                }
            }
        }
    }

    pub(super) fn syntax_error(&self) -> Refusal {
        Refusal::bad(&format!("Invalid filter clause: syntax error at '{}'.", self.rest))
    }
}

fn is_of_a_path(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '/'
}
