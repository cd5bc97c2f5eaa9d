// A second reading of CSV, by the book and all at once, so that what the product's reader makes of a file is not judged
// by itself. RFC 4180 with a chosen delimiter; a record's end is LF or CR LF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pf::test {

inline std::vector<std::vector<std::string>> reference_csv(std::string_view text, char delimiter) {
  std::vector<std::vector<std::string>> records;
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  std::size_t i = 0;
  while (i < text.size()) {
    std::vector<std::string> record;
    for (bool more = true; more;) {
      std::string cell;
      if (i < text.size() && text[i] == '"') {
        for (++i; i < text.size(); ++i) {
          if (text[i] != '"')
            cell += text[i];
          else if (i + 1 < text.size() && text[i + 1] == '"')
            cell += text[++i];
          else
            break;
        }
        ++i;
      } else {
        while (i < text.size() && text[i] != delimiter && text[i] != '\n' && text[i] != '\r') cell += text[i++];
      }
      record.push_back(cell);
      more = i < text.size() && text[i] == delimiter;
      if (more) ++i;
    }
    if (i < text.size() && text[i] == '\r') ++i;
    if (i < text.size() && text[i] == '\n') ++i;
    if (record.size() > 1 || !record[0].empty()) records.push_back(record);
  }
  return records;
}

}  // namespace pf::test
