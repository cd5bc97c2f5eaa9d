#include "exchange/profiles.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "exchange/channel_file.h"
#include "exchange/profile_records.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::string_view kProfiles = "p", kTokens = "t", kPictures = "i", kFormats = "f";  // stored on disk
constexpr std::size_t kFeedTokenBytes = 32, kPictureKeyBytes = 16;

std::string profile_key(std::string_view mark, std::string_view rest) {
  return std::string(mark).append(rest);
}
std::string token_hash(std::string_view token) {
  return crypto::sha256(token);
}

Error no_profile() {
  return error(ErrorCode::not_found, "There is no such export profile.");
}

std::optional<ChannelFormat::Layout> layout_of_whole(ExportFormat format) {
  switch (format) {
    case ExportFormat::csv:
      return ChannelFormat::Layout::csv;
    case ExportFormat::ndjson:
      return ChannelFormat::Layout::ndjson;
    case ExportFormat::xml:
      return ChannelFormat::Layout::xml;
    case ExportFormat::xlsx:
    case ExportFormat::json:
    case ExportFormat::zip:
      return std::nullopt;
  }
  return std::nullopt;
}

const ChannelFormat* built_in(std::string_view name) {
  const auto& all = built_in_formats();
  const auto found = std::ranges::find(all, name, &ChannelFormat::name);
  return found == all.end() ? nullptr : &*found;
}

// https://host[:port] without a path; http for a network of one's own.
bool is_public_base(std::string_view address) {
  const std::size_t start = address.starts_with("https://") ? 8 : address.starts_with("http://") ? 7 : 0;
  const std::string_view host = address.substr(start);
  return start > 0 && !host.empty() && address.size() <= kProfileNameBytesMax * 2 &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("-.:[]").find(c) != std::string_view::npos;
         });
}

}  // namespace

std::vector<storage::Family> Profiles::families() {
  return {{.name = "profiles"}};
}

Profiles::Profiles(const Rooms& rooms, audit::Audit& audit, const Clock& clock)
    : rooms_(rooms), audit_(audit), clock_(clock), family_(rooms.store.family("profiles")) {}

Result<std::vector<Profile>> Profiles::list(const storage::Reader& read) const {
  std::vector<Profile> out;
  for (auto row = read.scan_prefix(family_, kProfiles); row.valid(); row.next()) {
    PF_LET(auto profile, profile_of_record(row.key().substr(1), row.value()));
    out.push_back(std::move(profile));
  }
  std::ranges::sort(out, {}, [](const Profile& one) { return std::pair(lower_ascii(one.name), one.id); });
  return out;
}

Result<Profile> Profiles::find(const storage::Reader& read, std::string_view id) const {
  PF_LET(const auto record, read.get(family_, profile_key(kProfiles, id)));
  if (!record) return no_profile();
  return profile_of_record(id, *record);
}

Result<> Profiles::note(storage::Write& work, const access::Actor& by, std::string_view action,
                        const Profile& profile) {
  return audit_.append(
      work, by, action, "export-profile:" + profile.id,
      json::Value::object(
          {{"name", profile.name}, {"format", profile.format}, {"query", profile.query}, {"feed", profile.feed}}));
}

Result<> Profiles::check(const storage::Reader& read, Profile& profile) const {
  Faults faults;
  profile.name = trim(profile.name);
  if (profile.name.empty() || profile.name.size() > kProfileNameBytesMax)
    faults.add("name", "length", "must have 1 to 100 bytes");
  PF_LET(const auto own, read.get(family_, profile_key(kFormats, profile.format)));
  const auto whole = export_format(profile.format);
  if (!whole && built_in(profile.format) == nullptr && !own)
    faults.add("format", "unknown", "must be one of GET /api/v1/export-format, or csv, xlsx, json, ndjson or xml");
  if (!profile.columns.empty() && !(whole && layout_of_whole(*whole)))
    faults.add("columns", "conflict",
               "columns of its own can have csv, ndjson and xml; a channel's format has its own");
  if (profile.columns.size() > kProfileColumnsMax)
    faults.add("columns", "too_many", "a profile has at most 200 columns");
  for (std::size_t i = 0; i < profile.columns.size(); ++i) {
    const auto& [name, from] = profile.columns[i];
    faults.take(
        format_column(json::Value::object({{"name", name}, {"from", from}}), "columns[" + std::to_string(i) + "]"));
  }
  if (profile.query.size() > kQueryBytesMax) faults.add("query", "too_long", "must have at most 8,000 bytes");
  if (!profile.locale.empty()) {
    auto locale = catalog::parse_locale(profile.locale);
    if (locale.ok())
      profile.locale = *std::move(locale);
    else
      faults.add("locale", "format", "must be a language such as nl-NL");
  }
  if (!profile.currency.empty() && !Currency::parse(profile.currency).ok())
    faults.add("currency", "format", "must be three capital letters such as EUR");
  if (profile.channel.size() > catalog::kNameBytesMax) faults.add("channel", "too_long", "must have at most 255 bytes");
  faults.take(check_link(profile.link));
  while (profile.public_address.ends_with('/')) profile.public_address.pop_back();
  if (!profile.public_address.empty() && !is_public_base(profile.public_address))
    faults.add("public_address", "format",
               "must be where this appliance is reached, such as https://pim.shop.example:8443");
  profile.question.locale = profile.locale;
  catalog::ProductQuery question = walk_of(profile).question;
  question.count = 1;
  if (const auto asked = rooms_.products.list(read, question); !asked.ok()) {
    if (asked.error().code != ErrorCode::invalid) return asked.error();
    faults.add("query", "value", asked.error().message);
  }
  return std::move(faults).checked();
}

Result<Profile> Profiles::create(const access::Actor& by, Profile profile) {
  profile.id = hex(crypto::random_bytes(8));
  profile.picture_key = base64url(crypto::random_bytes(kPictureKeyBytes));
  profile.feed = false;
  profile.feed_since.reset();
  profile.by = by.name;
  profile.created_at = profile.updated_at = clock_.now();
  PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
    PF_TRY(check(work, profile));
    std::size_t count = 0;
    for (auto row = work.scan_prefix(family_, kProfiles); row.valid(); row.next()) ++count;
    if (count >= kProfilesMax)
      return error(ErrorCode::conflict, "There are 200 export profiles already. Remove those that nobody uses.");
    work.put(family_, profile_key(kProfiles, profile.id), profile_record(profile));
    work.put(family_, profile_key(kPictures, profile.picture_key), profile.id);
    return note(work, by, "export_profile.create", profile);
  }));
  return profile;
}

Result<Profile> Profiles::change(const access::Actor& by, std::string_view id, Profile profile) {
  PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const Profile before, find(work, id));
    profile.id = before.id;
    profile.picture_key = before.picture_key;
    profile.feed = before.feed;
    profile.feed_since = before.feed_since;
    profile.by = before.by;
    profile.created_at = before.created_at;
    profile.updated_at = clock_.now();
    PF_TRY(check(work, profile));
    if (profile.feed && profile.columns.empty() && export_format(profile.format))
      return invalid("format", "conflict",
                     "A whole export tells what the shop pays, so it is no feed. Choose a channel's format or columns, "
                     "or close the feed first.");
    work.put(family_, profile_key(kProfiles, profile.id), profile_record(profile));
    return note(work, by, "export_profile.change", profile);
  }));
  return profile;
}

Result<> Profiles::drop_tokens(storage::Write& work, const Profile& profile) {
  std::vector<std::string> old;  // one, unless a crash of an older version left more
  for (auto row = work.scan_prefix(family_, kTokens); row.valid(); row.next())
    if (row.value() == profile.id) old.emplace_back(row.key());
  for (const std::string& key : old) work.erase(family_, key);
  return {};
}

Result<> Profiles::remove(const access::Actor& by, std::string_view id) {
  return rooms_.store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const Profile profile, find(work, id));
    PF_TRY(drop_tokens(work, profile));
    work.erase(family_, profile_key(kPictures, profile.picture_key));
    work.erase(family_, profile_key(kProfiles, profile.id));
    return note(work, by, "export_profile.remove", profile);
  });
}

Result<std::pair<Profile, std::string>> Profiles::open_feed(const access::Actor& by, std::string_view id) {
  std::string token = base64url(crypto::random_bytes(kFeedTokenBytes));
  Profile profile;
  PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(profile, find(work, id));
    if (profile.columns.empty() && export_format(profile.format))
      return error(ErrorCode::conflict,
                   "A whole export tells what the shop pays, so it is no feed. Choose a channel's format or columns.");
    PF_TRY(drop_tokens(work, profile));
    profile.feed = true;
    profile.feed_since = clock_.now();
    work.put(family_, profile_key(kTokens, token_hash(token)), profile.id);
    work.put(family_, profile_key(kProfiles, profile.id), profile_record(profile));
    return note(work, by, "export_profile.open_feed", profile);
  }));
  return std::pair(std::move(profile), std::move(token));
}

Result<Profile> Profiles::close_feed(const access::Actor& by, std::string_view id) {
  Profile profile;
  PF_TRY(rooms_.store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(profile, find(work, id));
    if (!profile.feed) return {};
    PF_TRY(drop_tokens(work, profile));
    profile.feed = false;
    profile.feed_since.reset();
    work.put(family_, profile_key(kProfiles, profile.id), profile_record(profile));
    return note(work, by, "export_profile.close_feed", profile);
  }));
  return profile;
}

Result<std::optional<Profile>> Profiles::of_token(const storage::Reader& read, std::string_view token) const {
  PF_LET(const auto id, read.get(family_, profile_key(kTokens, token_hash(token))));
  if (!id) return std::optional<Profile>();
  PF_LET(auto profile, find(read, *id));
  return std::optional(std::move(profile));
}

Result<bool> Profiles::has_pictures(const storage::Reader& read, std::string_view picture_key) const {
  PF_LET(const auto id, read.get(family_, profile_key(kPictures, picture_key)));
  return id.has_value();
}

Result<std::vector<ChannelFormat>> Profiles::formats(const storage::Reader& read) const {
  std::vector<ChannelFormat> out = built_in_formats();
  for (auto row = read.scan_prefix(family_, kFormats); row.valid(); row.next()) {
    PF_LET(auto own, parse_channel_format(row.value()));
    own.own = true;
    out.push_back(std::move(own));
  }
  std::ranges::sort(out, {}, &ChannelFormat::name);
  return out;
}

Result<std::optional<ChannelFormat>> Profiles::format_of(const storage::Reader& read, const Profile& profile) const {
  if (const auto whole = export_format(profile.format)) {
    if (profile.columns.empty()) return std::optional<ChannelFormat>();
    ChannelFormat out;
    out.name = profile.format;
    out.layout = layout_of_whole(*whole).value_or(ChannelFormat::Layout::csv);
    for (const auto& [name, from] : profile.columns) {
      PF_LET(auto column, format_column(json::Value::object({{"name", name}, {"from", from}}), "columns"));
      out.columns.push_back(std::move(column));
      out.text.append(name).append(1, '\0').append(from).append(1, '\0');
    }
    return std::optional(std::move(out));
  }
  if (const ChannelFormat* known = built_in(profile.format)) return std::optional(*known);
  PF_LET(const auto own, read.get(family_, profile_key(kFormats, profile.format)));
  if (!own)
    return error(ErrorCode::conflict, "The format " + profile.format + " is not there any more. Choose another.");
  PF_LET(auto out, parse_channel_format(*own));
  out.own = true;
  return std::optional(std::move(out));
}

Result<ChannelFormat> Profiles::keep_format(const access::Actor& by, std::string_view document) {
  PF_LET(auto format, parse_channel_format(document));
  format.own = true;
  if (built_in(format.name) != nullptr || export_format(format.name))
    return error(ErrorCode::conflict, format.name + " is one of our own formats. Give yours another name.");
  PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
    const std::string key = profile_key(kFormats, format.name);
    PF_LET(const auto before, work.get(family_, key));
    std::size_t count = 0;
    for (auto row = work.scan_prefix(family_, kFormats); row.valid(); row.next()) ++count;
    if (!before && count >= kOwnFormatsMax)
      return error(ErrorCode::conflict, "There are 100 formats of your own already. Remove those that nobody uses.");
    work.put(family_, key, document);
    return audit_.append(work, by, before ? "export_format.change" : "export_format.create",
                         "export-format:" + format.name,
                         json::Value::object({{"columns", std::uint64_t{format.columns.size()}}}));
  }));
  return format;
}

Result<> Profiles::remove_format(const access::Actor& by, std::string_view name) {
  if (built_in(name) != nullptr) return error(ErrorCode::conflict, "This format came with ProductFlow; it stays.");
  return rooms_.store.write_even_when_full([&](storage::Write& work) -> Result<> {
    const std::string key = profile_key(kFormats, name);
    PF_LET(const auto before, work.get(family_, key));
    if (!before) return error(ErrorCode::not_found, "There is no such format.");
    PF_LET(const auto profiles, list(work));
    for (const Profile& one : profiles)
      if (one.format == name)
        return error(ErrorCode::conflict, "The export profile \"" + one.name + "\" has this format. Change it first.");
    work.erase(family_, key);
    return audit_.append(work, by, "export_format.remove", "export-format:" + std::string(name),
                         json::Value(json::Members{}));
  });
}

Result<ProfileState> Profiles::state(const storage::Reader& read, const Profile& profile) const {
  ProfileState out{.changed_at = profile.updated_at};
  PF_LET(std::string all, catalogue_mark(rooms_, read));
  const auto add = [&](std::string_view part) { all.append(1, '\0').append(part); };
  if (rooms_.events != nullptr) {
    PF_LET(const auto catalogue, rooms_.events->catalogue_state(read));
    out.changed_at = std::max(out.changed_at, catalogue.at);
  }
  PF_LET(const auto format, format_of(read, profile));
  add(format ? format->text : "");
  add(profile_record(profile));
  // Whose question moves with the clock (now-7d) holds something else at any moment.
  for (const auto& one : profile.question.where)
    if (std::ranges::any_of(one.values, [&](const std::string& value) {
          return catalog::time_from_now(value, clock_.now()).has_value();
        })) {
      out.changed_at = clock_.now();
      add(std::to_string(out.changed_at.time_since_epoch().count()));
      break;
    }
  out.mark = hex(crypto::sha256(all)).substr(0, 32);
  return out;
}

ListingTerms Profiles::terms_of(const Profile& profile) {
  return {.locale = profile.locale,
          .channel = profile.channel,
          .currency = profile.currency,
          .link = profile.link,
          .pictures = profile.public_address.empty()
                          ? std::string()
                          : profile.public_address + "/feed/" + profile.picture_key + "/image/"};
}

Walk Profiles::walk_of(const Profile& profile) {
  Walk out{.question = profile.question, .without_heads = profile.without_heads};
  if (profile.enabled_only) out.question.where.push_back({"enabled", catalog::Operator::eq, {"1"}});
  return out;
}

std::string Profiles::file_name(const Profile& profile, const std::optional<ChannelFormat>& format) {
  std::string name;
  for (const char c : lower_ascii(profile.name)) name += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
  name.erase(std::unique(name.begin(), name.end(), [](char a, char b) { return a == '-' && b == '-'; }), name.end());
  while (name.ends_with('-')) name.pop_back();
  while (name.starts_with('-')) name.erase(0, 1);
  return (name.empty() ? "export" : name) + "." + (format ? std::string(file_ending(format->layout)) : profile.format);
}

std::string Profiles::type_of(const Profile& profile, const std::optional<ChannelFormat>& format) {
  return std::string(format ? content_type(format->layout)
                            : content_type(export_format(profile.format).value_or(ExportFormat::csv)));
}

Result<> Profiles::write(const Profile& profile, const ExportSink& sink) const {
  PF_LET(const auto format, format_of(rooms_.store.read(), profile));
  Walk walk = walk_of(profile);
  if (format) walk.locales = locales_of(*format);
  if (!format) {
    ExportQuestion question{.format = export_format(profile.format).value_or(ExportFormat::csv)};
    question.products = walk.question;
    return write_export(rooms_, question, sink);
  }
  const std::size_t host = profile.link.find("//");
  ChannelFile file(
      *format, profile.name,
      host == std::string::npos ? profile.public_address : profile.link.substr(0, profile.link.find('/', host + 2)),
      sink);
  PF_TRY(file.begin());
  PF_TRY(each_listed(rooms_, walk, terms_of(profile), [&](const Listing& listing, const Listed& product) -> Result<> {
    const ChannelRow row = channel_row(*format, listing, product);
    return row.faults.empty() || profile.with_faulty ? file.row(row.cells) : Result<>();
  }));
  return file.end();
}

}  // namespace pf::exchange
