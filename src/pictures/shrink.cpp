// The mean of the area that each pixel of the small picture covers, row by row.
#include <algorithm>
#include <cmath>
#include <vector>

#include "pictures/decode.h"
#include "pictures/encode.h"
#include "pictures/pictures.h"

namespace pf::pictures {
namespace {

// Along one axis: source pixels first..first+weights of a pixel, each with its share.
struct Share {
  std::uint32_t first = 0;
  std::vector<float> weights{};
};
std::vector<Share> shares(std::uint32_t from, std::uint32_t to) {
  std::vector<Share> out(to);
  const double step = static_cast<double>(from) / to;
  for (std::uint32_t i = 0; i < to; ++i) {
    const double begin = i * step, end = std::min<double>(from, begin + step);
    Share& share = out[i];
    share.first = std::min(from - 1, static_cast<std::uint32_t>(begin));
    for (std::uint32_t at = share.first; at < from && at < end; ++at)
      share.weights.push_back(static_cast<float>(
          (std::min<double>(end, at + 1.0) - std::max<double>(begin, static_cast<double>(at))) / step));
    if (share.weights.empty()) share.weights.push_back(1);
  }
  return out;
}

class Shrinker {
 public:
  Shrinker(std::uint32_t width, std::uint32_t height, std::uint32_t side) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(width, height));
    out_.width = std::max(1u, static_cast<std::uint32_t>(std::lround(width * scale)));
    out_.height = std::max(1u, static_cast<std::uint32_t>(std::lround(height * scale)));
    out_.rgba.resize(std::size_t{out_.width} * out_.height * 4);
    across_ = shares(width, out_.width);
    down_ = shares(height, out_.height);
    line_.resize(std::size_t{out_.width} * 4);
    sum_.resize(line_.size());
  }

  // Colours count by their opacity, or what shines through would leave a rim.
  void row(const std::uint8_t* row) {
    for (std::uint32_t x = 0; x < out_.width; ++x) {
      float red = 0, green = 0, blue = 0, opacity = 0;
      const std::uint8_t* pixel = row + std::size_t{across_[x].first} * 4;
      for (const float weight : across_[x].weights) {
        const float counts = weight * pixel[3];
        red += counts * pixel[0];
        green += counts * pixel[1];
        blue += counts * pixel[2];
        opacity += counts;
        pixel += 4;
      }
      float* const to = &line_[std::size_t{x} * 4];
      to[0] = red, to[1] = green, to[2] = blue, to[3] = opacity;
    }
    // A source row may belong to two rows of the result.
    while (next_ < out_.height) {
      const Share& share = down_[next_];
      if (taken_ < share.first || taken_ >= share.first + share.weights.size()) break;
      const float weight = share.weights[taken_ - share.first];
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += weight * line_[i];
      if (taken_ + 1 < share.first + share.weights.size()) break;
      put();
    }
    ++taken_;
  }
  bool whole() const { return next_ == out_.height; }
  Pixels&& take() { return std::move(out_); }

 private:
  void put() {
    std::uint8_t* to = &out_.rgba[std::size_t{next_} * out_.width * 4];
    for (std::size_t i = 0; i < sum_.size(); i += 4, to += 4) {
      const float opacity = sum_[i + 3];
      for (std::size_t c = 0; c < 3; ++c) to[c] = rounded(opacity > 0 ? sum_[i + c] / opacity : 0);
      to[3] = rounded(opacity);
    }
    std::ranges::fill(sum_, 0.f);
    ++next_;
  }
  static std::uint8_t rounded(float value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.f, 255.f)); }

  Pixels out_;
  std::vector<Share> across_, down_;
  std::vector<float> line_, sum_;
  std::uint32_t taken_ = 0, next_ = 0;
};

// EXIF 2.32, 4.6.4: which way the first row and column lie.
Pixels turned(Pixels in, int orientation) {
  if (orientation <= 1 || orientation > 8) return in;
  const bool across = orientation >= 5;
  Pixels out{across ? in.height : in.width, across ? in.width : in.height, {}};
  out.rgba.resize(in.rgba.size());
  for (std::uint32_t y = 0; y < out.height; ++y)
    for (std::uint32_t x = 0; x < out.width; ++x) {
      std::uint32_t from_x = across ? y : x, from_y = across ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) from_x = in.width - 1 - from_x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) from_y = in.height - 1 - from_y;
      const std::size_t from = (std::size_t{from_y} * in.width + from_x) * 4, to = (std::size_t{y} * out.width + x) * 4;
      std::copy_n(in.rgba.begin() + static_cast<std::ptrdiff_t>(from), 4,
                  out.rgba.begin() + static_cast<std::ptrdiff_t>(to));
    }
  return out;
}

Pixels shrunk(const Pixels& in, std::uint32_t side) {
  Shrinker shrinker(in.width, in.height, side);
  for (std::uint32_t y = 0; y < in.height; ++y) shrinker.row(&in.rgba[std::size_t{y} * in.width * 4]);
  return shrinker.take();
}

}  // namespace

Result<SmallPictures> shrink(std::string_view picture) {
  std::unique_ptr<Shrinker> shrinker;
  int orientation = 1;
  PF_TRY(decode(picture, kLarge * 2,
                {[&](const PictureHead& head) -> Result<> {
                   orientation = head.orientation;
                   shrinker = std::make_unique<Shrinker>(head.width, head.height, kLarge);
                   return {};
                 },
                 [&](const std::uint8_t* row) { shrinker->row(row); }}));
  if (!shrinker || !shrinker->whole()) return error(ErrorCode::invalid, "The picture is cut off.");
  const Pixels large = turned(shrinker->take(), orientation);
  SmallPictures out;
  PF_LET(out.large, encode(large));
  PF_LET(out.small, encode(shrunk(large, kSmall)));
  return out;
}

}  // namespace pf::pictures
