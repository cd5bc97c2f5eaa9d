#include "api/profiles_api.h"

#include "api/named_document.h"
#include "api/product_question.h"
#include "api/resumable.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "exchange/profile_check.h"
#include "gate/form.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

struct ProfileRooms {
  exchange::Profiles& profiles;
  KeptExports& kept;
  storage::Store& store() const { return profiles.rooms().store; }
};

struct ColumnBody {
  std::string name, from;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "The column's header.");
    visit("from", from, "A formula over the product's fields, such as [sku] or [price] & ' ' & [currency].");
  }
};

struct ProfileBody {
  std::optional<std::string> name, kind, format, query, locale, channel, currency, link, public_address;
  std::optional<bool> enabled_only, without_heads, with_faulty;
  std::optional<std::vector<ColumnBody>> columns;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "What it is called here, and the title of a feed.");
    visit("kind", kind, "product: the only kind. Orders hold buyers, so they have no profile.");
    visit("format", format, "A name of GET /api/v1/export-format, or csv, xlsx, json, ndjson, xml: the whole export.");
    visit("query", query, "Which products, as the address of their list has it: q=blue&brand[eq]=Acme&sort=-price.");
    visit("columns", columns, "With csv, xml and ndjson: these columns alone.");
    visit("locale", locale, "Whose texts; the shop's first language without.");
    visit("channel", channel, "A marketplace whose own offers go before the base offer.");
    visit("currency", currency, "Of the prices; EUR without.");
    visit("enabled_only", enabled_only, "Products that are for sale alone; true without.");
    visit("without_heads", without_heads, "Not those that are but the head of their variants; true without.");
    visit("with_faulty", with_faulty, "Also products that lack what the channel asks for; false without.");
    visit("link", link, "The product's page in the shop: https://shop.example/p/{sku}; {ean}, {parent}, {locale} too.");
    visit("public_address", public_address,
          "Where this appliance is reached from outside, for pictures that are kept here: https://pim.shop.example");
  }
};

json::Value profile_value(const exchange::Profile& profile) {
  json::Value columns = json::Value::array();
  for (const auto& [name, from] : profile.columns) columns.push(json::Value::object({{"name", name}, {"from", from}}));
  return json::Value::object({{"id", profile.id},
                              {"name", profile.name},
                              {"kind", "product"},
                              {"format", profile.format},
                              {"query", profile.query},
                              {"columns", std::move(columns)},
                              {"locale", profile.locale},
                              {"channel", profile.channel},
                              {"currency", profile.currency},
                              {"enabled_only", profile.enabled_only},
                              {"without_heads", profile.without_heads},
                              {"with_faulty", profile.with_faulty},
                              {"link", profile.link},
                              {"public_address", profile.public_address},
                              {"feed", profile.feed},
                              {"feed_since", moment(profile.feed_since)},
                              {"by", profile.by},
                              {"created_at", rfc3339(profile.created_at)},
                              {"updated_at", rfc3339(profile.updated_at)}});
}

// What the query of the products' list means; its faults are the field query's.
Result<> read_query(const Call& call, exchange::Profile& profile) {
  const auto of_query = [](const Error& fault) {
    return fault.code == ErrorCode::invalid ? invalid("query", "format", fault.message) : fault;
  };
  auto pairs = gate::decode_pairs(profile.query);
  if (!pairs.ok()) return of_query(pairs.error());
  for (const char* paging : {"page", "per_page", "cursor", "locale", "facets", "fields", "include"})
    std::erase_if(*pairs, [&](const auto& one) { return one.first == paging; });
  Call list{.actor = call.actor, .request = call.request};
  list.query = *std::move(pairs);
  auto asked = product_question(list);
  if (!asked.ok()) return of_query(asked.error());
  profile.question = std::move(asked->query);
  profile.question.count = 0;
  return {};
}

Result<> take(const Call& call, exchange::Profile& profile) {
  PF_LET(auto body, json::read_fields<ProfileBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  if (body.kind && *body.kind != "product")
    return invalid("kind", "unknown",
                   *body.kind == "order" ? "Orders hold buyers, so they can be no profile and no feed."
                                         : "kind can be product alone.");
  const auto set = [](auto& to, auto& from) {
    if (from) to = *std::move(from);
  };
  set(profile.name, body.name);
  set(profile.format, body.format);
  set(profile.query, body.query);
  set(profile.locale, body.locale);
  set(profile.channel, body.channel);
  set(profile.currency, body.currency);
  set(profile.link, body.link);
  set(profile.public_address, body.public_address);
  set(profile.enabled_only, body.enabled_only);
  set(profile.without_heads, body.without_heads);
  set(profile.with_faulty, body.with_faulty);
  if (body.columns) {
    profile.columns.clear();
    for (ColumnBody& column : *body.columns)
      profile.columns.emplace_back(std::move(column.name), std::move(column.from));
  }
  return read_query(call, profile);
}

// What a profile shows must be allowed to be read, too.
Result<> may_read(const Call& call) {
  if (call.actor.can(Permission::catalog_read)) return {};
  return error(ErrorCode::forbidden, "This needs the right catalog.read besides.");
}

Result<Answer> list_profiles(const ProfileRooms& rooms, const Call& call) {
  PF_LET(const auto profiles, rooms.profiles.list(rooms.store().read()));
  json::Value list = json::Value::array();
  for (const auto& profile : profiles) list.push(profile_value(profile));
  return small_list(call, std::move(list));
}

Result<exchange::Profile> asked_for(const ProfileRooms& rooms, const Call& call) {
  return rooms.profiles.find(rooms.store().read(), call.path_value("id"));
}

Result<Answer> show_profile(const ProfileRooms& rooms, const Call& call) {
  PF_LET(const auto profile, asked_for(rooms, call));
  return Answer{.body = data(profile_value(profile))};
}

Result<Answer> create_profile(const ProfileRooms& rooms, const Call& call) {
  PF_TRY(may_read(call));
  exchange::Profile profile;
  PF_TRY(take(call, profile));
  PF_LET(profile, rooms.profiles.create(call.actor, std::move(profile)));
  return Answer{.body = data(profile_value(profile))};
}

Result<Answer> change_profile(const ProfileRooms& rooms, const Call& call) {
  PF_TRY(may_read(call));
  PF_LET(auto profile, asked_for(rooms, call));
  if (profile.feed && !call.actor.can(Permission::tokens))
    return error(ErrorCode::forbidden,
                 "Whoever has its address reads what this profile says, so changing it needs the right tokens.");
  PF_TRY(take(call, profile));
  PF_LET(profile, rooms.profiles.change(call.actor, call.path_value("id"), std::move(profile)));
  return Answer{.body = data(profile_value(profile))};
}

Result<Answer> remove_profile(const ProfileRooms& rooms, const Call& call) {
  PF_TRY(rooms.profiles.remove(call.actor, call.path_value("id")));
  return Answer{};
}

Result<Answer> check_one(const ProfileRooms& rooms, const Call& call) {
  PF_TRY(may_read(call));
  PF_LET(const auto profile, asked_for(rooms, call));
  PF_LET(const auto check, exchange::check_profile(rooms.profiles, profile));
  json::Value faults = json::Value::array(), samples = json::Value::array(), advice = json::Value::array();
  for (const auto& fault : check.faults)
    faults.push(json::Value::object({{"column", fault.column},
                                     {"code", fault.code},
                                     {"message", fault.message},
                                     {"products", fault.products},
                                     {"skus", texts(fault.skus)}}));
  for (const auto& sample : check.samples) {
    json::Value cells = json::Value::array();
    for (const auto& [column, cell] : sample) cells.push(json::Value::object({{"column", column}, {"value", cell}}));
    samples.push(std::move(cells));
  }
  for (const auto& one : check.advice)
    advice.push(json::Value::object({{"field", one.field}, {"code", one.code}, {"message", one.message}}));
  return Answer{.body = data(json::Value::object({{"total", check.total},
                                                  {"checked", check.checked},
                                                  {"faulty", check.faulty},
                                                  {"whole", check.whole},
                                                  {"faults", std::move(faults)},
                                                  {"samples", std::move(samples)},
                                                  {"advice", std::move(advice)}}))};
}

Result<Answer> file_of(const ProfileRooms& rooms, const Call& call) {
  PF_TRY(may_read(call));
  PF_LET(const auto profile, asked_for(rooms, call));
  PF_LET(const auto format, rooms.profiles.format_of(rooms.store().read(), profile));
  return resumable(
      rooms.kept, call,
      {.content_type = exchange::Profiles::type_of(profile, format),
       .name = exchange::Profiles::file_name(profile, format),
       .mark = [rooms, profile]() -> Result<std::string> {
         PF_LET(auto state, rooms.profiles.state(rooms.store().read(), profile));
         return std::move(state.mark);
       },
       .write = [rooms, profile](const http::BodySink& sink) { return rooms.profiles.write(profile, sink); }});
}

Result<Answer> open_feed(const ProfileRooms& rooms, const Call& call) {
  PF_TRY(may_read(call));
  PF_LET(const auto opened, rooms.profiles.open_feed(call.actor, call.path_value("id")));
  json::Value value = profile_value(opened.first);
  value.set("path", "/feed/" + opened.second);
  return Answer{.body = data(std::move(value)), .headers = {{"cache-control", "no-store"}}};
}

Result<Answer> close_feed(const ProfileRooms& rooms, const Call& call) {
  PF_LET(const auto profile, rooms.profiles.close_feed(call.actor, call.path_value("id")));
  return Answer{.body = data(profile_value(profile))};
}

// ---- formats

json::Value format_value(const exchange::ChannelFormat& format) {
  return json::Value::object({{"name", format.name},
                              {"title", format.title},
                              {"about", format.about},
                              {"layout", exchange::layout_name(format.layout)},
                              {"columns", std::uint64_t{format.columns.size()}},
                              {"own", format.own}});
}

Result<Answer> list_formats(const ProfileRooms& rooms, const Call& call) {
  PF_LET(const auto formats, rooms.profiles.formats(rooms.store().read()));
  json::Value list = json::Value::array();
  for (const auto& format : formats) list.push(format_value(format));
  return small_list(call, std::move(list));
}

Result<Answer> show_format(const ProfileRooms& rooms, const Call& call) {
  PF_LET(const auto formats, rooms.profiles.formats(rooms.store().read()));
  for (const auto& format : formats) {
    if (format.name != call.path_value("name")) continue;
    PF_LET(auto document, json::parse(format.text));
    return Answer{.body = data(std::move(document))};
  }
  return error(ErrorCode::not_found, "There is no such format.");
}

Result<Answer> put_format(const ProfileRooms& rooms, const Call& call) {
  PF_LET(const auto document, named_document(call));
  PF_LET(const auto format, rooms.profiles.keep_format(call.actor, json::write(document)));
  return Answer{.body = data(format_value(format))};
}

Result<Answer> remove_format(const ProfileRooms& rooms, const Call& call) {
  PF_TRY(rooms.profiles.remove_format(call.actor, call.path_value("name")));
  return Answer{};
}

const std::vector<std::string>& file_types() {
  static const std::vector<std::string> all{"text/csv",
                                            "text/tab-separated-values",
                                            std::string(exchange::content_type(exchange::ExportFormat::xlsx)),
                                            "application/json",
                                            "application/x-ndjson",
                                            "application/xml"};
  return all;
}

}  // namespace

std::vector<Row> profile_routes(exchange::Profiles& profiles, KeptExports& kept) {
  using P = Permission;
  const auto with = handlers_with(ProfileRooms{profiles, kept});
  return {
      {.method = Method::get,
       .path = "/api/v1/export-profile",
       .permission = P::exports,
       .summary = "The export profiles: which products go to whom, in which format",
       .answer_schema = gate::list_shape(shapes::kExportProfile),
       .handler = with(list_profiles),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/export-profile",
       .permission = P::exports,
       .summary = "Make an export profile",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ProfileBody>(),
       .answer_schema = gate::data_shape(shapes::kExportProfile),
       .handler = with(create_profile)},
      {.method = Method::get,
       .path = "/api/v1/export-profile/{id}",
       .permission = P::exports,
       .summary = "One export profile",
       .answer_schema = gate::data_shape(shapes::kExportProfile),
       .handler = with(show_profile)},
      {.method = Method::patch,
       .path = "/api/v1/export-profile/{id}",
       .permission = P::exports,
       .summary = "Change an export profile; with an open feed this needs the right tokens besides",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ProfileBody>(),
       .answer_schema = gate::data_shape(shapes::kExportProfile),
       .handler = with(change_profile)},
      {.method = Method::del,
       .path = "/api/v1/export-profile/{id}",
       .permission = P::exports,
       .summary = "Remove an export profile; its feed ends",
       .success = 204,
       .handler = with(remove_profile)},
      {.method = Method::post,
       .path = "/api/v1/export-profile/{id}/check",
       .permission = P::exports,
       .summary = "What the file would be: how many products, which lack what the channel asks for, the first rows",
       .answer_schema = gate::data_shape(shapes::kProfileCheck),
       .handler = with(check_one)},
      {.method = Method::get,
       .path = "/api/v1/export-profile/{id}/file",
       .permission = P::exports,
       .summary = "Download the profile's file. What was cut off goes on as GET /api/v1/export does",
       .handler = with(file_of),
       .answer_types = file_types()},
      {.method = Method::post,
       .path = "/api/v1/export-profile/{id}/feed",
       .permission = P::tokens,
       .summary = "Give the profile an address of its own, shown once; an earlier one ends. Whoever has it may read it",
       .answer_schema = gate::data_shape(shapes::kOpenedFeed),
       .handler = with(open_feed),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/export-profile/{id}/feed",
       .permission = P::tokens,
       .summary = "End the profile's address",
       .answer_schema = gate::data_shape(shapes::kExportProfile),
       .handler = with(close_feed)},
      {.method = Method::get,
       .path = "/api/v1/export-format",
       .permission = P::exports,
       .summary = "The formats of channels: those that came with ProductFlow and the shop's own",
       .answer_schema = gate::list_shape(shapes::kExportFormat),
       .handler = with(list_formats),
       .query = small_list_parameters()},
      {.method = Method::get,
       .path = "/api/v1/export-format/{name}",
       .permission = P::exports,
       .summary = "The description of a format: its columns, what stands in them and what the channel asks of them",
       .answer_schema = gate::data_shape(shapes::kFormatDocument),
       .handler = with(show_format)},
      {.method = Method::put,
       .path = "/api/v1/export-format/{name}",
       .permission = P::exports,
       .summary = "Describe a format of the shop's own, or describe it anew",
       .accepts = BodyKind::json,
       .body_schema = gate::shape(shapes::kFormatDocument),
       .answer_schema = gate::data_shape(shapes::kExportFormat),
       .handler = with(put_format)},
      {.method = Method::del,
       .path = "/api/v1/export-format/{name}",
       .permission = P::exports,
       .summary = "Remove a format of the shop's own that no profile has",
       .success = 204,
       .handler = with(remove_format)},
  };
}

}  // namespace pf::api
