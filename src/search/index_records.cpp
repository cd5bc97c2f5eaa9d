#include "search/index_records.h"

#include <algorithm>
#include <array>
#include <new>
#include <vector>

namespace pf::search {
namespace {

constexpr char kListMark = '\x10', kBitmapMark = '\x11', kValuesMark = '\x12';
constexpr char kRemove = '\x00', kAdd = '\x01', kSetValue = '\x02', kDropValue = '\x03';
constexpr std::size_t kDocumentOperandBytes = 3;

Bitmap made(roaring_bitmap_t* raw) {
  if (raw == nullptr) throw std::bad_alloc();
  return Bitmap(raw);
}

// Calls `apply(document, add)` for each operand.
template <class Apply>
void each_document(std::span<const std::string_view> operands, Apply&& apply) {
  for (const std::string_view list : operands)
    for (std::size_t at = 0; at + kDocumentOperandBytes <= list.size(); at += kDocumentOperandBytes)
      apply(get_be16(list.substr(at + 1)), list[at] == kAdd);
}

std::string listed(const std::vector<std::uint16_t>& documents) {
  std::string out(1, kListMark);
  for (const std::uint16_t document : documents) put_be16(out, document);
  return out;
}

std::string merge_documents(std::optional<std::string_view> old_record, std::span<const std::string_view> operands) {
  BlockRecord old(old_record.value_or(std::string_view()));
  std::size_t changes = 0;
  for (const std::string_view list : operands) changes += list.size() / kDocumentOperandBytes;
  if (old.is_list() && old.size() + changes <= kListedMax) {
    std::vector<std::uint16_t> documents;
    for (std::size_t i = 0; i < old.size(); ++i) documents.push_back(old[i]);
    each_document(operands, [&](std::uint16_t document, bool add) {
      const auto at = std::ranges::lower_bound(documents, document);
      const bool there = at != documents.end() && *at == document;
      if (add && !there) documents.insert(at, document);
      if (!add && there) documents.erase(at);
    });
    return listed(documents);
  }
  const Bitmap bitmap = std::move(old).take();
  each_document(operands, [&](std::uint16_t document, bool add) {
    if (add)
      roaring_bitmap_add(bitmap.get(), document);
    else
      roaring_bitmap_remove(bitmap.get(), document);
  });
  if (const auto count = roaring_bitmap_get_cardinality(bitmap.get()); count <= kListedMax) {
    std::array<std::uint32_t, kListedMax> all{};
    roaring_bitmap_to_uint32_array(bitmap.get(), all.data());
    std::vector<std::uint16_t> documents;
    for (std::size_t i = 0; i < count; ++i) documents.push_back(static_cast<std::uint16_t>(all[i]));
    return listed(documents);
  }
  roaring_bitmap_run_optimize(bitmap.get());
  std::string out(1 + roaring_bitmap_portable_size_in_bytes(bitmap.get()), kBitmapMark);
  roaring_bitmap_portable_serialize(bitmap.get(), out.data() + 1);
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

}  // namespace

Bitmap empty_bitmap() {
  return made(roaring_bitmap_create());
}

BlockRecord::BlockRecord(std::string_view record) {
  if (record.starts_with(kListMark)) list_ = record.substr(1, (record.size() - 1) / 2 * 2);
  if (record.starts_with(kBitmapMark))
    bitmap_.reset(roaring_bitmap_portable_deserialize_safe(record.data() + 1, record.size() - 1));
}

Bitmap BlockRecord::take() && {
  if (bitmap_) return std::move(bitmap_);
  Bitmap bitmap = empty_bitmap();
  for (std::size_t i = 0; i < size(); ++i) roaring_bitmap_add(bitmap.get(), (*this)[i]);
  return bitmap;
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

std::string merge_records(std::optional<std::string_view> old_record, std::span<const std::string_view> operands) {
  for (const std::string_view list : operands)
    if (!list.empty())
      return list.front() <= kAdd ? merge_documents(old_record, operands) : merge_values(old_record, operands);
  return std::string(old_record.value_or(std::string_view()));
}

}  // namespace pf::search
