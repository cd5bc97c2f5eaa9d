#include "api/access_api.h"

#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/faults.h"
#include "productflow/money.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct AccessRooms {
  storage::Store& store;
  access::Access& access;
  audit::Audit& audit;
  catalog::Products& products;
  const vault::Vault& vault;
  const audit::Checkpoints& checkpoints;
  const Clock& clock;
  std::function<std::vector<Figure>()> more;
};

struct SetUpBody {
  std::string code, email, password;
  std::optional<std::string> shop_name, locale, currency;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "The one-time code that the running productflow printed.");
    visit("email", email, "The owner's e-mail.");
    visit("password", password, "At least 12 characters.");
    visit("shop_name", shop_name, "The shop's name.");
    visit("locale", locale, "The shop's first language, such as nl-NL.");
    visit("currency", currency, "ISO 4217.");
  }
};
struct SettingsBody {
  std::optional<std::string> shop_name, company_number, currency, time_zone;
  template <class V>
  void fields(V& visit) {
    visit("shop_name", shop_name, "The shop's name.");
    visit("company_number", company_number, "What X-Company-Id must be.");
    visit("currency", currency, "ISO 4217.");
    visit("time_zone", time_zone, "Such as Europe/Amsterdam.");
  }
};

Result<> check_settings(const access::ShopSettings& settings) {
  Faults faults;
  if (trim(settings.shop_name).empty() || settings.shop_name.size() > 200)
    faults.add("shop_name", "length", "must have 1 to 200 bytes");
  if (!parse_int(settings.company_number) || settings.company_number.size() > 18)
    faults.add("company_number", "format", "must be a whole number");
  if (!Currency::parse(settings.currency).ok())
    faults.add("currency", "format", "must be three capital letters (ISO 4217), such as EUR");
  if (settings.time_zone.empty() || settings.time_zone.size() > 60)
    faults.add("time_zone", "format", "must be a name such as Europe/Amsterdam");
  return std::move(faults).checked();
}

Result<Answer> health(const AccessRooms&, const Call&) {
  return Answer{.body = json::Value::object({{"status", "ok"}})};
}

// A monitor on the box needs no secret; from elsewhere it needs a token that may see figures, or any for /readyz.
Result<> from_box_or(const Call& call, Permission permission) {
  if (call.actor.can(permission)) return {};
  const std::string& from = call.request.peer.address;
  if (from.starts_with("127.") || from.starts_with("::ffff:127.") || from == "::1") return {};
  return call.actor.kind == access::Actor::Kind::nobody
             ? error(ErrorCode::unauthenticated,
                     "Please send a token as Authorization: Bearer, or ask from the box itself.")
             : error(ErrorCode::forbidden, "This needs the permission " +
                                               std::string(access::permission_name(permission)) +
                                               ", or the box itself.");
}
Result<Answer> ready(const AccessRooms& rooms, const Call& call) {
  PF_TRY(from_box_or(call, Permission::signed_in));
  const auto figures = rooms.store.figures();
  if (figures.refusing_writes)
    return error(ErrorCode::storage_full, "The disk is nearly full: reads go on, writes are refused.");
  return Answer{
      .body = json::Value::object({{"status", "ready"}, {"vault", rooms.vault.status().sealed ? "sealed" : "open"}})};
}

Result<Answer> metrics(const AccessRooms& rooms, const Call& call) {
  PF_TRY(from_box_or(call, Permission::metrics));
  const auto figures = rooms.store.figures();
  std::string text;
  const auto gauge = [&](const char* name, const char* help, std::uint64_t value) {
    text += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " gauge\n" + name + " " +
            std::to_string(value) + "\n";
  };
  gauge("productflow_disk_free_bytes", "Free bytes on the data disk.", figures.free_bytes);
  gauge("productflow_live_bytes", "Bytes in live table files.", figures.live_bytes);
  gauge("productflow_units_kept", "Units of work kept since the start.", figures.units_kept);
  gauge("productflow_fsyncs", "Log syncs since the start.", figures.fsyncs);
  gauge("productflow_reads_open", "Snapshots held now.", figures.reads_open);
  gauge("productflow_refusing_writes", "1 while the disk is nearly full.", figures.refusing_writes ? 1 : 0);
  const auto vault = rooms.vault.status();
  gauge("productflow_vault_sealed", "1 while buyers can neither be read nor taken in.", vault.sealed ? 1 : 0);
  gauge("productflow_vault_keys_live", "Hours whose buyers can still be read.", vault.live_keys);
  gauge("productflow_vault_alarm", "1 while clock or key ring want somebody to look: see vault status.",
        vault.clock_alarm.empty() && vault.ring_warning.empty() ? 0 : 1);
  const auto signing = rooms.checkpoints.signing();
  const auto at = signing.signed_at.value_or(Time{}).time_since_epoch();
  gauge("productflow_audit_checkpoint_failing", "1 while the audit log's checkpoint cannot be signed.",
        signing.failure.empty() ? 0 : 1);
  gauge("productflow_audit_checkpoint_time_seconds", "When the audit log was last signed; 0: never.",
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(at).count()));
  if (rooms.more)
    for (const Figure& figure : rooms.more()) gauge(figure.name, figure.help, figure.value);
  return Answer{.raw = std::move(text), .content_type = "text/plain; version=0.0.4"};
}

// Open to everybody, so that a page can ask without being refused.
Result<Answer> set_up_state(const AccessRooms& rooms, const Call& call) {
  PF_LET(const bool owner, rooms.access.has_owner());
  const bool signed_in = call.actor.kind != access::Actor::Kind::nobody;
  return Answer{.body = data(json::Value::object({{"needed", !owner}, {"signed_in", signed_in}}))};
}

// Everything a new shop needs, in one unit of work.
Result<access::Account> make_shop(const AccessRooms& rooms, const SetUpBody& body) {
  access::ShopSettings settings;
  if (body.shop_name) settings.shop_name = *body.shop_name;
  if (body.currency) settings.currency = *body.currency;
  PF_TRY(check_settings(settings));
  std::optional<std::string> locale;
  if (body.locale && !body.locale->empty()) {
    PF_LET(locale, catalog::parse_locale(*body.locale));
  }
  access::Account account;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(account, rooms.access.create_owner(work, body.email, body.password));
    PF_TRY(rooms.access.save_settings(work, settings));
    if (locale) PF_TRY(rooms.products.set_languages(work, access::system_actor(), {{*locale}, true}));
    return rooms.audit.append(work, access::system_actor(), "shop.set_up", "user:" + account.id, {});
  }));
  return account;
}

Result<Answer> set_up(const AccessRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<SetUpBody>(call.body));
  PF_LET(const bool owner, rooms.access.has_owner());
  if (owner) return error(ErrorCode::conflict, "This shop is set up already. Please sign in.");
  // The machine's own administrator needs no code: productflow init.
  if (call.actor.kind != access::Actor::Kind::local_admin) PF_TRY(rooms.access.use_set_up_code(body.code));
  PF_LET(const auto account, make_shop(rooms, body));
  return Answer{.body = data(json::Value::object({{"id", account.id}, {"email", account.email}}))};
}

json::Value settings_value(const access::ShopSettings& s) {
  return json::Value::object({{"shop_name", s.shop_name},
                              {"company_number", s.company_number},
                              {"currency", s.currency},
                              {"time_zone", s.time_zone}});
}

Result<Answer> show_settings(const AccessRooms& rooms, const Call&) {
  PF_LET(const auto settings, rooms.access.settings());
  return Answer{.body = data(settings_value(settings))};
}

Result<Answer> change_settings(const AccessRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<SettingsBody>(call.body));
  PF_LET(auto settings, rooms.access.settings());
  if (body.shop_name) settings.shop_name = *body.shop_name;
  if (body.company_number) settings.company_number = *body.company_number;
  if (body.currency) settings.currency = *body.currency;
  if (body.time_zone) settings.time_zone = *body.time_zone;
  PF_TRY(check_settings(settings));
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_TRY(rooms.access.save_settings(work, settings));
    return rooms.audit.append(work, call.actor, "settings.change", "", {});
  }));
  return Answer{.body = data(settings_value(settings))};
}

}  // namespace

std::vector<Row> access_routes(storage::Store& store, access::Access& access, audit::Audit& audit,
                               catalog::Products& products, const vault::Vault& vault,
                               const audit::Checkpoints& checkpoints, const Clock& clock,
                               std::function<std::vector<Figure>()> more) {
  const AccessRooms rooms{store, access, audit, products, vault, checkpoints, clock, std::move(more)};
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/healthz",
       .permission = P::none,
       .summary = "Whether the process answers",
       .answer_schema = gate::shape(shapes::kStatus),
       .handler = with(health)},
      {.method = Method::get,
       .path = "/readyz",
       .permission = P::none,  // but from_box_or()
       .summary = "Whether reads and writes are possible, and whether the vault is open; from the box, or with a token",
       .answer_schema = gate::shape(shapes::kReady),
       .handler = with(ready),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/metrics",
       .permission = P::none,  // but from_box_or()
       .summary = "Figures as Prometheus text; from the box, or with a token that may see them",
       .handler = with(metrics),
       .answer_types = {"text/plain"}},
      {.method = Method::get,
       .path = "/api/v1/setup",
       .permission = P::none,
       .summary = "Whether the shop still has to be set up, and whether the caller is signed in",
       .answer_schema = gate::data_shape(shapes::kSetUp),
       .handler = with(set_up_state)},
      {.method = Method::post,
       .path = "/api/v1/setup",
       .permission = P::none,
       .summary = "Set up a new shop with the one-time code",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<SetUpBody>(),
       .answer_schema = gate::data_shape(shapes::kAccount),
       .handler = with(set_up)},
      {.method = Method::get,
       .path = "/api/v1/settings",
       .permission = P::signed_in,
       .summary = "Show the shop's settings",
       .answer_schema = gate::data_shape(shapes::kSettings),
       .handler = with(show_settings),
       .keeps = gate::kKeepsAll},
      {.method = Method::patch,
       .path = "/api/v1/settings",
       .permission = P::settings_write,
       .summary = "Change the shop's settings",
       .accepts = BodyKind::json,
       .body_schema = json::schema<SettingsBody>(),
       .answer_schema = gate::data_shape(shapes::kSettings),
       .handler = with(change_settings)},
  };
}

}  // namespace pf::api
