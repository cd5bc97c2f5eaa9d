#include "table.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdio>

namespace pf::bench {
namespace {

void print(const std::string& what, const std::string& measured, const std::string& beside, const std::string& ratio,
           const std::string& budget) {
  fmt::print("{:<46} {:>22}  {:<34} {:>7}  {}\n", what, measured, beside, ratio, budget);
  std::fflush(stdout);
}

}  // namespace

void Table::heading(const std::string& text) {
  fmt::print("\n{}\n", text);
  print("what", "measured", "beside, on this machine", "ratio", "budget");
}

void Table::row(const TableRow& row) {
  rows_.push_back(row);
  print(row.what, row.measured, row.beside, row.ratio, row.budget);
}

std::string whole(double value) {
  std::string digits = fmt::format("{}", std::llround(value));
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}
std::string decimals(double value, int digits) {
  return fmt::format("{:.{}f}", value, digits);
}
std::string percent(double part, double of) {
  return of > 0 ? fmt::format("{:.0f} %", 100 * part / of) : "-";
}

}  // namespace pf::bench
