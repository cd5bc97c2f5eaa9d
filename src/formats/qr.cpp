#include "formats/qr.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace pf::formats {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Of error correction M, by version from 1: check bytes of each block, and blocks (ISO/IEC 18004, table 9).
constexpr std::array<int, 13> kCheckBytes{10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22};
constexpr std::array<int, 13> kBlocks{1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9};

int centres_of(int version) {
  return version == 1 ? 0 : version / 7 + 2;
}
// Bytes that the code of a version holds, data and checks.
int bytes_of(int version) {
  int modules = (16 * version + 128) * version + 64;
  if (const int centres = centres_of(version); centres > 0) modules -= (25 * centres - 10) * centres - 55;
  if (version >= 7) modules -= 36;
  return modules / 8;
}
int data_bytes_of(int version) {
  const auto at = static_cast<std::size_t>(version - 1);
  return bytes_of(version) - kCheckBytes[at] * kBlocks[at];
}
std::size_t head_bits(int version) {
  return 4 + (version < 10 ? 8 : 16);  // the mode, and how many bytes follow
}

// In the field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1.
std::uint8_t product(std::uint8_t a, std::uint8_t b) {
  int out = 0;
  for (int bit = 7; bit >= 0; --bit) {
    out = (out << 1) ^ ((out >> 7) * 0x11d);
    out ^= ((b >> bit) & 1) * a;
  }
  return static_cast<std::uint8_t>(out);
}
// Reed and Solomon's: what remains of the data divided by (x - 1)(x - 2)(x - 4)...
Bytes checks_of(const Bytes& data, int count) {
  Bytes divisor(static_cast<std::size_t>(count), 0);
  divisor.back() = 1;
  std::uint8_t root = 1;
  for (int i = 0; i < count; ++i) {
    for (std::size_t at = 0; at < divisor.size(); ++at) {
      divisor[at] = product(divisor[at], root);
      if (at + 1 < divisor.size()) divisor[at] ^= divisor[at + 1];
    }
    root = product(root, 2);
  }
  Bytes rest(divisor.size(), 0);
  for (const std::uint8_t byte : data) {
    const auto factor = static_cast<std::uint8_t>(byte ^ rest.front());
    rest.erase(rest.begin());
    rest.push_back(0);
    for (std::size_t at = 0; at < rest.size(); ++at) rest[at] ^= product(divisor[at], factor);
  }
  return rest;
}

// Mode, length, text and filling, as long as the version's data.
Bytes data_of(std::string_view text, int version) {
  Bytes out;
  std::size_t bits = 0;
  const auto put = [&](unsigned value, std::size_t count) {
    for (std::size_t i = count; i-- > 0; ++bits) {
      if (bits % 8 == 0) out.push_back(0);
      out.back() = static_cast<std::uint8_t>(out.back() | ((value >> i) & 1) << (7 - bits % 8));
    }
  };
  constexpr unsigned kByteMode = 4;
  put(kByteMode, 4);
  put(static_cast<unsigned>(text.size()), head_bits(version) - 4);
  for (const char c : text) put(static_cast<unsigned char>(c), 8);
  const auto all = static_cast<std::size_t>(data_bytes_of(version));
  put(0, std::min<std::size_t>(4, all * 8 - bits));
  for (std::uint8_t filling = 0xec; out.size() < all; filling ^= 0xec ^ 0x11) out.push_back(filling);
  return out;
}

// The data in blocks, each with its checks, a byte of each block in turn.
Bytes interleaved(const Bytes& data, int version) {
  const auto blocks = static_cast<std::size_t>(kBlocks[static_cast<std::size_t>(version - 1)]);
  const int checks = kCheckBytes[static_cast<std::size_t>(version - 1)];
  const std::size_t shorter = data.size() / blocks, longer_ones = data.size() % blocks;
  std::vector<Bytes> parts, checked;
  auto at = data.begin();
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto end = at + static_cast<std::ptrdiff_t>(shorter + (i < blocks - longer_ones ? 0 : 1));
    parts.emplace_back(at, end);
    checked.push_back(checks_of(parts.back(), checks));
    at = end;
  }
  Bytes out;
  for (std::size_t i = 0; i <= shorter; ++i)
    for (const Bytes& part : parts)
      if (i < part.size()) out.push_back(part[i]);
  for (std::size_t i = 0; i < static_cast<std::size_t>(checks); ++i)
    for (const Bytes& check : checked) out.push_back(check[i]);
  return out;
}

// The square: first what every code of the version has, then the data around it.
class Square {
 public:
  explicit Square(int version) : version_(version), size_(version * 4 + 17) {
    code_.size = size_;
    code_.modules.assign(static_cast<std::size_t>(size_ * size_), false);
    fixed_ = code_.modules;
    for (int i = 0; i < size_; ++i) {
      fix(6, i, i % 2 == 0);
      fix(i, 6, i % 2 == 0);
    }
    for (const auto& [x, y] : {std::pair(3, 3), {size_ - 4, 3}, {3, size_ - 4}}) finder(x, y);
    const int centres = centres_of(version);
    for (int i = 0; i < centres; ++i)
      for (int k = 0; k < centres; ++k)
        if (!((i == 0 && (k == 0 || k == centres - 1)) || (i == centres - 1 && k == 0)))
          target(centre(i, centres), centre(k, centres));
    format(0);
    if (version >= 7) version_bits();
  }

  void fill(const Bytes& bytes) {
    std::size_t at = 0;
    for (int right = size_ - 1; right >= 1; right -= 2) {
      if (right == 6) right = 5;  // that column is a ruler
      for (int step = 0; step < size_; ++step)
        for (int side = 0; side < 2; ++side) {
          const int x = right - side, y = ((right + 1) & 2) == 0 ? size_ - 1 - step : step;
          if (fixed_[place(x, y)] || at >= bytes.size() * 8) continue;
          code_.modules[place(x, y)] = (bytes[at / 8] >> (7 - at % 8) & 1) != 0;
          ++at;
        }
    }
  }
  // Of the eight patterns the one with which scanners have least trouble (section 7.8.3).
  QrCode masked() && {
    int best = 0, least = INT32_MAX;
    for (int mask = 0; mask < 8; ++mask) {
      apply(mask);
      format(mask);
      if (const int now = penalty(); now < least) {
        least = now;
        best = mask;
      }
      apply(mask);
    }
    apply(best);
    format(best);
    return std::move(code_);
  }

 private:
  std::size_t place(int x, int y) const { return static_cast<std::size_t>(y * size_ + x); }
  void fix(int x, int y, bool dark) {
    code_.modules[place(x, y)] = dark;
    fixed_[place(x, y)] = true;
  }
  void finder(int at_x, int at_y) {
    for (int dy = -4; dy <= 4; ++dy)
      for (int dx = -4; dx <= 4; ++dx) {
        const int ring = std::max(std::abs(dx), std::abs(dy)), x = at_x + dx, y = at_y + dy;
        if (x >= 0 && x < size_ && y >= 0 && y < size_) fix(x, y, ring != 2 && ring != 4);
      }
  }
  void target(int at_x, int at_y) {
    for (int dy = -2; dy <= 2; ++dy)
      for (int dx = -2; dx <= 2; ++dx) fix(at_x + dx, at_y + dy, std::max(std::abs(dx), std::abs(dy)) != 1);
  }
  int centre(int number, int centres) const {
    const int step = (version_ * 4 + centres * 2 + 1) / (centres * 2 - 2) * 2;
    return number == 0 ? 6 : size_ - 7 - step * (centres - 1 - number);
  }
  // M is 0 there, and so the mask is all that it says; 10 check bits, BCH.
  void format(int mask) {
    int rest = mask;
    for (int i = 0; i < 10; ++i) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const int bits = (mask << 10 | rest) ^ 0x5412;
    const auto bit = [&](int at) { return (bits >> at & 1) != 0; };
    for (int i = 0; i <= 5; ++i) fix(8, i, bit(i));
    fix(8, 7, bit(6));
    fix(8, 8, bit(7));
    fix(7, 8, bit(8));
    for (int i = 9; i < 15; ++i) fix(14 - i, 8, bit(i));
    for (int i = 0; i < 8; ++i) fix(size_ - 1 - i, 8, bit(i));
    for (int i = 8; i < 15; ++i) fix(8, size_ - 15 + i, bit(i));
    fix(8, size_ - 8, true);
  }
  void version_bits() {
    int rest = version_;
    for (int i = 0; i < 12; ++i) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const int bits = version_ << 12 | rest;
    for (int i = 0; i < 18; ++i) {
      const int a = size_ - 11 + i % 3, b = i / 3;
      fix(a, b, (bits >> i & 1) != 0);
      fix(b, a, (bits >> i & 1) != 0);
    }
  }
  static bool flips(int mask, int x, int y) {
    switch (mask) {
      case 0:
        return (x + y) % 2 == 0;
      case 1:
        return y % 2 == 0;
      case 2:
        return x % 3 == 0;
      case 3:
        return (x + y) % 3 == 0;
      case 4:
        return (x / 3 + y / 2) % 2 == 0;
      case 5:
        return x * y % 2 + x * y % 3 == 0;
      case 6:
        return (x * y % 2 + x * y % 3) % 2 == 0;
      default:
        return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
  }
  void apply(int mask) {  // twice is nothing
    for (int y = 0; y < size_; ++y)
      for (int x = 0; x < size_; ++x)
        if (const std::size_t at = place(x, y); !fixed_[at] && flips(mask, x, y))
          code_.modules[at] = !code_.modules[at];
  }
  // One row or column: runs of five and more, and what looks like a finder.
  template <class Dark>
  int penalty_of_line(Dark dark) const {
    int sum = 0, run = 0;
    std::array<int, 7> runs{};  // the last seven, newest first; the first begins with the white around
    const auto looks_like_finder = [&] {
      const int unit = runs[1];
      const bool core = unit > 0 && runs[2] == unit && runs[3] == unit * 3 && runs[4] == unit && runs[5] == unit;
      return (core && runs[0] >= unit * 4 && runs[6] >= unit ? 1 : 0) +
             (core && runs[6] >= unit * 4 && runs[0] >= unit ? 1 : 0);
    };
    const auto remember = [&](int length) {
      if (runs[0] == 0) length += size_;
      std::copy_backward(runs.begin(), runs.end() - 1, runs.end());
      runs[0] = length;
    };
    bool colour = false;
    for (int i = 0; i < size_; ++i) {
      if (dark(i) == colour) {
        if (++run == 5)
          sum += 3;
        else if (run > 5)
          ++sum;
      } else {
        remember(run);
        if (!colour) sum += looks_like_finder() * 40;
        colour = dark(i);
        run = 1;
      }
    }
    if (colour) {
      remember(run);
      run = 0;
    }
    run += size_;
    remember(run);
    return sum + looks_like_finder() * 40;
  }
  int penalty() const {
    int sum = 0, dark = 0;
    for (int i = 0; i < size_; ++i) {
      sum += penalty_of_line([&](int k) { return code_.dark(k, i); });
      sum += penalty_of_line([&](int k) { return code_.dark(i, k); });
    }
    for (int y = 0; y < size_; ++y)
      for (int x = 0; x < size_; ++x) {
        const bool one = code_.dark(x, y);
        dark += one ? 1 : 0;
        if (x + 1 < size_ && y + 1 < size_ && one == code_.dark(x + 1, y) && one == code_.dark(x, y + 1) &&
            one == code_.dark(x + 1, y + 1))
          sum += 3;
      }
    const int all = size_ * size_;
    return sum + ((std::abs(dark * 20 - all * 10) + all - 1) / all - 1) * 10;
  }

  int version_, size_;
  QrCode code_;
  std::vector<bool> fixed_;
};

}  // namespace

std::optional<QrCode> qr_code(std::string_view bytes) {
  for (int version = 1; version <= static_cast<int>(kBlocks.size()); ++version) {
    if (head_bits(version) + 8 * bytes.size() > 8 * static_cast<std::size_t>(data_bytes_of(version))) continue;
    Square square(version);
    square.fill(interleaved(data_of(bytes, version), version));
    return std::move(square).masked();
  }
  return std::nullopt;
}

}  // namespace pf::formats
