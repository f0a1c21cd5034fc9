//! A small file of text, read no further than it may be long: a path may lead to a device that never ends.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

/// Why it could not be read, and how to mend that.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unread {
    pub(super) why: String,
    pub(super) mend: &'static str,
}

impl Unread {
    fn new(why: impl Into<String>, mend: &'static str) -> Self {
        Self { why: why.into(), mend }
    }
}

/// The file's text, of so many bytes at most; without the mark that some editors begin it with.
pub(super) fn of(path: &Path, most: u64) -> Result<String, Unread> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| unread(&error))?;
    if bytes.len() as u64 > most {
        let why = match most / 1024 {
            1024 => "it is larger than 1 MiB".to_owned(),
            kib => format!("it is larger than {kib} KiB"),
        };
        return Err(Unread::new(why, "leave in it what belongs there alone"));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Unread::new("it is not text in UTF-8", "save it with the encoding UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn unread(error: &std::io::Error) -> Unread {
    match error.kind() {
        ErrorKind::NotFound => Unread::new("there is no such file", "make it"),
        ErrorKind::PermissionDenied => {
            Unread::new("this user may not read it", "let the user that runs sso-why read it")
        }
        ErrorKind::IsADirectory => Unread::new("it is a folder", "put the name of a file after it"),
        other => Unread::new(other.to_string(), "look at the disk that it is on"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, Unread> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("text");
        std::fs::write(&path, bytes).expect("is written");
        of(&path, 1024)
    }

    #[test]
    fn it_is_read_whole_up_to_its_bound() {
        assert_eq!(read(b"[aws]\n").as_deref(), Ok("[aws]\n"));
        assert_eq!(read("\u{feff}[aws]\n".as_bytes()).as_deref(), Ok("[aws]\n"));
        assert!(read(&[b' '; 1024]).is_ok());
        assert_eq!(read(&[b' '; 1025]).expect_err("is too large").why, "it is larger than 1 KiB");
    }

    #[test]
    fn what_is_in_another_encoding_says_so() {
        let utf_16: Vec<u8> = "[aws]".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_mark = [&[0xff, 0xfe], utf_16.as_slice()].concat();
        for bytes in [with_mark.as_slice(), b"# d\xe9p\xf4t\n"] {
            let refused = read(bytes).expect_err("is not UTF-8");
            assert_eq!(
                (refused.why.as_str(), refused.mend),
                ("it is not text in UTF-8", "save it with the encoding UTF-8")
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_is_not_read_to_its_end() {
        let refused = of(Path::new("/dev/zero"), 64 * 1024).expect_err("never ends");
        assert_eq!(refused.why, "it is larger than 64 KiB");
    }

    #[test]
    fn what_is_not_there_or_is_no_file_is_told_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(of(folder.path(), 1).expect_err("is a folder").why, "it is a folder");
        let nowhere = folder.path().join("nowhere");
        assert_eq!(of(&nowhere, 1).expect_err("is not there").why, "there is no such file");
    }
}
