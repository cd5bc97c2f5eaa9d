#include "exchange/record_circles.h"

#include <algorithm>
#include <unordered_map>

#include "productflow/text.h"
#include "search/index.h"

namespace pf::exchange {
namespace {

// Places of rows: who brings a name, who needs it.
struct NamedRecord {
  std::size_t brought = 0;
  std::vector<std::size_t> needed{};
};

std::string record_name(std::string_view kind, std::string_view name) {
  return std::string(kind) + '\0' + search::folded(trim(name));
}

// A record that is called the same by code and label counts once.
std::vector<std::string> names_brought(const ReferenceItem& item) {
  std::vector<std::string> out{record_name(item.kind, item.code)};
  if (const json::Value* labels = item.body.find("labels"); labels != nullptr && labels->as_object() != nullptr)
    for (const auto& [locale, label] : *labels->as_object())
      if (label.as_string() != nullptr) out.push_back(record_name(item.kind, *label.as_string()));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::string> names_needed(const catalog::Model& model, const WaitingRecord& record) {
  std::vector<std::string> out;
  const auto* kind = model.reference_kind(record.item->kind);
  for (const std::string& code : record.values) {
    const json::Value* said = record.item->body.find("values")->find(code);
    if (kind == nullptr || said == nullptr || said->as_string() == nullptr) continue;
    const auto at = std::ranges::find(kind->said.attributes, code, &catalog::ReferenceAttribute::code);
    if (at != kind->said.attributes.end())
      out.push_back(record_name(at->reference_kind.value_or(""), *said->as_string()));
  }
  return out;
}

}  // namespace

std::vector<WaitingRecord> in_circles(const catalog::Model& model, std::span<const WaitingRecord> waiting) {
  std::unordered_map<std::string, NamedRecord> names;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    for (const std::string& name : names_brought(*waiting[i].item)) ++names[name].brought;
    for (const std::string& name : names_needed(model, waiting[i])) names[name].needed.push_back(i);
  }
  std::vector<bool> left_out(waiting.size());
  std::vector<std::size_t> next;
  const auto nobody_brings = [&](const NamedRecord& name) {
    for (const std::size_t i : name.needed)
      if (!left_out[i]) {
        left_out[i] = true;
        next.push_back(i);
      }
  };
  for (const auto& [name, record] : names)
    if (record.brought == 0) nobody_brings(record);
  while (!next.empty()) {
    const std::size_t i = next.back();
    next.pop_back();
    for (const std::string& name : names_brought(*waiting[i].item))
      if (--names[name].brought == 0) nobody_brings(names[name]);
  }
  std::vector<WaitingRecord> out;
  for (std::size_t i = 0; i < waiting.size(); ++i)
    if (!left_out[i]) out.push_back(waiting[i]);
  return out;
}

json::Value without_waiting(const WaitingRecord& record) {
  json::Value out = record.item->body;
  json::Value values = *out.find("values");
  for (const std::string& code : record.values) values.erase(code);
  out.set("values", std::move(values));
  return out;
}

}  // namespace pf::exchange
