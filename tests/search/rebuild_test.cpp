// An index that was damaged is mended while it is used.
#include "search/rebuild.h"

#include <doctest/doctest.h>

#include <array>
#include <map>

#include "productflow/bytes.h"
#include "search/index_keys.h"
#include "search/index_records.h"
#include "support/temp_folder.h"

using namespace pf;
using namespace pf::search;

namespace {

constexpr std::array<std::uint8_t, 1> kSteps{6};
constexpr std::array<Coarse::Column, 1> kStepped{{{"at", kSteps}}};
constexpr Coarse kCoarse{kStepped, "word"};

// A record of each document beside its index, as rooms have it.
struct Room {
  test::TempFolder folder, other;
  std::unique_ptr<storage::Store> store = std::move(*storage::Store::open(
      folder.path(), {{.name = "things"}, Index::family("index")}, {.create_if_missing = true, .free_bytes_reserve = 0}));
  storage::FamilyRef things = store->family("things"), family = store->family("index");
  Index index{*store, "index", kCoarse};

  static std::string key_of(Document document) {
    std::string key;
    put_be32(key, document);
    return key;
  }
  static Entry entry_of(std::string_view text) {
    Entry entry;
    if (text.empty()) return entry;
    for (auto& word : words_of(text)) entry.terms.emplace_back("word", word);
    std::string at;
    put_be64(at, text.size());
    entry.columns = {{"at", at}, {"text", std::string(text)}};
    return entry;
  }
  Result<> set(Document document, const std::string& text) {
    return store->write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto was, work.get(things, key_of(document)));
      if (!was) PF_TRY(index.add_document(work));
      PF_TRY(index.update(work, document, entry_of(was.value_or("")), entry_of(text)));
      text.empty() ? work.erase(things, key_of(document)) : work.put(things, key_of(document), text);
      return {};
    });
  }
  Source source() {
    return {.some = [this](const storage::Reader& read, std::string& place, const Source::Tell& tell) -> Result<bool> {
              auto row = read.scan(things, place, "");
              for (int i = 0; i < 3 && row.valid(); ++i, row.next()) {
                place = std::string(row.key()) + '\0';
                PF_TRY(tell(get_be32(row.key()), entry_of(row.value())));
              }
              return row.valid();
            },
            .entry_of = [this](const storage::Reader& read, Document document) -> Result<Entry> {
              PF_LET(const auto text, read.get(things, key_of(document)));
              return entry_of(text.value_or(""));
            }};
  }
  Result<Rebuilt> rebuilt(const Watch& watch = {}) {
    return rebuild(*store, "index", kCoarse, source(), other.path() / "anew", watch);
  }
  std::map<std::string, std::string> records() {
    std::map<std::string, std::string> all;
    const auto read = store->read();
    for (auto row = read.scan(family, "", ""); row.valid(); row.next())
      if (!is_empty_record(row.value())) all.emplace(row.key(), row.value());
    return all;
  }
};

}  // namespace

TEST_CASE("search: a damaged index is mended place by place, and a right one stays as it is") {
  Room room;
  for (Document document = 0; document < 200; ++document)
    REQUIRE(room.set(document, "number " + std::to_string(document) + (document % 3 == 0 ? " fizz" : " other")).ok());
  REQUIRE(room.set(7, "").ok());
  const auto right = room.records();
  auto done = room.rebuilt();
  REQUIRE(done.ok());
  CHECK((done->documents == 199 && done->mended == 0));

  REQUIRE(room.store
              ->write([&](storage::Write& work) -> Result<> {
                std::string out, in, value;
                put_document(out, 3, false);
                put_document(in, 7, true);
                put_value(value, 9, "another");
                work.merge(room.family, term_key(kTermKey, "word", "fizz", 0), out);
                work.merge(room.family, term_key(kTermKey, "word", "ghost", 0), in);
                work.merge(room.family, all_key(0), in);
                work.merge(room.family, values_key("text", 0), value);
                work.erase(room.family, set_key("at", 6, 0));
                work.put(room.family, kNextDocumentKey, Room::key_of(5));
                return {};
              })
              .ok());
  CHECK(room.records() != right);
  bool written = false;
  unsigned last_compared = 0;
  std::uint64_t kept = 0;  // what those who keep a count would have
  const auto goes_on = [&](const Rebuilt& so_far, unsigned compared) {
    if (so_far.documents >= 100 && !std::exchange(written, true)) REQUIRE(room.set(20, "quite another").ok());
    CHECK((compared >= last_compared && (compared == 0 || so_far.documents == 199)));
    last_compared = compared;
    return true;
  };
  done = room.rebuilt({.goes_on = goes_on, .mends = [&](storage::Write&, std::uint64_t mended) { kept = mended; }});
  REQUIRE(done.ok());
  CHECK((last_compared == 100 && kept == done->mended));
  CHECK(done->mended == 1 + 1 + 1 + 1 + 198 + 1);  // who was written is in its set again
  REQUIRE(room.set(20, "number 20 other").ok());
  CHECK(room.records() == right);
  CHECK(std::filesystem::is_empty(room.other.path()));
}

TEST_CASE("search: a rebuild that is stopped leaves nothing behind") {
  Room room;
  for (Document document = 0; document < 10; ++document) REQUIRE(room.set(document, "a thing").ok());
  const auto done = room.rebuilt({.goes_on = [](const Rebuilt&, unsigned) { return false; }});
  CHECK(done.error().code == ErrorCode::conflict);
  CHECK(std::filesystem::is_empty(room.other.path()));
}
