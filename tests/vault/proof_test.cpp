#include "productflow/text.h"
#include "small_vault.h"
#include "vault/needles.h"

using namespace pf;
using namespace pf::vault;
using std::chrono::days;

namespace {

std::string found(const Needles& needles, std::string_view bytes) {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  needles.count(bytes, counts);
  std::string all;
  for (const auto& [what, count] : counts) all += what + ";";
  return all;
}

}  // namespace

TEST_CASE("proof: a text is recognised in every encoding, wherever it stands") {
  Needles needles;
  needles.add_text("Renée O'Quillon");
  const std::string text = "Renée O'Quillon";
  CHECK(found(needles, "xx" + text + "yy") == "as text;");
  CHECK(found(needles, "RENéE O'QUILLON") == "as text;");
  CHECK(found(needles, "renee o'quillon").find("as text") != std::string::npos);  // without accents
  CHECK(found(needles, std::string("R\0e\0n\0\xe9\0e\0 \0O\0'\0Q\0u\0i\0l\0l\0o\0n\0", 30)) == "in UTF-16;");
  CHECK(found(needles, std::string("\0R\0e\0n\0\xe9\0e\0 \0O\0'\0Q\0u\0i\0l\0l\0o\0n", 30)) == "in UTF-16;");
  CHECK(found(needles, "\"Ren\\u00e9e O'Quillon\"") == "escaped in JSON;");
  CHECK(found(needles, "name=Ren%C3%A9e%20O%27Quillon&") == "percent-encoded;");
  CHECK(found(needles, hex(text)) == "in hexadecimal;");
  for (const std::string before : {"", "a", "ab", "abc", "{\"n\":\""})
    CHECK_MESSAGE(found(needles, base64url(before + text + "zz")) == "in base64;", before);
  CHECK(found(needles, "Renée O'Quillo").empty());
  CHECK(found(needles, "").empty());
}

TEST_CASE("proof: standard base64 is recognised beside the one for addresses") {
  Needles needles;
  needles.add_text("?>?>?>~~~");  // gives + and /
  CHECK(found(needles, "Pz4/Pj8+fn5+") == "in base64;");
  CHECK(found(needles, "Pz4_Pj8-fn5-") == "in base64;");
}

TEST_CASE("proof: a living buyer is told by field, and is in no file in the clear; once gone, nothing is found") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  world.seal("A-2", {}, test::a_buyer("Other", "other@example.com"));
  const auto holdings = [&](std::string_view text) {
    std::string fields;
    const auto held = world.vault->holdings(world.store->read(), {"manual", "A-1"}, ref, text);
    REQUIRE(held.ok());
    for (const auto& one : *held) fields += std::string(field_name(one.field)) + ";";
    return fields;
  };
  CHECK(holdings("QUILLONBURY") == "shipping_customer;");
  CHECK(holdings("zyx@example") == "email;");
  CHECK(holdings("Zyxander Quillonbury").find("shipping_customer;") == 0);  // two fields of an address
  CHECK(holdings("other@example.com").empty());

  const auto held = *world.vault->holdings(world.store->read(), {"manual", "A-1"}, ref, "zyx@example.com");
  REQUIRE(world.store->flush_all().ok());
  auto proof = world.vault->search_files(world.folder.path(), "zyx@example.com", held);
  REQUIRE(proof.ok());
  CHECK(proof->files > 5);
  CHECK(proof->unreadable.empty());
  bool sealed = false, token = false;
  for (const auto& trace : proof->traces) {
    CHECK(trace.file.starts_with("db/"));
    sealed = sealed || trace.what.starts_with("sealed");
    token = token || trace.what.find("search token") != std::string::npos;
    CHECK((trace.what.starts_with("sealed") || trace.what.find("search token") != std::string::npos));
  }
  CHECK(sealed);
  CHECK(token);

  world.clock.pass(days{31});
  REQUIRE(world.vault->purge(access::system_actor(), false)->figures.clean);
  CHECK(holdings("QUILLONBURY").empty());
  proof = world.vault->search_files(world.folder.path(), "zyx@example.com", held);
  REQUIRE(proof.ok());
  CHECK(proof->traces.empty());
}

TEST_CASE("proof: a text that somebody left in the clear is found and its file named") {
  test::SmallVault world;
  std::filesystem::create_directories(world.folder.path() / "exports");
  test::overwrite(world.folder.path() / "exports" / "labels.csv", "id;name\n1;" + base64url("Zyxander Q.") + "\n");
  const auto proof = world.vault->search_files(world.folder.path(), "Zyxander Q.", {});
  REQUIRE(proof.ok());
  REQUIRE(proof->traces.size() == 1);
  CHECK(proof->traces[0].file == "exports/labels.csv");
  CHECK(proof->traces[0].what == "in base64");
  CHECK(world.vault->search_files(world.folder.path() / "nowhere", "text", {}).error().code == ErrorCode::not_found);
}
