//! How Socket Mode stands: whether there is a connection, and if not, why.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::End;
use super::connection::NoConnection;
use super::frame::Reason;

/// The connections as a whole. Cheap to clone.
#[derive(Clone, Default)]
pub struct Link(Arc<State>);

#[derive(Default)]
struct State {
    connected: AtomicUsize,
    ever_connected: AtomicBool,
    /// Why the last try or the last connection came to its end.
    trouble: Mutex<Option<String>>,
}

/// One connection that Slack has greeted; it counts while this lives.
pub(super) struct Connected(Link);

impl Link {
    /// Why nothing can come from Slack now; nothing while a connection is there.
    pub fn hindrance(&self) -> Option<String> {
        if self.0.connected.load(Ordering::SeqCst) > 0 {
            return None;
        }
        let trouble = self.trouble().clone();
        Some(trouble.unwrap_or_else(|| "it is being opened".to_owned()))
    }

    pub(super) fn ever_connected(&self) -> bool {
        self.0.ever_connected.load(Ordering::SeqCst)
    }

    pub(super) fn connected(&self) -> Connected {
        self.0.ever_connected.store(true, Ordering::SeqCst);
        self.0.connected.fetch_add(1, Ordering::SeqCst);
        metrics::counter!("sso_why_socket_connects_total", "outcome" => "connected").increment(1);
        self.tell();
        Connected(self.clone())
    }

    pub(super) fn note_trouble(&self, why: &NoConnection) {
        metrics::counter!("sso_why_socket_connects_total", "outcome" => why.name()).increment(1);
        *self.trouble() = Some(why.to_string());
        self.tell();
    }

    pub(super) fn note_end(&self, end: &End) {
        let (name, trouble) = match end {
            End::Leaving(Reason::LinkDisabled) => {
                tracing::error!("Socket Mode was switched off in the app's settings; switch it on again");
                ("link_disabled", "Socket Mode was switched off in the app's settings".to_owned())
            }
            End::Leaving(reason) => (reason.name(), "Slack ended it".to_owned()),
            End::Lost(why) => ("lost", format!("it was lost: {why}")),
        };
        metrics::counter!("sso_why_socket_disconnects_total", "reason" => name).increment(1);
        *self.trouble() = Some(trouble);
    }

    fn trouble(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        let connected = u32::try_from(self.0.connected.load(Ordering::SeqCst)).unwrap_or(u32::MAX);
        metrics::gauge!("sso_why_socket_connections").set(f64::from(connected));
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.0.connected.fetch_sub(1, Ordering::SeqCst);
        self.0.tell();
    }
}
