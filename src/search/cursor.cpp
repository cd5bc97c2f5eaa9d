// Where a page goes on, as whoever asked brings it back.
#include "productflow/text.h"
#include "search/answer.h"

namespace pf::search {
namespace {

constexpr char kCursorVersion = 1, kCursorOfKeysVersion = 2;

void put_key(std::string& bytes, const Sort& sort) {
  bytes += sort.descending ? '\1' : '\0';
  put_be16(bytes, static_cast<std::uint16_t>(sort.column.size()));
  bytes += sort.column;
}

}  // namespace

// By one key: version, key, be32 document, its value. By several: version, each key, be32 document, for each be16 bytes
// and value.
std::string write_cursor(const Sort& sort, const Place& place) {
  std::string bytes{sort.then.empty() ? kCursorVersion : kCursorOfKeysVersion};
  put_key(bytes, sort);
  for (const Sort& key : sort.then) put_key(bytes, key);
  put_be32(bytes, place.document);
  if (sort.then.empty()) return base64url(bytes + place.value);
  const auto put_value = [&](const std::string& value) {
    put_be16(bytes, static_cast<std::uint16_t>(value.size()));
    bytes += value;
  };
  put_value(place.value);
  for (const std::string& value : place.then) put_value(value);
  return base64url(bytes);
}

Result<Place> read_cursor(const Sort& sort, std::string_view cursor) {
  const Error bad =
      invalid("cursor", "invalid", "The cursor does not belong to this list. Start again from its first page.");
  const auto decoded = unbase64url(cursor);
  std::string head{sort.then.empty() ? kCursorVersion : kCursorOfKeysVersion};
  put_key(head, sort);
  for (const Sort& key : sort.then) put_key(head, key);
  if (!decoded || !decoded->starts_with(head) || decoded->size() < head.size() + 4) return bad;
  std::string_view rest = std::string_view(*decoded).substr(head.size());
  Place place;
  place.document = get_be32(rest);
  rest.remove_prefix(4);
  if (sort.then.empty()) {
    place.value = rest;
    return place;
  }
  for (std::size_t key = 0; key <= sort.then.size(); ++key) {
    if (rest.size() < 2 || rest.size() < 2u + get_be16(rest)) return bad;
    const std::string value(rest.substr(2, get_be16(rest)));
    rest.remove_prefix(2 + value.size());
    if (key == 0)
      place.value = value;
    else
      place.then.push_back(value);
  }
  return rest.empty() ? Result<Place>(std::move(place)) : bad;
}

}  // namespace pf::search
