#include "catalog/changes.h"

#include <algorithm>
#include <unordered_set>

#include "catalog/association.h"
#include "catalog/harmless_html.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

class Faults {
 public:
  void add(std::string field, std::string code, std::string message) {
    faults_.push_back({std::move(field), std::move(code), std::move(message)});
  }
  void add(const Error& other, const std::string& field) {
    for (const auto& fault : other.faults) add(field, fault.code, fault.message);
  }
  std::vector<FieldFault> take() && { return std::move(faults_); }

 private:
  std::vector<FieldFault> faults_{};
};

// Tabs and line ends are text; the other C0 characters cannot be shown, nor be written in XML feeds.
bool has_bad_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char ch) {
    const auto c = static_cast<unsigned char>(ch);
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
}

bool check_text(std::string_view text, std::size_t bytes_max, const std::string& field, Faults& faults) {
  if (text.size() <= bytes_max && is_plain_ascii(text)) return true;
  if (text.size() > bytes_max)
    faults.add(
        field, "too_long",
        "This text has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(bytes_max) + " are kept.");
  else if (first_bad_utf8(text))
    faults.add(field, "encoding", "This text is not valid UTF-8.");
  else if (has_bad_control(text))
    faults.add(field, "characters", "This text holds control characters, which no channel accepts; remove them.");
  else
    return true;
  return false;
}

bool check_name(std::string_view name, const std::string& field, Faults& faults) {
  if (name.empty()) {
    faults.add(field, "required", "An attribute needs a name.");
    return false;
  }
  return check_text(name, kNameBytesMax, field, faults);
}

// Near `hint` first: files and forms name attributes in the same order as the record holds them.
Attributes::iterator locate(Attributes& in, std::string_view name, std::size_t hint) {
  if (hint < in.size() && in[hint].first == name) return in.begin() + static_cast<std::ptrdiff_t>(hint);
  // Names of one file are often alike but for their end, and a new product's are looked for one by one among the
  // others.
  const auto is = [&](const auto& a) {
    return a.first.size() == name.size() && (name.empty() || a.first.back() == name.back()) && a.first == name;
  };
  return std::find_if(in.begin(), in.end(), is);
}

std::size_t assign(Attributes& in, const std::string& name, std::string json_bytes, std::size_t hint) {
  auto at = locate(in, name, hint);
  if (at == in.end())
    at = in.insert(in.end(), {name, std::move(json_bytes)});
  else if (at->second != json_bytes)
    at->second = std::move(json_bytes);
  return static_cast<std::size_t>(at - in.begin()) + 1;
}

std::size_t bytes_of(const Attributes& in) {
  std::size_t sum = 0;
  for (const auto& [name, value] : in) sum += name.size() + value.size() + 8;
  return sum;
}

void remove(Attributes& in, std::string_view name) {
  std::erase_if(in, [&](const auto& a) { return a.first == name; });
}

class Edit {
 public:
  Edit(Record& record, const std::string& locale, const std::string& default_locale, Faults& faults)
      : r_(record), locale_(locale), default_locale_(default_locale), faults_(faults) {
    for (const auto& [name, texts] : r_.texts)
      for (const auto& attribute : texts.attributes) remember(attribute.first);
  }

  void clear_for_replace(bool all_texts) {
    r_.brand.clear();
    r_.ean.clear();
    r_.family.clear();
    r_.parent.clear();
    r_.categories.clear();
    r_.images.clear();
    r_.enabled = true;
    r_.attributes.clear();
    r_.associations.clear();
    if (all_texts)
      r_.texts.clear();
    else if (r_.texts_of(locale_) != nullptr)
      r_.texts_for(locale_) = Texts{};
  }

  void fields(const ProductChange& c) {
    if (c.title && check_text(*c.title, kTitleBytesMax, "title", faults_)) r_.texts_for(locale_).title = *c.title;
    if (c.description && check_text(*c.description, kDescriptionBytesMax, "description", faults_))
      r_.texts_for(locale_).description = harmless_html(*c.description);
    if (c.brand && check_text(*c.brand, kNameBytesMax, "brand", faults_)) r_.brand = *c.brand;
    if (c.family && check_text(*c.family, kNameBytesMax, "family", faults_)) r_.family = *c.family;
    if (c.enabled) r_.enabled = *c.enabled;
    if (c.ean) {
      r_.ean.clear();
      if (!trim(*c.ean).empty()) {
        if (auto ean = parse_ean(*c.ean); ean.ok())
          r_.ean = *ean;
        else
          faults_.add(ean.error(), "ean");
      }
    }
    if (c.parent) {
      r_.parent.clear();
      if (*c.parent && !(*c.parent)->empty()) {
        if (auto parent = parse_sku(**c.parent); !parent.ok())
          faults_.add(parent.error(), "parent");
        else if (parent->raw() == r_.sku)
          faults_.add("parent", "itself", "A product cannot be its own parent.");
        else
          r_.parent = parent->raw();
      }
    }
    if (c.categories) categories(*c.categories);
    if (c.images) images(*c.images);
    add_images(c.more_images, c.images ? c.images->size() : 0);
  }

  void attributes(const ProductChange& c) {
    if (c.clear_attributes) {
      r_.attributes.clear();
      if (r_.texts_of(locale_) != nullptr) r_.texts_for(locale_).attributes.clear();
    }
    r_.attributes.reserve(std::max(r_.attributes.size(), c.attributes.size()));
    std::size_t hint = 0;
    std::string field;
    for (const auto& [name, value] : c.attributes) {
      field.assign("attributes.").append(name);
      if (!check_name(name, field, faults_)) continue;
      const bool per_locale = is_per_locale(name);
      if (value.is_null()) {
        if (!per_locale)
          remove(r_.attributes, name);
        else if (r_.texts_of(locale_) != nullptr)
          remove(r_.texts_for(locale_).attributes, name);
        continue;
      }
      auto& list = per_locale ? r_.texts_for(locale_).attributes : r_.attributes;
      std::string bytes;
      if (c.merge_values && value.as_object() != nullptr) {
        json::Value merged;
        if (const auto* old = find_attribute(list, name)) {
          if (auto parsed = json::parse(*old); parsed.ok()) merged = *std::move(parsed);
        }
        merge_patch(merged, value);
        json::write(merged, bytes);
      } else {
        json::write(value, bytes);
      }
      if (check_value(bytes, field)) hint = assign(list, name, std::move(bytes), hint);
    }
  }

  void associations(const ProductChange& c) {
    if (c.clear_associations) r_.associations.clear();
    for (const auto& [kind, value] : c.associations) {
      const std::string field = "associations." + kind;
      if (const auto good = check_code(kind, field.c_str()); !good.ok()) {
        faults_.add(good.error(), field);
        continue;
      }
      std::vector<FieldFault> faults;
      const auto links = links_of(value, field, faults);
      for (std::size_t i = 0; i < links.size(); ++i)
        if (links[i].sku == r_.sku) faults.push_back({field, "itself", "A product cannot be linked to itself."});
      for (auto& fault : faults) faults_.add(fault.field, fault.code, fault.message);
      if (!faults.empty()) continue;
      if (links.empty())
        remove(r_.associations, kind);
      else
        assign(r_.associations, kind, links_bytes(links), r_.associations.size());
    }
    if (r_.associations.size() > kLinkKindsMax)
      faults_.add("associations", "too_many",
                  "A product has links of at most " + std::to_string(kLinkKindsMax) + " kinds.");
  }

  void texts(const ProductChange& c) {
    for (const auto& [name, members] : c.texts) {
      const auto locale = parse_locale(name);
      if (!locale.ok()) {
        faults_.add(locale.error(), "texts." + name);
        continue;
      }
      std::size_t hint = 0;
      for (const auto& [key, value] : members) {
        const std::string field = "texts." + *locale + "." + key;
        if (key == "title")
          text(*locale, value, kTitleBytesMax, field, &Texts::title);
        else if (key == "description")
          text(*locale, value, kDescriptionBytesMax, field, &Texts::description);
        else if (check_name(key, field, faults_))
          localised(*locale, key, value, field, hint);
      }
    }
  }

  void finish() {
    std::erase_if(r_.texts, [](const auto& t) { return t.second.empty(); });
    const std::size_t common = bytes_of(r_.attributes);
    std::size_t most = r_.attributes.size(), largest = common;
    for (const auto& t : r_.texts) {
      most = std::max(most, r_.attributes.size() + t.second.attributes.size());
      largest = std::max(largest, common + bytes_of(t.second.attributes));
    }
    if (largest > kProductBytesMax)
      faults_.add(
          "attributes", "too_large",
          "The attributes of a product have at most " + std::to_string(kProductBytesMax >> 20) + " MiB together.");
    if (most > kAttributesMax)
      faults_.add("attributes", "too_many", "A product has at most " + std::to_string(kAttributesMax) + " attributes.");
  }

 private:
  void remember(const std::string& name) { per_locale_.insert(name); }
  bool is_per_locale(const std::string& name) const { return per_locale_.contains(name); }
  bool check_value(std::string_view bytes, const std::string& field) {
    if (bytes.size() > kDescriptionBytesMax)
      faults_.add(field, "too_long",
                  "An attribute's value has at most " + std::to_string(kDescriptionBytesMax) + " bytes.");
    else if (!is_plain_ascii(bytes) && first_bad_utf8(bytes))
      faults_.add(field, "encoding", "This value is not valid UTF-8.");
    else
      return true;
    return false;
  }

  void categories(const std::vector<std::string>& paths) {
    r_.categories.clear();
    if (paths.size() > kCategoriesMax)
      return faults_.add("categories", "too_many",
                         "A product stands in at most " + std::to_string(kCategoriesMax) + " categories.");
    for (std::size_t i = 0; i < paths.size(); ++i) {
      auto path = parse_category(paths[i]);
      if (!path.ok())
        faults_.add(path.error(), "categories[" + std::to_string(i) + "]");
      else if (std::find(r_.categories.begin(), r_.categories.end(), *path) == r_.categories.end())
        r_.categories.push_back(*std::move(path));
    }
  }

  void images(const std::vector<std::string>& list) {
    r_.images.clear();
    if (list.size() > kImagesMax)
      return faults_.add("images", "too_many", "A product has at most " + std::to_string(kImagesMax) + " images.");
    add_images(list, 0);
  }
  void add_images(const std::vector<std::string>& list, std::size_t before) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (auto good = check_image(list[i]); !good.ok())
        faults_.add(good.error(), "images[" + std::to_string(before + i) + "]");
      else if (r_.images.size() < kImagesMax &&
               std::find(r_.images.begin(), r_.images.end(), list[i]) == r_.images.end())
        r_.images.push_back(list[i]);
    }
  }

  void text(const std::string& locale, const json::Value& value, std::size_t bytes_max, const std::string& field,
            std::string Texts::*member) {
    if (value.is_null()) {
      if (r_.texts_of(locale) != nullptr) (r_.texts_for(locale).*member).clear();
    } else if (const auto* s = value.as_string(); s == nullptr) {
      faults_.add(field, "type", "must be a text");
    } else if (check_text(*s, bytes_max, field, faults_)) {
      r_.texts_for(locale).*member = member == &Texts::description ? harmless_html(*s) : *s;
    }
  }

  void localised(const std::string& locale, const std::string& name, const json::Value& value, const std::string& field,
                 std::size_t& hint) {
    if (value.is_null()) {
      if (r_.texts_of(locale) != nullptr) remove(r_.texts_for(locale).attributes, name);
      return;
    }
    std::string bytes = json::write(value);
    if (!check_value(bytes, field)) return;
    if (const auto* common = find_attribute(r_.attributes, name)) {
      // One for everybody becomes one per locale without anybody losing it.
      auto& standard = r_.texts_for(default_locale_).attributes;
      if (find_attribute(standard, name) == nullptr) standard.emplace_back(name, *common);
      remove(r_.attributes, name);
    }
    remember(name);
    hint = assign(r_.texts_for(locale).attributes, name, std::move(bytes), hint);
  }

  Record& r_;
  const std::string& locale_;
  const std::string& default_locale_;
  Faults& faults_;
  std::unordered_set<std::string> per_locale_{};
};

void compare(const Attributes& before, const Attributes& after, const std::string& start, const std::string& end,
             std::vector<std::string>& out) {
  for (const auto& [name, value] : after) {
    const auto* old = find_attribute(before, name);
    if (old == nullptr || *old != value) out.push_back(start + name + end);
  }
  for (const auto& [name, value] : before)
    if (find_attribute(after, name) == nullptr) out.push_back(start + name + end);
}

}  // namespace

void merge_patch(json::Value& target, const json::Value& patch) {
  const auto* members = patch.as_object();
  if (members == nullptr) {
    target = patch;
    return;
  }
  if (target.as_object() == nullptr) target = json::Value(json::Members{});
  for (const auto& [name, value] : *members) {
    if (value.is_null()) {
      target.erase(name);
      continue;
    }
    json::Value part;
    if (const auto* old = target.find(name)) part = *old;
    merge_patch(part, value);
    target.set(name, std::move(part));
  }
}

Record applied(const Record* before, const Sku& sku, const ProductChange& change, WriteMode mode,
               const std::string& locale, const std::string& default_locale, std::vector<FieldFault>& out) {
  Record after = before != nullptr ? *before : Record{};
  after.sku = sku.raw();
  Faults faults;
  Edit edit(after, locale, default_locale, faults);
  if (mode == WriteMode::replace) edit.clear_for_replace(!change.texts.empty());
  edit.fields(change);
  edit.attributes(change);
  edit.associations(change);
  edit.texts(change);
  edit.finish();
  add_faults(out, change.wrong);
  add_faults(out, std::move(faults).take());
  return after;
}

Result<Record> apply(const Record* before, const Sku& sku, const ProductChange& change, WriteMode mode,
                     const std::string& locale, const std::string& default_locale) {
  std::vector<FieldFault> faults;
  Record after = applied(before, sku, change, mode, locale, default_locale, faults);
  if (!faults.empty()) return invalid_for(std::move(faults));
  return after;
}

std::vector<AddedImage> added_images(const Record* before, const Record& after, const ProductChange& change) {
  std::unordered_set<std::string_view> there, kept(after.images.begin(), after.images.end());
  if (before != nullptr) there.insert(before->images.begin(), before->images.end());
  std::vector<AddedImage> out;
  for (const std::string& one : change.more_images)
    out.push_back(!kept.contains(one)        ? AddedImage::left
                  : there.insert(one).second ? AddedImage::added
                                             : AddedImage::there);
  return out;
}

void add_faults(std::vector<FieldFault>& faults, std::vector<FieldFault> more) {
  const std::size_t earlier = faults.size();
  for (auto& fault : more) {
    const auto end = faults.begin() + static_cast<std::ptrdiff_t>(earlier);
    if (std::none_of(faults.begin(), end, [&](const FieldFault& one) { return one.field == fault.field; }))
      faults.push_back(std::move(fault));
  }
}

Error invalid_for(std::vector<FieldFault> faults) {
  return with_faults(Error{ErrorCode::invalid, {}, {}}, std::move(faults));
}

Error with_faults(Error error, std::vector<FieldFault> more) {
  for (auto& fault : more) error.faults.push_back(std::move(fault));
  if (!error.faults.empty()) error.message = message_for(error.faults);
  return error;
}

std::vector<std::string> changed_fields(const Record* before, const Record& after) {
  const Record none;
  const Record& old = before != nullptr ? *before : none;
  std::vector<std::string> out;
  if (old.brand != after.brand) out.emplace_back("brand");
  if (old.ean != after.ean) out.emplace_back("ean");
  if (old.family != after.family) out.emplace_back("family");
  if (old.parent != after.parent) out.emplace_back("parent");
  if (old.categories != after.categories) out.emplace_back("categories");
  if (old.images != after.images) out.emplace_back("images");
  if (old.enabled != after.enabled) out.emplace_back("enabled");
  compare(old.attributes, after.attributes, "attributes.", "", out);
  compare(old.associations, after.associations, "associations.", "", out);
  const Texts blank;
  const auto compare_texts = [&](const std::string& locale, const Texts& a, const Texts& b) {
    if (a.title != b.title) out.push_back("title@" + locale);
    if (a.description != b.description) out.push_back("description@" + locale);
    compare(a.attributes, b.attributes, "attributes.", "@" + locale, out);
  };
  for (const auto& [locale, texts] : after.texts) {
    const auto* was = old.texts_of(locale);
    compare_texts(locale, was != nullptr ? *was : blank, texts);
  }
  for (const auto& [locale, texts] : old.texts)
    if (after.texts_of(locale) == nullptr) compare_texts(locale, texts, blank);
  return out;
}

}  // namespace pf::catalog
