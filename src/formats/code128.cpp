#include "formats/code128.h"

#include <algorithm>
#include <array>
#include <vector>

namespace pf::formats {
namespace {

// ISO/IEC 15417, table 1, by the symbol's value: three bars and three gaps, 11 modules together.
constexpr std::array<std::string_view, 106> kSymbols{
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232"};
constexpr std::string_view kStop = "2331112";
constexpr int kToC = 99, kToB = 100, kStartB = 104, kStartC = 105, kModulus = 103;

bool is_code_digit(char c) {
  return c >= '0' && c <= '9';
}
std::size_t digits_at(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_code_digit) - text.begin());
}

}  // namespace

std::optional<std::string> code128(std::string_view text) {
  if (text.empty() || text.size() > kCode128LettersMax ||
      std::ranges::any_of(text, [](char c) { return c < ' ' || c > '~'; }))
    return std::nullopt;
  std::vector<int> symbols;
  bool pairs = false;  // code set C: two digits a symbol
  for (std::size_t at = 0; at < text.size();) {
    // Worth the change (annex E): at either end four digits, within six; of an odd number the first stays behind.
    const std::size_t digits = digits_at(text.substr(at));
    const bool at_end = at == 0 || at + digits == text.size();
    const bool worth = digits >= (at_end ? 4u : 6u) || (digits == 2 && text.size() == 2);
    const bool to_pairs = pairs ? digits >= 2 : worth && (digits % 2 == 0 || at == 0);
    if (symbols.empty())
      symbols.push_back(to_pairs ? kStartC : kStartB);
    else if (to_pairs != pairs)
      symbols.push_back(to_pairs ? kToC : kToB);
    pairs = to_pairs;
    if (pairs) {
      symbols.push_back((text[at] - '0') * 10 + (text[at + 1] - '0'));
      at += 2;
    } else {
      symbols.push_back(text[at++] - ' ');
    }
  }
  int sum = symbols[0];
  for (std::size_t i = 1; i < symbols.size(); ++i) sum = (sum + static_cast<int>(i) * symbols[i]) % kModulus;
  symbols.push_back(sum);
  std::string widths;
  for (const int symbol : symbols) widths += kSymbols[static_cast<std::size_t>(symbol)];
  return widths.append(kStop);
}

}  // namespace pf::formats
