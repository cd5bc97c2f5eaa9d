#include "catalog/inherited_entry.h"

#include <algorithm>
#include <vector>

#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "catalog/inheritance.h"
#include "catalog/search_entry.h"

namespace pf::catalog {
namespace {

using Pair = search::Pairs::Pair;

void put_part(std::string& out, std::string_view bytes) {
  put_size(out, bytes.size());
  out += bytes;
}

bool take_part(std::string_view& in, std::string_view& out) {
  std::size_t size = 0;
  return take_size(in, size) && take_bytes(in, size, out);
}

}  // namespace

search::Entry inherited_entry(const Model& model, std::span<const Record* const> line, const search::Entry& own) {
  search::Entry out;
  if (line.size() < 2) return out;
  Record lacked = inherited_only(model, line);
  for (const Record* above : line.subspan(1))
    lacked.standards.insert(lacked.standards.end(), above->standards.begin(), above->standards.end());
  search::Entry all;
  add_shared(all, lacked);
  if (all.terms.empty() && all.columns.empty()) return out;
  if (!lacked.categories.empty()) all.terms.emplace_back(kInheritedField, "category");

  std::vector<Pair> terms(all.terms.begin(), all.terms.end());
  std::ranges::sort(terms);
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  std::vector<bool> said(terms.size());
  for (const Pair term : own.terms) {
    const auto at = std::ranges::lower_bound(terms, term);
    if (at != terms.end() && *at == term) said[static_cast<std::size_t>(at - terms.begin())] = true;
  }
  for (std::size_t i = 0; i < terms.size(); ++i)
    if (!said[i]) out.terms.emplace_back(terms[i].first, terms[i].second);

  // One value a column: the last one, as the index has it.
  std::vector<Pair> columns(all.columns.begin(), all.columns.end());
  std::ranges::stable_sort(columns, {}, &Pair::first);
  const auto same = std::unique(columns.rbegin(), columns.rend(),
                                [](const Pair& one, const Pair& other) { return one.first == other.first; });
  columns.erase(columns.begin(), same.base());
  for (const auto& [column, ignored] : own.columns) {
    const auto at = std::ranges::lower_bound(columns, column, {}, &Pair::first);
    if (at != columns.end() && at->first == column) columns.erase(at);
  }
  for (const auto& [column, value] : columns) out.columns.emplace_back(column, value);
  return out;
}

std::string encode_inherited(const search::Entry& entry) {
  std::string out;
  if (entry.terms.empty() && entry.columns.empty()) return out;
  out += keys::kRecordFormat;
  std::size_t fields = 0;
  for (std::size_t i = 0; i < entry.terms.size(); ++i)
    fields += i == 0 || entry.terms[i].first != entry.terms[i - 1].first;
  put_size(out, fields);
  for (std::size_t from = 0; from < entry.terms.size();) {
    const std::string_view field = entry.terms[from].first;
    std::size_t to = from + 1;
    while (to < entry.terms.size() && entry.terms[to].first == field) ++to;
    put_part(out, field);
    put_size(out, to - from);
    for (; from != to; ++from) put_part(out, entry.terms[from].second);
  }
  put_size(out, entry.columns.size());
  for (const auto& [column, value] : entry.columns) {
    put_part(out, column);
    put_part(out, value);
  }
  return out;
}

Result<search::Entry> decode_inherited(std::string_view bytes) {
  search::Entry out;
  if (bytes.empty()) return out;
  const auto damaged = [] {
    return error(ErrorCode::internal,
                 "What a variant inherits is damaged in the search index; run `productflow doctor` and restore it from "
                 "a backup.");
  };
  if (bytes.front() != keys::kRecordFormat) return damaged();
  bytes.remove_prefix(1);
  std::size_t fields = 0, columns = 0;
  std::string_view name, part;
  if (!take_size(bytes, fields)) return damaged();
  for (; fields > 0; --fields) {
    std::size_t terms = 0;
    if (!take_part(bytes, name) || !take_size(bytes, terms)) return damaged();
    for (; terms > 0; --terms) {
      if (!take_part(bytes, part)) return damaged();
      out.terms.emplace_back(name, part);
    }
  }
  if (!take_size(bytes, columns)) return damaged();
  for (; columns > 0; --columns) {
    if (!take_part(bytes, name) || !take_part(bytes, part)) return damaged();
    out.columns.emplace_back(name, part);
  }
  if (!bytes.empty()) return damaged();
  return out;
}

void add_entry(search::Entry& to, const search::Entry& more) {
  to.terms.append(more.terms);
  to.columns.append(more.columns);
}

}  // namespace pf::catalog
