#include "api/list_answer.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::api {
namespace {

std::string page_link(const gate::Call& call, const char* name, const std::string& value) {
  std::string out = call.request.path + "?";
  for (const auto& [key, old] : call.query) {
    if (key == "page" || key == "cursor") continue;
    out += percent_encode(key) + "=" + percent_encode(old) + "&";
  }
  return out + name + "=" + percent_encode(value);
}

}  // namespace

std::string list_answer(const gate::Call& call, const std::vector<std::string>& items, std::uint64_t total,
                        std::uint64_t per_page, std::uint64_t page, const std::string& next_cursor,
                        const std::string& extra) {
  std::size_t bytes = 512 + extra.size();
  for (const auto& item : items) bytes += item.size() + 1;
  std::string out;
  out.reserve(bytes);
  out += "{\"data\":[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    out += items[i];
  }
  const bool by_cursor = call.query_value("cursor").value_or("").empty() == false;
  const std::uint64_t last = std::max<std::uint64_t>(1, (total + per_page - 1) / per_page);
  const auto link = [&](bool there, const char* name, const std::string& value) {
    return there ? json::Value(page_link(call, name, value)) : json::Value(nullptr);
  };
  out += "],\"meta\":";
  json::write(
      json::Value::object({{"current_page", by_cursor ? json::Value(nullptr) : json::Value(page)},
                           {"per_page", per_page},
                           {"total", total},
                           {"last_page", last},
                           {"next_cursor", next_cursor.empty() ? json::Value(nullptr) : json::Value(next_cursor)}}),
      out);
  out += ",\"links\":";
  json::write(json::Value::object({{"first", link(true, "page", "1")},
                                   {"prev", link(!by_cursor && page > 1, "page", std::to_string(page - (page > 1)))},
                                   {"next", by_cursor ? link(!next_cursor.empty(), "cursor", next_cursor)
                                                      : link(page < last, "page", std::to_string(page + 1))},
                                   {"last", link(true, "page", std::to_string(last))}}),
              out);
  out += extra;
  out += '}';
  return out;
}

Result<json::Value> with_fields(json::Value whole, const std::vector<std::string>& fields, std::string_view what) {
  if (fields.empty()) return whole;
  json::Value part{json::Members{}};
  for (const std::string& field : fields) {
    const json::Value* value = whole.find(field);
    if (value == nullptr)
      return invalid("fields", "unknown",
                     std::string(what) + " in a list has no field \"" + field.substr(0, 60) + "\".");
    part.set(field, *value);
  }
  return part;
}

std::string facets_extra(const std::vector<std::pair<std::string_view, const FacetCounts*>>& facets) {
  if (facets.empty()) return {};
  json::Value all{json::Members{}};
  for (const auto& [facet, counts] : facets) {
    json::Value terms{json::Members{}};
    for (const auto& [term, count] : *counts) terms.set(term, count);
    all.set(std::string(facet), std::move(terms));
  }
  return ",\"facets\":" + json::write(all);
}

}  // namespace pf::api
