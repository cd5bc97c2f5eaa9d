#include "exchange/consignment.h"

#include <algorithm>
#include <array>

#include "json/members.h"
#include "orders/tracking.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Get = std::string (*)(const Consignment&, const CarrierTerms&);
struct ConsignmentField {
  std::string_view name;
  Get get;
};

std::string in_address(const Consignment& one, std::string_view part) {
  return std::string(trim(json::text_in(one.address, part)));
}
std::string with_blanks(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& part : parts)
    if (!part.empty()) out.append(out.empty() ? "" : " ").append(part);
  return out;
}
std::string person(const Consignment& one) {
  return with_blanks({in_address(one, "first_name"), in_address(one, "last_name")});
}
std::string house(const Consignment& one) {
  return with_blanks({in_address(one, "house_number"), in_address(one, "house_number_addition")});
}
// Where there is one: a measure of thousandths, as kilograms of grams.
std::string thousandth(std::int64_t measure, int digits) {
  if (measure <= 0) return {};
  std::string whole = std::to_string(measure);
  const auto behind = static_cast<std::size_t>(digits);
  if (whole.size() <= behind) whole.insert(0, behind + 1 - whole.size(), '0');
  whole.insert(whole.size() - behind, 1, '.');
  while (whole.back() == '0') whole.pop_back();
  if (whole.back() == '.') whole.pop_back();
  return whole;
}
std::string measured(const Consignment& one, std::int64_t orders::Parcel::*what, int digits) {
  return one.parcel == nullptr ? std::string() : thousandth(one.parcel->*what, digits);
}
std::string whole_measure(const Consignment& one, std::int64_t orders::Parcel::*what) {
  return one.parcel == nullptr || one.parcel->*what <= 0 ? std::string() : std::to_string(one.parcel->*what);
}
// Line and pieces of what goes.
std::vector<std::pair<std::size_t, std::int64_t>> goods(const Consignment& one) {
  if (one.parcel != nullptr) return one.parcel->lines;
  std::vector<std::pair<std::size_t, std::int64_t>> ready;
  for (std::size_t i = 0; i < one.order.lines.size(); ++i)
    if (const auto& count = one.order.lines[i].count; count.allocated > count.later)
      ready.emplace_back(i, count.allocated - count.later);
  return ready;
}
std::string contents(const Consignment& one) {
  std::string out;
  for (const auto& [line, pieces] : goods(one)) {
    if (line >= one.order.lines.size()) continue;
    const auto& sold = one.order.lines[line];
    out.append(out.empty() ? "" : ", ").append(sold.title.empty() ? sold.sku : sold.title);
  }
  return out;
}
// What was paid for the pieces; empty where the channel has sent no prices.
std::string worth(const Consignment& one) {
  std::int64_t minor = 0;
  for (const auto& [line, pieces] : goods(one)) {
    if (line >= one.order.lines.size() || !one.order.lines[line].price) return {};
    minor += one.order.lines[line].price->minor * pieces;
  }
  return decimal(Money{minor, one.order.currency});
}

constexpr std::array<ConsignmentField, 47> kConsignmentFields{{
    {"reference",
     [](const Consignment& one, const CarrierTerms&) {
       return orders::parcel_reference(one.order.id, one.parcel != nullptr ? one.parcel->identifier : "");
     }},
    {"order", [](const Consignment& one, const CarrierTerms&) { return std::to_string(one.order.id.raw()); }},
    {"order_code",
     [](const Consignment& one, const CarrierTerms&) { return "PF" + std::to_string(one.order.id.raw()); }},
    {"channel", [](const Consignment& one, const CarrierTerms&) { return one.order.channel; }},
    {"channel_order_id", [](const Consignment& one, const CarrierTerms&) { return one.order.channel_order_id; }},
    {"parcel", [](const Consignment& one,
                  const CarrierTerms&) { return one.parcel != nullptr ? one.parcel->identifier : std::string(); }},
    {"shipping_method", [](const Consignment& one, const CarrierTerms&) { return one.order.shipping_method; }},
    {"service", [](const Consignment&, const CarrierTerms& terms) { return terms.service; }},
    {"account", [](const Consignment&, const CarrierTerms& terms) { return terms.account; }},
    {"date", [](const Consignment&, const CarrierTerms& terms) { return terms.date; }},
    {"name", [](const Consignment& one, const CarrierTerms&) { return person(one); }},
    {"first_name", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "first_name"); }},
    {"last_name", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "last_name"); }},
    {"company_name", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "company_name"); }},
    {"name1",
     [](const Consignment& one, const CarrierTerms&) {
       const std::string company = in_address(one, "company_name");
       return company.empty() ? person(one) : company;
     }},
    {"name2",
     [](const Consignment& one, const CarrierTerms&) {
       return in_address(one, "company_name").empty() ? std::string() : person(one);
     }},
    {"street_name", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "street_name"); }},
    {"house_number", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "house_number"); }},
    {"house_number_addition",
     [](const Consignment& one, const CarrierTerms&) { return in_address(one, "house_number_addition"); }},
    {"number", [](const Consignment& one, const CarrierTerms&) { return house(one); }},
    {"street",
     [](const Consignment& one, const CarrierTerms&) {
       return with_blanks({in_address(one, "street_name"), house(one)});
     }},
    {"address_2", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "address_2"); }},
    {"zip_code", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "zip_code"); }},
    {"city", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "city"); }},
    {"state", [](const Consignment& one, const CarrierTerms&) { return in_address(one, "state"); }},
    {"country_code",
     [](const Consignment& one, const CarrierTerms&) {
       const std::string code = in_address(one, "country_code");
       return code.empty() ? one.order.country_code : code;
     }},
    {"email", [](const Consignment& one, const CarrierTerms&) { return one.email; }},
    {"phone", [](const Consignment& one, const CarrierTerms&) { return one.phone; }},
    {"weight_g",
     [](const Consignment& one, const CarrierTerms&) { return whole_measure(one, &orders::Parcel::weight_grams); }},
    {"weight_kg",
     [](const Consignment& one, const CarrierTerms&) { return measured(one, &orders::Parcel::weight_grams, 3); }},
    {"length_mm",
     [](const Consignment& one, const CarrierTerms&) { return whole_measure(one, &orders::Parcel::length_mm); }},
    {"width_mm",
     [](const Consignment& one, const CarrierTerms&) { return whole_measure(one, &orders::Parcel::width_mm); }},
    {"height_mm",
     [](const Consignment& one, const CarrierTerms&) { return whole_measure(one, &orders::Parcel::height_mm); }},
    {"length_cm",
     [](const Consignment& one, const CarrierTerms&) { return measured(one, &orders::Parcel::length_mm, 1); }},
    {"width_cm",
     [](const Consignment& one, const CarrierTerms&) { return measured(one, &orders::Parcel::width_mm, 1); }},
    {"height_cm",
     [](const Consignment& one, const CarrierTerms&) { return measured(one, &orders::Parcel::height_mm, 1); }},
    {"pieces",
     [](const Consignment& one, const CarrierTerms&) {
       std::int64_t all = 0;
       for (const auto& part : goods(one)) all += part.second;
       return std::to_string(all);
     }},
    {"contents", [](const Consignment& one, const CarrierTerms&) { return contents(one); }},
    {"value", [](const Consignment& one, const CarrierTerms&) { return worth(one); }},
    {"currency", [](const Consignment& one, const CarrierTerms&) { return std::string(one.order.currency.code()); }},
    {"sender_name", [](const Consignment&, const CarrierTerms& terms) { return terms.seller.name; }},
    {"sender_street", [](const Consignment&, const CarrierTerms& terms) { return terms.seller.street; }},
    {"sender_zip_code", [](const Consignment&, const CarrierTerms& terms) { return terms.seller.zip_code; }},
    {"sender_city", [](const Consignment&, const CarrierTerms& terms) { return terms.seller.city; }},
    {"sender_country_code", [](const Consignment&, const CarrierTerms& terms) { return terms.seller.country_code; }},
    {"sender_email", [](const Consignment&, const CarrierTerms& terms) { return terms.seller.email; }},
    {"sender_phone", [](const Consignment&, const CarrierTerms& terms) { return terms.seller.phone_number; }},
}};

}  // namespace

std::span<const std::string_view> consignment_fields() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> names;
    for (const ConsignmentField& one : kConsignmentFields) names.push_back(one.name);
    return names;
  }();
  return all;
}

std::string consignment_field(const Consignment& one, const CarrierTerms& terms, std::string_view name) {
  for (const ConsignmentField& known : kConsignmentFields)
    if (known.name == name) return known.get(one, terms);
  return {};
}

}  // namespace pf::exchange
