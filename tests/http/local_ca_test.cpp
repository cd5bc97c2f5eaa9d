#include "http/local_ca.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "crypto/certificate.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {
std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}
}  // namespace

TEST_CASE("http: certificates are made once, kept, and renewed before their end") {
  test::TempFolder folder;
  test::HandClock clock;
  const auto tls = folder.path() / "tls";
  const auto first = http::ensure_tls_files(tls, "127.0.0.1", clock.now());
  REQUIRE(first.ok());
  CHECK(first->renewed);
  CHECK((std::filesystem::status(first->key).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  const std::string leaf = text_of(first->certificate), ca = text_of(first->ca);

  CHECK_FALSE(http::ensure_tls_files(tls, "127.0.0.1", clock.now())->renewed);
  CHECK(text_of(first->certificate) == leaf);
  clock.pass(std::chrono::days{370});
  CHECK(http::ensure_tls_files(tls, "127.0.0.1", clock.now())->renewed);
  CHECK(text_of(first->certificate) != leaf);
  CHECK(text_of(first->ca) == ca);
  CHECK(http::ensure_tls_files(tls, "192.0.2.7", clock.now())->renewed);  // a new name
}

TEST_CASE("http: the owner's own certificate is left alone") {
  test::TempFolder folder;
  test::HandClock clock;
  std::ofstream(folder.path() / "server.pem") << "mine";
  const auto files = http::ensure_tls_files(folder.path(), "127.0.0.1", clock.now());
  REQUIRE(files.ok());
  CHECK_FALSE(files->renewed);
  CHECK(text_of(files->certificate) == "mine");
}
