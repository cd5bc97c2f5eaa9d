#include "http/door.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "http/answers.h"
#include "http/limits.h"
#include "http/sockets.h"

namespace pf::http {
namespace {

constexpr int kTickMilliseconds = 200;  // how exact deadlines are
constexpr int kStallMilliseconds = static_cast<int>(std::chrono::milliseconds(kStallTime).count());

// Half of the descriptors are the store's, whatever strangers do.
std::size_t connections_possible() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return kConnectionsMax;
  return std::clamp<std::size_t>(files.rlim_cur / 2, 64, kConnectionsMax);
}

}  // namespace

Door::Door(const ServerOptions& options, Sockets sockets, TlsContext context, Engine& engine, Ways ways)
    : options_(options),
      sockets_(sockets),
      engine_(engine),
      ways_(std::move(ways)),
      context_(std::move(context)),
      live_queue_(std::make_shared<LiveQueue>([this] { wake(); })) {}

Door::~Door() {
  live_queue_->close();
  for (const int socket : {epoll_, wake_})
    if (socket >= 0) ::close(socket);
}

Result<> Door::open() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll_ < 0 || wake_ < 0) return error(ErrorCode::unavailable, "The system has no room for another server.");
  return {};
}

void Door::end() {
  ending_ = true;
  wake();
}

void Door::wake() {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) < 0) return;  // the counter is full: the door wakes up anyway
}

Result<> Door::reload_certificate() {
  PF_LET(auto context, server_context(options_.certificate, options_.key, options_.client_ca));
  const std::lock_guard lock(context_mutex_);
  context_ = std::move(context);
  return {};
}

void Door::give_back(Owned connection) {
  const bool idle = connection->stage == Connection::Stage::head && connection->received.empty() &&
                    !connection->holds_more() && !ending_;
  {
    const std::lock_guard lock(returned_mutex_);
    if (idle) {  // invariant 4; under the lock, so that the socket cannot have been closed and given to another
      connection->watched = true;
      await(*connection, Io::again_read);
    }
    returned_.push_back(std::move(connection));
  }
  if (!idle) wake();
}

void Door::watch(int socket, std::uint32_t events, bool first) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  epoll_ctl(epoll_, first ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
}

// The end of the peer's sending shows as readable; EPOLLRDHUP would wake us for ever while we write to such a peer.
void Door::await(Connection& connection, Io io) {
  watch(connection.socket(), (io == Io::again_write ? std::uint32_t{EPOLLOUT} : std::uint32_t{EPOLLIN}) | EPOLLONESHOT,
        false);
}

// ---- the leader and its deputy

void Door::run() {
  bool leads = !has_leader_.exchange(true);
  while (leads || stand_by()) {
    leads = false;
    if (!lead()) continue;
    waiting_.clear();
    {
      const std::lock_guard lock(deputy_mutex_);
      over_ = true;
    }
    deputy_.notify_all();
    return;
  }
}

bool Door::stand_by() {
  constexpr int kQuietTicks = 200;  // then it sleeps until the next request that the leader answers
  std::uint64_t seen = 0, count = 0;
  int quiet = 0;
  deputy_stands_by_ = true;
  for (;;) {
    std::unique_lock lock(deputy_mutex_);
    if (quiet > kQuietTicks) {
      deputy_sleeps_ = true;  // the leader numbers its task first and looks at this then, so one sees the other
      deputy_.wait(lock, [&] { return over_ || tasks_ != count; });
      deputy_sleeps_ = false;
    } else {
      deputy_.wait_for(lock, kStallTime, [&] { return over_.load(); });
    }
    if (over_) return false;
    quiet = tasks_ == count ? quiet + 1 : 0;
    count = tasks_;
    std::uint64_t task = task_;
    if (task != 0 && task == seen) {
      deputy_stands_by_ = false;  // before it leads: without a deputy nothing is answered there
      if (task_.compare_exchange_strong(task, 0)) return true;
      deputy_stands_by_ = true;
    }
    seen = task;
  }
}

bool Door::answer_own() {
  Owned connection = std::move(own_);
  std::uint64_t task = ++tasks_;
  task_ = task;
  if (deputy_sleeps_) {
    const std::lock_guard lock(deputy_mutex_);
    deputy_.notify_one();
  }
  connection = ways_.answer(std::move(connection));
  if (!task_.compare_exchange_strong(task, 0)) {
    if (connection) give_back(std::move(connection));
    return false;
  }
  if (connection) bring_back(std::move(connection));
  return true;
}

bool Door::lead() {
  if (context_made_ == Moment{}) {
    connections_max_ = connections_possible();
    context_made_ = now();
    watch(wake_, EPOLLIN, true);
    watch(sockets_.listener, EPOLLIN, true);
    if (sockets_.admin_listener >= 0) watch(sockets_.admin_listener, EPOLLIN, true);
  }
  std::vector<epoll_event> events(256);
  Moment next_sweep = now();
  while (!ended()) {
    const bool requests_wait = ways_.nudge();
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                 requests_wait ? kStallMilliseconds : kTickMilliseconds);
    take_back();
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == sockets_.listener || socket == sockets_.admin_listener)
        accept_all(socket);
      else if (socket == wake_)
        sleep_again();
      else
        advance(socket);
    }
    if (ending_ && !closing_) begin_ending();
    if (now() >= next_sweep) {
      sweep();
      next_sweep = now() + std::chrono::milliseconds{kTickMilliseconds};
    }
    connections = waiting_.size() + lent_;
    if (own_ && !answer_own()) return false;
  }
  return true;
}

// ---- what the leader does

void Door::begin_ending() {
  closing_ = true;
  closing_until_ = now() + kStopTime;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, sockets_.listener, nullptr);
  if (sockets_.admin_listener >= 0) epoll_ctl(epoll_, EPOLL_CTL_DEL, sockets_.admin_listener, nullptr);
  std::vector<int> idle;
  for (const auto& [socket, connection] : waiting_)
    if (connection->stage != Connection::Stage::write && connection->stage != Connection::Stage::drain)
      idle.push_back(socket);
  for (const int socket : idle) drop(socket);
}

bool Door::ended() const {
  return closing_ && ((waiting_.empty() && lent_ == 0) || now() > closing_until_);
}

void Door::accept_all(int from) {
  for (;;) {
    Accepted accepted = accept_from(from, from == sockets_.admin_listener);
    if (accepted.socket < 0) {
      // Out of descriptors: make room at once, or the listener would spin.
      if ((errno == EMFILE || errno == ENFILE) && drop_longest_waiting([](const Connection&) { return true; }))
        continue;
      return;
    }
    auto connection =
        std::make_unique<Connection>(accepted.socket, std::move(accepted.peer), from == sockets_.admin_listener);
    if (waiting_.size() >= connections_max_) drop_longest_waiting([](const Connection& c) { return !c.admin; });
    const std::string source = source_of(connection->peer);
    if (const auto of = per_source_.find(source);
        !connection->admin && of != per_source_.end() &&
        of->second >= std::min(kConnectionsPerAddressMax, connections_max_ / 2))
      drop_longest_waiting([&](const Connection& c) { return !c.admin && source_of(c.peer) == source; });
    connection->stage = connection->admin ? Connection::Stage::head : Connection::Stage::peek;
    connection->deadline = now() + kHandshakeTime;
    const int socket = connection->socket();
    watch(socket, EPOLLIN | EPOLLONESHOT, true);
    add(std::move(connection));
  }
}

void Door::add(Owned connection) {
  connection->waiting_since = now();
  collected_bytes_ += connection->body.size();
  outgoing_bytes_ += connection->outgoing.size();
  ++per_source_[source_of(connection->peer)];
  const int socket = connection->socket();
  waiting_.emplace(socket, std::move(connection));
}

Owned Door::take(int socket) {
  auto node = waiting_.extract(socket);
  Owned connection = std::move(node.mapped());
  collected_bytes_ -= connection->body.size();
  outgoing_bytes_ -= connection->outgoing.size();
  if (const auto of = per_source_.find(source_of(connection->peer)); of != per_source_.end() && --of->second == 0)
    per_source_.erase(of);
  return connection;
}

void Door::drop(int socket) {
  take(socket).reset();
}

bool Door::drop_longest_waiting(const std::function<bool(const Connection&)>& among) {
  const Connection* longest = nullptr;
  for (const auto& [socket, connection] : waiting_)
    if (among(*connection) && (longest == nullptr || connection->waiting_since < longest->waiting_since))
      longest = connection.get();
  if (longest == nullptr) return false;
  ++dropped;
  drop(longest->socket());
  return true;
}

void Door::sweep() {
  std::vector<int> late;
  const Moment moment = now();
  for (const auto& [socket, connection] : waiting_)
    if (connection->deadline < moment) late.push_back(socket);
  for (const int socket : late) {
    Connection& connection = *waiting_.at(socket);
    const bool mid_request = connection.stage == Connection::Stage::body ||
                             (connection.stage == Connection::Stage::head && !connection.received.empty());
    if (!mid_request) {
      drop(socket);
      continue;
    }
    refuse(connection, {408, "The request took too long to arrive."});
    advance(socket);
  }
  while (outgoing_bytes_ > kOutgoingBytesMax && drop_longest_waiting([](const Connection& c) {
           return c.stage == Connection::Stage::write || (c.stage == Connection::Stage::live && !c.outgoing.empty());
         })) {
  }
  if (moment - context_made_ > kTicketKeyTime) {
    context_made_ = moment;
    static_cast<void>(reload_certificate());  // when it fails, the old one goes on; reload_certificate() tells who asks
  }
}

void Door::sleep_again() {
  std::uint64_t ignored = 0;
  while (::read(wake_, &ignored, sizeof ignored) > 0) {
  }
  take_back();  // who woke us had put it there before
  take_live();
}

void Door::take_live() {
  for (const auto& wire : live_queue_->take()) {
    const auto found = waiting_.find(wire->socket());
    // One that is on its way to us brings its wire along.
    if (found != waiting_.end() && found->second->live == wire) advance(wire->socket());
  }
}

void Door::take_back() {
  std::vector<Owned> back;
  {
    const std::lock_guard lock(returned_mutex_);
    back.swap(returned_);
  }
  for (Owned& connection : back) bring_back(std::move(connection));
}

void Door::bring_back(Owned connection) {
  --lent_;
  if (connection->stage == Connection::Stage::gone) return;
  const int socket = connection->socket();
  bool watched = std::exchange(connection->watched, false);
  if (connection->stage == Connection::Stage::head) {
    if (closing_) return;
    const bool idle = connection->received.empty() && !connection->holds_more();
    connection->deadline = now() + (connection->received.empty() ? std::chrono::milliseconds(kIdleTime)
                                                                 : std::chrono::milliseconds(kHeadTime));
    if (idle && !watched) {
      await(*connection, Io::again_read);
      watched = true;
    }
  }
  add(std::move(connection));
  if (!watched) advance(socket);  // the next request may be here already, also inside TLS
}

}  // namespace pf::http
