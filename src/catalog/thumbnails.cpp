#include "catalog/thumbnails.h"

#include <chrono>

#include "catalog/catalog_keys.h"
#include "productflow/bytes.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kThumbnailHead = 2 + 4 + 4;
constexpr char kNone = 0, kJpeg = 1, kWebp = 2;

std::string thumbnail_record(const Thumbnail& thumbnail) {
  std::string out(1, kThumbnailFormat);
  out.push_back(!thumbnail.problem.empty() ? kNone : thumbnail.content_type == "image/webp" ? kWebp : kJpeg);
  put_be32(out, thumbnail.width);
  put_be32(out, thumbnail.height);
  return out += thumbnail.problem.empty() ? thumbnail.bytes : thumbnail.problem;
}
// Nothing when it is of another format or damaged: it is made anew.
std::optional<Thumbnail> thumbnail_of(std::string_view in) {
  if (in.size() <= kThumbnailHead || in[0] != kThumbnailFormat || in[1] > kWebp) return std::nullopt;
  Thumbnail out;
  std::string rest(in.substr(kThumbnailHead));
  if (in[1] == kNone) {
    out.problem = std::move(rest);
    return out;
  }
  out.content_type = in[1] == kWebp ? "image/webp" : "image/jpeg";
  out.width = get_be32(in.substr(2));
  out.height = get_be32(in.substr(6));
  out.bytes = std::move(rest);
  return out;
}
Thumbnail made_of(pictures::SmallPicture&& picture) {
  return {picture.width, picture.height, std::move(picture.content_type), std::move(picture.bytes), {}};
}

}  // namespace

Result<std::optional<Thumbnail>> Thumbnails::find(const storage::Reader& reader, std::string_view id,
                                                  std::uint32_t side) const {
  PF_LET(const auto record, reader.get(family_, keys::asset_thumbnail(id, side)));
  return record ? thumbnail_of(*record) : std::optional<Thumbnail>();
}

Result<std::string> Thumbnails::problem(const storage::Reader& reader, std::string_view id) const {
  PF_LET(const auto small, find(reader, id, pictures::kSmall));
  return small ? small->problem : std::string();
}

Result<std::optional<Thumbnail>> Thumbnails::find_or_make(std::string_view id, std::uint32_t side) {
  {
    const auto read = store_.read();
    PF_LET(auto there, find(read, id, side));
    if (there) return there;
    PF_LET(const auto asset, assets_.find(read, id));
    if (!asset) return std::optional<Thumbnail>();
  }
  const std::string key(id);
  {
    std::unique_lock lock(mutex_);
    const auto free = [&] { return under_way_.size() < kShrinkingMax && !under_way_.contains(key); };
    bool turn = free();
    if (!turn && waiting_ < kWaitingMax) {
      ++waiting_;
      turn = done_.wait_for(lock, kShrinkingPatience, free);
      --waiting_;
    }
    if (!turn)
      return error(ErrorCode::unavailable, "Many small pictures are being made at this moment. Try again in a minute.");
    under_way_.insert(key);
  }
  const auto made = [&]() -> Result<std::optional<Thumbnail>> {
    std::optional<std::string> picture;
    {
      const auto read = store_.read();
      PF_LET(auto there, find(read, id, side));  // somebody else's, while we waited
      if (there) return there;
      PF_LET(picture, assets_.bytes(read, id));
    }
    if (!picture) return std::optional<Thumbnail>();
    PF_LET(auto thumbnail, make(key, *picture, side));
    return std::optional<Thumbnail>(std::move(thumbnail));
  }();
  {
    const std::lock_guard lock(mutex_);
    under_way_.erase(key);
  }
  done_.notify_all();
  return made;
}

Result<Thumbnail> Thumbnails::make(const std::string& id, std::string_view picture, std::uint32_t side) {
  auto shrunk = shrink_(picture);
  Thumbnail small, large;
  if (shrunk.ok()) {
    small = made_of(std::move(shrunk->small));
    large = made_of(std::move(shrunk->large));
  } else if (shrunk.error().code == ErrorCode::unavailable || shrunk.error().code == ErrorCode::internal) {
    return shrunk.error();  // the machine's affair, not the picture's
  } else {
    small.problem = large.problem = shrunk.error().message;
  }
  // One that cannot be kept (a full disk) is shown nevertheless, and made again the next time.
  static_cast<void>(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto asset, assets_.find(work, id));
    if (!asset) return {};  // gone meanwhile
    work.put(family_, keys::asset_thumbnail(id, pictures::kSmall), thumbnail_record(small));
    work.put(family_, keys::asset_thumbnail(id, pictures::kLarge), thumbnail_record(large));
    return {};
  }));
  return side == pictures::kSmall ? small : large;
}

}  // namespace pf::catalog
