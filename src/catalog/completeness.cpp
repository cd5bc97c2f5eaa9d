#include "catalog/completeness.h"

#include <algorithm>
#include <unordered_set>

#include "catalog/inheritance.h"
#include "catalog/product.h"
#include "catalog/search_entry.h"

namespace pf::catalog {
namespace {

using Names = std::unordered_set<std::string_view>;

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// What is filled in, found by name: for everybody, and in each language that somebody asks for.
class FilledIn {
 public:
  FilledIn(const Model& model, std::span<const Record* const> line, const std::vector<std::string>& locales,
           const std::string& standard)
      : model_(model), line_(line), standard_(standard) {
    for (const Record* record : line) add_filled(common_, record, record->attributes);
    for (const auto& locale : locales) in_locale(locale);
    in_locale(standard);
  }

  bool field(std::string_view code, std::string_view locale) const {
    return std::ranges::any_of(line_, [&](const Record* r) {
      if (code == "title" || code == "description") {
        const auto* texts = r->texts_of(locale);
        return texts != nullptr && !(code == "title" ? texts->title : texts->description).empty();
      }
      return code == "sku" || (code == "brand" && !r->brand.empty()) ||
             (code == "ean" && r == line_.front() && !r->ean.empty()) || (code == "family" && !r->family.empty()) ||
             (code == "parent" && !r->parent.empty()) || (code == "categories" && !r->categories.empty()) ||
             (code == "images" && !r->images.empty());
    });
  }
  // In that language; what is the same in all of them may stand in the shop's first one from before it was so.
  bool cell(std::string_view name, std::string_view locale, bool localisable) const {
    if (common_.contains(name)) return true;
    const auto* own = find(locale);
    if (own != nullptr && own->contains(name)) return true;
    const auto* first = localisable ? nullptr : find(standard_);
    return first != nullptr && first->contains(name);
  }

 private:
  // Of those above the product, what it inherits.
  void add_filled(Names& to, const Record* record, const Attributes& attributes) const {
    for (const auto& [name, bytes] : attributes)
      if (says_something(bytes) && (record == line_.front() || is_inherited(model_, name))) to.insert(name);
  }
  void in_locale(const std::string& locale) {
    if (find(locale) != nullptr) return;
    auto& names = per_locale_.emplace_back(locale, Names{}).second;
    for (const Record* record : line_)
      if (const auto* texts = record->texts_of(locale)) add_filled(names, record, texts->attributes);
  }
  const Names* find(std::string_view locale) const {
    for (const auto& [name, names] : per_locale_)
      if (name == locale) return &names;
    return nullptr;
  }

  const Model& model_;
  std::span<const Record* const> line_;
  const std::string& standard_;
  Names common_{};
  std::vector<std::pair<std::string, Names>> per_locale_{};
};

struct ForChannel {
  std::string_view code;
  const Channel* channel;  // null: a shop that described none
  const std::vector<std::string>* locales;
};

std::vector<ForChannel> channels_of(const Model& model, const Languages& languages) {
  std::vector<ForChannel> out;
  for (const auto& [code, known] : model.channels)
    out.push_back({code, &known->said, known->said.locales.empty() ? &languages.locales : &known->said.locales});
  if (out.empty()) out.push_back({kEveryChannel, nullptr, &languages.locales});
  return out;
}

bool is_required(const FamilyAttribute& attribute, std::string_view channel) {
  return std::ranges::any_of(attribute.required,
                             [&](const std::string& one) { return one == kEveryChannel || one == channel; });
}

// One required attribute in one channel and language.
bool is_filled(const Model& model, const FilledIn& filled, const std::string& code, const ForChannel& in,
               const std::string& locale) {
  const auto* known = model.attribute(code);
  if (is_product_field(code) && (known == nullptr || !known->said.per_channel)) {
    // A file may have an attribute of a field's name besides, such as an EAN whose check digit is wrong.
    if (filled.field(code, locale)) return true;
    if (known == nullptr) return false;
  }
  if (known == nullptr) return true;  // forgotten meanwhile: nobody can be asked for it
  const auto& a = known->said;
  std::string name = code;
  if (a.per_channel && in.channel != nullptr) name.append(1, '-').append(in.code);
  if (known->type != AttributeType::price) return filled.cell(name, locale, a.localisable);
  const auto& currencies =
      in.channel != nullptr && !in.channel->currencies.empty() ? in.channel->currencies : a.currencies;
  if (currencies.empty()) return filled.cell(name + "-EUR", locale, a.localisable);
  return std::ranges::all_of(currencies, [&](const std::string& currency) {
    return filled.cell(name + "-" + currency, locale, a.localisable);
  });
}

std::vector<std::string> hints_of(const Model& model, std::span<const Record* const> line,
                                  const std::vector<std::string>& locales, bool has_twins) {
  std::vector<std::string> out;
  if (has_twins) out.emplace_back(kTwinsHint);
  const bool pictured = std::ranges::any_of(line, [&](const Record* r) {
    return !r->images.empty() || std::ranges::any_of(r->attributes, [&](const auto& one) {
      const auto cell = model.cell(one.first);
      return cell.attribute != nullptr && cell.attribute->type == AttributeType::image && says_something(one.second);
    });
  });
  if (!pictured) out.emplace_back("no_image");
  for (const auto& locale : locales) {
    const auto* texts = line.front()->texts_of(locale);
    if (texts == nullptr) continue;
    if (!texts->title.empty() && characters_of(texts->title) < kTitleShortBelow) out.push_back("short_title@" + locale);
    if (!texts->description.empty() && characters_of(texts->description) < kDescriptionShortBelow)
      out.push_back("short_description@" + locale);
  }
  return out;
}

json::Value list_value(const std::vector<std::string>& list) {
  json::Value out = json::Value::array();
  for (const auto& one : list) out.push(one);
  return out;
}

}  // namespace

const std::string& family_in(std::span<const Record* const> line) {
  for (const Record* record : line)
    if (!record->family.empty()) return record->family;
  return line.front()->family;
}

std::string completeness_of(const Model& model, const Languages& languages, std::span<const Record* const> line,
                            bool has_variants, bool has_twins) {
  const auto* family = model.family(family_in(line));
  if (family == nullptr) return {};
  const auto channels = channels_of(model, languages);
  std::vector<std::string> locales;
  for (const auto& channel : channels)
    for (const auto& locale : *channel.locales)
      if (std::ranges::find(locales, locale) == locales.end()) locales.push_back(locale);

  // What its variants say, each for itself.
  std::unordered_set<std::string_view> of_variants;
  if (has_variants) {
    of_variants.insert("ean");
    for (const auto& known : model.unique) of_variants.insert(known->said.code);
    for (std::size_t level = line.size() - 1; level < family->axes.size(); ++level)
      for (const auto& axis : family->axes[level]) of_variants.insert(axis);
  }

  const FilledIn filled(model, line, locales, languages.standard());
  json::Value of_channels{json::Members{}};
  std::uint64_t least = 100;
  std::size_t cells = 0;
  for (const auto& channel : channels) {
    json::Value of_locales{json::Members{}};
    for (const auto& locale : *channel.locales) {
      if (++cells > kCompletenessCellsMax) break;
      std::uint64_t required = 0, lacking = 0;
      std::vector<std::string> missing;
      for (const auto& attribute : family->attributes) {
        if (!is_required(attribute, channel.code) || of_variants.contains(attribute.code)) continue;
        ++required;
        if (is_filled(model, filled, attribute.code, channel, locale)) continue;
        if (++lacking <= kMissingNamedMax) missing.push_back(attribute.code);
      }
      const std::uint64_t percent = required == 0 ? 100 : (required - lacking) * 100 / required;
      least = std::min(least, percent);
      of_locales.set(locale, json::Value::object({{"percent", percent}, {"missing", list_value(missing)}}));
    }
    of_channels.set(channel.code, std::move(of_locales));
  }
  return json::write(json::Value::object({{"percent", least},
                                          {"channels", std::move(of_channels)},
                                          {"hints", list_value(hints_of(model, line, locales, has_twins))}}));
}

void add_completeness(search::Entry& entry, std::string_view bytes) {
  if (bytes.empty()) return;
  const auto value = json::parse(bytes);
  if (!value.ok()) return;
  const auto column = [&](const std::string& name, std::uint64_t percent) {
    if (const auto key = number_key(std::to_string(percent))) entry.columns.emplace_back(name, kNumberMark + *key);
  };
  const auto percent_in = [](const json::Value& of) -> std::uint64_t {
    const auto* percent = of.find("percent");
    return percent != nullptr ? static_cast<std::uint64_t>(percent->as_int().value_or(0)) : 0;
  };
  entry.terms.emplace_back("has", "completeness");
  column("completeness", percent_in(*value));
  if (const auto* channels = value->find("channels"); channels != nullptr && channels->as_object() != nullptr)
    for (const auto& [channel, locales] : *channels->as_object()) {
      if (locales.as_object() == nullptr) continue;
      const std::string name = "completeness." + channel;
      std::uint64_t least = 100;
      for (const auto& [locale, of] : *locales.as_object()) {
        least = std::min(least, percent_in(of));
        column(name + "@" + locale, percent_in(of));
      }
      column(name, least);
    }
  if (const auto* hints = value->find("hints"); hints != nullptr && hints->as_array() != nullptr)
    for (const auto& hint : *hints->as_array())
      if (hint.as_string() != nullptr) {
        entry.terms.emplace_back("hint", *hint.as_string());
        entry.terms.emplace_back("has", "hint");
      }
}

}  // namespace pf::catalog
