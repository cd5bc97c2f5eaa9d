// Akeneo's lists beside its catalogue: locales, currencies and bare codes. The locales that it uses become languages of
// the shop, and our own lists of them say besides whose texts each takes first. Currencies have no list here: what they
// say is told, and none of their rows becomes a product.
#include <algorithm>
#include <variant>

#include "exchange/description_cells.h"
#include "exchange/keeper.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kListRowsMax = 100'000;  // of one such list; Akeneo's longest has 300

bool is_yes(std::string_view cell) {
  return cell == "1" || cell == "true";
}
// "nl_NL", "sr_Cyrl_RS" as Akeneo writes it, with a country at its end; any other word may mean anything.
bool is_regional_locale(std::string_view code) {
  constexpr std::size_t kWithCountry = 5;  // at least
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return code.size() >= kWithCountry && code[code.size() - 3] == '_' && is_capital(code[code.size() - 2]) &&
         is_capital(code.back()) && catalog::parse_locale(code).ok();
}
// Whether that changed them; or why it cannot be.
std::variant<bool, FieldFault> lend(catalog::Languages& languages, const ListItem& item) {
  const auto known = languages.fallbacks.find(item.locale);
  if (known == languages.fallbacks.end() ? item.lender->empty() : known->second == *item.lender) return false;
  const std::string column(kFallbackColumn);
  if (!item.lender->empty() && !languages.has(*item.lender))
    return FieldFault{column, "unknown", "The shop does not have the language " + *item.lender + "."};
  std::string at = *item.lender;
  while (!at.empty() && at != item.locale) {
    const auto next = languages.fallbacks.find(at);
    at = next == languages.fallbacks.end() ? std::string() : next->second;
  }
  if (!at.empty()) return FieldFault{column, "circle", "Texts would be looked for in a circle of languages."};
  if (item.lender->empty())
    languages.fallbacks.erase(item.locale);
  else
    languages.fallbacks.insert_or_assign(item.locale, *item.lender);
  return true;
}

class AkeneoList : public Party {
 public:
  bool describes() const override { return true; }
  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    ListItem item;
    item.line = row.line;
    if (row.cell("code").empty()) item.faults.push_back({"code", "required", "is empty"});
    if (listed.size() >= kListRowsMax)
      item.faults.push_back(
          {"", "too_many", "is beyond the " + std::to_string(kListRowsMax) + " rows that one such file may have"});
    if (item.faults.empty()) read(row, item);
    listed.push_back(std::move(item));
  }

 private:
  virtual void read(const Row& row, ListItem& item) = 0;
};

class AkeneoLocales final : public AkeneoList {
 public:
  std::string name() const override { return "akeneo locales"; }

 private:
  void read(const Row& row, ListItem& item) override {
    auto locale = catalog::parse_locale(row.cell("code"));
    if (!locale.ok())
      item.faults.push_back({"code", "locale", "is not a locale such as nl_NL"});
    else
      item.locale = *std::move(locale);
    item.used = is_yes(row.cell("is_activated")) || is_yes(row.cell("activated"));
    if (!row.header->has(kFallbackColumn)) return;
    item.lender.emplace();
    if (row.cell(kFallbackColumn).empty()) return;
    auto lender = catalog::parse_locale(row.cell(kFallbackColumn));
    if (lender.ok())
      item.lender = *std::move(lender);
    else
      item.faults.push_back({std::string(kFallbackColumn), "locale", "is not a locale such as nl_NL"});
  }
};

class AkeneoCurrencies final : public AkeneoList {
 public:
  std::string name() const override { return "akeneo currencies"; }

 private:
  void read(const Row& row, ListItem& item) override {
    if (is_yes(row.cell("activated")) && !Currency::parse(row.cell("code")).ok())
      item.faults.push_back({"code", "currency", "is not a currency such as EUR"});
    item.left =
        "The shop keeps no list of currencies: a price may be in any of them, and a channel says which it needs.";
  }
};

// "code" alone names locales, currencies or types of groups: what most rows look like is meant.
class AkeneoCodes final : public AkeneoList {
 public:
  std::string name() const override { return locales_ > 0 && locales_ == rows_ ? "akeneo locales" : "akeneo codes"; }
  void flush(std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    for (ListItem& item : listed) {
      if (!item.faults.empty()) continue;
      if (locales_ == rows_)
        item.left =
            "The list does not say which of these languages are used, so none was added. The shop's languages come "
            "with "
            "the texts of products, or are chosen under Settings.";
      else
        item.left = "These are bare codes, as of Akeneo's types of groups; they say nothing that is kept here.";
    }
  }

 private:
  void read(const Row& row, ListItem&) override {
    ++rows_;
    if (is_regional_locale(row.cell("code"))) ++locales_;
  }
  std::size_t rows_ = 0, locales_ = 0;
};

}  // namespace

std::unique_ptr<Party> akeneo_lists(const Header& header) {
  if (!header.has("code")) return nullptr;
  const auto only = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::all_of(header.names(), [&](const std::string& name) {
      return name.starts_with("label-") || name == kOwnFacts ||
             std::ranges::find(names, lower_ascii(name)) != names.end();
    });
  };
  if (header.has("is_activated") && only({"code", "is_activated", kFallbackColumn}))
    return std::make_unique<AkeneoLocales>();
  if (header.has("activated") && only({"code", "activated"})) return std::make_unique<AkeneoCurrencies>();
  if (header.names().size() == 1) return std::make_unique<AkeneoCodes>();
  return nullptr;
}

Result<> Keeper::keep_list(std::vector<ListItem> items) {
  std::vector<RowReport> reports;
  PF_TRY(write([&](storage::Write& work) -> Result<> {
    reports.clear();
    PF_LET(auto languages, rooms_.products.languages(work));
    // A new shop has no language of its own before the first is said.
    if (!languages.chosen) languages = {.locales = {}, .chosen = true};
    std::vector<std::string>& all = languages.locales;
    bool changed = false;
    for (const ListItem& item : items) {
      RowReport& row = reports.emplace_back(
          RowReport{item.line, "unchanged", item.sku.empty() ? item.locale : item.sku, item.faults});
      if (!item.faults.empty()) {
        row.outcome = "refused";
        continue;
      }
      const bool there = std::ranges::find(all, item.locale) != all.end();
      if (item.locale.empty() || !item.used) continue;
      const bool refused =
          there ? options_.mode == catalog::WriteMode::create : options_.mode == catalog::WriteMode::update;
      if (refused || (!there && all.size() >= catalog::kLanguagesMax)) {
        row.outcome = "refused";
        row.errors.push_back(
            there ? FieldFault{"code", "exists", "is a language of the shop already."}
            : refused
                ? FieldFault{"code", "unknown", "is no language of the shop yet, and only known ones were to change."}
                : FieldFault{"code", "too_many",
                             "The shop has " + std::to_string(catalog::kLanguagesMax) + " languages already."});
      } else if (!there) {
        row.outcome = "created";
        all.push_back(item.locale);
        changed = true;
      }
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!items[i].used || !items[i].lender || reports[i].outcome == "refused") continue;
      const auto lent = lend(languages, items[i]);
      const bool is_new = reports[i].outcome == "created";
      if (const auto* fault = std::get_if<FieldFault>(&lent); fault == nullptr) {
        if (!std::get<bool>(lent)) continue;
        changed = true;
        if (!is_new) reports[i].outcome = "changed";
      } else if (is_new) {  // the language stays, since products may have it
        reports.push_back({items[i].line, "notice", items[i].locale, {*fault}});
      } else {
        reports[i].outcome = "refused";
        reports[i].errors.push_back(*fault);
      }
    }
    if (changed) PF_TRY(rooms_.products.set_languages(work, options_.by, languages));
    return {};
  }));
  std::string_view told;  // once for all rows that it is true of
  for (const ListItem& item : items) {
    if (!item.notices.empty()) PF_TRY(add_report({item.line, "notice", item.sku, item.notices}));
    if (item.left.empty() || item.left == told) continue;
    PF_TRY(notice(item.line, {{"", "left", item.left}}));
    told = item.left;
  }
  for (RowReport& row : reports) PF_TRY(add_report(std::move(row)));
  return finish();
}

}  // namespace pf::exchange
