// The questions that a grid of products asks all day: issue 4's twenty, and some that sort by texts which are in no
// column, look far behind or ask for what nearly all have; each of one caller and of other words every time.
#include <fmt/core.h>

#include "load.h"
#include "measure.h"
#include "productflow/text.h"
#include "rows.h"

namespace pf::bench {
namespace {

struct Question {
  std::string name;
  std::function<std::string(std::uint64_t)> query;  // the n-th one, behind per_page
};

std::string where(const std::string& column, const std::string& op, const std::string& value) {
  return "&" + column + "%5B" + op + "%5D=" + percent_encode(value);
}
std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::vector<Question> questions(std::uint64_t middle_page, const std::string& middle_cursor) {
  return {
      {"first page", [](auto) { return ""; }},
      {"text, one word", [](auto n) { return "&q=" + word_of(n * 31); }},
      {"text, two words", [](auto n) { return "&q=" + word_of(n * 31) + "%20" + word_of(n * 17 + 5); }},
      {"text, the beginning of a word", [](auto n) { return "&q=" + word_of(n * 31).substr(0, 4); }},
      {"text, the end of a SKU", [](auto n) { return "&q=" + sku_of(n * 101).substr(6, 6); }},
      {"filter: brand", [](auto n) { return where("brand", "eq", brand_of(n)); }},
      {"filter: brand, sort: title in its locale",
       [](auto n) { return where("brand", "eq", brand_of(n)) + "&sort=title"; }},
      {"three filters: brand, category, price",
       [](auto n) {
         return where("brand", "eq", brand_of(n)) + where("category", "eq", "shop/group-" + number(n % 20)) +
                where("price", "lt", number(20 + n % 100));
       }},
      {"three filters, text, sort: price",
       [](auto n) {
         return "&q=" + word_of(n * 31) + where("brand", "eq", brand_of(n)) + where("enabled", "eq", "1") +
                where("price", "gte", "50") + "&sort=price";
       }},
      {"filter: an attribute's value", [](auto n) { return where("property_3", "eq", word_of(n * 13)); }},
      {"filter: an attribute between two numbers",
       [](auto n) {
         return where("property_2", "gte", number(n % 900)) + where("property_2", "lt", number(n % 900 + 50));
       }},
      {"filter: EAN", [](auto n) { return where("ean", "eq", ean_of(n * 7)); }},
      {"filter: any brand but one", [](auto n) { return where("brand", "neq", brand_of(n)); }},
      {"sort: price", [](auto) { return "&sort=price"; }},
      {"sort: title in its locale, descending", [](auto) { return "&sort=-title"; }},
      {"sort: category", [](auto) { return "&sort=category"; }},
      {"sort: what is for sale, descending", [](auto) { return "&sort=-stock"; }},
      {"sort: an attribute, descending", [](auto) { return "&sort=-property_5"; }},
      {"sort: a text attribute", [](auto) { return "&sort=property_3"; }},
      {"filter: brand, sort: a text attribute, descending",
       [](auto n) { return where("brand", "eq", brand_of(n)) + "&sort=-property_3"; }},
      {"deep page by number", [=](auto n) { return "&page=" + number(middle_page + n % 50); }},
      {"deep page by number, sort: title in its locale, descending",
       [=](auto n) { return "&sort=-title&page=" + number(middle_page + n % 50); }},
      {"filter: a letter that most words have",
       [](auto n) { return where("title", "like", std::string("*") + "eaoi"[n % 4] + "*"); }},
      {"deep page by cursor", [=](auto) { return "&cursor=" + percent_encode(middle_cursor); }},
      {"facets: brand, family", [](auto) { return "&facets=brand,family"; }},
      {"facets: brand, family, colour; text",
       [](auto n) { return "&facets=brand,family,property_0&q=" + word_of(n * 31); }},
  };
}

}  // namespace

Result<> measure_grid(const Plan& plan, Table& table, const Appliance& appliance, Shop& shop) {
  Load load{.port = appliance.port(), .ca = appliance.ca(), .connections = 1, .time = std::chrono::minutes{1}};
  table.heading("Product grid at " + whole(static_cast<double>(shop.products)) + " products, 50 a page, one caller");
  const auto ask = [&](const std::function<std::string(std::uint64_t)>& query, std::size_t times) {
    load.request_of = [&](std::uint64_t n) {
      return request_bytes("GET", "/api/v1/product?per_page=50" + query(n), shop.token);
    };
    load.requests_max = times;
    return run_checked(load);
  };

  // The cursor of a page in the middle, got as a person would who jumped there.
  const std::uint64_t middle = std::max<std::uint64_t>(1, shop.products / 2 / 50);
  PF_LET(const auto jumped, ask([&](std::uint64_t) { return "&page=" + number(middle); }, 1));
  PF_LET(const auto page, json::parse(jumped.last_body));
  const std::string* cursor = page.find("meta")->find("next_cursor")->as_string();
  if (cursor == nullptr) return error(ErrorCode::internal, "The page in the middle names no next one.");

  for (const Question& question : questions(middle > 50 ? middle - 50 : 1, *cursor)) {
    PF_TRY(ask(question.query, std::max<std::size_t>(1, plan.questions / 10)));  // warm: a shop is asked all day
    PF_LET(const auto figures, ask(question.query, plan.questions));
    const double half = figures.percentile(50);
    const auto [first, is_first] = shop.grid_ms.emplace(question.name, half);
    table.row({question.name, "p99 " + decimals(figures.percentile(99), 2) + " ms", "p50 " + decimals(half, 2) + " ms",
               is_first ? "" : decimals(half / first->second, 1) + " x", "p99 < 20 ms"});
  }
  return {};
}

}  // namespace pf::bench
