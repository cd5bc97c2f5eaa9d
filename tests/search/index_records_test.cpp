// Records of the index against sets and maps.
#include "search/index_records.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>

using namespace pf::search;

namespace {

std::set<std::uint16_t> documents_of(std::string_view record) {
  std::set<std::uint16_t> out;
  const BlockRecord block(record);
  if (block.is_list()) {
    for (std::size_t i = 0; i < block.size(); ++i) out.insert(block[i]);
  } else {
    for (std::uint32_t i = 0; i < 65'536; ++i)
      if (roaring_bitmap_contains(block.bitmap(), i)) out.insert(static_cast<std::uint16_t>(i));
  }
  return out;
}

}  // namespace

TEST_CASE(
    "search: a term's documents are right while they grow from few to many and back, however operands are joined") {
  std::mt19937 dice(3);
  std::set<std::uint16_t> model;
  std::optional<std::string> record;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> operands(1 + dice() % 3);
    const bool growing = round < 30;
    for (std::string& list : operands)
      for (unsigned i = 0; i < 10; ++i) {
        const auto document = static_cast<std::uint16_t>(dice() % 300);
        const bool add = dice() % 10 < (growing ? 8 : 2);
        put_document(list, document, add);
        if (add)
          model.insert(document);
        else
          model.erase(document);
      }
    const std::vector<std::string_view> views(operands.begin(), operands.end());
    record = merge_records(record, views);
    CHECK(documents_of(*record) == model);
    CHECK(count_of(*record) == model.size());
  }
}

TEST_CASE("search: how many documents a record has is read from its head, whatever its bitmap is made of") {
  for (const std::uint32_t step : {1u, 3u, 40u, 2'000u}) {  // runs, bits, an array, a list
    std::string operands;
    for (std::uint32_t document = 0; document < 65'536; document += step)
      put_document(operands, static_cast<std::uint16_t>(document), true);
    const std::string_view view = operands;
    CHECK(count_of(merge_records(std::nullopt, std::span(&view, 1))) == (65'535 / step) + 1);
  }
  for (const std::string_view damaged : {"", "\x10", "\x11", "\x11xxxxxxxxxxxxxxx", "\x12zz"})
    CHECK(count_of(damaged) == 0);
}

TEST_CASE("search: operands that wait in tables are folded, and mean what each of them means in turn") {
  std::mt19937 dice(6);
  for (int round = 0; round < 40; ++round) {
    const unsigned range = round % 4 == 0 ? 100 : 65'536;
    std::set<std::uint16_t> model;
    std::string record;
    for (unsigned i = 0, count = dice() % 3 == 0 ? 0 : dice() % 500; i < count; ++i) {
      const auto document = static_cast<std::uint16_t>(dice() % range);
      put_document(record, document, true);
      model.insert(document);
    }
    const std::string_view all = record;
    record = merge_records(std::nullopt, std::span(&all, 1));
    // As tables do it: some are folded, what came of that again with later ones, and at last all into the record.
    std::vector<std::string> waiting;
    for (int table = 0; table < 6; ++table) {
      std::string operand;
      for (unsigned i = 0, count = dice() % (round % 2 == 0 ? 400 : 20); i < count; ++i) {
        const auto document = static_cast<std::uint16_t>(dice() % range);
        const bool add = dice() % 3 != 0;
        put_document(operand, document, add);
        if (add)
          model.insert(document);
        else
          model.erase(document);
      }
      waiting.push_back(operand);
      if (dice() % 2 == 0) {
        const std::size_t last = std::min<std::size_t>(waiting.size(), 1 + dice() % 3);
        const std::vector<std::string_view> views(waiting.end() - static_cast<std::ptrdiff_t>(last), waiting.end());
        std::string folded = fold_operands(views);
        waiting.resize(waiting.size() - last);
        waiting.push_back(std::move(folded));
      }
    }
    const std::vector<std::string_view> views(waiting.begin(), waiting.end());
    CHECK(documents_of(merge_records(record, views)) == model);
  }
}

TEST_CASE("search: what was added in a row waits in a few bytes") {
  std::vector<std::string> operands(20);
  for (unsigned i = 0; i < 65'536; ++i) put_document(operands[i * 20 / 65'536], static_cast<std::uint16_t>(i), true);
  const std::vector<std::string_view> views(operands.begin(), operands.end());
  CHECK(fold_operands(views).size() < 100);
}

TEST_CASE("search: a chunk says each document's last value") {
  std::mt19937 dice(4);
  std::map<unsigned char, std::string> model;
  std::optional<std::string> record;
  for (int round = 0; round < 40; ++round) {
    std::string operands;
    for (int i = 0; i < 40; ++i) {
      const auto document = static_cast<unsigned char>(dice());
      if (dice() % 4 == 0) {
        drop_value(operands, document);
        model.erase(document);
      } else {
        model[document] = std::string(dice() % 129, static_cast<char>(dice()));
        put_value(operands, document, model[document]);
      }
    }
    const std::string_view view = operands;
    record = merge_records(record, std::span(&view, 1));
    ChunkRecord chunk(*record);
    for (int document = 0; document < 256; ++document) {
      const auto at = static_cast<unsigned char>(document);
      CHECK(chunk.value_of(at) == (model.contains(at) ? model[at] : ""));
    }
  }
}

TEST_CASE("search: where a chunk is damaged, no document has its neighbour's value") {
  std::string operands;
  put_value(operands, 1, "x");
  const std::string_view view = operands;
  const std::string damaged = merge_records(std::nullopt, std::span(&view, 1)) + '\x02';
  ChunkRecord chunk(damaged);
  CHECK(chunk.value_of(2) == "");
}

TEST_CASE("search: damaged records and operands hold nothing, and harm nobody") {
  std::mt19937 dice(5);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(dice() % 12, '\0');
    for (char& c : bytes) c = static_cast<char>(dice() % 30);
    if (round > 50 && bytes.starts_with("\x11")) bytes[0] = 0x12;  // CRoaring prints about each
    std::string operands(dice() % 12, '\0');
    for (char& c : operands) c = static_cast<char>(dice() % 6);
    if (round > 20 && operands.starts_with('\x04')) operands[0] = 5;  // the same
    const std::string_view view = operands;
    static_cast<void>(merge_records(bytes, std::span(&view, 1)));
    // What starts as a folded operand and is none; the size of its first part is small, since CRoaring prints too.
    const std::string folded = std::string("\x04\0\0\0", 4) + operands;
    const std::string_view both[] = {folded, view};
    if (round < 20) static_cast<void>(merge_records(fold_operands(both), both));
    ChunkRecord chunk(bytes);
    for (unsigned document = 0; document < 256; document += 15) chunk.value_of(static_cast<unsigned char>(document));
    const BlockRecord block(bytes);
    CHECK((!block.is_list() || block.size() <= 6));
  }
}
