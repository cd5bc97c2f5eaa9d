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

constexpr std::size_t kReadBytes = 16u << 10;    // one TLS record
constexpr std::size_t kDiscardBytes = 1u << 20;  // at one go, so that others get their turn
constexpr int kTickMilliseconds = 200;           // how exact deadlines are
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

void Door::advance(int socket) {
  // A step may hand the connection over or drop it: it is looked up again each time.
  for (;;) {
    const auto found = waiting_.find(socket);
    if (found == waiting_.end()) return;
    Connection& connection = *found->second;
    std::optional<Io> wait;
    switch (connection.stage) {
      case Connection::Stage::peek:
        wait = peek(connection);
        break;
      case Connection::Stage::handshake:
        wait = shake_hands(connection);
        break;
      case Connection::Stage::head:
        wait = read_head(connection);
        break;
      case Connection::Stage::body:
        wait = read_body(connection);
        break;
      case Connection::Stage::write:
        wait = write(connection);
        break;
      case Connection::Stage::live:
        wait = write_live(connection);
        break;
      case Connection::Stage::drain:
        wait = drain(connection);
        break;
      case Connection::Stage::gone:
        wait = Io::closed;
        break;
    }
    if (!wait) continue;
    if (*wait == Io::closed) return drop(socket);
    return await(connection, *wait);
  }
}

std::optional<Io> Door::peek(Connection& connection) {
  unsigned char first = 0;
  const ssize_t got = ::recv(connection.socket(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Io::again_read;
  if (got <= 0) return Io::closed;
  constexpr unsigned char kTlsHandshake = 0x16;  // RFC 8446 section 5.1
  if (first == kTlsHandshake) {
    const std::lock_guard lock(context_mutex_);
    connection.start_tls(context_.get());
    if (!connection.tls()) return Io::closed;
    connection.stage = Connection::Stage::handshake;
  } else if (first >= 'A' && first <= 'Z') {
    connection.plain = true;
    connection.stage = Connection::Stage::head;
  } else {
    return Io::closed;
  }
  return std::nullopt;
}

std::optional<Io> Door::shake_hands(Connection& connection) {
  const Io io = connection.handshake();
  if (io != Io::done) return io;
  connection.stage = Connection::Stage::head;
  connection.deadline = now() + kIdleTime;  // browsers connect ahead of need
  return std::nullopt;
}

std::optional<Io> Door::read_head(Connection& connection) {
  switch (connection.scanner.scan(connection.received)) {
    case HeadScanner::Found::end:
      take_head(connection);
      return std::nullopt;
    case HeadScanner::Found::fault:
      refuse(connection, {400, "The request's head holds a control character, or lines that do not end in CR LF."});
      return std::nullopt;
    case HeadScanner::Found::nothing_yet:
      break;
  }
  if (connection.received.size() > kHeadBytesMax) {
    refuse(connection, {431, "The request's head is larger than 16 KiB."});
    return std::nullopt;
  }
  const bool idle = connection.received.empty();
  const Io io = connection.receive(kReadBytes);
  if (idle && !connection.received.empty()) connection.deadline = now() + kHeadTime;
  if (io == Io::done) return std::nullopt;
  return io;
}

void Door::take_head(Connection& connection) {
  ParsedHead parsed = parse_head(std::string_view(connection.received).substr(0, connection.scanner.end()));
  connection.received.erase(0, connection.scanner.end());
  if (!parsed.head) return refuse(connection, parsed.refusal);
  if (connection.plain)
    return answer(connection,
                  redirect_answer(*parsed.head, options_.address + ":" + std::to_string(port_of(sockets_.listener))),
                  new_request_id());
  connection.head = *std::move(parsed.head);
  connection.body_reader.emplace(*connection.head);
  if (!connection.head->has_body() || connection.head->content_length.value_or(0) > kSmallBodyBytesMax)
    return hand_over(connection);
  if (connection.head->expects_continue) {
    // Nothing else is on its way to the peer, so these few bytes fit, or the connection is not worth having.
    connection.outgoing = "HTTP/1.1 100 Continue\r\n\r\n";
    const Io io = connection.flush();
    connection.outgoing.clear();
    connection.sent = 0;
    connection.head->expects_continue = false;
    if (io != Io::done) {
      connection.stage = Connection::Stage::gone;
      return;
    }
  }
  connection.stage = Connection::Stage::body;
  connection.deadline = now() + kSmallBodyTime;
}

std::optional<Io> Door::read_body(Connection& connection) {
  const std::size_t before = connection.body.size();
  const std::size_t used = connection.body_reader->feed(connection.received, connection.body);
  connection.received.erase(0, used);
  collected_bytes_ += connection.body.size() - before;
  if (connection.body_reader->broken()) {
    refuse(connection, {400, "The body's chunks are malformed."});
    return std::nullopt;
  }
  if (connection.body_reader->done() || connection.body.size() > kSmallBodyBytesMax) {
    hand_over(connection);
    return std::nullopt;
  }
  if (collected_bytes_ > kCollectedBytesMax) {
    const int own = connection.socket();
    drop_longest_waiting(
        [own](const Connection& c) { return c.stage == Connection::Stage::body && !c.admin && c.socket() != own; });
  }
  const Io io = connection.receive(kReadBytes);
  if (io == Io::done) return std::nullopt;
  return io;
}

std::optional<Io> Door::write(Connection& connection) {
  const std::size_t before = connection.sent;
  const Io io = connection.flush();
  if (io == Io::closed) return io;
  if (connection.sent > before) connection.deadline = std::min(now() + kWriteStallTime, connection.write_until);
  if (io != Io::done) return io;
  outgoing_bytes_ -= connection.outgoing.size();
  if (connection.close_after) {
    connection.outgoing.clear();
    connection.half_close();
    connection.stage = Connection::Stage::drain;
    connection.deadline = now() + kDrainTime;
    return std::nullopt;
  }
  if (closing_) return Io::closed;
  connection.start_over();
  connection.waiting_since = now();
  connection.deadline = now() + kIdleTime;
  return std::nullopt;
}

std::optional<Io> Door::write_live(Connection& connection) {
  if (closing_) return Io::closed;
  LiveWire::Taken taken = connection.live->take();
  if (taken.lost) {
    ++dropped;
    return Io::closed;
  }
  if (!taken.bytes.empty()) {
    outgoing_bytes_ -= connection.outgoing.size();
    connection.outgoing.erase(0, std::exchange(connection.sent, 0));
    connection.outgoing += taken.bytes;
    outgoing_bytes_ += connection.outgoing.size();
    if (connection.deadline == Moment::max()) connection.deadline = now() + kWriteStallTime;
  }
  const std::size_t before = connection.sent;
  const Io io = connection.flush();
  if (io == Io::closed) return io;
  connection.live->note_unsent(connection.outgoing.size() - connection.sent);
  if (connection.sent > before) {
    connection.waiting_since = now();  // whoever listens is not idle
    connection.deadline = now() + kWriteStallTime;
  }
  if (io != Io::done) return io;
  outgoing_bytes_ -= connection.outgoing.size();
  connection.outgoing.clear();
  connection.sent = 0;
  connection.deadline = Moment::max();
  if (taken.over) {
    connection.half_close();
    connection.stage = Connection::Stage::drain;
    connection.deadline = now() + kDrainTime;
    return std::nullopt;
  }
  for (;;) {  // nothing is expected but the end
    const Io heard = connection.receive(kReadBytes);
    connection.discarded += connection.received.size();
    connection.received.clear();
    if (heard != Io::done) return heard;
    if (connection.discarded > kHeadBytesMax) return Io::closed;
  }
}

std::optional<Io> Door::drain(Connection& connection) {
  const Io io = connection.discard(kDiscardBytes);
  if (connection.discarded > kDrainBytesMax) return Io::closed;
  return io == Io::done ? Io::again_read : io;
}

void Door::hand_over(Connection& connection) {
  Owned owned = take(connection.socket());
  const bool reads = owned->head->method == "GET" || owned->head->method == "HEAD";
  if (reads && !own_ && deputy_stands_by_ && owned->body_reader->done()) {
    own_ = std::move(owned);
    ++lent_;
    return;
  }
  if (ways_.hand_over(owned)) {
    ++lent_;
    return;
  }
  Connection& kept = *owned;
  add(std::move(owned));
  refuse(kept, {503, "All workers are busy. Please try again in a moment."});
}

void Door::refuse(Connection& connection, const Refusal& refusal) {
  ++refused;
  const std::string id = new_request_id();
  answer(connection, refusal_answer(refusal, id), id);
}

void Door::answer(Connection& connection, Response response, const std::string& id) {
  add_common_headers(response, id, options_.clock->now(), connection.tls());
  outgoing_bytes_ -= connection.outgoing.size();
  connection.outgoing = engine_.bytes_of("GET", std::move(response), false);
  connection.sent = 0;
  outgoing_bytes_ += connection.outgoing.size();
  connection.close_after = true;
  connection.stage = Connection::Stage::write;
  connection.deadline = connection.write_until = now() + kWriteStallTime;
}

}  // namespace pf::http
