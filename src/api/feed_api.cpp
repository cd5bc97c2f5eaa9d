#include "api/feed_api.h"

#include <atomic>
#include <chrono>
#include <stdexcept>

#include "api/resumable.h"
#include "api/rows.h"
#include "formats/gzip_writer.h"
#include "http/answers.h"
#include "http/negotiation.h"

namespace pf::api {
namespace {

constexpr std::chrono::seconds kTokenLookEvery{1};  // while a feed is sent: whether its address has ended

// Wrong tokens from one address before each further one waits: a typing error is one or two, a search is thousands.
constexpr access::Guesses::Pace kWrongFeeds{10, std::chrono::minutes{5}, std::chrono::hours{1}};

struct FeedDoor {
  exchange::Profiles& profiles;
  const catalog::Assets& assets;
  audit::Audit& audit;
  const Clock& clock;
  access::Guesses guesses{kWrongFeeds};
  std::atomic<unsigned> under_way{0};
  storage::Store& store() const { return profiles.rooms().store; }
};
using Door = std::shared_ptr<FeedDoor>;  // shared: by the rows, and by answers under way

// Every wrong address is the same 404, is counted, and costs its sender more and more time; the first that has to wait
// is told to the log.
Error nothing_there(const Door& door, const Call& call) {
  const std::string& address = call.request.peer.address;
  const auto counted = door->guesses.count(address, door->clock.since_boot());
  if (!counted.ok()) return counted.error();
  if (*counted)  // refused whether or not this can be written
    static_cast<void>(door->store().write([&](storage::Write& work) {
      return door->audit.append(work, access::Actor{}, "feed.refused", "", json::Value::object({{"address", address}}));
    }));
  return error(ErrorCode::not_found, "There is no feed at this address.");
}

// One of the feeds that are written at a time, as long as it lives.
class Place {
 public:
  explicit Place(Door door) : door_(std::move(door)), taken_(door_->under_way.fetch_add(1) < kFeedsAtOnce) {}
  ~Place() { door_->under_way.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool taken() const { return taken_; }

 private:
  const Door door_;
  const bool taken_;
};

void write_feed(const exchange::Profiles& profiles, const exchange::Profile& profile, bool gzip,
                const http::BodySink& sink) {
  // An exception cuts the answer short, so that nobody takes it for whole.
  const auto whole = [](const Result<>& done) {
    if (!done.ok()) throw std::runtime_error(done.error().message);
  };
  if (!gzip) return whole(profiles.write(profile, sink));
  formats::GzipWriter packed(sink);
  whole(profiles.write(profile, [&](std::string_view piece) { return packed.write(piece).ok(); }));
  whole(packed.finish());
}

Result<Answer> show_feed(const Door& door, const Call& call) {
  const auto read = door->store().read();
  PF_LET(auto profile, door->profiles.of_token(read, call.path_value("token")));
  if (!profile) return nothing_there(door, call);
  PF_LET(const auto state, door->profiles.state(read, *profile));
  PF_LET(const auto format, door->profiles.format_of(read, *profile));
  const bool gzip = http::takes_coding(header(call, "accept-encoding"), "gzip");
  const std::string plain_tag = '"' + state.mark + '"', gzip_tag = '"' + state.mark + "-gz\"";
  Answer out;
  out.headers = {{"etag", gzip ? gzip_tag : plain_tag},
                 {"last-modified", http::imf_fixdate(state.changed_at)},
                 {"vary", "accept-encoding"},
                 {"cache-control", "private, no-cache"},
                 {"x-robots-tag", "noindex"}};
  // What is packed and what is not say the same.
  const std::string known = header(call, "if-none-match");
  if (http::names_etag(known, plain_tag) || http::names_etag(known, gzip_tag)) {
    out.status = 304;
    return out;
  }
  PF_TRY(check_range_is_named(call));
  out.headers.emplace_back("accept-ranges", "bytes");
  out.from_byte = http::resumes_at(header(call, "range"), header(call, "if-range"), gzip ? gzip_tag : plain_tag);
  auto place = std::make_shared<Place>(door);  // shared: an answer's stream is a function that can be copied
  if (!place->taken())
    return error(ErrorCode::unavailable, "Too many feeds are fetched at this moment. Please try again in a while.");
  out.content_type = exchange::Profiles::type_of(*profile, format);
  if (gzip) out.headers.emplace_back("content-encoding", "gzip");
  out.headers.emplace_back("content-disposition",
                           "inline; filename=\"" + exchange::Profiles::file_name(*profile, format) + "\"");
  out.stream = [door, place, profile = *std::move(profile), gzip, rest_of = out.from_byte ? state.mark : std::string(),
                token = call.path_value("token")](const http::BodySink& sink) {
    // Whose address ended meanwhile is told no more.
    auto look_at = std::chrono::steady_clock::now() + kTokenLookEvery;
    write_feed(door->profiles, profile, gzip, [&](std::string_view piece) {
      if (const auto now = std::chrono::steady_clock::now(); now >= look_at) {
        const auto still = door->profiles.of_token(door->store().read(), token);
        if (!still.ok() || !*still) return false;
        look_at = now + kTokenLookEvery;
      }
      return sink(piece);
    });
    if (rest_of.empty()) return;
    // The rest is made by making all of it again, and all of it must be what the ETag named.
    const auto after = door->profiles.state(door->store().read(), profile);
    if (!after.ok() || after->mark != rest_of)
      throw std::runtime_error("What a feed holds has changed while the rest of it was sent.");
  };
  return out;
}

// A picture that is kept here, for whoever was told its address by a feed: the key is a feed's, and the id (the SHA-256
// of the picture) is known to nobody who has not seen it there.
Result<Answer> show_picture(const Door& door, const Call& call) {
  const auto read = door->store().read();
  PF_LET(const bool known, door->profiles.has_pictures(read, call.path_value("key")));
  if (!known) return nothing_there(door, call);
  const std::string& id = call.path_value("id");
  PF_LET(const auto asset, door->assets.find(read, id));
  if (!asset) return nothing_there(door, call);
  Answer out;
  out.headers = {{"etag", '"' + id + '"'},
                 {"cache-control", "public, max-age=31536000, immutable"},
                 {"content-security-policy", "default-src 'none'; sandbox"},
                 {"cross-origin-resource-policy", "cross-origin"},
                 {"x-robots-tag", "noindex"}};
  if (http::names_etag(header(call, "if-none-match"), '"' + id + '"')) {
    out.status = 304;
    return out;
  }
  PF_LET(auto bytes, door->assets.bytes(read, id));
  out.raw = bytes.value_or("");
  out.content_type = asset->content_type;
  return out;
}

}  // namespace

std::vector<Row> feed_routes(exchange::Profiles& profiles, const catalog::Assets& assets, audit::Audit& audit,
                             const Clock& clock) {
  const auto with = handlers_with(Door(new FeedDoor{profiles, assets, audit, clock}));
  return {{.method = Method::get,
           .path = "/feed/{token}",
           .permission = Permission::none,
           .summary = "A feed of products at its own address; ETag and gzip. The token is the whole right",
           .handler = with(show_feed),
           .answer_types = {"text/csv", "text/tab-separated-values", "application/x-ndjson", "application/xml"},
           .keeps = gate::kKeepsAll},
          {.method = Method::get,
           .path = "/feed/{key}/image/{id}",
           .permission = Permission::none,
           .summary = "A picture that a feed names",
           .handler = with(show_picture),
           .answer_types = {"image/png", "image/jpeg", "image/gif", "image/webp"},
           .keeps = gate::kKeepsAll}};
}

}  // namespace pf::api
