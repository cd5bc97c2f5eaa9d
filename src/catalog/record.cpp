#include "catalog/record.h"

#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kCommonHead = 1 + 4 + 8 + 8 + 8;

Error damaged() {
  return error(ErrorCode::internal,
               "A product's record is damaged; run `productflow doctor` and restore it from a backup.");
}

class FragmentWriter {
 public:
  void value(std::string_view name, std::string_view json_bytes) {
    fragment_.clear();
    json::write_string(name, fragment_);
    put_size(body_, fragment_.size());
    put_size(body_, fragment_.size() + 1 + json_bytes.size());
    body_.append(fragment_).append(1, ':').append(json_bytes);
    ++count_;
  }
  void text(std::string_view name, std::string_view text_value) {
    std::string quoted;
    json::write_string(text_value, quoted);
    value(name, quoted);
  }
  void text_or_null(std::string_view name, std::string_view text_value) {
    if (text_value.empty())
      value(name, "null");
    else
      text(name, text_value);
  }
  void list(std::string_view name, const std::vector<std::string>& items) {
    std::string array = "[";
    for (const auto& item : items) {
      if (array.size() > 1) array += ',';
      json::write_string(item, array);
    }
    value(name, array + "]");
  }
  void object(std::string_view name, const Attributes& members) {
    std::string all = "{";
    for (const auto& [member, bytes] : members) {
      if (all.size() > 1) all += ',';
      json::write_string(member, all);
      all.append(1, ':').append(bytes);
    }
    value(name, all + "}");
  }
  void finish(std::string& out) const {
    put_size(out, count_);
    out += body_;
  }

 private:
  std::string body_, fragment_;  // fragment_: the name at hand, quoted
  std::size_t count_ = 0;
};

// A quoted text of our own writing at the front of `in`.
bool take_quoted(std::string_view& in, std::string& out) {
  if (in.empty() || in[0] != '"') return false;
  std::size_t end = 1;
  bool escaped = false;
  while (end < in.size() && in[end] != '"') {
    if (in[end] == '\\') {
      escaped = true;
      ++end;
    }
    ++end;
  }
  if (end >= in.size()) return false;
  const auto quoted = in.substr(0, end + 1);
  in.remove_prefix(end + 1);
  if (!escaped) {
    out.assign(quoted.substr(1, quoted.size() - 2));
    return true;
  }
  auto value = json::parse(quoted);
  if (!value.ok() || value->as_string() == nullptr) return false;
  out = *value->as_string();
  return true;
}

bool text_of(std::string_view json_bytes, std::string& out) {
  if (json_bytes == "null") {
    out.clear();
    return true;
  }
  return take_quoted(json_bytes, out) && json_bytes.empty();
}

bool list_of(std::string_view json_bytes, std::vector<std::string>& out) {
  if (json_bytes.size() < 2 || json_bytes.front() != '[') return false;
  json_bytes.remove_prefix(1);
  while (!json_bytes.empty() && json_bytes.front() != ']') {
    if (json_bytes.front() == ',') json_bytes.remove_prefix(1);
    out.emplace_back();
    if (!take_quoted(json_bytes, out.back())) return false;
  }
  return json_bytes == "]";
}

bool members_of(std::string_view json_bytes, Attributes& out) {
  const auto value = json::parse(json_bytes);
  if (!value.ok() || value->as_object() == nullptr) return false;
  for (const auto& [name, member] : *value->as_object()) out.emplace_back(name, json::write(member));
  return true;
}

bool attributes_of(const std::vector<Fragment>& fragments, Attributes& out) {
  out.reserve(fragments.size());
  for (const auto& fragment : fragments) {
    out.emplace_back();
    if (!text_of(fragment.name, out.back().first)) return false;
    out.back().second = fragment.value();
  }
  return true;
}

bool take_locales(std::string_view& in, std::vector<std::string>& out) {
  std::size_t count = 0;
  if (!take_size(in, count) || count > in.size()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t size = 0;
    std::string_view locale;
    if (!take_size(in, size) || !take_bytes(in, size, locale)) return false;
    out.emplace_back(locale);
  }
  return true;
}

bool take_standards(std::string_view& in, Attributes& out) {
  if (in.empty()) return true;
  std::size_t count = 0;
  if (!take_size(in, count) || count > in.size()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t size = 0;
    std::string_view value, amount;
    if (!take_size(in, size) || !take_bytes(in, size, value) || !take_size(in, size) || !take_bytes(in, size, amount))
      return false;
    out.emplace_back(value, amount);
  }
  return true;
}

bool is_common(std::string_view bytes) {
  return bytes.size() > kCommonHead && bytes[0] == keys::kRecordFormat;
}

struct TextParts {
  std::vector<Fragment> fields, attributes;
  bool read(std::string_view bytes) {
    if (bytes.empty()) return true;
    if (bytes[0] != keys::kRecordFormat) return false;
    bytes.remove_prefix(1);
    return take_fragments(bytes, fields) && take_fragments(bytes, attributes);
  }
};

}  // namespace

const Texts* Record::texts_of(std::string_view locale) const {
  for (const auto& [name, value] : texts)
    if (name == locale) return &value;
  return nullptr;
}

std::vector<std::string> Record::locales() const {
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (const auto& [locale, ignored] : texts) out.push_back(locale);
  return out;
}

Texts& Record::texts_for(const std::string& locale) {
  const auto at =
      std::lower_bound(texts.begin(), texts.end(), locale, [](const auto& a, const auto& b) { return a.first < b; });
  if (at != texts.end() && at->first == locale) return at->second;
  return texts.insert(at, {locale, Texts{}})->second;
}

const std::string* find_attribute(const Attributes& attributes, std::string_view name) {
  for (const auto& [n, value] : attributes)
    if (n == name) return &value;
  return nullptr;
}

bool same_content(const Record& a, const Record& b) {
  return a.sku == b.sku && a.brand == b.brand && a.ean == b.ean && a.family == b.family && a.parent == b.parent &&
         a.categories == b.categories && a.images == b.images && a.enabled == b.enabled &&
         a.associations == b.associations && a.attributes == b.attributes && a.texts == b.texts;
}

std::string encode_common(const Record& r) {
  std::string out(1, keys::kRecordFormat);
  put_be32(out, r.document);
  put_be64(out, r.version);
  put_be64(out, static_cast<std::uint64_t>(r.created.time_since_epoch().count()));
  put_be64(out, static_cast<std::uint64_t>(r.updated.time_since_epoch().count()));
  FragmentWriter fields;
  fields.text("sku", r.sku);
  fields.text_or_null("brand", r.brand);
  fields.text_or_null("ean", r.ean);
  fields.text_or_null("family", r.family);
  fields.text_or_null("parent", r.parent);
  fields.list("categories", r.categories);
  fields.list("images", r.images);
  fields.value("enabled", r.enabled ? "true" : "false");
  fields.value("version", std::to_string(r.version));
  fields.text("created_at", rfc3339(r.created));
  fields.text("updated_at", rfc3339(r.updated));
  if (!r.completeness.empty()) fields.value("completeness", r.completeness);
  if (!r.associations.empty()) fields.object("associations", r.associations);
  fields.finish(out);
  FragmentWriter attributes;
  for (const auto& [name, value] : r.attributes) attributes.value(name, value);
  attributes.finish(out);
  put_size(out, r.texts.size());
  for (const auto& [locale, ignored] : r.texts) {
    put_size(out, locale.size());
    out += locale;
  }
  if (r.standards.empty()) return out;
  put_size(out, r.standards.size());
  for (const auto& [value, amount] : r.standards)
    for (const std::string* part : {&value, &amount}) {
      put_size(out, part->size());
      out += *part;
    }
  return out;
}

std::string encode_texts(const Texts& texts) {
  std::string out(1, keys::kRecordFormat);
  FragmentWriter fields;
  if (!texts.title.empty()) fields.text("title", texts.title);
  if (!texts.description.empty()) fields.text("description", texts.description);
  fields.finish(out);
  FragmentWriter attributes;
  for (const auto& [name, value] : texts.attributes) attributes.value(name, value);
  attributes.finish(out);
  return out;
}

std::string_view fragments_of_common(std::string_view common) {
  return is_common(common) ? common.substr(kCommonHead) : std::string_view();
}
std::string_view fragments_of_texts(std::string_view texts) {
  return texts.starts_with(keys::kRecordFormat) ? texts.substr(1) : std::string_view();
}

Result<Stamp> stamp_of(std::string_view common) {
  if (!is_common(common)) return damaged();
  return Stamp{get_be32(common.substr(1)), get_be64(common.substr(5))};
}

Result<std::string> parent_of(std::string_view common) {
  if (!is_common(common)) return damaged();
  common.remove_prefix(kCommonHead);
  std::size_t count = 0;
  Fragment field;
  std::string out;
  if (!take_size(common, count)) return damaged();
  for (std::size_t i = 0; i < count; ++i) {
    if (!take_fragment(common, field)) return damaged();
    if (field.name != "\"parent\"") continue;
    if (!text_of(field.value(), out)) return damaged();
    break;
  }
  return out;
}

Result<Record> decode_common(std::string_view bytes, std::vector<std::string>& locales) {
  if (!is_common(bytes)) return damaged();
  Record r;
  r.document = get_be32(bytes.substr(1));
  r.version = get_be64(bytes.substr(5));
  r.created = Time{milliseconds{static_cast<std::int64_t>(get_be64(bytes.substr(13)))}};
  r.updated = Time{milliseconds{static_cast<std::int64_t>(get_be64(bytes.substr(21)))}};
  bytes.remove_prefix(kCommonHead);
  std::vector<Fragment> fields, attributes;
  if (!take_fragments(bytes, fields) || !take_fragments(bytes, attributes) || !take_locales(bytes, locales) ||
      !take_standards(bytes, r.standards))
    return damaged();
  for (const auto& f : fields) {
    bool good = true;
    if (f.name == "\"sku\"")
      good = text_of(f.value(), r.sku);
    else if (f.name == "\"brand\"")
      good = text_of(f.value(), r.brand);
    else if (f.name == "\"ean\"")
      good = text_of(f.value(), r.ean);
    else if (f.name == "\"family\"")
      good = text_of(f.value(), r.family);
    else if (f.name == "\"parent\"")
      good = text_of(f.value(), r.parent);
    else if (f.name == "\"categories\"")
      good = list_of(f.value(), r.categories);
    else if (f.name == "\"images\"")
      good = list_of(f.value(), r.images);
    else if (f.name == "\"enabled\"")
      r.enabled = f.value() == "true";
    else if (f.name == "\"completeness\"")
      r.completeness = f.value();
    else if (f.name == "\"associations\"")
      good = members_of(f.value(), r.associations);
    if (!good) return damaged();
  }
  if (!attributes_of(attributes, r.attributes)) return damaged();
  return r;
}

Result<Texts> decode_texts(std::string_view bytes) {
  TextParts parts;
  if (!parts.read(bytes)) return damaged();
  Texts out;
  for (const auto& f : parts.fields) {
    if (f.name == "\"title\"" && !text_of(f.value(), out.title)) return damaged();
    if (f.name == "\"description\"" && !text_of(f.value(), out.description)) return damaged();
  }
  if (!attributes_of(parts.attributes, out.attributes)) return damaged();
  return out;
}

Result<std::vector<std::string>> locales_of(std::string_view common) {
  if (!is_common(common)) return damaged();
  common.remove_prefix(kCommonHead);
  for (int part = 0; part < 2; ++part) {
    std::size_t count = 0;
    Fragment skipped;
    if (!take_size(common, count)) return damaged();
    for (std::size_t i = 0; i < count; ++i)
      if (!take_fragment(common, skipped)) return damaged();
  }
  std::vector<std::string> out;
  if (!take_locales(common, out)) return damaged();
  return out;
}

Result<std::string> lend_texts(std::string_view own, std::string_view other) {
  if (own.empty() || other.empty()) return std::string(own.empty() ? other : own);
  TextParts mine, theirs;
  if (!mine.read(own) || !theirs.read(other)) return damaged();
  std::string out(1, keys::kRecordFormat);
  const auto put = [&](std::vector<Fragment> all, const std::vector<Fragment>& more) {
    const std::size_t count = all.size();
    for (const auto& fragment : more)
      if (std::none_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count),
                       [&](const Fragment& one) { return one.name == fragment.name; }))
        all.push_back(fragment);
    put_size(out, all.size());
    for (const auto& fragment : all) {
      put_size(out, fragment.name.size());
      put_size(out, fragment.bytes.size());
      out += fragment.bytes;
    }
  };
  put(mine.fields, theirs.fields);
  put(mine.attributes, theirs.attributes);
  return out;
}

Result<std::string> join_json(std::string_view common, std::string_view locale, std::string_view own,
                              std::string_view fallback, std::string_view extra) {
  if (!is_common(common)) return damaged();
  TextParts mine, theirs;
  if (!mine.read(own) || !theirs.read(fallback)) return damaged();
  std::string out;
  out.reserve(common.size() + own.size() + fallback.size() + extra.size() + 96);
  common.remove_prefix(kCommonHead);
  std::vector<Fragment> fields, attributes;
  if (!take_fragments(common, fields) || !take_fragments(common, attributes) || fields.empty()) return damaged();

  out += '{';
  out += fields[0].bytes;  // the SKU
  out += ",\"locale\":";
  json::write_string(locale, out);
  for (const std::string_view name : {std::string_view("\"title\""), std::string_view("\"description\"")}) {
    const auto* text = find_fragment(mine.fields, name);
    if (text == nullptr) text = find_fragment(theirs.fields, name);
    out += ',';
    if (text != nullptr)
      out += text->bytes;
    else
      out.append(name).append(":null");
  }
  std::size_t next = 1;
  for (; next < fields.size() && fields[next].name != "\"images\""; ++next)
    out.append(1, ',').append(fields[next].bytes);
  out += ",\"attributes\":{";
  bool first = true;
  const auto add = [&](const Fragment& fragment) {
    if (!first) out += ',';
    first = false;
    out += fragment.bytes;
  };
  for (const auto& fragment : attributes) add(fragment);
  for (const auto& fragment : mine.attributes) add(fragment);
  for (std::size_t i = 0; i < theirs.attributes.size(); ++i)
    if (find_fragment(mine.attributes, theirs.attributes[i].name, i) == nullptr) add(theirs.attributes[i]);
  out += '}';
  for (; next < fields.size(); ++next) out.append(1, ',').append(fields[next].bytes);
  out += extra;
  out += '}';
  return out;
}

Result<std::string> texts_json(const std::vector<std::pair<std::string, std::string>>& segments) {
  std::string out = "{";
  for (const auto& [locale, bytes] : segments) {
    TextParts parts;
    if (!parts.read(bytes)) return damaged();
    if (out.size() > 1) out += ',';
    json::write_string(locale, out);
    out += ":{";
    bool first = true;
    for (const auto* list : {&parts.fields, &parts.attributes}) {
      for (const auto& fragment : *list) {
        if (!first) out += ',';
        first = false;
        out += fragment.bytes;
      }
    }
    out += '}';
  }
  return out += '}';
}

}  // namespace pf::catalog
