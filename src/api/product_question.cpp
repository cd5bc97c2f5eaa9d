#include "api/product_question.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::api {
namespace {

std::vector<std::string> words(std::string_view list) {
  std::vector<std::string> out;
  for (const auto part : split(list, ','))
    if (!trim(part).empty()) out.emplace_back(trim(part));
  return out;
}

// "brand[eq]" -> "brand", "eq"; "sort[0]" -> "sort", "0"; the last bracket counts, so that names may hold some.
struct Name {
  std::string column{}, bracket{};
  bool bracketed = false;
};
Name split_name(const std::string& name) {
  const auto open = name.rfind('[');
  if (open == std::string::npos || open == 0 || name.back() != ']') return {name, "", false};
  return {name.substr(0, open), name.substr(open + 1, name.size() - open - 2), true};
}

class Questioner {
 public:
  Result<ProductQuestion> read(const gate::Call& call) && {
    auto view = product_view(call);
    if (view.ok())
      out_.view = *std::move(view);
    else
      faults_ = view.error();
    out_.query.locale = wanted_locale(call);
    for (const auto& [name, value] : call.query) parameter(name, value);
    if (!out_.query.cursor.empty()) out_.page = 1;
    out_.query.offset = (out_.page - 1) * out_.query.count;
    if (faults_.faults.empty()) return std::move(out_);
    faults_.code = ErrorCode::invalid;
    faults_.message = faults_.faults.front().message;
    return std::move(faults_);
  }

 private:
  void fault(const std::string& field, const char* code, std::string message) {
    faults_.faults.push_back({field, code, std::move(message)});
  }

  void parameter(const std::string& whole, const std::string& value) {
    const Name name = split_name(whole);
    auto& query = out_.query;
    if (whole == "q")
      query.text = value;
    else if (whole == "page")
      number(whole, value, 1, 1'000'000'000, out_.page);
    else if (whole == "per_page") {
      std::uint64_t size = kPerPageDefault;
      number(whole, value, 1, kPerPageMax, size);
      query.count = size;
    } else if (whole == "cursor")
      query.cursor = value;
    else if (name.column == "sort")
      sort(value);
    else if (whole == "facets")
      query.facets = words(value);
    else if (whole == "fields" || whole == "include" || whole == "locale")
      return;
    else if (!name.bracketed)
      fault(whole, "unknown",
            "\"" + whole + "\" is no parameter of this list; a filter is written " + whole + "[eq]=...");
    else if (const auto op = catalog::operator_named(name.bracket))
      condition(name.column, *op, value);
    else
      fault(whole, "operator",
            "\"" + name.bracket + "\" is no operator; use eq, neq, gt, gte, lt, lte, in, nin, like or empty.");
  }

  void number(const std::string& name, const std::string& value, std::int64_t least, std::uint64_t most,
              std::uint64_t& out) {
    const auto whole = parse_int(value);
    if (!whole || *whole < least || static_cast<std::uint64_t>(*whole) > most)
      fault(name, "range", name + " is a number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    else
      out = static_cast<std::uint64_t>(*whole);
  }

  void sort(const std::string& value) {
    for (auto& column : words(value)) {
      const bool descending = column.starts_with('-');
      out_.query.sort.push_back({descending ? column.substr(1) : column, descending});
    }
  }

  // The same filter twice: both hold, but for in and nin, whose values add up (in[]=a&in[]=b).
  void condition(const std::string& column, catalog::Operator op, const std::string& value) {
    using catalog::Operator;
    const bool several = op == Operator::in || op == Operator::nin;
    if (!several) return out_.query.where.push_back({column, op, {value}});
    auto& where = out_.query.where;
    auto at = std::find_if(where.begin(), where.end(), [&](const auto& c) { return c.column == column && c.op == op; });
    if (at == where.end()) at = where.insert(at, {column, op, {}});
    for (auto& word : words(value)) at->values.push_back(std::move(word));
  }

  ProductQuestion out_{};
  Error faults_{ErrorCode::invalid, {}, {}};
};

}  // namespace

std::string wanted_locale(const gate::Call& call) {
  if (const auto asked = call.query_value("locale"); asked && !asked->empty()) return *asked;
  return call.locale;
}

Result<ProductView> product_view(const gate::Call& call) {
  ProductView out;
  if (const auto fields = call.query_value("fields")) out.fields = words(*fields);
  if (const auto include = call.query_value("include")) {
    for (const auto& name : words(*include)) {
      if (name == "offer")
        out.offer = true;
      else if (name == "texts")
        out.texts = true;
      else
        return invalid("include", "unknown", "\"" + name + "\" cannot be included; offer and texts can.");
    }
  }
  return out;
}

Result<ProductQuestion> product_question(const gate::Call& call) {
  return Questioner().read(call);
}

Result<std::string> projected(std::string product, const ProductView& view) {
  if (view.fields.empty()) return product;
  PF_LET(const auto whole, json::parse(product));
  json::Value out{json::Members{}};
  out.set("sku", *whole.find("sku"));
  json::Value attributes{json::Members{}};
  bool some_attributes = false;
  for (const auto& name : view.fields) {
    if (name.starts_with("attributes.")) {
      some_attributes = true;
      const auto* all = whole.find("attributes");
      if (const auto* value = all->find(std::string_view(name).substr(11))) attributes.set(name.substr(11), *value);
    } else if (const auto* value = whole.find(name)) {
      out.set(name, *value);
    }
  }
  if (some_attributes && out.find("attributes") == nullptr) out.set("attributes", std::move(attributes));
  for (const char* name : {"offer", "texts"})
    if (const auto* value = whole.find(name); value != nullptr && out.find(name) == nullptr) out.set(name, *value);
  return json::write(out);
}

}  // namespace pf::api
