// What happens to a whole request: a worker asks the handler and starts to send the answer; what the peer does not take
// at once goes back to the door. Uploads and streamed answers wait for their peers in lanes of their own.
#include "http/server.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "http/answers.h"
#include "http/door.h"
#include "http/engine.h"
#include "http/lane.h"
#include "http/limits.h"
#include "http/sockets.h"

namespace pf::http {
namespace {

// A request on its way through a lane; with an answer when that is to be streamed.
struct Task {
  Owned connection;
  std::unique_ptr<std::pair<Request, Response>> streaming{};
};

}  // namespace

struct Server::Impl {
  ServerOptions options;
  int listener = -1, admin_listener = -1;
  std::uint16_t port = 0;
  Engine engine;
  std::unique_ptr<Door> door;
  std::unique_ptr<Lane<Task>> lane, large_lane, stream_lane;
  std::array<std::thread, 2> door_threads;  // leader and deputy
  std::once_flag stopped;
  std::atomic<std::uint64_t> requests{0};

  // Connections whose worker may be waiting for the peer, to be cut when the server cannot wait any longer.
  std::mutex waiting_workers_mutex;
  std::unordered_set<const Connection*> waiting_workers;

  class MayWait {
   public:
    MayWait(Impl& impl, const Connection& connection) : impl_(impl), connection_(connection) {
      const std::lock_guard lock(impl_.waiting_workers_mutex);
      impl_.waiting_workers.insert(&connection_);
    }
    ~MayWait() {
      const std::lock_guard lock(impl_.waiting_workers_mutex);
      impl_.waiting_workers.erase(&connection_);
    }
    MayWait(const MayWait&) = delete;
    MayWait& operator=(const MayWait&) = delete;

   private:
    Impl& impl_;
    const Connection& connection_;
  };

  ~Impl() {
    for (const int socket : {listener, admin_listener})
      if (socket >= 0) ::close(socket);
    if (admin_listener >= 0) ::unlink(options.admin_socket.c_str());
  }

  bool hand_over(Owned& connection) {
    const bool whole = connection->body_reader->done();
    // What only reads does not wait for the disk's fsync as a rule.
    const bool reads = connection->head->method == "GET" || connection->head->method == "HEAD";
    Task task{std::move(connection)};
    if (whole ? lane->push(task, reads ? Haste::soon : Haste::now) : large_lane->push(task)) return true;
    connection = std::move(task.connection);
    return false;
  }

  Response handled(const Request& request) {
    try {
      return options.handler(request);
    } catch (const std::bad_alloc&) {
      return refusal_answer({503, "There is not enough memory for this now. Please try again in a moment."},
                            request.id);
    } catch (const std::exception&) {
      return refusal_answer({500, "A fault of ours. Please tell us the request_id."}, request.id);
    }
  }

  // The connection with its answer under way; null when it is streamed elsewhere.
  Owned answer(Task task) {
    Connection& connection = *task.connection;
    Head& head = *connection.head;
    const bool large = !connection.body_reader->done();
    std::optional<MayWait> may_wait;
    if (large) may_wait.emplace(*this, connection);

    Request request;
    request.method = std::move(head.method);
    request.target = std::move(head.target);
    request.path = std::move(head.path);
    request.query = std::move(head.query);
    request.headers = std::move(head.headers);
    request.peer = connection.peer;
    request.id = new_request_id();
    if (large)
      request.body_source = body_source(connection);
    else
      request.body = std::move(connection.body);

    ++requests;
    Response response = handled(request);
    if (response.live && request.method != "HEAD" && !large) return open_live(std::move(task), request, response);
    if (response.stream && request.method != "HEAD") {
      may_wait.reset();
      task.streaming = std::make_unique<std::pair<Request, Response>>(std::move(request), std::move(response));
      if (stream_lane->push(task)) return nullptr;
      request = std::move(task.streaming->first);
      response = refusal_answer({503, std::to_string(kStreamWorkers) +
                                          " downloads are under way already; more are not sent at once. Please try "
                                          "again in a moment."},
                                request.id);
    }
    add_common_headers(response, request.id, options.clock->now(), connection.tls());
    const bool keep = may_keep(connection) && response.status < 400;  // httplib says "Connection: close" to the others
    connection.outgoing = engine.bytes_of(request.method, std::move(response), keep);
    connection.sent = 0;
    connection.close_after = !keep;
    connection.stage = Connection::Stage::write;
    connection.write_until =
        now() + kWriteStallTime + std::chrono::seconds(connection.outgoing.size() / kBytesPerSecondMin);
    connection.deadline = std::min(now() + kWriteStallTime, connection.write_until);
    const Io io = connection.flush();
    if (io == Io::closed)
      connection.stage = Connection::Stage::gone;
    else if (io == Io::done && keep)
      connection.start_over();
    return std::move(task.connection);
  }

  // The head goes out, and what follows is brought by whoever holds the wire.
  Owned open_live(Task task, const Request& request, Response& response) {
    Connection& connection = *task.connection;
    add_common_headers(response, request.id, options.clock->now(), connection.tls());
    connection.live = std::make_shared<LiveWire>(connection.socket(), door->live_queue());
    connection.stage = Connection::Stage::live;
    connection.deadline = now() + kWriteStallTime;
    const auto live = std::move(response.live);
    response.live = live;
    connection.outgoing = engine.bytes_of(request.method, std::move(response), false);
    connection.sent = 0;
    live(connection.live);
    return std::move(task.connection);
  }

  void stream(Task task) {
    Connection& connection = *task.connection;
    std::optional<MayWait> may_wait(std::in_place, *this, connection);
    auto& [request, response] = *task.streaming;
    add_common_headers(response, request.id, options.clock->now(), connection.tls());
    const bool keep = may_keep(connection) && response.status < 400;
    const bool whole = engine.stream(connection, std::move(response), keep);
    task.streaming.reset();  // what the handler captured goes before the connection may be used again
    may_wait.reset();
    connection.start_over();
    if (!whole) {
      connection.stage = Connection::Stage::gone;
    } else if (!keep) {
      connection.close_after = true;
      connection.stage = Connection::Stage::write;  // nothing: closes gently
      connection.deadline = connection.write_until = now() + kWriteStallTime;
    }
    door->give_back(std::move(task.connection));
  }

  bool may_keep(const Connection& connection) const {
    return connection.head->keep_alive && connection.body_reader->done() && !door->ending();
  }

  BodySource body_source(Connection& connection) {
    return [&connection, started = now(), total = std::uint64_t{0}]() mutable -> Result<std::string> {
      if (connection.head->expects_continue) {
        connection.head->expects_continue = false;
        if (!connection.send_all("HTTP/1.1 100 Continue\r\n\r\n"))
          return error(ErrorCode::unavailable, "The connection was lost.");
      }
      std::string piece = std::move(connection.body);
      connection.body.clear();
      while (piece.empty()) {
        const std::size_t used = connection.body_reader->feed(connection.received, piece);
        connection.received.erase(0, used);
        if (connection.body_reader->broken()) return error(ErrorCode::invalid, "The body's chunks are malformed.");
        if (!piece.empty() || connection.body_reader->done()) break;
        if (connection.receive_waiting(kUploadPieceBytes, now() + kReadStallTime) == Io::closed)
          return error(ErrorCode::unavailable, "The upload stopped before it was complete. Please send it again.");
        total += connection.received.size();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now() - started);
        if (seconds > kReadStallTime && total / static_cast<std::uint64_t>(seconds.count()) < kBytesPerSecondMin)
          return error(ErrorCode::unavailable, "The upload is too slow; it must bring 4 KiB a second.");
      }
      return piece;
    };
  }
  static constexpr std::size_t kUploadPieceBytes = 64u << 10;

  void stop() {
    door->end();
    if (!door_threads[0].joinable()) return;
    for (std::thread& thread : door_threads) thread.join();  // everything was answered and sent, or kStopTime is over
    {
      const std::lock_guard lock(waiting_workers_mutex);
      for (const Connection* connection : waiting_workers) connection->cut();
    }
    lane->stop();
    large_lane->stop();
    stream_lane->stop();
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::open(ServerOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  impl->listener = impl->options.listener;
  const ServerOptions& wanted = impl->options;
  PF_LET(auto context, server_context(wanted.certificate, wanted.key, wanted.client_ca));
  if (impl->listener < 0) {
    PF_LET(impl->listener, listen_on(wanted.address, wanted.port));
  }
  impl->port = port_of(impl->listener);
  if (!wanted.admin_socket.empty()) {
    PF_LET(impl->admin_listener, listen_at(wanted.admin_socket));
  }
  Impl* in = impl.get();
  Door::Ways ways{.hand_over = [in](Owned& connection) { return in->hand_over(connection); },
                  .answer = [in](Owned connection) { return in->answer({std::move(connection)}); },
                  .nudge = [in] { return in->lane->nudge(); }};
  impl->door = std::make_unique<Door>(wanted, Door::Sockets{impl->listener, impl->admin_listener}, std::move(context),
                                      impl->engine, std::move(ways));
  PF_TRY(impl->door->open());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::start() {
  Impl& in = *impl_;
  const auto answer = [&in](Task task) {
    if (Owned connection = in.answer(std::move(task))) in.door->give_back(std::move(connection));
  };
  const auto stream = [&in](Task task) { in.stream(std::move(task)); };
  const unsigned enough = std::max(2u, std::thread::hardware_concurrency()) - 1;  // the door answers too
  in.lane = std::make_unique<Lane<Task>>(kWorkers, kQueueMax, enough, answer);
  in.large_lane = std::make_unique<Lane<Task>>(kLargeLaneWorkers, kQueueMax, kLargeLaneWorkers, answer);
  in.stream_lane = std::make_unique<Lane<Task>>(kStreamWorkers, 0, kStreamWorkers, stream);
  for (std::thread& thread : in.door_threads) thread = std::thread([&in] { in.door->run(); });
}

void Server::stop() {
  std::call_once(impl_->stopped, [this] { impl_->stop(); });
}
Server::~Server() {
  stop();
}

Result<> Server::reload_certificate() {
  return impl_->door->reload_certificate();
}
std::uint16_t Server::port() const {
  return impl_->port;
}
ServerFigures Server::figures() const {
  return {impl_->requests, impl_->door->refused, impl_->door->dropped, impl_->door->connections};
}

}  // namespace pf::http
