#include "catalog/inherited_entry.h"

#include <algorithm>
#include <iterator>

#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "catalog/inheritance.h"
#include "catalog/search_entry.h"

namespace pf::catalog {
namespace {

using EntryPair = std::pair<std::string, std::string>;

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
  const Record lacked = inherited_only(model, line);
  add_shared(out, lacked);
  if (out.terms.empty() && out.columns.empty()) return out;
  if (!lacked.categories.empty()) out.terms.emplace_back(kInheritedField, "category");

  std::ranges::sort(out.terms);
  out.terms.erase(std::unique(out.terms.begin(), out.terms.end()), out.terms.end());
  std::vector<bool> said(out.terms.size());
  for (const auto& term : own.terms) {
    const auto at = std::ranges::lower_bound(out.terms, term);
    if (at != out.terms.end() && *at == term) said[static_cast<std::size_t>(at - out.terms.begin())] = true;
  }
  std::size_t next = 0;
  std::erase_if(out.terms, [&](const auto&) { return said[next++]; });

  // One value a column: the last one, as the index has it.
  std::ranges::stable_sort(out.columns, {}, &EntryPair::first);
  const auto same = std::unique(out.columns.rbegin(), out.columns.rend(),
                                [](const EntryPair& one, const EntryPair& other) { return one.first == other.first; });
  out.columns.erase(out.columns.begin(), same.base());
  for (const auto& [column, ignored] : own.columns) {
    const auto at = std::ranges::lower_bound(out.columns, column, {}, &EntryPair::first);
    if (at != out.columns.end() && at->first == column) out.columns.erase(at);
  }
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
  for (auto from = entry.terms.begin(); from != entry.terms.end();) {
    const auto to = std::find_if(from, entry.terms.end(), [&](const auto& one) { return one.first != from->first; });
    put_part(out, from->first);
    put_size(out, static_cast<std::size_t>(to - from));
    for (; from != to; ++from) put_part(out, from->second);
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

void add_entry(search::Entry& to, search::Entry&& more) {
  std::ranges::move(more.terms, std::back_inserter(to.terms));
  std::ranges::move(more.columns, std::back_inserter(to.columns));
}

}  // namespace pf::catalog
