#include "api/assets_api.h"

#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/list.h"
#include "gate/multipart.h"
#include "gate/shape.h"
#include "http/negotiation.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

constexpr std::uint64_t kUploadBodyMax = catalog::kAssetBytesMax + (64u << 10);  // and the form around it

struct AssetRooms {
  storage::Store& store;
  catalog::Products& products;
  catalog::Assets& assets;
  catalog::Thumbnails& thumbnails;
};

std::string thumbnail_url(const std::string& id, std::uint32_t side) {
  return "/api/v1/asset/" + id + "/thumbnail?size=" + std::to_string(side);
}
// `problem`: why there is no small picture, as far as it is known.
json::Value asset_value(const catalog::Asset& asset, const std::string& problem) {
  json::Value thumbnails = json::Value::object(
      {{"128", thumbnail_url(asset.id, pictures::kSmall)}, {"512", thumbnail_url(asset.id, pictures::kLarge)}});
  return json::Value::object({{"id", asset.id},
                              {"image", "asset:" + asset.id},
                              {"url", "/api/v1/asset/" + asset.id},
                              {"content_type", asset.content_type},
                              {"bytes", asset.bytes},
                              {"width", asset.width},
                              {"height", asset.height},
                              {"thumbnails", std::move(thumbnails)},
                              {"problem", problem.empty() ? json::Value(nullptr) : json::Value(problem)},
                              {"created_at", rfc3339(asset.created)}});
}

Result<Answer> list_assets(const AssetRooms& rooms, const Call& call) {
  PF_LET(const Paging paging, paging_of(call));
  const auto count = static_cast<std::size_t>(paging.per_page);
  const std::string& after = paging.cursor;
  const auto read = rooms.store.read();
  PF_LET(auto assets, rooms.assets.page(read, after, count + 1));
  const bool more = assets.size() > count;
  if (more) assets.pop_back();
  json::Value list = json::Value::array();
  for (const auto& asset : assets) {
    PF_LET(const std::string problem, rooms.thumbnails.problem(read, asset.id));
    PF_LET(const auto used, rooms.products.asset_uses(read, asset.id, 0));
    json::Value one = asset_value(asset, problem);
    one.set("products", used.products);
    one.set("records", used.records);
    list.push(std::move(one));
  }
  return Answer{.body = cursor_body(call, std::move(list), count, more ? assets.back().id : "")};
}

// Who shows it: how many, and the first of the products.
Result<Answer> show_uses(const AssetRooms& rooms, const Call& call) {
  constexpr std::size_t kUsesShown = 1'000;  // of one bulk edit that takes it out
  const std::string& id = call.path_value("id");
  const auto read = rooms.store.read();
  PF_LET(const auto asset, rooms.assets.find(read, id));
  if (!asset) return error(ErrorCode::not_found, "There is no upload with this id.");
  PF_LET(const auto used, rooms.products.asset_uses(read, id, kUsesShown));
  return Answer{
      .body = data(json::Value::object(
          {{"products", used.products}, {"more", used.more}, {"records", used.records}, {"skus", texts(used.skus)}}))};
}

Result<Answer> remove_upload(const AssetRooms& rooms, const Call& call) {
  PF_TRY(rooms.store.write(
      [&](storage::Write& work) { return rooms.products.remove_asset(work, call.actor, call.path_value("id")); }));
  return Answer{.status = 204};
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

Result<Answer> upload(const AssetRooms& rooms, const Call& call) {
  PF_LET(const auto bytes, image_of(call));
  catalog::StoredAsset stored;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(stored, rooms.assets.put(work, bytes));
    return {};
  }));
  Answer out;
  out.status = stored.created ? 201 : 200;
  PF_LET(const std::string problem, rooms.thumbnails.problem(rooms.store.read(), stored.asset.id));
  out.body = json::Value::object({{"data", asset_value(stored.asset, problem)}});
  return out;
}

// Bytes of strangers: exactly the type that was recognised, never sniffed, never run, whatever opens them. An id always
// means the same bytes.
http::Headers headers_of(const std::string& etag) {
  return {{"etag", etag},
          {"cache-control", "private, max-age=31536000, immutable"},
          {"x-content-type-options", "nosniff"},
          {"content-security-policy", "default-src 'none'; sandbox"}};
}

Result<Answer> serve_thumbnail(const AssetRooms& rooms, const Call& call) {
  const std::string& id = call.path_value("id");
  const std::string asked = call.query_value("size").value_or("512");
  const auto side = parse_int(asked);
  if (!side || !catalog::Thumbnails::is_side(*side)) return invalid("size", "choice", "Must be 128 or 512.");
  Answer out;
  out.headers = headers_of('"' + id + '-' + asked + '-' + std::to_string(catalog::kThumbnailFormat) + '"');
  PF_LET(auto thumbnail, rooms.thumbnails.find_or_make(id, static_cast<std::uint32_t>(*side)));
  if (!thumbnail) return error(ErrorCode::not_found, "There is no upload with this id.");
  if (!thumbnail->problem.empty()) return error(ErrorCode::not_found, thumbnail->problem);
  if (http::names_etag(header(call, "if-none-match"), out.headers[0].second)) {
    out.status = 304;
    return out;
  }
  out.raw = std::move(thumbnail->bytes);
  out.content_type = std::move(thumbnail->content_type);
  return out;
}

Result<Answer> serve(const AssetRooms& rooms, const Call& call) {
  const std::string& id = call.path_value("id");
  const auto read = rooms.store.read();
  PF_LET(const auto asset, rooms.assets.find(read, id));
  if (!asset) return error(ErrorCode::not_found, "There is no upload with this id.");
  Answer out;
  out.headers = headers_of('"' + id + '"');
  if (http::names_etag(header(call, "if-none-match"), '"' + id + '"')) {
    out.status = 304;
    return out;
  }
  PF_LET(auto bytes, rooms.assets.bytes(read, id));
  out.raw = bytes.value_or("");
  out.content_type = asset->content_type;
  return out;
}

}  // namespace

std::vector<gate::Row> asset_routes(storage::Store& store, catalog::Products& products, catalog::Assets& assets,
                                    catalog::Thumbnails& thumbnails) {
  using gate::BodyKind;
  using gate::Method;
  const AssetRooms rooms{store, products, assets, thumbnails};
  const auto by = handlers_with(rooms);
  return {
      {.method = Method::get,
       .path = "/api/v1/asset",
       .permission = Permission::catalog_read,
       .summary = "List uploaded images, and how many products and reference records show each.",
       .answer_schema = gate::page_shape(shapes::kListedAsset),
       .handler = by(list_assets),
       .query = {{"per_page", "1 to 200, by default 15."}, {"cursor", "next_cursor of the page before."}},
       .keeps = {.channels = true, .locales = true, .personal = true}},
      {.method = Method::post,
       .path = "/api/v1/asset",
       .permission = Permission::catalog_write,
       .summary = "Upload a PNG, JPEG, GIF or WebP image of at most 10 MiB; the same bytes are kept once.",
       .success = 201,
       .accepts = BodyKind::multipart,
       .body_schema = gate::shape(shapes::kUploadForm),
       .answer_schema = gate::data_shape(shapes::kAsset),
       .handler = by(upload),
       .body_max = kUploadBodyMax,
       .keeps = {.channels = true, .locales = true, .personal = true}},
      {.method = Method::get,
       .path = "/api/v1/asset/{id}",
       .permission = Permission::catalog_read,
       .summary = "An uploaded image as it was sent.",
       .handler = by(serve),
       .answer_types = {"image/png", "image/jpeg", "image/gif", "image/webp"},
       .keeps = gate::kKeepsAll},
      {.method = Method::del,
       .path = "/api/v1/asset/{id}",
       .permission = Permission::catalog_write,
       .summary = "Delete an uploaded image; refused while products or reference records show it.",
       .success = 204,
       .handler = by(remove_upload),
       .fresh_sign_in = true,
       .keeps = {.channels = true, .locales = true, .personal = true}},
      {.method = Method::get,
       .path = "/api/v1/asset/{id}/use",
       .permission = Permission::catalog_read,
       .summary = "How many products and reference records show an uploaded image, and the first of the products.",
       .answer_schema = gate::data_shape(shapes::kAssetUse),
       .handler = by(show_uses),
       .keeps = {.channels = true, .locales = true, .personal = true}},
      {.method = Method::get,
       .path = "/api/v1/asset/{id}/thumbnail",
       .permission = Permission::catalog_read,
       .summary =
           "A small picture of an uploaded image, never larger than it, upright, without its metadata; a JPEG, or "
           "a WebP where it is transparent. Made when it is asked for the first time. 404 says why there is none.",
       .handler = by(serve_thumbnail),
       .query = {{"size", "Its longest side in pixels: 128 or, by default, 512."}},
       .answer_types = {"image/jpeg", "image/webp"},
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
