#include "api/invoice_settings_api.h"

#include "api/invoice_answers.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/faults.h"

namespace pf::api {
namespace {

using orders::InvoiceSettings;

struct InvoiceSettingsRooms {
  storage::Store& store;
  orders::Invoices& invoices;
};

struct SellerBody {
  std::optional<std::string> name, street, zip_code, city, country_code, vat_number, registration_number, iban, email,
      phone_number, small_business_note, footer;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "The seller's full name.");
    visit("street", street, "Street and number.");
    visit("zip_code", zip_code, "Postcode.");
    visit("city", city, "City.");
    visit("country_code", country_code, "ISO 3166, two capital letters.");
    visit("vat_number", vat_number, "VAT number.");
    visit("registration_number", registration_number, "Number in the register of companies.");
    visit("iban", iban, "Where who has not paid may pay.");
    visit("email", email, "For questions.");
    visit("phone_number", phone_number, "For questions.");
    visit("small_business_note", small_business_note,
          "Why no VAT is charged, such as the article of the law; where it stands, every rate is 0.");
    visit("footer", footer, "Whatever else shall stand on each.");
  }
};
struct CountryRateBody {
  std::string country_code;
  json::Decimal rate;
  template <class V>
  void fields(V& visit) {
    visit("country_code", country_code, "Where it is sent: ISO 3166, two capital letters.");
    visit("rate", rate, "In percent.");
  }
};
struct InvoiceSettingsBody {
  std::optional<SellerBody> seller;
  std::optional<bool> prices_include_vat, year_in_number;
  std::optional<json::Decimal> vat_rate;
  std::vector<CountryRateBody> country_rates;
  std::optional<std::string> invoice_prefix, credit_note_prefix;
  template <class V>
  void fields(V& visit) {
    visit("seller", seller, "As he is named on invoices.");
    visit(
        "prices_include_vat", prices_include_vat,
        "Whether the prices of orders hold the VAT; true when absent. An order that has tax beside its prices says so "
        "itself.");
    visit("vat_rate", vat_rate, "In percent, where no country has its own.");
    visit("country_rates", country_rates, "Rates by where it is sent.");
    visit("invoice_prefix", invoice_prefix, "Begins invoices' numbers; INV- when absent.");
    visit("credit_note_prefix", credit_note_prefix, "Begins credit notes' numbers; CN- when absent.");
    visit("year_in_number", year_in_number,
          "INV-2026-0001, from 1 again each year, in the shop's time zone; true when absent.");
  }
};
json::Value invoice_settings_value(const InvoiceSettings& settings) {
  json::Value countries = json::Value::array();
  for (const auto& one : settings.country_rates)
    countries.push(json::Value::object({{"country_code", one.country_code}, {"rate", rate_value(one.rate)}}));
  return json::Value::object({{"seller", seller_value(settings.seller)},
                              {"prices_include_vat", settings.prices_include_vat},
                              {"vat_rate", settings.vat_rate ? rate_value(*settings.vat_rate) : json::Value()},
                              {"country_rates", std::move(countries)},
                              {"invoice_prefix", settings.invoice_prefix},
                              {"credit_note_prefix", settings.credit_note_prefix},
                              {"year_in_number", settings.year_in_number}});
}

Result<InvoiceSettings> settings_of(const InvoiceSettingsBody& body) {
  InvoiceSettings out;
  Faults faults;
  if (body.seller) {
    const SellerBody& in = *body.seller;
    const auto text = [](const std::optional<std::string>& value) { return std::string(trim(value.value_or(""))); };
    out.seller = {text(in.name),
                  text(in.street),
                  text(in.zip_code),
                  text(in.city),
                  text(in.country_code),
                  text(in.vat_number),
                  text(in.registration_number),
                  text(in.iban),
                  text(in.email),
                  text(in.phone_number),
                  text(in.small_business_note),
                  text(in.footer)};
    std::erase(out.seller.iban, ' ');  // people write it in groups
  }
  out.prices_include_vat = body.prices_include_vat.value_or(true);
  out.year_in_number = body.year_in_number.value_or(true);
  if (body.invoice_prefix) out.invoice_prefix = *body.invoice_prefix;
  if (body.credit_note_prefix) out.credit_note_prefix = *body.credit_note_prefix;
  if (body.vat_rate) out.vat_rate = rate_of(faults, "vat_rate", *body.vat_rate);
  for (std::size_t i = 0; i < body.country_rates.size(); ++i)
    out.country_rates.push_back(
        {body.country_rates[i].country_code,
         rate_of(faults, "country_rates[" + std::to_string(i) + "].rate", body.country_rates[i].rate)});
  if (const auto rest = orders::check_settings(out); !rest.ok()) faults.take(rest.error());
  PF_TRY(std::move(faults).checked());
  return out;
}

Result<Answer> show_invoice_settings(const InvoiceSettingsRooms& rooms, const Call&) {
  PF_LET(const auto settings, rooms.invoices.settings(rooms.store.read()));
  return Answer{.body = data(invoice_settings_value(settings))};
}

Result<Answer> save_invoice_settings(const InvoiceSettingsRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<InvoiceSettingsBody>(call.body));
  PF_LET(const auto settings, settings_of(body));
  PF_TRY(rooms.invoices.save_settings(call.actor, settings));
  return Answer{.body = data(invoice_settings_value(settings))};
}

}  // namespace

std::vector<Row> invoice_settings_routes(storage::Store& store, orders::Invoices& invoices) {
  const auto with = handlers_with(InvoiceSettingsRooms{store, invoices});
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/invoice-settings",
       .permission = P::settings_read,
       .summary = "Show how the seller is named on invoices, the rates of VAT and how invoices are numbered",
       .answer_schema = gate::data_shape(shapes::kInvoiceSettings),
       .handler = with(show_invoice_settings),
       .keeps = gate::kKeepsAll},
      {.method = Method::put,
       .path = "/api/v1/invoice-settings",
       .permission = P::settings_write,
       .summary =
           "Say how the seller is named on invoices, the rates of VAT and how invoices are numbered; replaces all",
       .accepts = BodyKind::json,
       .body_schema = json::schema<InvoiceSettingsBody>(),
       .answer_schema = gate::data_shape(shapes::kInvoiceSettings),
       .handler = with(save_invoice_settings),
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
