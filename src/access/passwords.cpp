#include "access/passwords.h"

#include <algorithm>
#include <array>

#include "access/access.h"
#include "access/common_passwords.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

// The cores of what is guessed first, in the languages of our pages, and the words of our trade (ASVS 6.1.2); long
// passwords made only of them, digits and signs fall to the same guesses.
constexpr std::array<std::string_view, 64> kCommon{
    "password", "passwort",      "wachtwoord", "motdepasse", "qwertyuiop",  "qwertzuiop", "azertyuiop", "qwerty",
    "qwertz",   "azerty",        "letmein",    "welcome",    "willkommen",  "welkom",     "bienvenue",  "iloveyou",
    "admin",    "administrator", "changeme",   "secret",     "geheim",      "monkey",     "dragon",     "football",
    "baseball", "superman",      "batman",     "master",     "sunshine",    "princess",   "shadow",     "michael",
    "charlie",  "jordan",        "hunter",     "trustno",    "whatever",    "starwars",   "pokemon",    "computer",
    "internet", "hello",         "hallo",      "bonjour",    "summer",      "winter",     "spring",     "autumn",
    "sommer",   "zomer",         "january",    "december",   "productflow", "shop",       "webshop",    "amazon",
    "default",  "guest",         "test",       "demo",       "abcdef",      "asdfgh",     "zxcvbn",     "access"};

std::string letters_of(std::string_view text) {
  std::string out;
  for (char c : lower_ascii(text))
    if (c >= 'a' && c <= 'z') out.push_back(c);
  return out;
}

bool repeats(std::string_view text) {
  for (std::size_t period = 1; period <= 4; ++period) {
    bool same = true;
    for (std::size_t i = period; i < text.size() && same; ++i) same = text[i] == text[i - period];
    if (same) return true;
  }
  return false;
}

bool counts_up(std::string_view text) {
  std::size_t steps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) steps += text[i] == text[i - 1] + 1 || text[i] == text[i - 1] - 1;
  return steps + 2 >= text.size();
}

// Only common words, in a row, once the digits and signs are gone.
bool is_common(std::string_view text) {
  std::string letters = letters_of(text);
  bool shortened = true;
  while (shortened && !letters.empty()) {
    shortened = false;
    for (std::string_view word : kCommon)
      if (letters.starts_with(word)) {
        letters.erase(0, word.size());
        shortened = true;
        break;
      }
  }
  return letters.size() <= 2;
}

// One of the list: as it is, said several times, or with the digits and signs around it that make a short one long
// enough for a rule. `text` in small letters.
bool is_listed(std::string_view text) {
  const auto listed = [](std::string_view core) {
    if (is_common_password(core)) return true;
    for (std::size_t times = 2; times <= core.size() / 3; ++times) {
      const std::string_view one = core.substr(0, core.size() / times);
      if (one.size() * times != core.size() || !is_common_password(one)) continue;
      bool same = true;
      for (std::size_t i = one.size(); i < core.size() && same; ++i) same = core[i] == one[i % one.size()];
      if (same) return true;
    }
    return false;
  };
  constexpr std::size_t kAroundMax = 6;  // a year and two signs; more of them are worth something
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto first = std::ranges::find_if(text, is_letter);
  const auto last = std::find_if(text.rbegin(), std::make_reverse_iterator(first), is_letter).base();
  const std::string_view core(first, last);
  return listed(text) || (!core.empty() && text.size() - core.size() <= kAroundMax && listed(core));
}

}  // namespace

std::optional<std::string> password_fault(std::string_view password, std::string_view email, PasswordPolicy policy) {
  const auto characters = static_cast<std::size_t>(
      std::ranges::count_if(password, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  if (characters < kPasswordCharsMin)
    return "must have at least " + std::to_string(kPasswordCharsMin) + " characters; a few words in a row are good";
  if (password.size() > kPasswordBytesMax) return "must have at most " + std::to_string(kPasswordBytesMax) + " bytes";
  if (first_bad_utf8(password)) return "must be text";
  if (repeats(password) || counts_up(password)) return "must not repeat or count; a few words in a row are good";
  const std::string letters = letters_of(password);
  const bool has_letters = !letters.empty();
  if ((has_letters && is_common(password)) || is_listed(lower_ascii(password)))
    return "is among the first that are guessed; a few unrelated words are good";
  if (policy == PasswordPolicy::amazon_dpp) {
    const auto has = [&](auto is) { return std::ranges::any_of(password, is); };
    const bool mixed =
        has([](char c) { return c >= 'A' && c <= 'Z'; }) && has([](char c) { return c >= 'a' && c <= 'z'; });
    const bool digit = has([](char c) { return c >= '0' && c <= '9'; });
    const bool sign = has([](char c) {
      return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || (c > 'z' && c < '\x7f');
    });
    if (!mixed || !digit || !sign)
      return "must hold a capital and a small letter, a digit and a sign, as Amazon asks of its sellers";
  }
  const std::string name = letters_of(email.substr(0, email.find('@')));
  const std::size_t shortest = policy == PasswordPolicy::amazon_dpp ? 3 : 4;  // parts of names that are worth a guess
  if (name.size() >= shortest && letters.find(name) != std::string::npos) return "must not contain your e-mail's name";
  return std::nullopt;
}

}  // namespace pf::access
