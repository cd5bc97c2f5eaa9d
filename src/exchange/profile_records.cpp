// Stored on disk, do not rename: a profile's record is a JSON object whose "format_version" is kProfileFormat; members
// that an older record lacks are as in a new profile.
#include "exchange/profile_records.h"

#include <algorithm>

#include "json/members.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::int64_t kProfileFormat = 1;

json::Value question_value(const catalog::ProductQuery& question) {
  json::Value where = json::Value::array(), sort = json::Value::array();
  for (const catalog::Condition& one : question.where) {
    json::Value values = json::Value::array();
    for (const std::string& value : one.values) values.push(value);
    where.push(
        json::Value::object({{"column", one.column}, {"op", row_of(one.op).name}, {"values", std::move(values)}}));
  }
  for (const catalog::SortKey& key : question.sort)
    sort.push(json::Value::object({{"column", key.column}, {"descending", key.descending}}));
  return json::Value::object({{"text", question.text}, {"where", std::move(where)}, {"sort", std::move(sort)}});
}

catalog::ProductQuery question_of_value(const json::Value& in) {
  catalog::ProductQuery out;
  out.text = json::text_in(in, "text");
  if (const json::Value* where = in.find("where"); where != nullptr && where->as_array() != nullptr)
    for (const json::Value& one : *where->as_array()) {
      const auto op = operator_named(json::text_in(one, "op"));
      catalog::Condition condition{.column = json::text_in(one, "column"), .op = op.value_or(catalog::Operator::eq)};
      if (const json::Value* values = one.find("values"); values != nullptr && values->as_array() != nullptr)
        for (const json::Value& value : *values->as_array())
          if (value.as_string() != nullptr) condition.values.push_back(*value.as_string());
      out.where.push_back(std::move(condition));
    }
  if (const json::Value* sort = in.find("sort"); sort != nullptr && sort->as_array() != nullptr)
    for (const json::Value& one : *sort->as_array())
      out.sort.push_back({json::text_in(one, "column"), json::flag_in(one, "descending")});
  return out;
}

}  // namespace

std::string profile_record(const Profile& profile) {
  json::Value columns = json::Value::array();
  for (const auto& [name, from] : profile.columns) columns.push(json::Value::object({{"name", name}, {"from", from}}));
  return json::write(json::Value::object(
      {{"format_version", kProfileFormat},
       {"name", profile.name},
       {"format", profile.format},
       {"columns", std::move(columns)},
       {"query", profile.query},
       {"question", question_value(profile.question)},
       {"locale", profile.locale},
       {"channel", profile.channel},
       {"currency", profile.currency},
       {"enabled_only", profile.enabled_only},
       {"without_heads", profile.without_heads},
       {"with_faulty", profile.with_faulty},
       {"link", profile.link},
       {"public_address", profile.public_address},
       {"picture_key", profile.picture_key},
       {"feed", profile.feed},
       {"feed_since", profile.feed_since ? json::Value(rfc3339(*profile.feed_since)) : json::Value()},
       {"by", profile.by},
       {"created_at", rfc3339(profile.created_at)},
       {"updated_at", rfc3339(profile.updated_at)}}));
}

Result<Profile> profile_of_record(std::string_view id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "format_version") > kProfileFormat)
    return error(ErrorCode::unsupported, "An export profile was written by a newer ProductFlow.");
  const auto text = [&](const char* name) { return json::text_in(in, name); };
  const auto time = [&](const char* name) {
    const auto parsed = parse_time(text(name));
    return parsed.ok() ? std::optional(*parsed) : std::nullopt;
  };
  Profile out;
  out.id = id;
  out.name = text("name");
  out.format = text("format");
  if (const json::Value* columns = in.find("columns"); columns != nullptr && columns->as_array() != nullptr)
    for (const json::Value& one : *columns->as_array())
      out.columns.emplace_back(json::text_in(one, "name"), json::text_in(one, "from"));
  out.query = text("query");
  if (const json::Value* question = in.find("question")) out.question = question_of_value(*question);
  out.locale = text("locale");
  out.channel = text("channel");
  out.currency = text("currency");
  out.enabled_only = json::flag_in(in, "enabled_only");
  out.without_heads = json::flag_in(in, "without_heads");
  out.with_faulty = json::flag_in(in, "with_faulty");
  out.link = text("link");
  out.public_address = text("public_address");
  out.picture_key = text("picture_key");
  out.feed = json::flag_in(in, "feed");
  out.feed_since = time("feed_since");
  out.by = text("by");
  out.created_at = time("created_at").value_or(Time{});
  out.updated_at = time("updated_at").value_or(Time{});
  out.question.locale = out.locale;
  return out;
}

}  // namespace pf::exchange
