//! Answers that are given before the request's body was read to its end.
//!
//! The server closes such a connection, since what is left of the body is no request. The answer says so with
//! `Connection: close` (RFC 9112, 9.6): a proxy that keeps connections for reuse would otherwise send somebody else's
//! request into one that is closing.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::{Request, Response, Version};

/// A body that notes when it has been read to its end.
pub(super) struct Watched<B> {
    body: B,
    end: End,
}

/// Whether a request's body was read to its end.
#[derive(Clone)]
pub(super) struct End {
    is_reached: Arc<AtomicBool>,
    version: Version,
}

/// Watches the request's body.
pub(super) fn watched<B: Body>(request: Request<B>) -> (Request<Watched<B>>, End) {
    let (head, body) = request.into_parts();
    let end = End { is_reached: Arc::new(AtomicBool::new(body.is_end_stream())), version: head.version };
    (Request::from_parts(head, Watched { body, end: end.clone() }), end)
}

impl End {
    /// Closes the connection with this answer unless the body was read to its end.
    pub(super) fn close_unless_reached<B>(&self, mut answer: Response<B>) -> Response<B> {
        if !self.is_reached.load(Ordering::SeqCst) {
            say_close(&mut answer, self.version);
        }
        answer
    }
}

/// Has this answer close the connection. To an HTTP/1.0 request the answer is one of HTTP/1.0 too: beside the `close`
/// of an HTTP/1.1 answer hyper would write `keep-alive`, if the client asked for it.
pub(super) fn say_close<B>(answer: &mut Response<B>, asked_in: Version) {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    if asked_in == Version::HTTP_10 {
        *answer.version_mut() = Version::HTTP_10;
    }
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let has_ended = match &polled {
            Poll::Ready(None) => true,
            // A reader that knows the length does not ask for more after the last frame.
            Poll::Ready(Some(Ok(_))) => self.body.is_end_stream(),
            Poll::Ready(Some(Err(_))) | Poll::Pending => false,
        };
        if has_ended {
            self.end.is_reached.store(true, Ordering::SeqCst);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
