#include "crypto/secret_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "productflow/files.h"
#include "support/temp_folder.h"

using namespace pf;
using namespace pf::crypto;
namespace fs = std::filesystem;

TEST_CASE("secret file: what was written is read, whole, and others are shut out") {
  const test::TempFolder folder;
  const fs::path path = folder.path() / "a.key";
  REQUIRE(replace_file(path, std::string(32, 'k'), 0644).ok());
  CHECK(read_secret_file(path, 32)->bytes() == std::string(32, 'k'));
  CHECK((fs::status(path).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  CHECK(read_at_most(path, 100)->size() == 32);
  CHECK(read_at_most(path, 20)->size() == 21);  // tells that it is longer
}

TEST_CASE("secret file: one of another size, a link, a pipe, a folder and none at all are refused by name") {
  const test::TempFolder folder;
  const fs::path path = folder.path() / "a.key";
  const auto refused = [&](const fs::path& of) {
    const auto read = read_secret_file(of, 32);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == ErrorCode::unavailable);
    CHECK(read.error().message.find(of.string()) != std::string::npos);
  };
  refused(path);
  for (const std::size_t size : {0U, 31U, 33U}) {
    REQUIRE(replace_file(path, std::string(size, 'k'), 0600).ok());
    refused(path);
  }
  REQUIRE(replace_file(path, std::string(32, 'k'), 0600).ok());
  fs::create_symlink(path, folder.path() / "link");
  refused(folder.path() / "link");
  REQUIRE(::mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
  refused(folder.path() / "pipe");  // and does not wait for somebody to write
  refused(folder.path());
}

TEST_CASE("files: one is replaced whole, with its mode, or stays as it was") {
  const test::TempFolder folder;
  const fs::path path = folder.path() / "a.txt";
  const auto content = [&] {
    std::ifstream in(path);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  REQUIRE(replace_file(path, "one", 0644).ok());
  REQUIRE(replace_file(path, "other", 0600).ok());
  CHECK(content() == "other");
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  fs::create_symlink("/dev/full", path.string() + ".new");  // where it is written first
  const auto refused = replace_file(path, "third", 0600);
  CHECK(refused.error().message.find(path.string()) != std::string::npos);
  CHECK(content() == "other");
  CHECK_FALSE(replace_file(folder.path() / "none" / "a.txt", "x", 0600).ok());
  CHECK_FALSE(sync_folder(folder.path() / "none"));
}
