#include "cli/words.h"

namespace pf::cli {

Result<std::vector<std::string>> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool within = false;  // a word, which may be empty: ""
  char quote = 0;
  for (const char c : line) {
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
      within = false;
      continue;
    }
    if (!within) words.emplace_back();
    within = true;
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (c == quote)
      quote = 0;
    else
      words.back().push_back(c);
  }
  if (quote != 0) return invalid("command", "format", "A quote does not end.");
  return words;
}

}  // namespace pf::cli
