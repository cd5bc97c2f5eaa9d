#include "search/bitmap.h"

namespace pf::search {
namespace {

constexpr std::size_t kOperandBytes = 3;

Bitmap made(roaring_bitmap_t* raw) {
  if (raw == nullptr) throw std::bad_alloc();
  return Bitmap(raw);
}

}  // namespace

Bitmap read_bitmap(std::string_view record) {
  roaring_bitmap_t* raw = roaring_bitmap_portable_deserialize_safe(record.data(), record.size());
  return made(raw != nullptr ? raw : roaring_bitmap_create());
}

std::string operand(std::uint32_t document, bool add) {
  std::string out(1, add ? '\1' : '\0');
  put_be16(out, within_block(document));
  return out;
}

storage::MergeRule bitmap_merge() {
  return {.full =
              [](std::optional<std::string_view> old_value, std::span<const std::string_view> operands) {
                const Bitmap bitmap = old_value ? read_bitmap(*old_value) : made(roaring_bitmap_create());
                for (const std::string_view list : operands)
                  for (std::size_t at = 0; at + kOperandBytes <= list.size(); at += kOperandBytes) {
                    const std::uint16_t document = get_be16(list.substr(at + 1));
                    if (list[at] == '\1')
                      roaring_bitmap_add(bitmap.get(), document);
                    else
                      roaring_bitmap_remove(bitmap.get(), document);
                  }
                roaring_bitmap_run_optimize(bitmap.get());
                std::string out(roaring_bitmap_portable_size_in_bytes(bitmap.get()), '\0');
                roaring_bitmap_portable_serialize(bitmap.get(), out.data());
                return out;
              },
          .combine = [](std::span<const std::string_view> operands) -> std::optional<std::string> {
            std::string out;
            for (const std::string_view list : operands) out.append(list);
            return out;
          }};
}

void Documents::add(std::uint32_t document) {
  Bitmap& bitmap = blocks_[block_of(document)];
  if (!bitmap) bitmap = made(roaring_bitmap_create());
  roaring_bitmap_add(bitmap.get(), within_block(document));
}

void Documents::unite(std::uint16_t block, Bitmap bitmap) {
  Bitmap& mine = blocks_[block];
  if (!mine)
    mine = std::move(bitmap);
  else
    roaring_bitmap_or_inplace(mine.get(), bitmap.get());
}

void Documents::unite(Documents other) {
  for (auto& [block, bitmap] : other.blocks_) unite(block, std::move(bitmap));
}

void Documents::keep(const Documents& other) {
  for (auto it = blocks_.begin(); it != blocks_.end();) {
    const auto theirs = other.blocks_.find(it->first);
    if (theirs == other.blocks_.end()) {
      it = blocks_.erase(it);
    } else {
      roaring_bitmap_and_inplace(it->second.get(), theirs->second.get());
      ++it;
    }
  }
}

void Documents::remove(const Documents& other) {
  for (auto& [block, bitmap] : blocks_)
    if (const auto theirs = other.blocks_.find(block); theirs != other.blocks_.end())
      roaring_bitmap_andnot_inplace(bitmap.get(), theirs->second.get());
}

bool Documents::contains(std::uint32_t document) const {
  const auto found = blocks_.find(block_of(document));
  return found != blocks_.end() && roaring_bitmap_contains(found->second.get(), within_block(document));
}

std::uint64_t Documents::count() const {
  std::uint64_t total = 0;
  for (const auto& [block, bitmap] : blocks_) total += roaring_bitmap_get_cardinality(bitmap.get());
  return total;
}

std::uint64_t Documents::count_common(std::uint16_t block, const roaring_bitmap_t* other) const {
  const auto found = blocks_.find(block);
  return found == blocks_.end() ? 0 : roaring_bitmap_and_cardinality(found->second.get(), other);
}

std::vector<std::uint32_t> Documents::list() const {
  std::vector<std::uint32_t> out;
  out.reserve(count());
  for (const auto& [block, bitmap] : blocks_) {
    const std::size_t start = out.size();
    out.resize(start + roaring_bitmap_get_cardinality(bitmap.get()));
    roaring_bitmap_to_uint32_array(bitmap.get(), out.data() + start);
    for (std::size_t i = start; i < out.size(); ++i) out[i] |= static_cast<std::uint32_t>(block) << 16;
  }
  return out;
}

}  // namespace pf::search
