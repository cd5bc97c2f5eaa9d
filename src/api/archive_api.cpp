#include "api/archive_api.h"

#include "api/order_papers.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "json/fields.h"

namespace pf::api {
namespace {

struct ArchiveRooms {
  storage::Store& store;
  archive::Archive& archive;
  orders::Invoices& invoices;
};

struct ArchiveBody {
  bool enabled = false;
  std::optional<std::int64_t> years;
  std::optional<bool> understood;
  template <class V>
  void fields(V& visit) {
    visit("enabled", enabled, "Whether invoices and credit notes that are made from now on are kept with their buyer.");
    visit("years", years,
          "Whole calendar years after that of the invoice, 1 to 30; those of the seller's country when absent.");
    visit("understood", understood,
          "Must be true to switch it on: buyers on invoices can then be read for years, not for 30 days.");
  }
};

Result<json::Value> archive_value(const ArchiveRooms& rooms) {
  const auto read = rooms.store.read();
  PF_LET(const auto settings, rooms.archive.settings(read));
  PF_LET(const auto invoicing, rooms.invoices.settings(read));
  PF_LET(const auto all, rooms.archive.years(read));
  json::Value years = json::Value::array(), laws = json::Value::array();
  for (const auto& one : all)
    years.push(json::Value::object({{"gone_at", std::to_string(one.gone) + "-01-01"},
                                    {"documents", one.documents},
                                    {"bytes", one.bytes},
                                    {"readable", one.readable}}));
  for (const auto& law : archive::retention_laws())
    laws.push(json::Value::object({{"country_code", law.country_code}, {"years", law.years}, {"law", law.law}}));
  return json::Value::object({{"enabled", settings.on},
                              {"years", settings.years},
                              {"country_code", invoicing.seller.country_code},
                              {"years_of_country", archive::years_for(invoicing.seller.country_code)},
                              {"kept", std::move(years)},
                              {"laws", std::move(laws)}});
}

Result<Answer> show_archive(const ArchiveRooms& rooms, const Call&) {
  PF_LET(auto value, archive_value(rooms));
  return Answer{.body = data(std::move(value))};
}

Result<Answer> save_archive(const ArchiveRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ArchiveBody>(call.body));
  PF_LET(const auto before, rooms.archive.settings(rooms.store.read()));
  if (body.enabled && !before.on && body.understood != true)
    return invalid("understood", "required",
                   "Say with understood=true that you know: invoices made from now on keep their buyer for years.");
  PF_LET(const auto invoicing, rooms.invoices.settings(rooms.store.read()));
  const std::int64_t years = body.years.value_or(archive::years_for(invoicing.seller.country_code));
  if (years < 1 || years > archive::kYearsMax)
    return invalid("years", "range", "years can be 1 to 30: whole calendar years after that of the invoice");
  PF_TRY(rooms.archive.save_settings(call.actor, {body.enabled, static_cast<int>(years)}));
  PF_LET(auto value, archive_value(rooms));
  return Answer{.body = data(std::move(value))};
}

Result<Answer> archived_paper(const ArchiveRooms& rooms, const Call& call) {
  const std::string name = call.path_value("name");
  PF_LET(auto pdf, rooms.archive.reveal(call.actor, name, call.query_value("reason").value_or("")));
  return private_pdf(std::move(pdf), name);
}

}  // namespace

std::vector<Row> archive_routes(storage::Store& store, archive::Archive& archive, orders::Invoices& invoices) {
  const auto with = handlers_with(ArchiveRooms{store, archive, invoices});
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/archive",
       .permission = P::settings_read,
       .summary = "Whether invoices are kept in the sealed archive, for how long, how many are, and which laws ask it",
       .answer_schema = gate::data_shape(shapes::kArchive),
       .handler = with(show_archive)},
      {.method = Method::put,
       .path = "/api/v1/archive",
       .permission = P::vault_manage,
       .summary = "Switch the sealed archive of invoices on or off, for those made from now on",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ArchiveBody>(),
       .answer_schema = gate::data_shape(shapes::kArchive),
       .handler = with(save_archive),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/archive/{name}",
       .permission = P::archive_read,
       .summary = "An invoice or credit note as it was archived, with its buyer; an audit entry each",
       .handler = with(archived_paper),
       .query = {{"reason", "Why it is opened; kept in the audit log."}},
       .answer_types = {"application/pdf"},
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
