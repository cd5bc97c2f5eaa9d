#include "http/engine.h"

// For a streamed answer httplib is given a head that we have already read strictly, in its simplest form, and runs the
// stream in chunks; bodies of requests never pass through it. Its own limits are set all the same. They must stand
// before the include.
#define CPPHTTPLIB_REQUEST_URI_MAX_LENGTH 8192
#define CPPHTTPLIB_HEADER_MAX_LENGTH 8192
#define CPPHTTPLIB_HEADER_MAX_COUNT 64
#define CPPHTTPLIB_FORM_URL_ENCODED_PAYLOAD_MAX_LENGTH (1024 * 1024)
#include <httplib.h>

namespace pf::http {
namespace {

// Reads the simple head, and sends what is written.
class HeadStream final : public httplib::Stream {
 public:
  HeadStream(std::string head, Connection& connection) : head_(std::move(head)), connection_(connection) {}
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
    broken_ = broken_ || !connection_.send_all({from, size});
    return broken_ ? -1 : static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  socket_t socket() const override { return connection_.socket(); }
  time_t duration() const override { return 0; }

 private:
  std::string head_;
  std::size_t at_ = 0;
  Connection& connection_;
  bool broken_ = false;
};

struct Job {
  Response& response;
  std::function<bool()> going_on{};  // asked by the stream's sink
};

class Responder final : public httplib::Server {
 public:
  Responder() {
    svr_sock_ = 0;  // httplib streams no answer while it believes that it does not listen; we listen for it
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& out) {
      fill(out, *job_);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& out) {
      out.headers.erase("Keep-Alive");
      out.headers.erase("Accept-Ranges");  // httplib's own
      if (const std::string* ours = find_header(job_->response.headers, "accept-ranges"))
        out.set_header("accept-ranges", *ours);
    });
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& out, std::exception_ptr) { out.status = 500; });
  }

  bool run(HeadStream& stream, Job job, bool keep) {
    job_ = &job;
    bool closed = false;
    return process_request(stream, "", 0, "", 0, !keep, closed, nullptr);
  }

 private:
  static void fill(httplib::Response& out, Job& job) {
    Response& answer = job.response;
    out.status = answer.status;
    std::string type;
    for (auto& [name, value] : answer.headers) {
      if (name == "content-type")
        type = value;
      else
        out.set_header(name, value);
    }
    out.set_chunked_content_provider(type, [&job](std::size_t, httplib::DataSink& sink) {
      bool whole = true;
      job.response.stream([&](std::string_view piece) {
        whole = whole && job.going_on() && (piece.empty() || sink.write(piece.data(), piece.size()));
        return whole;
      });
      if (whole) sink.done();
      return whole;
    });
  }

  // httplib keeps no place for ours in its request; one thread writes one answer at a time.
  static thread_local Job* job_;
};
thread_local Job* Responder::job_ = nullptr;

constexpr const char* kSimpleHead = "GET / HTTP/1.1\r\nHost: productflow\r\n\r\n";

}  // namespace

struct Engine::Impl {
  Responder responder;
};
Engine::Engine() : impl_(std::make_unique<Impl>()) {}
Engine::~Engine() = default;

// A whole answer needs no engine: this is a third of the time that httplib takes for it, on every request.
std::string Engine::bytes_of(std::string_view method, Response response, bool keep) {
  const bool streamed = response.stream != nullptr || response.live != nullptr,
             bodiless = response.status == 204 || response.status == 304;
  std::string out;
  out.reserve(1024 + response.body.size());
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(httplib::status_message(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    // A value of the shop's data must not become a header of its own.
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) continue;
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!streamed && !bodiless)  // RFC 9110 section 8.6
    out.append("content-length: ").append(std::to_string(response.body.size())).append("\r\n");
  if (response.live) out.append("transfer-encoding: chunked\r\n");
  if (!keep || response.status >= 400) out.append("connection: close\r\n");
  out.append("\r\n");
  if (!bodiless && method != "HEAD") out.append(response.body);
  return out;
}

namespace {

// Makes a streamed answer one that goes on where another was cut off. False: the peer has gone meanwhile.
bool resume(Response& response, const std::function<bool()>& going_on) {
  const std::uint64_t first = *response.from_byte;
  std::uint64_t bytes = 0;
  bool whole = true;
  response.stream([&](std::string_view piece) {
    bytes += piece.size();
    return whole = whole && going_on();
  });
  const std::string all = "/" + std::to_string(bytes);
  if (first >= bytes) {
    response.status = 416;
    response.headers.emplace_back("content-range", "bytes *" + all);
    response.stream = [](const BodySink&) {};
    return whole;
  }
  response.status = 206;
  response.headers.emplace_back("content-range",
                                "bytes " + std::to_string(first) + "-" + std::to_string(bytes - 1) + all);
  response.stream = [first, stream = std::move(response.stream)](const BodySink& sink) {
    std::uint64_t left_out = first;
    stream([&](std::string_view piece) {
      const auto out = static_cast<std::size_t>(std::min<std::uint64_t>(left_out, piece.size()));
      left_out -= out;
      return sink(piece.substr(out));
    });
  };
  return whole;
}

}  // namespace

bool Engine::stream(Connection& connection, Response response, bool keep) {
  HeadStream stream(kSimpleHead, connection);
  try {
    if (response.from_byte && !resume(response, [&] { return connection.peer_is_there(); })) return false;
    return impl_->responder.run(stream, {response, [&] { return connection.peer_is_there(); }}, keep);
  } catch (const std::exception&) {
    return false;  // the answer is cut short, which chunks let the peer see
  }
}

}  // namespace pf::http
