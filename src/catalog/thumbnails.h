// Small pictures of uploads. Made when one is asked for the first time, both sizes at once, and kept beside the upload:
// an import of ten thousand pictures makes none, and a page only those that it shows. What cannot be made small is
// remembered with the reason, so that it is tried once. Any thread.
//
// On disk (family "assets"): format (kThumbnailFormat), 1 byte: 1 JPEG, 2 WebP, 0 none; then be32 width, be32 height
// and the bytes, or the sentence why there is none. Another format than this one's is made anew, which costs time and
// nothing else: change the number when pictures are made otherwise.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>

#include "catalog/assets.h"
#include "pictures/pictures.h"

namespace pf::catalog {

inline constexpr char kThumbnailFormat = 1;
inline constexpr std::size_t kShrinkingMax = 2;  // at once; each takes a processor and up to 512 MiB for a moment
inline constexpr std::size_t kWaitingMax = 4;    // for their turn: a browser asks for six at once, workers are few
inline constexpr milliseconds kShrinkingPatience{20'000};

struct Thumbnail {
  std::uint32_t width = 0, height = 0;
  std::string content_type{}, bytes{};
  std::string problem{};  // why there is none; the others are then empty
};

class Thumbnails {
 public:
  using Shrink = std::function<Result<pictures::SmallPictures>(std::string_view picture)>;
  Thumbnails(storage::Store& store, Assets& assets, Shrink shrink)
      : store_(store), assets_(assets), shrink_(std::move(shrink)), family_(store.family("assets")) {}

  static bool is_side(std::int64_t side) { return side == pictures::kSmall || side == pictures::kLarge; }
  // Nothing when there is no such upload. `unavailable` when too many are being made, or none can be made here now.
  // REQUIRES: is_side(side)
  Result<std::optional<Thumbnail>> find_or_make(std::string_view id, std::uint32_t side);
  // Why an upload has none, if that is known already; "" else.
  Result<std::string> problem(const storage::Reader& reader, std::string_view id) const;

 private:
  Result<std::optional<Thumbnail>> find(const storage::Reader& reader, std::string_view id, std::uint32_t side) const;
  Result<Thumbnail> make(const std::string& id, std::string_view picture, std::uint32_t side);
  storage::Store& store_;
  Assets& assets_;
  const Shrink shrink_;
  const storage::FamilyRef family_;
  std::mutex mutex_;  // guards under_way_, waiting_
  std::condition_variable done_;
  std::set<std::string, std::less<>> under_way_;
  std::size_t waiting_ = 0;
};

}  // namespace pf::catalog
