#include "api/products_api.h"

#include "api/assets_api.h"
#include "api/associations_api.h"
#include "api/history_api.h"
#include "api/limits.h"
#include "api/model_api.h"
#include "api/product_lines.h"
#include "api/product_question.h"
#include "api/references_api.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "catalog/changes.h"
#include "catalog/column_values.h"
#include "catalog/product_body.h"
#include "gate/list.h"
#include "gate/shape.h"
#include "http/negotiation.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using catalog::WriteMode;

constexpr std::uint64_t kBulkBodyMax = 256u << 20;  // about a million products; the file import has no such limit

bool is_form(const Call& call) {
  return lower_ascii(header(call, "content-type")).starts_with("application/x-www-form-urlencoded");
}

Answer json_answer(std::string bytes, int status = 0) {
  Answer out;
  out.status = status;
  out.raw = std::move(bytes);
  out.content_type = "application/json";
  return out;
}

Answer product_answer(const std::string& product, const std::string& etag, int status) {
  Answer out = json_answer("{\"data\":" + product + "}", status);
  out.headers.emplace_back("etag", etag);
  out.headers.emplace_back("vary", "Accept-Language");
  return out;
}

Error no_such_product(std::string_view sku) {
  return error(ErrorCode::not_found, "There is no product with the SKU \"" + std::string(sku) + "\".");
}

// ,"offer":{...,"qty_available":2},"texts":{...},"inherited":{...}
class Extras {
 public:
  Extras(const ProductRooms& rooms, const ProductView& view) : rooms_(rooms), view_(view) {}

  Result<std::vector<std::string>> of(const storage::Reader& read, const std::vector<std::string>& skus,
                                      std::string_view locale) const {
    std::vector<std::string> out(skus.size());
    if (view_.offer) {
      PF_LET(const auto offers, rooms_.offers.find_many(read, skus));
      for (std::size_t i = 0; i < skus.size(); ++i) {
        auto value = catalog::offer_value(offers[i] ? *offers[i] : catalog::Offer{});
        if (!offers[i]) value.erase("updated_at");
        PF_LET(const auto level, rooms_.stock.level(read, skus[i]));
        value.set("qty_available", level.available());
        value.set("qty_on_hand", level.on_hand);
        value.set("qty_allocated", level.allocated);
        if (level.kit) value.set("kit", true);
        out[i] += ",\"offer\":" + json::write(value);
      }
    }
    if (view_.texts) {
      for (std::size_t i = 0; i < skus.size(); ++i) {
        PF_LET(const auto texts, rooms_.products.all_texts_json(read, skus[i]));
        out[i] += ",\"texts\":" + texts.value_or("{}");
      }
    }
    if (view_.inherited) {
      PF_LET(const auto inherited, rooms_.products.inherited_jsons(read, skus, locale));
      for (std::size_t i = 0; i < skus.size(); ++i) out[i] += ",\"inherited\":" + inherited[i].value_or("null");
    }
    return out;
  }

 private:
  const ProductRooms& rooms_;
  const ProductView& view_;
};

// Puts `,"columns":{...}` before each object's end; last of all, so that nothing has to parse them.
Result<> add_columns(const ProductRooms& rooms, const ProductView& view, const storage::Reader& read,
                     const std::vector<std::string>& skus, std::string_view locale, std::span<std::string> products) {
  if (view.columns.empty()) return {};
  PF_LET(const auto languages, rooms.products.languages(read));
  PF_LET(const auto columns, catalog::value_columns(view.columns, languages));
  PF_LET(const auto values, catalog::column_jsons(rooms.store, rooms.products, read, skus, columns, locale));
  for (std::size_t i = 0; i < products.size(); ++i)
    if (products[i].ends_with('}')) products[i].insert(products[i].size() - 1, ",\"columns\":" + values[i]);
  return {};
}

// --- one product ---

Result<Answer> show(const ProductRooms& rooms, const Call& call) {
  PF_LET(const auto view, product_view(call));
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_LET(const auto extras, Extras(rooms, view).of(read, {sku}, wanted_locale(call)));
  PF_LET(auto shown, rooms.products.show(read, sku, wanted_locale(call), extras[0]));
  if (!shown) return no_such_product(sku);
  const bool plain =
      !view.adds() && view.columns.empty() && view.fields.empty();  // only this is what the ETag stands for
  if (plain && http::names_etag(header(call, "if-none-match"), shown->etag)) {
    Answer unchanged;
    unchanged.status = 304;
    unchanged.headers = {{"etag", shown->etag}, {"vary", "Accept-Language"}};
    return unchanged;
  }
  PF_LET(auto product, projected(std::move(shown->json), view));
  PF_TRY(add_columns(rooms, view, read, {sku}, wanted_locale(call), std::span(&product, 1)));
  return product_answer(product, shown->etag, 200);
}

Result<Answer> change(const ProductRooms& rooms, const Call& call, WriteMode mode) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  const bool patch = mode == WriteMode::update;
  const auto style = is_form(call) ? catalog::BodyStyle::form
                     : patch       ? catalog::BodyStyle::merge_patch
                                   : catalog::BodyStyle::json;
  PF_LET(auto body, catalog::product_body_of(call.body, style));
  if (body.sku && *body.sku != sku.raw()) {  // so nobody knows which of them the rest is about
    body.change.wrong.push_back(
        {"sku", "differs", "The body names another SKU than the address; a product's SKU does not change."});
    return catalog::invalid_for(std::move(body.change.wrong));
  }
  const std::string locale = body.locale && !body.locale->empty() ? *body.locale : wanted_locale(call);
  catalog::Written done;
  std::string product;
  std::vector<catalog::Clash> clashes;
  std::string etag_now;
  const auto kept = rooms.store.write([&](storage::Write& work) -> Result<> {
    if (header(call, "if-none-match") == "*") {  // RFC 9110 section 13.1.2: only as a new one
      PF_LET(const bool there, rooms.products.exists(work, sku.raw()));
      if (there)
        return Error{ErrorCode::conflict,
                     "There is a product \"" + sku.raw() + "\" already, and the request asks for a new one.",
                     {{"If-None-Match", "stale", "There is a product with this SKU already."}}};
    }
    auto changed = rooms.products.change(work, call.actor, sku, body.change, mode, locale, header(call, "if-match"),
                                         body.version, &clashes);
    if (!changed.ok() && !clashes.empty()) {
      PF_LET(const auto tag, rooms.products.etag(work, sku.raw()));
      etag_now = tag.value_or("");
    }
    if (!changed.ok()) return changed.error();
    done = *std::move(changed);
    if (call.limits) {
      PF_LET(const auto after, rooms.products.find(work, sku.raw()));
      PF_LET(const auto model, rooms.products.models().known(work));
      if (after) PF_TRY(may_write_product(*call.limits, *model, after->categories, done.locale, body.change));
    }
    PF_LET(auto bytes, rooms.products.product_json(work, sku.raw(), done.locale));
    product = bytes.value_or("null");
    return {};
  });
  if (!kept.ok() && !clashes.empty()) return clash_answer(kept.error(), clashes, etag_now, call.request.id);
  PF_TRY(kept);
  return product_answer(product, done.etag, done.outcome == catalog::Outcome::created ? 201 : 200);
}

Result<Answer> remove(const ProductRooms& rooms, const Call& call) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  PF_TRY(rooms.store.write(
      [&](storage::Write& work) { return rooms.products.remove(work, call.actor, sku, header(call, "if-match")); }));
  Answer gone;
  gone.status = 204;
  return gone;
}

// --- lists ---

Result<Answer> list_of(const ProductRooms& rooms, const Call& call, ProductQuestion question) {
  if (call.limits && !call.limits->categories.empty()) {
    confine(question.query.where, "category", catalog::Operator::in, call.limits->categories);
    question.query.where.back().as_written = true;  // as own_product() sees it
  }
  const auto read = rooms.store.read();
  PF_LET(auto page, rooms.products.list(read, question.query));
  if (question.view.adds()) {
    PF_LET(const auto extras, Extras(rooms, question.view).of(read, page.skus, page.locale));
    PF_LET(auto products, rooms.products.product_jsons(read, page.skus, page.locale, extras));
    for (std::size_t i = 0; i < products.size(); ++i) page.products[i] = products[i].value_or("null");
  }
  if (!question.view.fields.empty())
    for (auto& product : page.products) {
      PF_LET(product, projected(std::move(product), question.view));
    }
  PF_TRY(add_columns(rooms, question.view, read, page.skus, page.locale, page.products));
  std::string facets;
  if (!page.facets.empty()) {
    json::Value all{json::Members{}};
    PF_LET(const auto model, rooms.products.models().known(read));
    for (const auto& facet : page.facets) {
      // Of a record's code people know the label.
      const std::string_view name = facet.column;
      const auto cell = model->cell(name.starts_with("attributes.") ? name.substr(11) : name);
      std::vector<std::optional<catalog::ReferenceRecord>> records;
      if (cell.attribute != nullptr && !cell.attribute->said.reference_kind.empty()) {
        std::vector<std::string> codes;
        for (const auto& [value, ignored] : facet.counts) codes.push_back(value);
        PF_LET(records, rooms.products.references().find_many(read, cell.attribute->said.reference_kind, codes));
      }
      json::Value counts = json::Value::array();
      for (std::size_t i = 0; i < facet.counts.size(); ++i) {
        const auto& [value, count] = facet.counts[i];
        json::Value one = json::Value::object({{"value", value}, {"count", count}});
        if (i < records.size() && records[i])
          one.set("label", catalog::label_of(records[i]->labels, value, page.locale));
        counts.push(std::move(one));
      }
      all.set(facet.column, std::move(counts));
    }
    facets = ",\"facets\":" + json::write(all);
  }
  if (page.similar) facets += ",\"similar\":true";
  auto answer = json_answer(
      list_answer(call, page.products, page.total, question.query.count, question.page, page.next_cursor, facets));
  answer.headers.emplace_back("vary", "Accept-Language");
  return answer;
}

Result<Answer> list(const ProductRooms& rooms, const Call& call) {
  PF_LET(auto question, product_question(call, Shows::products));
  return list_of(rooms, call, std::move(question));
}

Result<Answer> variants(const ProductRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  PF_LET(auto question, product_question(call, Shows::products));
  PF_LET(const bool there, rooms.products.exists(rooms.store.read(), sku));
  if (!there) return no_such_product(sku);
  question.query.where.push_back({"parent", catalog::Operator::eq, {sku}});
  if (question.query.sort.empty()) question.query.sort = {{"sku", false}};
  return list_of(rooms, call, std::move(question));
}

// --- many at once ---

Result<Answer> bulk(const ProductRooms& rooms, const Call& call) {
  WriteMode mode = WriteMode::upsert;
  if (const auto asked = call.query_value("mode")) {
    if (*asked == "create")
      mode = WriteMode::create;
    else if (*asked == "update")
      mode = WriteMode::update;
    else if (*asked != "upsert")
      return invalid("mode", "mode", "mode is upsert, create or update.");
  }
  PF_LET(auto lines, write_product_lines(rooms.store, rooms.products, call, mode));
  Answer out;
  out.raw = std::move(lines);
  out.content_type = "application/x-ndjson";
  return out;
}

// --- languages ---

json::Value languages_value(const catalog::Languages& languages) {
  json::Value list = json::Value::array();
  for (const auto& locale : languages.locales) {
    auto one = json::Value::object({{"locale", locale}, {"default", locale == languages.standard()}});
    if (const auto lender = languages.fallbacks.find(locale); lender != languages.fallbacks.end())
      one.set("fallback", lender->second);
    list.push(std::move(one));
  }
  return list;
}

Result<Answer> show_languages(const ProductRooms& rooms, const Call& call) {
  PF_LET(const auto languages, rooms.products.languages(rooms.store.read()));
  return small_list(call, languages_value(languages));
}

struct LanguagesBody {
  std::vector<std::string> locales;
  std::optional<json::Map<std::string>> fallbacks;
  template <class V>
  void fields(V& visit) {
    visit("locales", locales,
          "The shop's languages, the default first: [\"nl-NL\", \"en\"]. Texts of others stay where they are.");
    visit("fallbacks", fallbacks,
          "Which language lends its text where one has none: {\"nl-BE\": \"de-DE\"}, and that one's before the "
          "default's. "
          "One that is not named takes from others of its language first. Left out: as they are.");
  }
};

Result<Answer> set_languages(const ProductRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<LanguagesBody>(call.body));
  catalog::Languages chosen;
  chosen.locales.clear();
  for (const auto& text : body.locales) {
    PF_LET(auto locale, catalog::parse_locale(text));
    chosen.locales.push_back(std::move(locale));
  }
  if (body.fallbacks)
    for (const auto& [text, lender] : *body.fallbacks) {
      PF_LET(auto locale, catalog::parse_locale(text));
      PF_LET(auto lends, catalog::parse_locale(lender));
      chosen.fallbacks.insert_or_assign(std::move(locale), std::move(lends));
    }
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    if (!body.fallbacks) {
      PF_LET(const auto before, rooms.products.languages(work));
      chosen.fallbacks.clear();
      for (const auto& [locale, lender] : before.fallbacks)
        if (chosen.has(locale) && chosen.has(lender)) chosen.fallbacks.emplace(locale, lender);
    }
    return rooms.products.set_languages(work, call.actor, chosen);
  }));
  Answer out;
  out.body = json::Value::object({{"data", languages_value(chosen)}});
  return out;
}

// --- the table ---

using Parameters = std::vector<std::pair<std::string, std::string>>;

Parameters view_parameters() {
  return {
      {"locale", "Whose texts are shown, instead of Accept-Language."},
      {"include",
       "offer (prices, promise, stock), texts (of every locale) and inherited (what a variant has from those above "
       "it, of the fields asked for), divided by commas."},
      {"fields", "Only these fields, divided by commas; attributes.color picks one attribute."},
      {"columns",
       "Values of attributes as a table shows them, divided by commas, at most 30: attributes.color, and in another "
       "language attributes.material@nl. Each product has columns, by these names, of those that have a value: "
       "value; label, what people read for the codes of choices, records and units; from, the product above that "
       "it is inherited from; locale, of another language that lends it."}};
}

Parameters list_parameters() {
  Parameters out = gate::list_parameters();
  for (auto& [name, summary] : out) {
    if (name == "q")
      summary =
          "Words that all occur in title, description, brand, SKU or EAN; the last one may be a beginning. One that no "
          "product has finds those that are one typing error away, and the answer says \"similar\": true.";
    if (name == "*[op]")
      summary =
          "A filter on a field or an attribute (color, attributes.color): " + operators_in_words() +
          "; column[]= is one of several. between takes both "
          "ends, nbetween neither: price[between]=10,20. starts finds how a value begins, like words, or how a value "
          "begins; *text any part of it. in_or_empty finds one of several or nothing: category[in_or_empty]=shoes. "
          "A category is also those below it; direct, ndirect and direct_or_empty mean it alone: "
          "category[direct]=shoes. "
          "stock is what is available; ancestor finds what stands below a product, at any level; completeness.web the "
          "least of a channel's "
          "languages, completeness.web@nl that one, completeness.web@* what is so in each of them: "
          "completeness.web@*[lt]=50; variants.web those whose variants are all_complete, all_incomplete, "
          "some_complete "
          "or some_incomplete there; hint what could be better: no_image, twins (variants that are alike), "
          "short_title, short_title@nl, "
          "short_description. Dates and times may be now, now-7d or now+2d.";
    if (name == "sort")
      summary =
          "sku, title, brand, family, category, parent, ean, enabled, created_at, updated_at, price, stock (pieces "
          "available), completeness or an attribute (attributes.color); - in front for descending. A category stands "
          "by its path, behind those "
          "below it; of several by the one that comes first. An attribute sorts by its text without case (numbers "
          "first), "
          "number, day, yes or no, choice's label (else its code), or measurement in the standard unit; of several "
          "values by the one that comes first; in the reader's language or that which lends to it, with @nl-NL in that "
          "one alone; one with a value for each channel or currency by its name: fee-EUR, teaser-web. Rich texts, "
          "images, files, tables and unknown names are refused. Without a value is last, both ways. A further key "
          "orders those that are equal in the one before; products equal in all stand in the order they were made.";
  }
  out.emplace_back("facets", "Counts by brand, family, category, enabled or an attribute, divided by commas.");
  for (auto& parameter : view_parameters())
    if (parameter.first != "fields") out.push_back(std::move(parameter));
  return out;
}

json::Value enveloped(json::Value schema) {
  return json::Value::object({{"type", "object"}, {"properties", json::Value::object({{"data", std::move(schema)}})}});
}

}  // namespace

std::vector<gate::Row> products_routes(const ProductRooms& rooms) {
  using gate::BodyKind;
  using gate::Method;
  const auto by = handlers_with(rooms);
  const auto writes = [rooms](WriteMode mode) {
    return [rooms, mode](const Call& call) { return change(rooms, call, mode); };
  };
  const std::string one = "/api/v1/product/{sku}";
  const auto body = catalog::product_body_schema(), answer = enveloped(catalog::product_answer_schema());
  const Parameters locale = {{"locale", "Whose texts title and description are, instead of Accept-Language."}};
  const auto own = own_product(rooms.store, rooms.products);
  std::vector<gate::Row> rows = {
      {.method = Method::get,
       .path = "/api/v1/product",
       .permission = Permission::catalog_read,
       .summary = "List, search and count products; a variant is found by what it inherits, too.",
       .answer_schema = gate::list_schema(catalog::product_answer_schema()),
       .handler = by(list),
       .query = list_parameters(),
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/product",
       .permission = Permission::catalog_write,
       .summary = "Create or merge many products: one JSON object with its sku per line, one answer line for each.",
       .accepts = BodyKind::ndjson,
       .body_schema = body,
       .answer_schema = gate::shape(shapes::kBulkLine),
       .handler = by(bulk),
       .body_max = kBulkBodyMax,
       .query = {{"mode", "upsert (the default), create or update."},
                 {"locale", "Whose texts title and description are."}},
       .answer_types = {"application/x-ndjson"},
       .keeps = {.channels = true, .personal = true}},
      {.method = Method::get,
       .path = one,
       .permission = Permission::catalog_read,
       .summary = "Show a product in one language.",
       .answer_schema = answer,
       .handler = by(show),
       .query = view_parameters(),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Create a product, or merge into it: what the body does not name stays.",
       .accepts = BodyKind::json,
       .body_schema = body,
       .answer_schema = answer,
       .handler = writes(WriteMode::upsert),
       .query = locale,
       .other_success = 201,
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::put,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Replace a product: what the body does not name is cleared; other languages' texts stay unless it "
                  "has texts.",
       .accepts = BodyKind::json,
       .body_schema = body,
       .answer_schema = answer,
       .handler = writes(WriteMode::replace),
       .query = locale,
       .other_success = 201,
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::patch,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Change a product by a JSON merge patch: null removes, objects merge. With If-Match of an earlier "
                  "version, fields that others left alone are merged; what both changed is told (412, conflicts).",
       .accepts = BodyKind::json,
       .body_schema = body,
       .answer_schema = answer,
       .handler = writes(WriteMode::update),
       .query = locale,
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::del,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Delete a product and its offer; not while it has variants.",
       .success = 204,
       .handler = by(remove),
       .fresh_sign_in = true,
       .keeps = {.channels = true, .categories = true, .personal = true},
       .object = own},
      {.method = Method::get,
       .path = one + "/variant",
       .permission = Permission::catalog_read,
       .summary = "List the variants of a product.",
       .answer_schema = gate::list_schema(catalog::product_answer_schema()),
       .handler = by(variants),
       .query = list_parameters(),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/language",
       .permission = Permission::signed_in,
       .summary = "List the shop's languages, the default first.",
       .answer_schema = gate::list_shape(shapes::kLanguage),
       .handler = by(show_languages),
       .query = small_list_parameters(),
       .keeps = gate::kKeepsAll},
      {.method = Method::put,
       .path = "/api/v1/language",
       .permission = Permission::settings_write,
       .summary = "Choose the shop's languages, the default first.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<LanguagesBody>(),
       .answer_schema = gate::data_shape("[" + std::string(shapes::kLanguage) + "]"),
       .handler = by(set_languages)},
  };
  for (auto& row : associations_routes(rooms.store, rooms.products)) rows.push_back(std::move(row));
  for (auto& row : history_routes(rooms.store, rooms.products)) rows.push_back(std::move(row));
  for (auto& row : asset_routes(rooms.store, rooms.products, rooms.assets, rooms.thumbnails))
    rows.push_back(std::move(row));
  for (auto& row : model_routes(rooms.store, rooms.products)) rows.push_back(std::move(row));
  for (auto& row : references_routes(rooms.store, rooms.products)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace pf::api
