// Address labels, one a parcel: whom it goes to, whom it comes from, and the order's code. What is on one is personal:
// whoever draws it has had the buyer revealed to him, with an audit entry.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orders/orders.h"

namespace pf::papers {

// Of one page, in millimetres; labels beside and below each other fill it.
struct LabelPaper {
  std::string_view name;
  double width_mm, height_mm;
  int columns, rows;
};
inline constexpr std::array<LabelPaper, 4> kLabelPapers{
    {{"a6", 105, 148, 1, 1}, {"100x150", 100, 150, 1, 1}, {"a4_2x4", 210, 297, 2, 4}, {"a4_3x8", 210, 297, 3, 8}}};
inline constexpr std::array<std::string_view, 4> kLabelPaperNames{"a6", "100x150", "a4_2x4", "a4_3x8"};

struct AddressLabel {
  orders::OrderId order{};
  std::string reference{};             // what the channel calls the order
  std::vector<std::string> address{};  // address_lines(); none: the details are gone
  std::optional<Time> gone_since{};    // when they were deleted, if that is known
};

// `used`: labels that are missing of the first sheet, which are left out. `sender`: one line, or empty.
std::string address_labels(const std::vector<AddressLabel>& labels, const LabelPaper& paper, int used,
                           std::string_view sender, std::string_view language);

}  // namespace pf::papers
