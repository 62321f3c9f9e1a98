//! Long computing runs on threads of its own, so that whoever holds or books is not kept waiting by whoever looks.
//!
//! Organizations take turns: however much one of them asks, another one's question is next but one. Who has stopped waiting gives
//! up the place in the line.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::id::OrganizationId;
use booking_domain::refusal::Refusal;
use tokio::sync::oneshot;

use crate::tasks::Tasks;

/// Most questions of one organization that wait for a thread: at some tenths of a second each for the longest, whoever came later
/// would not have an answer within the time that a call may take.
const WAITING_MAX: usize = 64;

/// The threads, and who waits for one.
#[derive(Clone)]
pub struct Computing {
    tasks: Tasks,
    line: Arc<Mutex<Line>>,
}

#[derive(Default)]
struct Line {
    /// How many threads nobody uses.
    free: usize,
    /// Who waits, by organization; none of them is empty.
    waiting: BTreeMap<OrganizationId, VecDeque<oneshot::Sender<Turn>>>,
    /// The organizations of which somebody waits, the next one first.
    order: VecDeque<OrganizationId>,
}

/// The use of a thread, until it is dropped.
struct Turn(Option<Arc<Mutex<Line>>>);

impl Computing {
    /// So many threads, of which each ends with what it computes.
    pub fn new(tasks: Tasks, threads: usize) -> Self {
        Self { tasks, line: Arc::new(Mutex::new(Line { free: threads.max(1), ..Line::default() })) }
    }

    /// One thread fewer than there are cores, and one at least: a core is left to those who hold and book.
    pub fn beside_calls(tasks: Tasks) -> Self {
        Self::new(tasks, std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1))
    }

    /// Computes something for an organization when it has its turn.
    ///
    /// # Errors
    /// `Unavailable` when too many of the organization's questions wait already, or when the component stops.
    pub async fn run<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = self.turn(organization)?.await.map_err(|_| Refusal::Unavailable)?;
        // Whoever stops waiting now does not stop the thread: the turn goes with it.
        let computed = self.tasks.compute(move || {
            let computed = compute();
            drop(turn);
            computed
        });
        computed.await.ok_or(Refusal::Unavailable)
    }

    fn turn(&self, organization: OrganizationId) -> Result<oneshot::Receiver<Turn>, Refusal> {
        let (give, take) = oneshot::channel();
        let mut line = lock(&self.line);
        line.enter(organization, give)?;
        line.go_on(&self.line);
        Ok(take)
    }
}

impl Line {
    fn enter(&mut self, organization: OrganizationId, who: oneshot::Sender<Turn>) -> Result<(), Refusal> {
        let waiting = self.waiting.entry(organization).or_default();
        if waiting.is_empty() {
            self.order.push_back(organization);
        }
        waiting.retain(|other| !other.is_closed());
        if waiting.len() >= WAITING_MAX {
            return Err(Refusal::Unavailable);
        }
        waiting.push_back(who);
        Ok(())
    }

    /// Gives free threads to those who wait, to each organization in turn.
    fn go_on(&mut self, line: &Arc<Mutex<Self>>) {
        while self.free > 0
            && let Some(next) = self.next()
        {
            self.free -= 1;
            if let Err(mut turn) = next.send(Turn(Some(line.clone()))) {
                // Nobody waits there any more.
                turn.0 = None;
                self.free += 1;
            }
        }
    }

    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let organization = self.order.pop_front()?;
        let waiting = self.waiting.get_mut(&organization)?;
        let next = waiting.pop_front();
        if waiting.is_empty() {
            self.waiting.remove(&organization);
        } else {
            self.order.push_back(organization);
        }
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(line) = self.0.take() {
            let mut open = lock(&line);
            open.free += 1;
            open.go_on(&line);
        }
    }
}

fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use futures::FutureExt;
    use futures::future::join_all;
    use uuid::Uuid;

    use super::*;

    fn organization(number: u128) -> OrganizationId {
        OrganizationId::new(Uuid::from_u128(number))
    }

    /// What comes of this, which must not take for ever.
    async fn in_time<T>(answer: impl Future<Output = T>) -> T {
        tokio::time::timeout(Duration::from_secs(10), answer).await.expect("an answer")
    }

    /// One thread that is in use until the sender goes.
    async fn in_use() -> (Computing, mpsc::Sender<()>) {
        let computing = Computing::new(Tasks::default(), 1);
        let (begun, begins) = oneshot::channel();
        let (release, wait) = mpsc::channel::<()>();
        let user = computing.clone();
        computing.tasks.spawn(async move {
            let waits = move || (begun.send(()), wait.recv());
            drop(user.run(organization(9), waits).await);
        });
        begins.await.unwrap();
        (computing, release)
    }

    #[tokio::test]
    async fn organizations_take_turns_however_much_one_of_them_asks() {
        let (computing, release) = in_use().await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let ask = |number: u128| {
            let told = told.clone();
            computing.run(organization(number), move || told.lock().unwrap().push(number))
        };
        let asked = join_all([1, 1, 1, 2, 3, 2].map(ask));
        let mut asked = Box::pin(asked);
        assert!(asked.as_mut().now_or_never().is_none(), "nobody has a thread yet");
        drop(release);
        asked.await.into_iter().for_each(|answer| answer.unwrap());
        assert_eq!(*told.lock().unwrap(), [1, 2, 3, 1, 2, 1]);
    }

    #[tokio::test]
    async fn one_who_has_stopped_waiting_gives_up_the_place() {
        let (computing, release) = in_use().await;
        let gone: Vec<_> = (0..WAITING_MAX).map(|_| computing.turn(organization(1)).unwrap()).collect();
        assert_eq!(in_time(computing.run(organization(1), || ())).await, Err(Refusal::Unavailable));
        drop(gone);
        drop(release);
        assert_eq!(in_time(computing.run(organization(1), || 7)).await, Ok(7));
    }

    #[tokio::test]
    async fn a_full_line_of_one_organization_is_nothing_to_another() {
        let (computing, release) = in_use().await;
        let _waiting: Vec<_> = (0..WAITING_MAX).map(|_| computing.turn(organization(1)).unwrap()).collect();
        assert_eq!(in_time(computing.run(organization(1), || ())).await, Err(Refusal::Unavailable));
        let mut other = Box::pin(computing.run(organization(2), || 7));
        assert!(other.as_mut().now_or_never().is_none());
        drop(release);
        drop(_waiting);
        assert_eq!(in_time(other).await, Ok(7));
    }
}
