// Google's taxonomy of products, in any of its languages: categories, of which it says nothing but their paths. It
// comes as paths, with or without numbers ("3237 - Animals & Pet Supplies > Live Animals"), and as others draw it: a
// tree of indented lines ("  2 | [2-3] | Live Animals"). https://support.google.com/merchants/answer/6324436
#include <algorithm>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::string_view kDigits = "0123456789";

// "1 - Animals & Pet Supplies" without its number.
std::string_view without_number(std::string_view text) {
  constexpr std::string_view kBetween = " - ";
  const std::size_t digits = std::min(text.find_first_not_of(kDigits), text.size());
  return digits > 0 && text.substr(digits).starts_with(kBetween) ? trim(text.substr(digits + kBetween.size())) : text;
}

class TaxonomyCategories final : public Party {
 public:
  std::string name() const override { return "google taxonomy"; }
  bool quoted() const override { return false; }
  bool ragged() const override { return true; }  // a name may hold what divides cells elsewhere
  bool describes() const override { return true; }

  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    std::string text;
    for (const std::string& cell : row.cells) text.append(&cell == row.cells.data() ? "" : ",").append(cell);
    if (trim(text).starts_with('#')) {
      listed.push_back(
          {.line = row.line, .left = "These lines are remarks of whoever made the list, and no categories."});
      return;
    }
    DescribingItem item{.lines = {row.line}, .kind = catalog::ModelKind::category, .code = path_of(text)};
    item.body = json::Value::object({{"position", static_cast<std::int64_t>(describing.size())}});
    if (describing.size() >= kDescribingRowsMax) item.faults.push_back(beyond_describing());
    describing.push_back(std::move(item));
  }

 private:
  std::string path_of(std::string_view text) {
    const std::size_t indent = text.find('|'), last = text.rfind('|');
    if (indent == std::string_view::npos) return category_path(without_number(trim(text)));
    while (!above_.empty() && above_.back().indent >= indent) above_.pop_back();
    const std::string name(trim(text.substr(last + 1)));
    std::string path = above_.empty() ? name : above_.back().path + "/" + name;
    // Deeper than a path may be is refused, and need not be held.
    if (path.size() <= catalog::kCategoryBytesMax) above_.push_back({indent, path});
    return path;
  }

  struct Above {
    std::size_t indent = 0;
    std::string path{};
  };
  std::vector<Above> above_;  // the line's own path, from the top
};

}  // namespace

std::unique_ptr<Party> taxonomy_categories(const Header& header) {
  const auto& names = header.names();
  if (names.empty() || !names[0].starts_with('#')) return nullptr;
  std::string said = lower_ascii(names[0]);
  std::ranges::replace(said, '_', ' ');
  return said.find("google product taxonomy") != std::string::npos ? std::make_unique<TaxonomyCategories>() : nullptr;
}

}  // namespace pf::exchange
