// The table that is printed: a row at a time, as soon as it is measured.
#pragma once

#include <string>
#include <vector>

namespace pf::bench {

struct TableRow {
  std::string what, measured;
  std::string beside{};  // the machine's own limit, or what it is compared with
  std::string ratio{};
  std::string budget{};  // of the design's quality.md; empty: none
};

class Table {
 public:
  void heading(const std::string& text);
  void row(const TableRow& row);
  const std::vector<TableRow>& rows() const { return rows_; }

 private:
  std::vector<TableRow> rows_;
};

std::string whole(double value);                 // 12,345
std::string decimals(double value, int digits);  // 12.3
std::string percent(double part, double of);     // "84 %"

}  // namespace pf::bench
