#include "search/documents.h"

#include <algorithm>
#include <bit>
#include <new>
#include <span>

namespace pf::search {
namespace {

void append(const roaring_bitmap_t* bitmap, std::uint16_t block, std::vector<std::uint32_t>& out) {
  const std::size_t start = out.size();
  out.resize(start + roaring_bitmap_get_cardinality(bitmap));
  roaring_bitmap_to_uint32_array(bitmap, out.data() + start);
  for (std::size_t i = start; i < out.size(); ++i) out[i] |= static_cast<std::uint32_t>(block) << 16;
}

// More documents than this in a block, and CRoaring keeps them as bits, which it unites fast.
constexpr std::size_t kSparseMax = 4'096;

// REQUIRES: at most kSparseMax documents
template <class Apply>
void each_of_few(const roaring_bitmap_t* bitmap, Apply&& apply) {
  std::array<std::uint32_t, kSparseMax> documents;
  roaring_bitmap_to_uint32_array(bitmap, documents.data());
  for (std::size_t i = 0, count = roaring_bitmap_get_cardinality(bitmap); i < count; ++i) apply(documents[i]);
}

// Bits that are set, as in Hacker's Delight (figure 5-2): std::popcount is a call with a table where the processor that
// we build for need not have the instruction, and was a tenth of a question among millions.
std::size_t count_of(const BlockBits& words) {
  std::uint64_t count = 0;
  for (std::uint64_t word : words) {
    word -= word >> 1 & 0x5555'5555'5555'5555;
    word = (word & 0x3333'3333'3333'3333) + (word >> 2 & 0x3333'3333'3333'3333);
    word = (word + (word >> 4)) & 0x0f0f'0f0f'0f0f'0f0f;
    count += word * 0x0101'0101'0101'0101 >> 56;
  }
  return static_cast<std::size_t>(count);
}

// A block's few documents, if they are few.
Bitmap bitmap_of_few(const BlockBits& words) {
  std::array<std::uint32_t, kSparseMax> few;
  std::size_t count = 0;
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::uint64_t word = words[i]; word != 0; word &= word - 1) {
      if (count == few.size()) return nullptr;
      few[count++] = static_cast<std::uint32_t>(i * 64) + static_cast<std::uint32_t>(std::countr_zero(word));
    }
  Bitmap bitmap = empty_bitmap();
  roaring_bitmap_add_many(bitmap.get(), count, few.data());
  return bitmap;
}

// A bitmap of one block in the portable Roaring format, which is its bits behind a head (RoaringFormatSpec: cookie and
// count of containers, their keys and sizes less one, their places).
Bitmap bitmap_of(const BlockBits& words) {
  if (Bitmap few = bitmap_of_few(words)) return few;
  const std::size_t count = count_of(words);
  constexpr std::uint32_t kCookieWithoutRuns = 12'346, kHeadBytes = 16;
  std::string bytes;
  const auto put = [&](std::uint32_t number, int size) {
    for (; size > 0; --size, number >>= 8) bytes.push_back(static_cast<char>(number));
  };
  put(kCookieWithoutRuns, 4);
  put(1, 4);
  put(0, 2);
  put(static_cast<std::uint32_t>(count - 1), 2);
  put(kHeadBytes, 4);
  static_assert(std::endian::native == std::endian::little, "the format's words are");
  bytes.append(reinterpret_cast<const char*>(words.data()), sizeof words);
  Bitmap bitmap(roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
  if (!bitmap) throw std::bad_alloc();
  return bitmap;
}

}  // namespace

Common::Common(const Documents& documents) : documents_(documents) {
  for (const auto& [block, bitmap] : documents.blocks_) {
    if (roaring_bitmap_get_cardinality(bitmap.get()) > kSparseMax) continue;  // these are bits as it is
    auto& bits = bits_[block] = std::make_unique<BlockBits>();
    each_of_few(bitmap.get(),
                [&](std::uint32_t document) { (*bits)[document / 64] |= std::uint64_t{1} << document % 64; });
  }
}

std::uint64_t Common::count(std::uint16_t block, const BlockRecord& record) const {
  const auto mine = bits_.find(block);
  const bool is_sparse = record.is_list() || roaring_bitmap_get_cardinality(record.bitmap()) <= kSparseMax;
  if (mine == bits_.end() || !is_sparse) return documents_.count_common(block, record);
  const BlockBits& bits = *mine->second;
  std::uint64_t count = 0;
  const auto look_at = [&](std::uint32_t document) { count += bits[document / 64] >> document % 64 & 1; };
  if (record.is_list())
    for (std::size_t i = 0; i < record.size(); ++i) look_at(record[i]);
  else
    each_of_few(record.bitmap(), look_at);
  return count;
}

template <class Number>
void Union::set(Block& mine, std::span<const Number> within) const {
  if (!mine.bits) mine.bits = std::make_unique<BlockBits>();
  BlockBits& bits = *mine.bits;
  const auto each = [&](auto&& change) {
    for (const Number one : within) change(bits[one / 64], std::uint64_t{1} << one % 64);
  };
  if (odd_)
    each([](std::uint64_t& word, std::uint64_t bit) { word ^= bit; });
  else
    each([](std::uint64_t& word, std::uint64_t bit) { word |= bit; });
}

void Union::join(roaring_bitmap_t* mine, const roaring_bitmap_t* other) const {
  odd_ ? roaring_bitmap_xor_inplace(mine, other) : roaring_bitmap_or_inplace(mine, other);
}

void Union::add(std::uint16_t block, std::uint16_t within) {
  set(blocks_[block], std::span<const std::uint16_t>(&within, 1));
}

void Union::add(std::uint16_t block, BlockRecord record) {
  if (record.is_list() && record.size() == 0) return;
  const auto [at, is_first] = blocks_.try_emplace(block);
  Block& mine = at->second;
  if (is_first) {
    mine.whole = std::move(record).take();
  } else if (record.is_list()) {
    std::array<std::uint16_t, kListedMax> few;
    for (std::size_t next = 0; next < record.size();) {
      std::size_t count = 0;
      while (count < few.size() && next < record.size()) few[count++] = record[next++];
      set(mine, std::span<const std::uint16_t>(few.data(), count));
    }
  } else if (roaring_bitmap_get_cardinality(record.bitmap()) <= kSparseMax) {
    std::array<std::uint32_t, kSparseMax> few;
    roaring_bitmap_to_uint32_array(record.bitmap(), few.data());
    set(mine, std::span<const std::uint32_t>(few.data(), roaring_bitmap_get_cardinality(record.bitmap())));
  } else if (mine.whole) {
    join(mine.whole.get(), record.bitmap());
  } else {
    mine.whole = std::move(record).take();
  }
}

Documents Union::take() && {
  Documents all;
  for (auto& [block, mine] : blocks_) {
    if (mine.bits) {
      const Bitmap bits = bitmap_of(*mine.bits);
      if (!mine.whole) mine.whole = empty_bitmap();
      join(mine.whole.get(), bits.get());
    }
    if (mine.whole && !roaring_bitmap_is_empty(mine.whole.get())) all.blocks_.emplace(block, std::move(mine.whole));
  }
  return all;
}

void Documents::unite(Documents other) {
  for (auto& [block, bitmap] : other.blocks_) {
    Bitmap& mine = blocks_[block];
    if (!mine)
      mine = std::move(bitmap);
    else
      roaring_bitmap_or_inplace(mine.get(), bitmap.get());
  }
}

void Documents::add(std::uint16_t block, const std::vector<std::uint32_t>& documents) {
  Bitmap& mine = blocks_[block];
  if (!mine) mine = empty_bitmap();
  for (const std::uint32_t document : documents) roaring_bitmap_add(mine.get(), within_block(document));
}

void Documents::keep(const Documents& other) {
  for (auto it = blocks_.begin(); it != blocks_.end();) {
    const auto theirs = other.blocks_.find(it->first);
    if (theirs != other.blocks_.end()) roaring_bitmap_and_inplace(it->second.get(), theirs->second.get());
    it = theirs == other.blocks_.end() || roaring_bitmap_is_empty(it->second.get()) ? blocks_.erase(it) : std::next(it);
  }
}

void Documents::drop(const Documents& other) {
  for (const auto& [block, bitmap] : other.blocks_) {
    const auto mine = blocks_.find(block);
    if (mine == blocks_.end()) continue;
    roaring_bitmap_andnot_inplace(mine->second.get(), bitmap.get());
    if (roaring_bitmap_is_empty(mine->second.get())) blocks_.erase(mine);
  }
}

void Documents::drop(std::uint16_t block, const BlockRecord& record) {
  const auto mine = blocks_.find(block);
  if (mine == blocks_.end()) return;
  if (record.is_list())
    for (std::size_t i = 0; i < record.size(); ++i) roaring_bitmap_remove(mine->second.get(), record[i]);
  else
    roaring_bitmap_andnot_inplace(mine->second.get(), record.bitmap());
  if (roaring_bitmap_is_empty(mine->second.get())) blocks_.erase(mine);
}

Documents Documents::to_drop_from() const {
  Documents copy;
  for (const auto& [block, bitmap] : blocks_) {
    Bitmap mine(roaring_bitmap_copy(bitmap.get()));
    roaring_bitmap_remove_run_compression(mine.get());  // each one that goes would cut a run, and move those behind
    copy.blocks_.emplace(block, std::move(mine));
  }
  return copy;
}

bool Documents::contains(std::uint32_t document) const {
  const auto found = blocks_.find(block_of(document));
  return found != blocks_.end() && roaring_bitmap_contains(found->second.get(), within_block(document));
}

Documents Documents::without(const Documents& other) const {
  Documents rest;
  for (const auto& [block, bitmap] : blocks_) {
    const auto theirs = other.blocks_.find(block);
    Bitmap left(theirs == other.blocks_.end() ? roaring_bitmap_copy(bitmap.get())
                                              : roaring_bitmap_andnot(bitmap.get(), theirs->second.get()));
    if (!roaring_bitmap_is_empty(left.get())) rest.blocks_.emplace(block, std::move(left));
  }
  return rest;
}

std::uint64_t Documents::count() const {
  std::uint64_t total = 0;
  for (const auto& [block, bitmap] : blocks_) total += roaring_bitmap_get_cardinality(bitmap.get());
  return total;
}

std::uint64_t Documents::count_common(std::uint16_t block, const BlockRecord& record) const {
  const auto found = blocks_.find(block);
  if (found == blocks_.end()) return 0;
  if (!record.is_list()) return roaring_bitmap_and_cardinality(found->second.get(), record.bitmap());
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < record.size(); ++i) count += roaring_bitmap_contains(found->second.get(), record[i]);
  return count;
}

std::vector<std::uint32_t> Documents::chunks() const {
  std::vector<std::uint32_t> out;
  for (const std::uint32_t document : list())
    if (const std::uint32_t chunk = chunk_of(document); out.empty() || out.back() != chunk) out.push_back(chunk);
  return out;
}

std::vector<std::uint32_t> Documents::list() const {
  std::vector<std::uint32_t> out;
  out.reserve(count());
  for (const auto& [block, bitmap] : blocks_) append(bitmap.get(), block, out);
  return out;
}

std::vector<std::uint32_t> Documents::part(std::uint64_t skip, std::size_t count, bool descending) const {
  std::vector<std::uint32_t> out;
  const auto take = [&](std::uint16_t block, const roaring_bitmap_t* bitmap) {
    const std::uint64_t here = roaring_bitmap_get_cardinality(bitmap);
    std::uint32_t document = 0;
    for (std::uint64_t at = skip; at < here && out.size() < count; ++at)
      if (roaring_bitmap_select(bitmap, static_cast<std::uint32_t>(descending ? here - 1 - at : at), &document))
        out.push_back(static_cast<std::uint32_t>(block) << 16 | document);
    skip -= std::min(skip, here);
  };
  if (descending)
    for (auto it = blocks_.rbegin(); it != blocks_.rend() && out.size() < count; ++it)
      take(it->first, it->second.get());
  else
    for (auto it = blocks_.begin(); it != blocks_.end() && out.size() < count; ++it) take(it->first, it->second.get());
  return out;
}

std::uint64_t Documents::count_below(std::uint32_t document) const {
  std::uint64_t below = 0;
  for (const auto& [block, bitmap] : blocks_) {
    if (block > block_of(document)) break;
    const std::uint32_t within = within_block(document);
    if (block < block_of(document))
      below += roaring_bitmap_get_cardinality(bitmap.get());
    else if (within > 0)
      below += roaring_bitmap_rank(bitmap.get(), within - 1);
  }
  return below;
}

std::vector<std::uint32_t> Documents::common(std::uint16_t block, const BlockRecord& record) const {
  std::vector<std::uint32_t> out;
  const auto found = blocks_.find(block);
  if (found == blocks_.end()) return out;
  if (record.is_list()) {
    for (std::size_t i = 0; i < record.size(); ++i)
      if (roaring_bitmap_contains(found->second.get(), record[i]))
        out.push_back(static_cast<std::uint32_t>(block) << 16 | record[i]);
    return out;
  }
  const Bitmap both(roaring_bitmap_and(found->second.get(), record.bitmap()));
  append(both.get(), block, out);
  return out;
}

}  // namespace pf::search
