#include "api/products_api.h"

#include "api/product_question.h"
#include "catalog/product_body.h"
#include "gate/list.h"
#include "gate/multipart.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using access::Permission;
using catalog::WriteMode;
using gate::Answer;
using gate::Call;

constexpr std::size_t kBulkLineMax = 1u << 20;      // bytes; a line is one product, whose own limits are below this
constexpr std::size_t kBulkRowsWanted = 1'000;      // of one unit of work
constexpr std::size_t kBulkBytesWanted = 2u << 20;  // the same, for wide rows
constexpr std::uint64_t kBulkBodyMax = 256u << 20;  // about a million products; the file import has no such limit
constexpr std::uint64_t kUploadBodyMax = catalog::kAssetBytesMax + (64u << 10);  // and the form around it

std::string header(const Call& call, std::string_view name) {
  const auto* value = http::find_header(call.request.headers, name);
  return value != nullptr ? *value : std::string();
}
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

// ,"offer":{...,"qty_available":2},"texts":{...}
class Extras {
 public:
  Extras(const ProductRooms& rooms, const ProductView& view) : rooms_(rooms), view_(view) {}

  Result<std::vector<std::string>> of(const storage::Reader& read, const std::vector<std::string>& skus) const {
    std::vector<std::string> out(skus.size());
    if (view_.offer) {
      PF_LET(const auto offers, rooms_.offers.find_many(read, skus));
      for (std::size_t i = 0; i < skus.size(); ++i) {
        auto value = catalog::offer_value(offers[i] ? *offers[i] : catalog::Offer{});
        if (!offers[i]) value.erase("updated_at");
        PF_LET(const auto level, rooms_.stock.level(read, skus[i]));
        value.set("qty_available", level.available());
        out[i] += ",\"offer\":" + json::write(value);
      }
    }
    if (view_.texts) {
      for (std::size_t i = 0; i < skus.size(); ++i) {
        PF_LET(const auto texts, rooms_.products.all_texts_json(read, skus[i]));
        out[i] += ",\"texts\":" + texts.value_or("{}");
      }
    }
    return out;
  }

 private:
  const ProductRooms& rooms_;
  const ProductView& view_;
};

// --- one product ---

Result<Answer> show(const ProductRooms& rooms, const Call& call) {
  PF_LET(const auto view, product_view(call));
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_LET(const auto extras, Extras(rooms, view).of(read, {sku}));
  PF_LET(auto shown, rooms.products.show(read, sku, wanted_locale(call), extras[0]));
  if (!shown) return no_such_product(sku);
  const bool plain = !view.offer && !view.texts && view.fields.empty();  // only this is what the ETag stands for
  if (plain && header(call, "if-none-match") == shown->etag) {
    Answer unchanged;
    unchanged.status = 304;
    unchanged.headers = {{"etag", shown->etag}, {"vary", "Accept-Language"}};
    return unchanged;
  }
  PF_LET(const auto product, projected(std::move(shown->json), view));
  return product_answer(product, shown->etag, 200);
}

Result<Answer> change(const ProductRooms& rooms, const Call& call, WriteMode mode) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  const bool patch = mode == WriteMode::update;
  const auto style = is_form(call) ? catalog::BodyStyle::form
                     : patch       ? catalog::BodyStyle::merge_patch
                                   : catalog::BodyStyle::json;
  PF_LET(const auto body, catalog::product_body_of(call.body, style));
  if (body.sku && *body.sku != sku.raw())
    return invalid("sku", "differs", "The body names another SKU than the address; a product's SKU does not change.");
  const std::string locale = body.locale && !body.locale->empty() ? *body.locale : wanted_locale(call);
  catalog::Written done;
  std::string product;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(done, rooms.products.change(work, call.actor, sku, body.change, mode, locale, header(call, "if-match"),
                                       body.version));
    PF_LET(auto bytes, rooms.products.product_json(work, sku.raw(), done.locale));
    product = bytes.value_or("null");
    return {};
  }));
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
  const auto read = rooms.store.read();
  PF_LET(auto page, rooms.products.list(read, question.query));
  if (question.view.offer || question.view.texts) {
    PF_LET(const auto extras, Extras(rooms, question.view).of(read, page.skus));
    PF_LET(auto products, rooms.products.product_jsons(read, page.skus, page.locale, extras));
    for (std::size_t i = 0; i < products.size(); ++i) page.products[i] = products[i].value_or("null");
  }
  if (!question.view.fields.empty())
    for (auto& product : page.products) {
      PF_LET(product, projected(std::move(product), question.view));
    }
  std::string facets;
  if (!page.facets.empty()) {
    json::Value all{json::Members{}};
    for (const auto& facet : page.facets) {
      json::Value counts = json::Value::array();
      for (const auto& [value, count] : facet.counts)
        counts.push(json::Value::object({{"value", value}, {"count", count}}));
      all.set(facet.column, std::move(counts));
    }
    facets = ",\"facets\":" + json::write(all);
  }
  auto answer = json_answer(
      list_answer(call, page.products, page.total, question.query.count, question.page, page.next_cursor, facets));
  answer.headers.emplace_back("vary", "Accept-Language");
  return answer;
}

Result<Answer> list(const ProductRooms& rooms, const Call& call) {
  PF_LET(auto question, product_question(call));
  return list_of(rooms, call, std::move(question));
}

Result<Answer> variants(const ProductRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  PF_LET(auto question, product_question(call));
  PF_LET(const bool there, rooms.products.exists(rooms.store.read(), sku));
  if (!there) return no_such_product(sku);
  question.query.where.push_back({"parent", catalog::Operator::eq, {sku}});
  if (question.query.sort.empty()) question.query.sort = {{"sku", false}};
  return list_of(rooms, call, std::move(question));
}

// --- many at once ---

// Lines of the body, however it arrives; at most one piece and one line in memory.
class Lines {
 public:
  explicit Lines(const http::Request& request) : source_(request.body_source) {
    if (!source_) {
      buffer_ = request.body;
      ended_ = true;
    }
  }
  // The next line without its end, or nothing after the last one.
  Result<std::optional<std::string>> next() {
    for (;;) {
      const auto end = buffer_.find('\n', at_);
      if (end != std::string::npos) {
        std::string line = buffer_.substr(at_, end - at_);
        at_ = end + 1;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return std::optional<std::string>(std::move(line));
      }
      if (ended_) {
        if (at_ >= buffer_.size()) return std::optional<std::string>();
        std::string line = buffer_.substr(at_);
        at_ = buffer_.size();
        return std::optional<std::string>(std::move(line));
      }
      buffer_.erase(0, at_);
      at_ = 0;
      if (buffer_.size() > kBulkLineMax)
        return error(ErrorCode::too_large,
                     "A line has at most " + std::to_string(kBulkLineMax >> 20) + " MiB: one product on each line.");
      PF_LET(const auto piece, source_());
      if (piece.empty())
        ended_ = true;
      else
        buffer_ += piece;
    }
  }

 private:
  http::BodySource source_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

class Bulk {
 public:
  Bulk(const ProductRooms& rooms, const Call& call, WriteMode mode)
      : rooms_(rooms), actor_(call.actor), lines_(call.request) {
    options_.mode = mode;
    options_.locale = wanted_locale(call);
  }

  Result<std::string> run() {
    for (std::uint64_t number = 1;; ++number) {
      PF_LET(auto line, lines_.next());
      if (!line) break;
      if (trim(*line).empty()) continue;
      bytes_ += line->size();
      read_line(number, *line);
      if (rows_.size() >= kBulkRowsWanted || bytes_ >= kBulkBytesWanted) flush();
    }
    flush();
    return std::move(out_);
  }

 private:
  struct Line {
    std::uint64_t number = 0;
    std::string sku{};
    std::optional<std::size_t> row{};  // of rows_, when it could be read
    Error fault{};
  };

  void read_line(std::uint64_t number, std::string_view text) {
    Line& line = pending_.emplace_back();
    line.number = number;
    const auto value = json::parse(text);
    if (!value.ok()) {
      line.fault = value.error();
      return;
    }
    if (const auto* sku = value->find("sku"); sku != nullptr && sku->as_string() != nullptr)
      line.sku = *sku->as_string();
    auto body = catalog::product_body_of(*value, catalog::BodyStyle::json);
    auto sku = catalog::parse_sku(line.sku);
    if (!body.ok()) line.fault = body.error();
    if (!sku.ok()) {
      line.fault.message = sku.error().message;
      line.fault.faults.insert(line.fault.faults.end(), sku.error().faults.begin(), sku.error().faults.end());
    }
    if (!body.ok() || !sku.ok()) return;
    line.row = rows_.size();
    rows_.push_back({*std::move(sku), std::move(body->change), body->locale.value_or("")});
  }

  // One unit of work. When it fails as a whole (a full disk), each of its lines says so.
  void flush() {
    std::vector<catalog::RowOutcome> outcomes;
    Result<> kept;
    if (!rows_.empty()) {
      kept = rooms_.store.write([&](storage::Write& work) -> Result<> {
        PF_LET(outcomes, rooms_.products.upsert_many(work, rows_, options_));
        return rooms_.products.note_batch(work, actor_, outcomes);
      });
    }
    for (const auto& line : pending_) {
      if (!line.row)
        tell(line, "refused", &line.fault);
      else if (!kept.ok())
        tell(line, "refused", &kept.error());
      else if (const auto& outcome = outcomes[*line.row]; outcome.outcome)
        tell(line, catalog::outcome_name(*outcome.outcome), nullptr);
      else
        tell(line, "refused", &outcome.error);
    }
    pending_.clear();
    rows_.clear();
    bytes_ = 0;
  }

  void tell(const Line& line, std::string_view status, const Error* fault) {
    auto answer = json::Value::object({{"line", line.number},
                                       {"sku", line.sku.empty() ? json::Value(nullptr) : json::Value(line.sku)},
                                       {"status", status}});
    if (fault != nullptr) {
      json::Value errors = json::Value::array();
      for (const auto& f : fault->faults)
        errors.push(json::Value::object({{"field", f.field}, {"code", f.code}, {"message", f.message}}));
      if (fault->faults.empty())
        errors.push(json::Value::object({{"field", ""}, {"code", "refused"}, {"message", fault->message}}));
      answer.set("errors", std::move(errors));
    }
    json::write(answer, out_);
    out_ += '\n';
  }

  const ProductRooms& rooms_;
  const access::Actor& actor_;
  Lines lines_;
  catalog::BatchOptions options_;
  std::vector<Line> pending_{};
  std::vector<catalog::ProductRow> rows_{};
  std::size_t bytes_ = 0;
  std::string out_{};
};

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
  PF_LET(auto lines, Bulk(rooms, call, mode).run());
  Answer out;
  out.raw = std::move(lines);
  out.content_type = "application/x-ndjson";
  return out;
}

// --- languages, categories, families ---

json::Value languages_value(const catalog::Languages& languages) {
  json::Value list = json::Value::array();
  for (const auto& locale : languages.locales)
    list.push(json::Value::object({{"locale", locale}, {"default", locale == languages.standard()}}));
  return list;
}

Result<Answer> show_languages(const ProductRooms& rooms, const Call&) {
  PF_LET(const auto languages, rooms.products.languages(rooms.store.read()));
  Answer out;
  out.body = json::Value::object({{"data", languages_value(languages)}});
  return out;
}

struct LanguagesBody {
  std::vector<std::string> locales;
  template <class V>
  void fields(V& visit) {
    visit("locales", locales,
          "The shop's languages, the default first: [\"nl-NL\", \"en\"]. Texts of others stay where they are.");
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
  PF_TRY(
      rooms.store.write([&](storage::Write& work) { return rooms.products.set_languages(work, call.actor, chosen); }));
  Answer out;
  out.body = json::Value::object({{"data", languages_value(chosen)}});
  return out;
}

Result<Answer> categories(const ProductRooms& rooms, const Call&) {
  PF_LET(const auto counts, rooms.products.counts(rooms.store.read(), "category"));
  json::Value list = json::Value::array();
  for (const auto& [path, count] : counts) {
    const auto slash = path.rfind('/');
    list.push(json::Value::object(
        {{"path", path},
         {"name", slash == std::string::npos ? path : path.substr(slash + 1)},
         {"parent", slash == std::string::npos ? json::Value(nullptr) : json::Value(path.substr(0, slash))},
         {"products", count}}));
  }
  Answer out;
  out.body = json::Value::object({{"data", std::move(list)}});
  return out;
}

Result<Answer> families(const ProductRooms& rooms, const Call&) {
  PF_LET(const auto counts, rooms.products.counts(rooms.store.read(), "family"));
  json::Value list = json::Value::array();
  for (const auto& [code, count] : counts) list.push(json::Value::object({{"code", code}, {"products", count}}));
  Answer out;
  out.body = json::Value::object({{"data", std::move(list)}});
  return out;
}

// --- uploads ---

json::Value asset_value(const catalog::Asset& asset) {
  return json::Value::object({{"id", asset.id},
                              {"image", "asset:" + asset.id},
                              {"url", "/api/v1/asset/" + asset.id},
                              {"content_type", asset.content_type},
                              {"bytes", asset.bytes},
                              {"width", asset.width},
                              {"height", asset.height},
                              {"created_at", rfc3339(asset.created)}});
}

Result<Answer> list_assets(const ProductRooms& rooms, const Call& call) {
  std::size_t count = gate::kPerPageDefault;
  if (const auto asked = call.query_value("per_page")) {
    const auto whole = parse_int(*asked);
    if (!whole || *whole < 1 || static_cast<std::uint64_t>(*whole) > gate::kPerPageMax)
      return invalid("per_page", "range", "per_page is a number from 1 to " + std::to_string(gate::kPerPageMax) + ".");
    count = static_cast<std::size_t>(*whole);
  }
  const std::string after = call.query_value("cursor").value_or("");
  PF_LET(auto assets, rooms.assets.page(rooms.store.read(), after, count + 1));
  const bool more = assets.size() > count;
  if (more) assets.pop_back();
  json::Value list = json::Value::array();
  for (const auto& asset : assets) list.push(asset_value(asset));
  Answer out;
  out.body = json::Value::object(
      {{"data", std::move(list)},
       {"meta", json::Value::object({{"per_page", std::uint64_t{count}},
                                     {"next_cursor", more ? json::Value(assets.back().id) : json::Value(nullptr)}})}});
  return out;
}

Error too_large() {
  return error(ErrorCode::too_large, "An image has at most " + std::to_string(catalog::kAssetBytesMax >> 20) + " MiB.");
}

// The image: the part called "file" of a form, or the body itself.
Result<std::string> image_of(const Call& call) {
  if (lower_ascii(header(call, "content-type")).starts_with("multipart/")) {
    PF_LET(auto form, gate::Multipart::open(call.request));
    for (;;) {
      PF_LET(const auto part, form.next());
      if (!part) return invalid("file", "required", "Send the image as the part called file.");
      if (part->name == "file") return form.read_all(catalog::kAssetBytesMax);
    }
  }
  if (!call.request.body_source) return call.request.body;
  std::string out;
  for (;;) {
    PF_LET(const auto piece, call.request.body_source());
    if (piece.empty()) return out;
    out += piece;
    if (out.size() > catalog::kAssetBytesMax) return too_large();
  }
}

Result<Answer> upload(const ProductRooms& rooms, const Call& call) {
  PF_LET(const auto bytes, image_of(call));
  catalog::StoredAsset stored;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(stored, rooms.assets.put(work, bytes));
    return {};
  }));
  Answer out;
  out.status = stored.created ? 201 : 200;
  out.body = json::Value::object({{"data", asset_value(stored.asset)}});
  return out;
}

// Bytes of strangers: exactly the type that was recognised, never sniffed, never run, whatever opens them.
Result<Answer> serve(const ProductRooms& rooms, const Call& call) {
  const std::string& id = call.path_value("id");
  const auto read = rooms.store.read();
  PF_LET(const auto asset, rooms.assets.find(read, id));
  if (!asset) return error(ErrorCode::not_found, "There is no upload with this id.");
  Answer out;
  out.headers = {{"etag", '"' + id + '"'},
                 {"cache-control", "private, max-age=31536000, immutable"},
                 {"x-content-type-options", "nosniff"},
                 {"content-security-policy", "default-src 'none'; sandbox"}};
  if (header(call, "if-none-match") == '"' + id + '"') {
    out.status = 304;
    return out;
  }
  PF_LET(auto bytes, rooms.assets.bytes(read, id));
  out.raw = bytes.value_or("");
  out.content_type = asset->content_type;
  return out;
}

// --- the table ---

using Parameters = std::vector<std::pair<std::string, std::string>>;

Parameters view_parameters() {
  return {{"locale", "Whose texts are shown, instead of Accept-Language."},
          {"include", "offer (prices, promise, stock) and texts (of every locale), divided by commas."},
          {"fields", "Only these fields, divided by commas; attributes.color picks one attribute."}};
}

Parameters list_parameters() {
  Parameters out = gate::list_parameters();
  for (auto& [name, summary] : out) {
    if (name == "q")
      summary = "Words that all occur in title, description, brand, SKU or EAN; the last one may be a beginning.";
    if (name == "sort")
      summary =
          "sku, title, brand, family, ean, created_at, updated_at, price or an attribute's number; - in front for "
          "descending. The first key decides; products equal in it stand in the order they were made.";
  }
  out.emplace_back("facets", "Counts by brand, family, category, enabled or an attribute, divided by commas.");
  for (auto& parameter : view_parameters())
    if (parameter.first != "fields") out.push_back(std::move(parameter));
  return out;
}

json::Value data(json::Value schema) {
  return json::Value::object({{"type", "object"}, {"properties", json::Value::object({{"data", std::move(schema)}})}});
}
json::Value list_data(json::Value schema) {
  return data(json::Value::object({{"type", "array"}, {"items", std::move(schema)}}));
}
json::Value object_schema() {
  return json::Value::object({{"type", "object"}});
}

}  // namespace

std::vector<gate::Row> products_routes(const ProductRooms& rooms) {
  using gate::BodyKind;
  using gate::Method;
  const auto by = [rooms](auto function) {
    return [rooms, function](const Call& call) { return function(rooms, call); };
  };
  const auto writes = [rooms](WriteMode mode) {
    return [rooms, mode](const Call& call) { return change(rooms, call, mode); };
  };
  const std::string one = "/api/v1/product/{sku}";
  const auto body = catalog::product_body_schema(), answer = data(catalog::product_answer_schema());
  const Parameters locale = {{"locale", "Whose texts title and description are, instead of Accept-Language."}};
  return {
      {.method = Method::get,
       .path = "/api/v1/product",
       .permission = Permission::catalog_read,
       .summary = "List, search and count products.",
       .answer_schema = list_data(catalog::product_answer_schema()),
       .handler = by(list),
       .query = list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/product",
       .permission = Permission::catalog_write,
       .summary = "Create or merge many products: one JSON object with its sku per line, one answer line for each.",
       .accepts = BodyKind::ndjson,
       .handler = by(bulk),
       .body_max = kBulkBodyMax,
       .query = {{"mode", "upsert (the default), create or update."},
                 {"locale", "Whose texts title and description are."}}},
      {.method = Method::get,
       .path = one,
       .permission = Permission::catalog_read,
       .summary = "Show a product in one language.",
       .answer_schema = answer,
       .handler = by(show),
       .query = view_parameters()},
      {.method = Method::post,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Create a product, or merge into it: what the body does not name stays.",
       .accepts = BodyKind::json,
       .body_schema = body,
       .answer_schema = answer,
       .handler = writes(WriteMode::upsert),
       .query = locale},
      {.method = Method::put,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Replace a product: what the body does not name is cleared; other languages' texts stay unless it "
                  "has texts.",
       .accepts = BodyKind::json,
       .body_schema = body,
       .answer_schema = answer,
       .handler = writes(WriteMode::replace),
       .query = locale},
      {.method = Method::patch,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Change a product by a JSON merge patch: null removes, objects merge.",
       .accepts = BodyKind::json,
       .body_schema = body,
       .answer_schema = answer,
       .handler = writes(WriteMode::update),
       .query = locale},
      {.method = Method::del,
       .path = one,
       .permission = Permission::catalog_write,
       .summary = "Delete a product and its offer; not while it has variants.",
       .success = 204,
       .handler = by(remove)},
      {.method = Method::get,
       .path = one + "/variant",
       .permission = Permission::catalog_read,
       .summary = "List the variants of a product.",
       .answer_schema = list_data(catalog::product_answer_schema()),
       .handler = by(variants),
       .query = list_parameters()},
      {.method = Method::get,
       .path = "/api/v1/language",
       .permission = Permission::catalog_read,
       .summary = "List the shop's languages, the default first.",
       .answer_schema = list_data(object_schema()),
       .handler = by(show_languages)},
      {.method = Method::put,
       .path = "/api/v1/language",
       .permission = Permission::settings_write,
       .summary = "Choose the shop's languages, the default first.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<LanguagesBody>(),
       .answer_schema = list_data(object_schema()),
       .handler = by(set_languages)},
      {.method = Method::get,
       .path = "/api/v1/category",
       .permission = Permission::catalog_read,
       .summary = "List category paths with the number of products in and below each.",
       .answer_schema = list_data(object_schema()),
       .handler = by(categories)},
      {.method = Method::get,
       .path = "/api/v1/family",
       .permission = Permission::catalog_read,
       .summary = "List families with the number of their products.",
       .answer_schema = list_data(object_schema()),
       .handler = by(families)},
      {.method = Method::get,
       .path = "/api/v1/asset",
       .permission = Permission::catalog_read,
       .summary = "List uploaded images.",
       .answer_schema = list_data(object_schema()),
       .handler = by(list_assets),
       .query = {{"per_page", "1 to 200, by default 15."}, {"cursor", "next_cursor of the page before."}}},
      {.method = Method::post,
       .path = "/api/v1/asset",
       .permission = Permission::catalog_write,
       .summary = "Upload a PNG, JPEG, GIF or WebP image of at most 10 MiB; the same bytes are kept once.",
       .success = 201,
       .accepts = BodyKind::multipart,
       .answer_schema = data(object_schema()),
       .handler = by(upload),
       .body_max = kUploadBodyMax},
      {.method = Method::get,
       .path = "/api/v1/asset/{id}",
       .permission = Permission::catalog_read,
       .summary = "An uploaded image as it was sent.",
       .handler = by(serve)},
  };
}

}  // namespace pf::api
