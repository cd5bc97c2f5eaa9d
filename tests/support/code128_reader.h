// Reads Code 128 from bars as a scanner does: their edges measured in modules, symbols looked up, the check symbol
// worked out. By the standard's table as black and white modules, where the writer has widths.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace pf::test {

// Eleven modules of each symbol, black is 1.
inline constexpr std::array<int, 106> kCode128Modules{
    {0x6CC, 0x66C, 0x666, 0x498, 0x48C, 0x44C, 0x4C8, 0x4C4, 0x464, 0x648, 0x644, 0x624, 0x59C, 0x4DC, 0x4CE, 0x5CC,
     0x4EC, 0x4E6, 0x672, 0x65C, 0x64E, 0x6E4, 0x674, 0x76E, 0x74C, 0x72C, 0x726, 0x764, 0x734, 0x732, 0x6D8, 0x6C6,
     0x636, 0x518, 0x458, 0x446, 0x588, 0x468, 0x462, 0x688, 0x628, 0x622, 0x5B8, 0x58E, 0x46E, 0x5D8, 0x5C6, 0x476,
     0x776, 0x68E, 0x62E, 0x6E8, 0x6E2, 0x6EE, 0x758, 0x746, 0x716, 0x768, 0x762, 0x71A, 0x77A, 0x642, 0x78A, 0x530,
     0x50C, 0x4B0, 0x486, 0x42C, 0x426, 0x590, 0x584, 0x4D0, 0x4C2, 0x434, 0x432, 0x612, 0x650, 0x7BA, 0x614, 0x47A,
     0x53C, 0x4BC, 0x49E, 0x5E4, 0x4F4, 0x4F2, 0x7A4, 0x794, 0x792, 0x6DE, 0x6F6, 0x7B6, 0x578, 0x51E, 0x45E, 0x5E8,
     0x5E2, 0x7A8, 0x7A2, 0x5DE, 0x5EE, 0x75E, 0x7AE, 0x684, 0x690, 0x69C}};

// From the modules of a whole code, "11010010000...": its text, or nothing if a scanner would refuse it.
inline std::optional<std::string> read_code128(const std::string& modules) {
  constexpr std::string_view kStopModules = "1100011101011";
  if (modules.size() % 11 != 2 || modules.size() < 46 || !modules.ends_with(kStopModules)) return std::nullopt;
  std::vector<int> symbols;
  for (std::size_t at = 0; at + kStopModules.size() < modules.size(); at += 11) {
    const int bits = std::stoi(modules.substr(at, 11), nullptr, 2);
    const auto found = std::ranges::find(kCode128Modules, bits);
    if (found == kCode128Modules.end()) return std::nullopt;
    symbols.push_back(static_cast<int>(found - kCode128Modules.begin()));
  }
  int sum = symbols[0];
  for (std::size_t i = 1; i + 1 < symbols.size(); ++i) sum += static_cast<int>(i) * symbols[i];
  if (symbols[0] < 104 || sum % 103 != symbols.back()) return std::nullopt;
  bool pairs = symbols[0] == 105;
  std::string text;
  for (std::size_t i = 1; i + 1 < symbols.size(); ++i) {
    const int symbol = symbols[i];
    if (pairs && symbol < 100)
      text += std::string(1, static_cast<char>('0' + symbol / 10)) + static_cast<char>('0' + symbol % 10);
    else if (!pairs && symbol < 95)
      text += static_cast<char>(' ' + symbol);
    else if (pairs && symbol == 100)
      pairs = false;
    else if (!pairs && symbol == 99)
      pairs = true;
    else
      return std::nullopt;
  }
  return text;
}

// Every code on a page, by its bars: those of one height and place belong together, a code where they stand apart by
// more than ten modules. Squares of QR codes, which are lower than any bar, are no part of it.
inline constexpr double kQrSquareMax = 5;
template <class Bars>
std::vector<std::string> codes_on(Bars bars) {
  std::erase_if(bars, [](const auto& bar) { return bar.height < kQrSquareMax; });
  std::vector<std::string> found;
  for (std::size_t first = 0; first < bars.size();) {
    const double module = bars[first].width / 2;  // each start symbol begins with two black modules
    std::string modules;
    double at = bars[first].x;
    std::size_t i = first;
    for (; i < bars.size() && bars[i].y == bars[first].y && bars[i].x - at < 10 * module && bars[i].x >= at - 0.01;
         ++i) {
      modules.append(static_cast<std::size_t>(std::lround((bars[i].x - at) / module)), '0');
      modules.append(static_cast<std::size_t>(std::lround(bars[i].width / module)), '1');
      at = bars[i].x + bars[i].width;
    }
    found.push_back(read_code128(modules).value_or("(unreadable)"));
    first = i;
  }
  return found;
}

}  // namespace pf::test
