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
  }
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
    const std::string_view view = operands;
    static_cast<void>(merge_records(bytes, std::span(&view, 1)));
    ChunkRecord chunk(bytes);
    for (unsigned document = 0; document < 256; document += 15) chunk.value_of(static_cast<unsigned char>(document));
    const BlockRecord block(bytes);
    CHECK((!block.is_list() || block.size() <= 6));
  }
}
