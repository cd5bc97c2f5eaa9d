#include "catalog/reference_record.h"

#include "catalog/reference_keys.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kReferenceHead = 1 + 4 + 8 + 8 + 8;

std::uint64_t millis(Time at) {
  return static_cast<std::uint64_t>(at.time_since_epoch().count());
}
Time time_of_millis(std::uint64_t at) {
  return Time(milliseconds(static_cast<std::int64_t>(at)));
}

}  // namespace

Error damaged_reference() {
  return error(ErrorCode::internal,
               "A reference record is damaged; run `productflow doctor` and restore it from a backup.");
}
json::Value reference_labels(const Labels& labels) {
  json::Value out{json::Members{}};
  for (const auto& [locale, text] : labels) out.set(locale, text);
  return out;
}

json::Value reference_content(const ReferenceRecord& record) {
  return json::Value::object({{"labels", reference_labels(record.labels)}, {"values", record.values}});
}

std::string encode_reference(const ReferenceRecord& record) {
  std::string out(1, keys::kReferenceFormat);
  put_be32(out, record.document);
  put_be64(out, record.version);
  put_be64(out, millis(record.created));
  put_be64(out, millis(record.updated));
  json::write(reference_content(record), out);
  return out;
}

Result<ReferenceRecord> decode_reference(std::string_view kind, std::string_view code, std::string_view in) {
  if (in.size() <= kReferenceHead || in[0] != keys::kReferenceFormat) return damaged_reference();
  ReferenceRecord out;
  out.kind = kind;
  out.code = code;
  out.document = get_be32(in.substr(1));
  out.version = get_be64(in.substr(5));
  out.created = time_of_millis(get_be64(in.substr(13)));
  out.updated = time_of_millis(get_be64(in.substr(21)));
  const auto content = json::parse(in.substr(kReferenceHead));
  if (!content.ok()) return damaged_reference();
  const auto *labels = content->find("labels"), *values = content->find("values");
  if (labels == nullptr || labels->as_object() == nullptr || values == nullptr || values->as_object() == nullptr)
    return damaged_reference();
  for (const auto& [locale, text] : *labels->as_object())
    if (text.as_string() != nullptr) out.labels.emplace_back(locale, *text.as_string());
  out.values = *values;
  return out;
}

}  // namespace pf::catalog
