//! Who listens to what. Sending never waits: a client whose queue is full is told that the topic is stale.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_util::sync::CancellationToken;

use super::topic::Topic;
use crate::domain::id::{PersonId, SessionId, TokenId};
use crate::view::locale::LocaleKey;

/// What a client reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object a frame.
    Json,
    /// HTML parts in a locale.
    Html(LocaleKey),
}

/// A frame ready to be sent, shared by all who get it.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What it is about.
    pub topic: Topic,
    /// The last event it tells of.
    pub seq: i64,
    /// Its text.
    pub text: Utf8Bytes,
}

/// What reaches a client's session.
#[derive(Debug, Clone)]
pub enum Notice {
    /// To be sent on.
    Frame(Frame),
    /// The topic is closed to this client.
    Closed(Topic),
}

/// Who a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// The person; none for a token.
    pub person: Option<PersonId>,
    /// The session, which may end.
    pub session: Option<SessionId>,
    /// The token of a programme, which may be withdrawn.
    pub token: Option<TokenId>,
}

struct Client {
    who: Listener,
    format: Format,
    queue: mpsc::Sender<Notice>,
    stale: Mutex<HashSet<Topic>>,
    /// Wakes the session for what is stale: its queue may be empty again by the time the mark is set.
    look: Arc<Notify>,
    /// Nothing more to come: signed out, or the desk stops. Beside the queue, which may be full.
    ended: CancellationToken,
}

impl Client {
    fn mark_stale(&self, topic: Topic) {
        self.stale.lock().unwrap_or_else(PoisonError::into_inner).insert(topic);
        self.look.notify_one();
    }
}

#[derive(Default)]
struct Registry {
    clients: HashMap<u64, (Arc<Client>, HashSet<Topic>)>,
    by_topic: HashMap<Topic, HashMap<u64, Arc<Client>>>,
}

/// The registry of clients.
#[derive(Default)]
pub struct Hub {
    registry: RwLock<Registry>,
    next: AtomicU64,
}

/// One client's end of the hub; dropping it leaves.
pub struct Listening {
    id: u64,
    hub: Arc<Hub>,
    client: Arc<Client>,
    /// What is to be sent.
    pub queue: mpsc::Receiver<Notice>,
}

impl Hub {
    /// Registers a client for the topics given.
    #[must_use]
    pub fn listen(self: &Arc<Self>, who: Listener, format: Format, topics: &[Topic], waiting: usize) -> Listening {
        let (queue, receiver) = mpsc::channel(waiting.max(1));
        let client = Arc::new(Client {
            who,
            format,
            queue,
            stale: Mutex::default(),
            look: Arc::default(),
            ended: CancellationToken::new(),
        });
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut registry = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        for topic in topics {
            registry
                .by_topic
                .entry(*topic)
                .or_default()
                .insert(id, Arc::clone(&client));
        }
        registry
            .clients
            .insert(id, (Arc::clone(&client), topics.iter().copied().collect()));
        Listening {
            id,
            hub: Arc::clone(self),
            client,
            queue: receiver,
        }
    }

    /// The formats in which somebody listens to a topic.
    #[must_use]
    pub fn formats(&self, topic: Topic) -> HashSet<Format> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        registry
            .by_topic
            .get(&topic)
            .into_iter()
            .flat_map(HashMap::values)
            .map(|client| client.format)
            .collect()
    }

    /// Whether anybody listens to anything.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.registry
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clients
            .is_empty()
    }

    /// Sockets open now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.registry
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clients
            .len()
    }

    /// Gives a frame to everybody who listens to its topic in its format.
    pub fn send(&self, format: Format, frame: &Frame) {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        for client in registry
            .by_topic
            .get(&frame.topic)
            .into_iter()
            .flat_map(HashMap::values)
        {
            if client.format == format && client.queue.try_send(Notice::Frame(frame.clone())).is_err() {
                client.mark_stale(frame.topic);
            }
        }
    }

    /// Tells everybody on a topic to read again.
    pub fn stale(&self, topic: Topic) {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        for client in registry.by_topic.get(&topic).into_iter().flat_map(HashMap::values) {
            client.mark_stale(topic);
        }
    }

    /// Closes the topics of a person that `may` no longer allows.
    pub fn recheck(&self, person: PersonId, may: impl Fn(Topic) -> bool) {
        let mut registry = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        let Registry { clients, by_topic } = &mut *registry;
        for (id, (client, topics)) in clients
            .iter_mut()
            .filter(|(_, (client, _))| client.who.person == Some(person))
        {
            topics.retain(|topic| {
                let keep = may(*topic);
                if !keep {
                    if let Some(listeners) = by_topic.get_mut(topic) {
                        listeners.remove(id);
                    }
                    let _ = client.queue.try_send(Notice::Closed(*topic));
                }
                keep
            });
        }
    }

    /// Ends the sockets of a session.
    pub fn end_session(&self, session: SessionId) {
        self.end_if(|who| who.session == Some(session));
    }

    /// Ends the sockets of a person.
    pub fn end_person(&self, person: PersonId) {
        self.end_if(|who| who.person == Some(person));
    }

    /// Ends the sockets of a token.
    pub fn end_token(&self, token: TokenId) {
        self.end_if(|who| who.token == Some(token));
    }

    /// Ends every socket: the desk stops.
    pub fn end_all(&self) {
        self.end_if(|_| true);
    }

    fn end_if(&self, whose: impl Fn(&Listener) -> bool) {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        for (client, _) in registry.clients.values().filter(|(client, _)| whose(&client.who)) {
            client.ended.cancel();
        }
    }
}

impl Listening {
    /// Topics that overran since this was last asked.
    #[must_use]
    pub fn take_stale(&self) -> Vec<Topic> {
        let mut stale = self.client.stale.lock().unwrap_or_else(PoisonError::into_inner);
        stale.drain().collect()
    }

    /// Told when some topic is stale.
    #[must_use]
    pub fn overrun(&self) -> Arc<Notify> {
        Arc::clone(&self.client.look)
    }

    /// Told when this client is to be ended.
    #[must_use]
    pub fn ended(&self) -> CancellationToken {
        self.client.ended.clone()
    }

    /// What this client reads.
    #[must_use]
    pub fn format(&self) -> Format {
        self.client.format
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut registry = self.hub.registry.write().unwrap_or_else(PoisonError::into_inner);
        let topics = registry
            .clients
            .remove(&self.id)
            .map(|(_, topics)| topics)
            .unwrap_or_default();
        for topic in topics {
            if let Some(listeners) = registry.by_topic.get_mut(&topic) {
                listeners.remove(&self.id);
                if listeners.is_empty() {
                    registry.by_topic.remove(&topic);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Format, Frame, Hub, Listener, Notice};
    use crate::domain::lane::Lane;
    use crate::wire::topic::Topic;

    const NOBODY: Listener = Listener {
        person: None,
        session: None,
        token: None,
    };

    fn frame(seq: i64) -> Frame {
        Frame {
            topic: Topic::Queue(Lane::Ar),
            seq,
            text: "x".into(),
        }
    }

    #[test]
    fn a_full_queue_makes_the_topic_stale_instead_of_growing() {
        let hub = Arc::new(Hub::default());
        let mut listening = hub.listen(NOBODY, Format::Json, &[Topic::Queue(Lane::Ar)], 2);
        for seq in 1..=5 {
            hub.send(Format::Json, &frame(seq));
        }
        assert!(matches!(
            listening.queue.try_recv(),
            Ok(Notice::Frame(Frame { seq: 1, .. }))
        ));
        assert!(matches!(
            listening.queue.try_recv(),
            Ok(Notice::Frame(Frame { seq: 2, .. }))
        ));
        assert!(listening.queue.try_recv().is_err());
        assert_eq!(listening.take_stale(), vec![Topic::Queue(Lane::Ar)]);
        assert!(listening.take_stale().is_empty());
    }

    #[test]
    fn a_client_that_left_is_forgotten() {
        let hub = Arc::new(Hub::default());
        drop(hub.listen(NOBODY, Format::Json, &[Topic::Load], 2));
        assert!(hub.is_idle());
        assert!(hub.formats(Topic::Load).is_empty());
    }
}
