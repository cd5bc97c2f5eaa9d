#include "api/list_page.h"

#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

constexpr std::uint64_t kPerPageMax = 200;

// The same question with one parameter changed.
std::string link(const gate::Call& call, std::string_view name, const std::string& value) {
  std::string out = call.request.path + "?";
  for (const auto& [key, old] : call.query)
    if (key != "page" && key != "cursor") out += percent_encode(key) + "=" + percent_encode(old) + "&";
  return out + std::string(name) + "=" + percent_encode(value);
}

}  // namespace

Result<Paging> paging_of(const gate::Call& call, std::uint64_t per_page) {
  Paging paging{.per_page = per_page};
  Faults faults;
  const auto number = [&](const char* name, std::uint64_t most, std::uint64_t& to) {
    const auto text = call.query_value(name);
    if (!text) return;
    const auto value = parse_int(*text);
    if (!value || *value < 1 || static_cast<std::uint64_t>(*value) > most)
      faults.add(name, "range", "must be a whole number from 1 to " + std::to_string(most));
    else
      to = static_cast<std::uint64_t>(*value);
  };
  number("page", 1'000'000'000, paging.page);
  number("per_page", kPerPageMax, paging.per_page);
  paging.cursor = call.query_value("cursor").value_or("");
  PF_TRY(std::move(faults).checked());
  return paging;
}

json::Value cursor_body(const gate::Call& call, json::Value data, std::uint64_t per_page,
                        const std::string& next_cursor) {
  const json::Value none(nullptr);
  const bool more = !next_cursor.empty();
  std::string first = link(call, "cursor", "");  // the question without its cursor
  first.resize(first.size() - std::string_view("?cursor=").size());
  return json::Value::object(
      {{"data", std::move(data)},
       {"meta", json::Value::object({{"per_page", per_page}, {"next_cursor", more ? json::Value(next_cursor) : none}})},
       {"links", json::Value::object({{"first", first},
                                      {"prev", none},
                                      {"next", more ? json::Value(link(call, "cursor", next_cursor)) : none},
                                      {"last", none}})}});
}

json::Value list_body(const gate::Call& call, json::Value data, const Paging& paging, std::uint64_t total,
                      const std::string& next_cursor) {
  const std::uint64_t last = std::max<std::uint64_t>(1, (total + paging.per_page - 1) / paging.per_page);
  const json::Value none(nullptr);
  json::Value meta = json::Value::object({{"current_page", paging.cursor.empty() ? json::Value(paging.page) : none},
                                          {"per_page", paging.per_page},
                                          {"total", total},
                                          {"last_page", last},
                                          {"next_cursor", next_cursor.empty() ? none : json::Value(next_cursor)}});
  const bool by_page = paging.cursor.empty();
  json::Value links = json::Value::object(
      {{"first", link(call, "page", "1")},
       {"prev", by_page && paging.page > 1 ? json::Value(link(call, "page", std::to_string(paging.page - 1))) : none},
       {"next", next_cursor.empty() ? none
                                    : json::Value(by_page ? link(call, "page", std::to_string(paging.page + 1))
                                                          : link(call, "cursor", next_cursor))},
       {"last", link(call, "page", std::to_string(last))}});
  return json::Value::object({{"data", std::move(data)}, {"meta", std::move(meta)}, {"links", std::move(links)}});
}

}  // namespace pf::api
