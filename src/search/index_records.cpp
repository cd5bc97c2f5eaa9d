#include "search/index_records.h"

#include <algorithm>
#include <array>
#include <new>
#include <vector>

namespace pf::search {
namespace {

constexpr char kListMark = '\x10', kBitmapMark = '\x11', kValuesMark = '\x12';
constexpr char kRemove = '\x00', kAdd = '\x01', kSetValue = '\x02', kDropValue = '\x03', kFolded = '\x04';
constexpr std::size_t kDocumentOperandBytes = 3;

Bitmap made(roaring_bitmap_t* raw) {
  if (raw == nullptr) throw std::bad_alloc();
  return Bitmap(raw);
}

Bitmap read_bitmap(std::string_view bytes) {  // null for a damaged one
  return Bitmap(roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
}
void append(std::string& out, const Bitmap& bitmap) {
  roaring_bitmap_run_optimize(bitmap.get());
  const std::size_t start = out.size();
  out.resize(start + roaring_bitmap_portable_size_in_bytes(bitmap.get()));
  roaring_bitmap_portable_serialize(bitmap.get(), out.data() + start);
}

// Calls `apply(document, add)` for each of a list of operands.
template <class Apply>
void each_document(std::string_view list, Apply&& apply) {
  for (std::size_t at = 0; at + kDocumentOperandBytes <= list.size(); at += kDocumentOperandBytes)
    apply(get_be16(list.substr(at + 1)), list[at] == kAdd);
}

// What operands do to a block of many documents. Thousands wait for their record after an import, most of one document
// each, and a question may be the first to need it: neighbours that do the same are gathered, and taken in whole sets.
class Folded {
 public:
  void take(std::string_view operand) {
    if (!operand.starts_with(kFolded)) {
      each_document(operand, [&](std::uint16_t document, bool add) {
        if (add != gathers_added_) take_gathered();
        gathers_added_ = add;
        gathered_.push_back(document);
      });
      return;
    }
    constexpr std::size_t kHead = 1 + 4;
    const std::size_t bytes = operand.size() < kHead ? 0 : get_be32(operand.substr(1));
    if (operand.size() < kHead + bytes) return;
    take_gathered();
    const Bitmap added = read_bitmap(operand.substr(kHead, bytes));
    const Bitmap removed = read_bitmap(operand.substr(kHead + bytes));
    if (added) take_set(added.get(), true);
    if (removed) take_set(removed.get(), false);
  }
  // In place.
  void apply_to(roaring_bitmap_t* documents) {
    take_gathered();
    roaring_bitmap_andnot_inplace(documents, removed_.get());
    roaring_bitmap_or_inplace(documents, added_.get());
  }
  std::string operand() {
    take_gathered();
    std::string added, out(1, kFolded);
    append(added, added_);
    put_be32(out, static_cast<std::uint32_t>(added.size()));
    append(out += added, removed_);
    return out;
  }

 private:
  void take_set(const roaring_bitmap_t* set, bool add) {
    roaring_bitmap_or_inplace((add ? added_ : removed_).get(), set);
    roaring_bitmap_andnot_inplace((add ? removed_ : added_).get(), set);
  }
  void take_gathered() {
    if (gathered_.empty()) return;
    const Bitmap set = empty_bitmap();
    roaring_bitmap_add_many(set.get(), gathered_.size(), gathered_.data());
    take_set(set.get(), gathers_added_);
    gathered_.clear();
  }
  Bitmap added_ = empty_bitmap(), removed_ = empty_bitmap();
  std::vector<std::uint32_t> gathered_{};
  bool gathers_added_ = true;
};

std::string listed(const std::vector<std::uint16_t>& documents) {
  std::string out(1, kListMark);
  for (const std::uint16_t document : documents) put_be16(out, document);
  return out;
}

// Whether these are so few that going through them one by one is less than making sets of them.
bool are_few(std::span<const std::string_view> operands, std::size_t documents) {
  for (const std::string_view operand : operands) {
    if (operand.starts_with(kFolded)) return false;
    documents += operand.size() / kDocumentOperandBytes;
  }
  return documents <= kListedMax;
}

std::string merge_documents(std::optional<std::string_view> old_record, std::span<const std::string_view> operands) {
  BlockRecord old(old_record.value_or(std::string_view()));
  if (old.is_list() && are_few(operands, old.size())) {
    std::vector<std::uint16_t> documents;
    for (std::size_t i = 0; i < old.size(); ++i) documents.push_back(old[i]);
    for (const std::string_view operand : operands)
      each_document(operand, [&](std::uint16_t document, bool add) {
        const auto at = std::ranges::lower_bound(documents, document);
        const bool there = at != documents.end() && *at == document;
        if (add && !there) documents.insert(at, document);
        if (!add && there) documents.erase(at);
      });
    return listed(documents);
  }
  Folded changes;
  for (const std::string_view operand : operands) changes.take(operand);
  const Bitmap bitmap = std::move(old).take();
  changes.apply_to(bitmap.get());
  if (const auto count = roaring_bitmap_get_cardinality(bitmap.get()); count <= kListedMax) {
    std::array<std::uint32_t, kListedMax> all{};
    roaring_bitmap_to_uint32_array(bitmap.get(), all.data());
    std::vector<std::uint16_t> documents;
    for (std::size_t i = 0; i < count; ++i) documents.push_back(static_cast<std::uint16_t>(all[i]));
    return listed(documents);
  }
  std::string out(1, kBitmapMark);
  append(out, bitmap);
  return out;
}

// One value of a chunk, or its end, at the front of `rest`.
bool take_value(std::string_view& rest, unsigned char& document, std::string_view& value) {
  if (rest.size() < 2) return false;
  document = static_cast<unsigned char>(rest[0]);
  const std::size_t size = static_cast<unsigned char>(rest[1]);
  if (rest.size() < 2 + size) return false;
  value = rest.substr(2, size);
  rest.remove_prefix(2 + size);
  return true;
}

std::string merge_values(std::optional<std::string_view> old_record, std::span<const std::string_view> operands) {
  std::array<std::optional<std::string_view>, 256> values;
  unsigned char document = 0;
  std::string_view value;
  if (old_record && old_record->starts_with(kValuesMark))
    for (std::string_view rest = old_record->substr(1); take_value(rest, document, value);) values[document] = value;
  for (std::string_view rest : operands)
    while (!rest.empty()) {
      const char mark = rest.front();
      rest.remove_prefix(1);
      if (mark == kSetValue) {
        if (!take_value(rest, document, value)) break;
        values[document] = value;
      } else {
        if (mark != kDropValue || rest.empty()) break;
        values[static_cast<unsigned char>(rest.front())].reset();
        rest.remove_prefix(1);
      }
    }
  std::string out(1, kValuesMark);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    out.push_back(static_cast<char>(i));
    out.push_back(static_cast<char>(values[i]->size()));
    out.append(*values[i]);
  }
  return out;
}

bool is_of_values(std::string_view operand) {
  return operand.starts_with(kSetValue) || operand.starts_with(kDropValue);
}

}  // namespace

Bitmap empty_bitmap() {
  return made(roaring_bitmap_create());
}

BlockRecord::BlockRecord(std::string_view record) {
  if (record.starts_with(kListMark)) list_ = record.substr(1, (record.size() - 1) / 2 * 2);
  if (record.starts_with(kBitmapMark)) bitmap_ = read_bitmap(record.substr(1));
}

Bitmap BlockRecord::take() && {
  if (bitmap_) return std::move(bitmap_);
  Bitmap bitmap = empty_bitmap();
  for (std::size_t i = 0; i < size(); ++i) roaring_bitmap_add(bitmap.get(), (*this)[i]);
  return bitmap;
}

// A block's bitmap has one container, whose size less one stands in the format's head (RoaringFormatSpec).
std::uint64_t count_of(std::string_view record) {
  constexpr std::uint32_t kCookieWithRuns = 12'347, kCookieWithoutRuns = 12'346;
  if (record.starts_with(kListMark)) return (record.size() - 1) / 2;
  const auto little = [&](std::size_t at, std::size_t bytes) {
    std::uint32_t number = 0;
    for (std::size_t i = bytes; i-- > 0;) number = number << 8 | static_cast<unsigned char>(record[at + i]);
    return number;
  };
  constexpr std::size_t kHead = 1, kWithoutRuns = kHead + 12, kWithRuns = kHead + 9;
  if (record.starts_with(kBitmapMark) && record.size() >= kWithRuns) {
    const std::uint32_t cookie = little(kHead, 4);
    if (cookie == kCookieWithRuns) return little(kHead + 7, 2) + 1;  // one container: its count in the cookie is 0
    if (cookie == kCookieWithoutRuns && record.size() >= kWithoutRuns && little(kHead + 4, 4) == 1)
      return little(kHead + 10, 2) + 1;
  }
  const BlockRecord whole(record);
  return whole.is_list() ? whole.size() : roaring_bitmap_get_cardinality(whole.bitmap());
}

ChunkRecord::ChunkRecord(std::string_view record)
    : rest_(record.starts_with(kValuesMark) ? record.substr(1) : std::string_view()) {}

std::string_view ChunkRecord::value_of(unsigned char document) {
  unsigned char found = 0;
  std::string_view value;
  while (!rest_.empty() && static_cast<unsigned char>(rest_.front()) <= document) {
    if (!take_value(rest_, found, value)) {
      rest_ = {};
      return {};
    }
    if (found == document) return value;
  }
  return {};
}

bool ChunkRecord::next(unsigned char& document, std::string_view& value) {
  return take_value(rest_, document, value);
}

void put_document(std::string& operands, std::uint16_t document, bool add) {
  operands.push_back(add ? kAdd : kRemove);
  put_be16(operands, document);
}
void put_value(std::string& operands, unsigned char document, std::string_view value) {
  operands.push_back(kSetValue);
  operands.push_back(static_cast<char>(document));
  operands.push_back(static_cast<char>(value.size()));
  operands.append(value);
}
void drop_value(std::string& operands, unsigned char document) {
  operands.push_back(kDropValue);
  operands.push_back(static_cast<char>(document));
}

bool is_empty_record(std::string_view record) {
  return record.size() == 1 && (record[0] == kListMark || record[0] == kValuesMark);
}

std::string fold_operands(std::span<const std::string_view> operands) {
  if (std::ranges::any_of(operands, is_of_values) || are_few(operands, 0)) {
    std::string joined;
    for (const std::string_view operand : operands) joined.append(operand);
    return joined;
  }
  Folded changes;
  for (const std::string_view operand : operands) changes.take(operand);
  return changes.operand();
}

std::string merge_records(std::optional<std::string_view> old_record, std::span<const std::string_view> operands) {
  for (const std::string_view operand : operands)
    if (!operand.empty())
      return is_of_values(operand) ? merge_values(old_record, operands) : merge_documents(old_record, operands);
  return std::string(old_record.value_or(std::string_view()));
}

}  // namespace pf::search
