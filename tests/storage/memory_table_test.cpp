// The list that RocksDB keeps its newest changes in, through RocksDB: what it gives back is what a map would.
#include "storage/memory_table.h"

#include <doctest/doctest.h>
#include <rocksdb/db.h>

#include <array>
#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "support/temp_folder.h"

using namespace pf;

namespace {

// Large enough that no test fills it, so nothing is written to a table, whose order is RocksDB's own.
constexpr std::size_t kBufferBytes = 256u << 20;

struct Newest {
  test::TempFolder folder;
  std::unique_ptr<rocksdb::DB> db;

  Newest() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.memtable_factory = storage::memory_tables();
    options.allow_concurrent_memtable_write = false;
    options.write_buffer_size = kBufferBytes;
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::Open(options, (folder.path() / "db").string(), &opened);
    REQUIRE_MESSAGE(status.ok(), status.ToString());
    db.reset(opened);
  }
  bool has_tables() {
    std::string files;
    db->GetProperty("rocksdb.num-files-at-level0", &files);
    return files != "0";
  }
};

using Model = std::map<std::string, std::string>;

// Short keys of few letters, zeros among them, so that many begin alike or are the same.
std::string some_key(std::mt19937& dice) {
  constexpr std::array kLetters{'\0', '\1', 'a', 'b', '\x7f', '\xff'};
  std::string key(dice() % 3 == 0 ? std::string(200, 'p') : std::string());  // its length takes two bytes
  for (std::size_t i = dice() % 7; i > 0; --i) key += kLetters.at(dice() % kLetters.size());
  return key;
}

void check_same(rocksdb::DB& db, const rocksdb::Snapshot* snapshot, const Model& model, std::mt19937& dice) {
  rocksdb::ReadOptions how;
  how.snapshot = snapshot;
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(how));
  at->SeekToFirst();
  std::size_t wrong = 0;
  for (auto row = model.begin(); row != model.end(); ++row, at->Next()) {
    REQUIRE(at->Valid());
    wrong += at->key().ToStringView() != row->first || at->value().ToStringView() != row->second;
  }
  CHECK(!at->Valid());
  at->SeekToLast();
  for (auto row = model.rbegin(); row != model.rend(); ++row, at->Prev()) {
    REQUIRE(at->Valid());
    wrong += at->key().ToStringView() != row->first;
  }
  CHECK(!at->Valid());
  for (int i = 0; i < 300; ++i) {
    const std::string key = some_key(dice);
    auto row = model.lower_bound(key);
    at->Seek(key);
    wrong += at->Valid() != (row != model.end()) || (at->Valid() && at->key().ToStringView() != row->first);
    at->SeekForPrev(key);
    row = model.upper_bound(key);
    const bool any = row != model.begin();
    if (any) --row;
    wrong += at->Valid() != any || (at->Valid() && at->key().ToStringView() != row->first);
    std::string value;
    const bool found = db.Get(how, key, &value).ok();
    const auto known = model.find(key);
    wrong += found != (known != model.end()) || (found && value != known->second);
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("storage: a memory table gives back what a map would, in both directions, now and at older snapshots") {
  Newest newest;
  std::mt19937 dice(11);
  Model model;
  std::vector<std::pair<const rocksdb::Snapshot*, Model>> seen{{newest.db->GetSnapshot(), model}};
  for (int unit = 0; unit < 60; ++unit) {
    rocksdb::WriteBatch batch;
    Model changes;
    for (std::size_t i = dice() % 80; i > 0; --i) {
      const std::string key = some_key(dice), value = std::to_string(dice());
      const bool erases = dice() % 4 == 0;
      if (unit % 2 == 0) {  // as they come, some twice
        erases ? batch.Delete(key) : batch.Put(key, value);
        if (erases)
          model.erase(key);
        else
          model[key] = value;
      } else {
        changes[key] = erases ? "" : value;
      }
    }
    for (const auto& [key, value] : changes) {  // in order, as units of work are
      value.empty() ? batch.Delete(key) : batch.Put(key, value);
      if (value.empty())
        model.erase(key);
      else
        model[key] = value;
    }
    REQUIRE(newest.db->Write({}, &batch).ok());
    if (unit % 15 == 0) seen.emplace_back(newest.db->GetSnapshot(), model);
  }
  seen.emplace_back(nullptr, model);
  REQUIRE(model.size() > 200);
  for (const auto& [snapshot, then] : seen) check_same(*newest.db, snapshot, then, dice);
  CHECK(!newest.has_tables());
  for (const auto& one : seen)
    if (one.first != nullptr) newest.db->ReleaseSnapshot(one.first);
}

TEST_CASE("storage: who reads a memory table while it grows sees it in order, with all that was there before") {
  Newest newest;
  constexpr std::uint32_t kKeys = 20'000;
  const auto key_of = [](std::uint32_t number) {
    std::string key = std::to_string(number * 7'919 % kKeys);  // each once, in no order
    return std::string(5 - key.size(), '0') + key;
  };
  std::atomic<std::uint32_t> written{0}, faults{0}, rounds{0};
  const auto read = [&] {
    std::mt19937 dice(static_cast<std::uint32_t>(rounds++));
    while (written < kKeys) {
      const std::uint32_t before = written;
      std::string value;
      if (before > 0 && !newest.db->Get({}, key_of(dice() % before), &value).ok()) ++faults;
      const std::unique_ptr<rocksdb::Iterator> at(newest.db->NewIterator({}));
      std::uint32_t count = 0;
      std::string last;
      for (at->SeekToFirst(); at->Valid(); at->Next(), ++count) {
        if (at->key().ToStringView() <= last) ++faults;
        last = at->key().ToString();
      }
      if (count < before) ++faults;
    }
  };
  std::thread one(read), other(read);
  for (std::uint32_t i = 0; i < kKeys; i += 50) {
    rocksdb::WriteBatch batch;
    for (std::uint32_t k = i; k < i + 50; ++k) batch.Put(key_of(k), "");
    if (!newest.db->Write({}, &batch).ok()) ++faults;
    written = i + 50;
  }
  one.join();
  other.join();
  CHECK(faults == 0);
  CHECK(!newest.has_tables());
}

TEST_CASE("storage: a key that is written again and again beside others is read as it was, and never missed") {
  Newest newest;
  constexpr int kUnits = 60'000;
  REQUIRE(newest.db->Put({}, "m", "0").ok());
  std::atomic<bool> ends{false};
  std::atomic<std::uint32_t> faults{0};
  const auto read = [&] {
    while (!ends) {
      rocksdb::ReadOptions then;
      then.snapshot = newest.db->GetSnapshot();
      std::string first, again;
      if (!newest.db->Get(then, "m", &first).ok()) ++faults;
      for (int i = 0; i < 20; ++i)
        if (!newest.db->Get(then, "m", &again).ok() || again != first) ++faults;
      newest.db->ReleaseSnapshot(then.snapshot);
    }
  };
  std::thread one(read), other(read);
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  for (int i = 0; i < kUnits; ++i) {
    rocksdb::WriteBatch batch;
    batch.Put("l" + std::to_string(i), "");  // each comes right before it
    batch.Put("m", std::to_string(i));
    if (!newest.db->Write(unlogged, &batch).ok()) ++faults;
  }
  ends = true;
  one.join();
  other.join();
  CHECK(faults == 0);
}
