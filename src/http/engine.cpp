#include "http/engine.h"

// httplib reads the request line and its answer is written by it; bodies never pass through it (server.cpp collects or
// streams them), but its own limits are set all the same. They must stand before the include.
#define CPPHTTPLIB_REQUEST_URI_MAX_LENGTH 8192
#define CPPHTTPLIB_HEADER_MAX_LENGTH 8192
#define CPPHTTPLIB_FORM_URL_ENCODED_PAYLOAD_MAX_LENGTH (1024 * 1024)
#define CPPHTTPLIB_KEEPALIVE_TIMEOUT_SECOND 60
#include <httplib.h>

#include "http/limits.h"

namespace pf::http {
namespace {

// What httplib reads is the head in its simplest form, made from the one we have already read strictly; what it writes
// is gathered, so that a short answer is one TLS record.
class HeadStream final : public httplib::Stream {
 public:
  HeadStream(Connection& connection, std::string head) : connection_(connection), head_(std::move(head)) {}
  bool is_readable() const override { return at_ < head_.size(); }
  bool wait_readable() const override { return is_readable(); }
  bool wait_writable() const override { return !broken_; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t take = std::min(size, head_.size() - at_);
    head_.copy(to, take, at_);
    at_ += take;
    return static_cast<ssize_t>(take);
  }
  ssize_t write(const char* from, std::size_t size) override {
    gathered_.append(from, size);
    if (gathered_.size() >= kGatherBytes || !gather_) flush();
    return broken_ ? -1 : static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip = connection_.peer.address; port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(); port = 0; }
  socket_t socket() const override { return connection_.socket(); }
  time_t duration() const override { return 0; }

  void send_at_once() { gather_ = false; }
  void flush() {
    if (!broken_ && !gathered_.empty()) broken_ = !connection_.send_all(gathered_);
    gathered_.clear();
  }
  bool broken() const { return broken_; }

 private:
  static constexpr std::size_t kGatherBytes = 64u << 10;
  Connection& connection_;
  std::string head_, gathered_;
  std::size_t at_ = 0;
  bool gather_ = true, broken_ = false;
};

class Responder final : public httplib::Server {
 public:
  explicit Responder(pf::http::Handler handler) : handler_(std::move(handler)) {
    svr_sock_ = 0;  // httplib streams no answer while it believes that it does not listen; we listen for it
    set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& out) {
      respond(out);
      return HandlerResponse::Handled;
    });
    set_exception_handler([](const httplib::Request&, httplib::Response& out, std::exception_ptr) { out.status = 500; });
  }
  bool run(Connection& connection, const Request& request, bool keep_alive) {
    HeadStream stream(connection, request.method + " / HTTP/1.1\r\nHost: productflow\r\n" + (keep_alive ? "" : "Connection: close\r\n") + "\r\n");
    current_ = &request;
    stream_ = &stream;
    failed_ = false;
    bool closed = false;
    const bool written = process_request(stream, connection.peer.address, 0, "", 0, !keep_alive, closed, nullptr);
    stream.flush();
    return written && !closed && !failed_ && !stream.broken() && keep_alive;
  }

 private:
  void respond(httplib::Response& out) {
    Response answer = handler_(*current_);
    out.status = answer.status;
    failed_ = answer.status >= 400;  // httplib tells the peer "Connection: close" then
    std::string type;
    for (auto& [name, value] : answer.headers) {
      if (name == "content-type") type = value;
      else out.set_header(name, value);
    }
    if (answer.stream) {
      stream_->send_at_once();
      out.set_chunked_content_provider(type, [write = std::move(answer.stream)](std::size_t, httplib::DataSink& sink) {
        write([&](std::string_view piece) { return piece.empty() || sink.write(piece.data(), piece.size()); });
        sink.done();
        return true;
      });
    } else if (!answer.body.empty()) {
      out.set_content(std::move(answer.body), type);
    } else if (!type.empty()) {
      out.set_header("content-type", type);
    }
  }

  pf::http::Handler handler_;
  // httplib keeps no place for ours in its request; one thread answers one request at a time.
  static thread_local const Request* current_;
  static thread_local HeadStream* stream_;
  static thread_local bool failed_;
};
thread_local const Request* Responder::current_ = nullptr;
thread_local HeadStream* Responder::stream_ = nullptr;
thread_local bool Responder::failed_ = false;

}  // namespace

struct Engine::Impl {
  explicit Impl(Handler handler) : responder(std::move(handler)) {}
  Responder responder;
};
Engine::Engine(Handler handler) : impl_(std::make_unique<Impl>(std::move(handler))) {}
Engine::~Engine() = default;
bool Engine::answer(Connection& connection, const Request& request, bool keep_alive) { return impl_->responder.run(connection, request, keep_alive); }

}  // namespace pf::http
