#include "orders/customs.h"

#include <algorithm>

#include "json/members.h"
#include "orders/order_parts.h"
#include "productflow/faults.h"

namespace pf::orders {
namespace {

constexpr int kCustomsVersion = 1;  // of the record; a newer one is refused
constexpr std::size_t kAttributeBytesMax = 255, kEoriLettersMax = 17;

// The settings' texts by the names that doors and records have for them.
constexpr std::array<std::pair<std::string_view, std::string CustomsSettings::*>, 8> kCustomsTexts{
    {{"eori", &CustomsSettings::eori},
     {"incoterm", &CustomsSettings::incoterm},
     {"reason", &CustomsSettings::reason},
     {"hs_code_attribute", &CustomsSettings::hs_code_attribute},
     {"origin_attribute", &CustomsSettings::origin_attribute},
     {"weight_attribute", &CustomsSettings::weight_attribute},
     {"weight_unit", &CustomsSettings::weight_unit},
     {"origin", &CustomsSettings::origin}}};

}  // namespace

Result<> check_customs(const CustomsSettings& settings) {
  Faults faults;
  const auto one_of = [&](const char* field, std::string_view value, std::span<const std::string_view> known) {
    if (std::ranges::find(known, value) != known.end()) return;
    std::string words;
    for (const std::string_view word : known) words.append(words.empty() ? "" : ", ").append(word);
    faults.add(field, "value", "can be " + words);
  };
  one_of("incoterm", settings.incoterm, kIncoterms);
  one_of("reason", settings.reason, kExportReasons);
  one_of("weight_unit", settings.weight_unit, kWeightUnits);
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  // A country's letters and up to 15 letters and digits (Commission Regulation (EU) 2015/2447).
  if (!settings.eori.empty() &&
      (settings.eori.size() < 3 || settings.eori.size() > kEoriLettersMax || !is_capital(settings.eori[0]) ||
       !is_capital(settings.eori[1]) ||
       !std::ranges::all_of(settings.eori, [&](char c) { return is_capital(c) || is_digit(c); })))
    faults.add("eori", "format", "is a country's two letters and up to 15 letters and digits");
  if (!settings.origin.empty() && (settings.origin.size() != 2 || !std::ranges::all_of(settings.origin, is_capital)))
    faults.add("origin", "format", "must be two capital letters (ISO 3166), such as NL");
  for (const auto& [field, text] : {std::pair("hs_code_attribute", &settings.hs_code_attribute),
                                    {"origin_attribute", &settings.origin_attribute},
                                    {"weight_attribute", &settings.weight_attribute}})
    check_text(faults, field, *text, kAttributeBytesMax);
  return std::move(faults).checked();
}

// Stored on disk: names and their meaning stay.
std::string write_customs(const CustomsSettings& settings) {
  json::Value out = json::Value::object({{"v", kCustomsVersion}});
  for (const auto& [name, text] : kCustomsTexts) out.set(name, settings.*text);
  return json::write(out);
}

Result<CustomsSettings> read_customs(std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "v") != kCustomsVersion)
    return error(ErrorCode::unsupported, "A newer ProductFlow has written these settings: start that one.");
  CustomsSettings out;
  for (const auto& [name, text] : kCustomsTexts) out.*text = json::text_in(in, name);
  return out;
}

std::string hs_code_of(std::string_view written) {
  std::string digits;
  for (const char c : written) {
    if (c >= '0' && c <= '9')
      digits.push_back(c);
    else if (c != '.' && c != ' ')
      return {};
  }
  return digits.size() >= 6 && digits.size() <= 10 ? digits : std::string();
}

}  // namespace pf::orders
