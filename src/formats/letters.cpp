#include "formats/letters.h"

#include <algorithm>
#include <bit>
#include <bitset>

namespace pf::formats {
namespace {

struct Script {
  CodePage page;
  char16_t first, last;             // its letters
  char16_t large, small;            // where its capitals begin, and the small ones
  std::u16string_view most_common;  // half of a text in any of its languages
};
constexpr Script kScripts[] = {
    {CodePage::windows1251, 0x400, 0x491, 0x410, 0x430, u"оеаинтсі"},
    {CodePage::koi8, 0x400, 0x491, 0x410, 0x430, u"оеаинтсі"},
    {CodePage::dos866, 0x400, 0x491, 0x410, 0x430, u"оеаинтсі"},
    {CodePage::iso_cyrillic, 0x400, 0x491, 0x410, 0x430, u"оеаинтсі"},
    {CodePage::windows1253, 0x386, 0x3ce, 0x391, 0x3b1, u"αοιετνσς"},
};
// Of a hundred; half of a text is, but not of a few words. Taken for another script it is a quarter, mostly capitals.
constexpr std::size_t kFewestCommon = 25, kFewestCommonCapitals = 35;
constexpr std::size_t kLettersOfScript = 12;   // fewer tell nothing
constexpr std::size_t kAlphabetOfScript = 32;  // places between a capital and its small letter

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// How many of a hundred letters are common ones, and a hundred more where most are small. 0: it is not this script,
// most of whose words are of its own letters alone; those of Western texts have others around their accented ones, and
// what stands between is a sign there (« × and a no-break space), of few kinds.
std::size_t fits(std::string_view text, const Script& script) {
  constexpr std::size_t kShortestWord = 3, kFewestKinds = 6;
  std::size_t all = 0, letters = 0, common = 0, small = 0, turns = 0, in_words = 0, accents = 0;
  bool after_small = false, beyond_hebrew = false;
  std::bitset<256> kinds;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t own = 0, from = i;
    bool pure = true;
    for (; i < text.size(); ++i) {
      const std::uint32_t point = point_of(script.page, static_cast<unsigned char>(text[i]));
      const bool is_own = point >= script.first && point <= script.last;
      if (!is_own && !is_ascii_letter(text[i])) break;
      own += is_own;
      pure = pure && is_own;
    }
    if (pure && own >= kShortestWord) {
      in_words += own;
      for (; from < i; ++from) kinds.set(static_cast<unsigned char>(text[from]));
    }
    if (i < text.size()) ++i;
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t point = point_of(script.page, byte);
    beyond_hebrew = beyond_hebrew || byte > 0xfa || (byte >= 0x80 && byte < 0xe0 && point >= script.first);
    all += point >= 0x80 && (point < 0xa0 || point > 0xbf) && (point < 0x2000 || point > 0x2122);  // signs are any's
    const bool letter = point >= script.first && point <= script.last;
    const bool large =
        letter && point >= script.large && point < script.large + kAlphabetOfScript && point < script.small;
    if (letter) {
      ++letters;
      const std::uint32_t folded = large ? point - script.large + script.small : point;
      common += script.most_common.find(static_cast<char16_t>(folded)) != std::u16string_view::npos;
      turns += large && after_small;  // "cHAIR": what is small here is large there
    }
    after_small = letter && point >= script.small;
    small += after_small;
    accents += point >= 0x3ac && point <= 0x3af;
  }
  if (letters < kLettersOfScript || letters * 10 < all * 9 || turns * 10 > letters) return 0;
  if (in_words * 2 <= all || kinds.count() < kFewestKinds || !beyond_hebrew) return 0;
  // Small letters of Greek without an accent are capitals of KOI8.
  const bool is_greek = script.page == CodePage::windows1253 || script.page == CodePage::iso_greek;
  if (is_greek && small * 2 > letters && accents * 50 < letters) return 0;
  const std::size_t share = common * 100 / letters;
  if (small * 2 > letters) return share > kFewestCommon ? share + 100 : 0;
  return share > kFewestCommonCapitals ? share : 0;
}

struct Alphabet {
  CodePage page;
  std::u16string_view letters;  // beyond ASCII
  std::u16string_view signs;    // those that hardly stand inside of a Western word
  std::u16string_view must{};   // one of these must be there, where others stand for an apostrophe, a dash or a blank
};
constexpr std::u16string_view kPolish = u"ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", kCzech = u"áäčďéěíĺľňóôŕřšťúůýžÁČĎÉĚÍĽŇÓÔŘŠŤÚŮÝŽ",
                              kCroatian = u"čćđšžČĆĐŠŽ", kHungarian = u"áéíóöőúüűÁÉÍÓÖŐÚÜŰ";
constexpr Alphabet kAlphabets[] = {
    {CodePage::windows1254, u"çöüğışâîûÇÖÜĞİŞ", u"ışğĞİŞ"},
    {CodePage::windows1257, u"ąčęėįšųūžĄČĘĖĮŠŲŪŽ", u"šžŠŽ"},      // Lithuanian
    {CodePage::windows1257, u"āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ", u"šžŠŽ"},  // Latvian
    {CodePage::windows1250, kHungarian, u"őű"},
    {CodePage::windows1250, u"ăâîşţĂÂÎŞŢ", u"şăţ"},  // Romanian
    {CodePage::latin2, kPolish, u"ąłśźż"},           // before the one that has signs where its letters are
    {CodePage::windows1250, kPolish, u"ąłśźż"},
    {CodePage::latin2, kCzech, u"šžť"},
    {CodePage::latin2, kCroatian, u"šž"},
    {CodePage::dos852, kPolish, u"łąęśżćń", u"ł"},
    {CodePage::dos850, u"áéíóúñüãõçâêôàÁÉÍÓÚÑÇ", u"óáéíúñã",
     u"óéíúñã"},  // Spanish, Portuguese: before those that have more
    {CodePage::dos852, kCzech, u"íéčřěšž", u"čřě"},
    {CodePage::dos852, kHungarian, u"őűáéíó", u"ő"},
    {CodePage::dos850, u"æøåäöüéÆØÅ", u"æøå", u"ø"},                  // Danish, Norwegian
    {CodePage::macintosh, u"éèêëàâçîïôöûùüœæÉÈÀÇ", u"éèêàçô", u"é"},  // French, with its ligatures
    {CodePage::macintosh, u"áéíóúñüÁÉÍÓÚÑ", u"áéíóúñ", u"á"},         // Spanish
};
constexpr Alphabet kDosAccents = {CodePage::dos850, u"éèêëàâçîïôöûùüìòÉÇ", u"éèàêëçïô",
                                  u"é"};  // French, Dutch, Italian

// A code page of DOS has letters where Windows has its no-break space and signs: those are no edge of a word there, and
// what is a letter of Windows alone says that it is none.
bool is_of_dos(CodePage page) {
  return page == CodePage::dos850 || page == CodePage::dos852;
}

bool is_written_in(std::string_view text, const Alphabet& alphabet) {
  constexpr std::size_t kFewestSigns = 4, kFewestKinds = 2;
  constexpr char kNoBreakSpace = '\xa0';
  const bool dos = is_of_dos(alphabet.page);
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_letter_of = [&](std::u16string_view letters, char c) {
    return letters.find(static_cast<char16_t>(point_of(alphabet.page, static_cast<unsigned char>(c)))) !=
           std::u16string_view::npos;
  };
  const auto in_word = [&](char c) {
    if (static_cast<unsigned char>(c) < 0x80) return is_small(c);
    return !dos || (c != kNoBreakSpace && is_letter_of(alphabet.letters, c));
  };
  std::size_t letters = 0, own = 0, signs = 0;
  std::uint32_t kinds = 0;  // a bit for each of the signs
  bool proved = alphabet.must.empty();
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) continue;
    const bool after = in_word(text[i - 1]), before = in_word(text[i + 1]);
    if (!after && !before) continue;
    const auto point = static_cast<char16_t>(point_of(alphabet.page, byte));
    const bool is_own = is_letter_of(alphabet.letters, text[i]);
    if (dos && byte >= 0xc0 && is_small(text[i - 1]) && !is_own) return false;
    if (dos && text[i] == kNoBreakSpace && !(after && before)) continue;
    if (!is_own && ((point >= 0xa0 && point <= 0xbf) || (point >= 0x2000 && point <= 0x2122))) continue;  // a sign
    ++letters;
    own += is_own;
    if (const std::size_t sign = alphabet.signs.find(point); after && before && sign != std::u16string_view::npos) {
      ++signs;
      kinds |= std::uint32_t{1} << sign;
      proved = proved || is_letter_of(alphabet.must, text[i]);
    }
  }
  return signs >= kFewestSigns && proved && static_cast<std::size_t>(std::popcount(kinds)) >= kFewestKinds &&
         own * 100 >= letters * 97;
}

// Characters of two bytes. Words of such a script stand without blanks, so most of them have another one beside them.
struct TwoBytes {
  unsigned char first_from, first_to;    // any of them
  unsigned char common_from, common_to;  // most of them
  bool low_second;                       // the second may be a letter of ASCII
};
constexpr TwoBytes kTwoBytes[] = {
    {0x81, 0xfe, 0xb0, 0xd7, false},  // GBK: characters by their sound
    {0xa1, 0xfe, 0xb0, 0xc8, false},  // EUC-KR: syllables
    {0xa1, 0xf9, 0xa4, 0xc6, true},   // Big5: characters by how common they are
    {0x81, 0xfc, 0x82, 0x97, true},   // Shift_JIS: kana, and the common characters
};

bool is_written_in(std::string_view text, const TwoBytes& code) {
  constexpr std::size_t kFewest = 8;
  std::size_t pairs = 0, common = 0, beside = 0, low = 0;
  bool after_pair = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      after_pair = false;
      continue;
    }
    if (i + 1 == text.size()) break;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const bool half_wide = code.first_from == 0x81 && code.low_second && first >= 0xa1 && first <= 0xdf;  // kana
    if (half_wide) continue;
    if (first < code.first_from || first > code.first_to || second < 0x40 || second == 0x7f || second == 0xff)
      return false;
    if (second < 0x80) ++low;
    ++pairs;
    common += first >= code.common_from && first <= code.common_to;
    beside += after_pair;
    after_pair = true;
    ++i;
  }
  const bool seconds = code.low_second ? low * 10 < pairs * 9 : low * 20 < pairs;
  return pairs >= kFewest && common * 10 >= pairs * 7 && beside * 2 >= pairs && seconds;
}

}  // namespace

std::optional<CodePage> script_of(std::string_view text) {
  const Script* best = nullptr;
  std::size_t most = 0;
  for (const Script& script : kScripts)
    if (const std::size_t common = fits(text, script); common > most) {
      most = common;
      best = &script;
    }
  if (best == nullptr) return std::nullopt;
  // The two of Greece differ in one letter, a capital alpha with an accent, which begins a word.
  if (best->page == CodePage::windows1253) {
    std::size_t here = 0, there = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (static_cast<unsigned char>(text[i + 1]) < 0xe0) continue;
      here += text[i] == '\xa2';
      there += text[i] == '\xb6';
    }
    if (there > here) return CodePage::iso_greek;
  }
  return best->page;
}

std::optional<CodePage> alphabet_of(std::string_view text) {
  const auto* own = std::ranges::find_if(kAlphabets, [&](const Alphabet& one) { return is_written_in(text, one); });
  return own == std::end(kAlphabets) ? std::nullopt : std::optional(own->page);
}

bool looks_dos_accented(std::string_view text) {
  return is_written_in(text, kDosAccents);
}

bool looks_east_asian(std::string_view text) {
  return std::ranges::any_of(kTwoBytes, [&](const TwoBytes& code) { return is_written_in(text, code); });
}

}  // namespace pf::formats
