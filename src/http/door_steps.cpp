// What the leader does for one connection, step by step: shakes hands, reads a request, writes the answer.
#include "http/answers.h"
#include "http/door.h"
#include "http/limits.h"

namespace pf::http {
namespace {

constexpr std::size_t kReadBytes = 16u << 10;    // one TLS record
constexpr std::size_t kDiscardBytes = 1u << 20;  // at one go, so that others get their turn

}  // namespace

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
