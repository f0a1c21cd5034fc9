//! What happened to messages that Slack has yet to tell the bot of. Ephemeral messages are never news.

use super::Workspace;
use super::messages::Message;

/// One thing that happened to a message.
#[derive(Clone, Debug)]
pub(in crate::sandbox) enum News {
    Posted(Message),
    Changed { before: Box<Message>, now: Message },
    Deleted(Message),
}

impl News {
    /// The message as it is, or was when it was deleted.
    pub(in crate::sandbox) fn message(&self) -> &Message {
        match self {
            Self::Posted(message) | Self::Deleted(message) => message,
            Self::Changed { now, .. } => now,
        }
    }
}

impl Workspace {
    /// The message of this `ts` was posted.
    pub(in crate::sandbox) fn note_posted(&mut self, ts: &str) {
        self.note_news(|workspace| workspace.message(ts).cloned().map(News::Posted));
    }

    /// This message was another one before.
    pub(in crate::sandbox) fn note_changed(&mut self, before: Message) {
        self.note_news(|workspace| {
            let now = workspace.message(&before.ts).cloned()?;
            Some(News::Changed { before: Box::new(before), now })
        });
    }

    /// This message was deleted; one with replies changed into a mark of itself.
    pub(in crate::sandbox) fn note_deleted(&mut self, before: Message) {
        self.note_news(|workspace| match workspace.message(&before.ts).cloned() {
            Some(now) => Some(News::Changed { before: Box::new(before), now }),
            None => Some(News::Deleted(before)),
        });
    }

    /// Everything that has not been told yet, oldest first; it counts as told from now on.
    pub(in crate::sandbox) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    fn note_news(&mut self, news: impl FnOnce(&Self) -> Option<News>) {
        let news = news(self);
        self.news.extend(news.filter(|news| !news.message().is_ephemeral()));
    }
}
