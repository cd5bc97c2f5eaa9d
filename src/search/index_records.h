// What the records of an index hold, and how changes are merged into them. Only for this room.
//
// Stored on disk: do not change or renumber.
//   documents of a block: 0x10, be16 document within the block, ascending: up to kListedMax of them
//                         0x11, bitmap in the portable Roaring format: more than that
//   values of a chunk:    0x12, then by document: u8 document within the chunk, u8 bytes, the value
// Operands, any number one behind the other:
//   0x00 be16  remove the document       0x02 u8 u8 bytes  the document has this value
//   0x01 be16  add it                    0x03 u8           it has none any more
// or one by itself:
//   0x04 be32 bytes of the first bitmap, bitmap of documents to add, bitmap of documents to remove
#pragma once

#include <roaring/roaring.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "search/index_keys.h"

namespace pf::search {

// Most terms of most fields are in few documents, and a list of those is half as long and read ten times as fast.
inline constexpr std::size_t kListedMax = 64;

struct FreeBitmap {
  void operator()(roaring_bitmap_t* p) const { roaring_bitmap_free(p); }
};
using Bitmap = std::unique_ptr<roaring_bitmap_t, FreeBitmap>;
Bitmap empty_bitmap();

// The documents of a block's record, as a list when they are few. Damaged bytes hold none.
class BlockRecord {
 public:
  explicit BlockRecord(std::string_view record);
  bool is_list() const { return !bitmap_; }
  std::size_t size() const { return list_.size() / 2; }  // REQUIRES: is_list()
  std::uint16_t operator[](std::size_t i) const { return get_be16(list_.substr(i * 2)); }
  const roaring_bitmap_t* bitmap() const { return bitmap_.get(); }
  Bitmap take() &&;  // as a bitmap, whatever it was

 private:
  std::string_view list_{};
  Bitmap bitmap_{};
};

// Walks the values of a chunk's record, ascending by document.
class ChunkRecord {
 public:
  explicit ChunkRecord(std::string_view record);
  // The document's value; empty if it has none, or where the bytes are damaged. REQUIRES: documents are asked for in
  // ascending order.
  std::string_view value_of(unsigned char document);
  // The next value of all; false at the end, or where the bytes are damaged.
  bool next(unsigned char& document, std::string_view& value);

 private:
  std::string_view rest_;
};

// How many documents a block's record has, without reading them; what BlockRecord would hold.
std::uint64_t count_of(std::string_view record);

void put_document(std::string& operands, std::uint16_t document, bool add);
void put_value(std::string& operands, unsigned char document, std::string_view value);  // REQUIRES: at most 255 bytes
void drop_value(std::string& operands, unsigned char document);
bool is_empty_record(std::string_view record);  // one from which everything was removed
// One operand for several, oldest first.
std::string fold_operands(std::span<const std::string_view> operands);
std::string merge_records(std::optional<std::string_view> old_record, std::span<const std::string_view> operands);

}  // namespace pf::search
