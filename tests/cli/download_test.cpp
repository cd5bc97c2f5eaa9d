// Downloads of the command line: with a server of paper that goes and comes back as it is told.
#include "cli/download.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "support/temp_folder.h"

using namespace pf;

namespace {

// Six bytes: goes after three, is busy when it has come back, then sends the rest.
struct Server : cli::Gateway {
  int asked = 0;
  std::string range{};
  Result<http::Response> call(http::Request request, const http::BodySink& sink, const http::HeadSink& heads) override {
    ++asked;
    http::Response answer{.status = asked == 1 ? 200 : asked == 2 ? 503 : 206};
    answer.headers = {{"etag", "\"t\""}, {"content-range", "bytes 3-5/6"}};
    if (asked == 2) answer.body = R"({"detail": "Too many downloads are under way."})";
    PF_TRY(heads(answer));
    if (asked == 2) return answer;
    if (asked == 3) range = *http::find_header(request.headers, "range");
    sink(asked == 1 ? "abc" : "def");
    if (asked == 1) return error(ErrorCode::unavailable, "It went.");
    return answer;
  }
};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE(
    "a download goes on behind a server that is busy at first; the file keeps its rights, and none is waited for") {
  const test::TempFolder folder;
  const std::filesystem::path out = folder.path() / "out.csv", beside = folder.path() / "out.csv.part";
  std::ofstream(out) << "before";
  REQUIRE(::chmod(out.c_str(), 0600) == 0);
  REQUIRE(::mkfifo(beside.c_str(), 0600) == 0);
  Server server;
  for (const bool has_reader : {false, true}) {
    const int reader = has_reader ? ::open(beside.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    const auto refused = cli::download(server, "/x", out.string());
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::conflict);
    if (has_reader) ::close(reader);
  }
  CHECK(server.asked == 0);
  CHECK(text_of(out) == "before");
  std::filesystem::remove(beside);

  const auto done = cli::download(server, "/x", out.string());
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  CHECK(server.range == "bytes=3-");
  CHECK(text_of(out) == "abcdef");
  struct stat seen {};
  REQUIRE(::stat(out.c_str(), &seen) == 0);
  CHECK((seen.st_mode & 07777) == 0600);
  CHECK_FALSE(std::filesystem::exists(beside));
}
