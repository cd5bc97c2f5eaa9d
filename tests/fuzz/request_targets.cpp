// What programs and browsers send: requests, their bodies and questions, and what authenticators answer.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "access/access_impl.h"
#include "access/cbor.h"
#include "access/passkey.h"
#include "crypto/certificate.h"
#include "gate/form.h"
#include "gate/list.h"
#include "gate/multipart.h"
#include "http/body.h"
#include "http/head.h"
#include "http/limits.h"
#include "http/negotiation.h"
#include "http/outbound.h"
#include "json/json.h"
#include "productflow/text.h"
#include "search/index.h"
#include "targets.h"
#include "webhooks/destination.h"

namespace pf::fuzz {
namespace {

void must_be(bool rule) {
  if (!rule) std::abort();
}

// In pieces of any size the answer is the same.
void read_request(std::string_view bytes, std::size_t step) {
  http::HeadScanner scanner, whole;
  auto found = http::HeadScanner::Found::nothing_yet;
  for (std::size_t at = 0; at < bytes.size() && found == http::HeadScanner::Found::nothing_yet;)
    found = scanner.scan(bytes.substr(0, at += step));
  must_be(bytes.empty() || whole.scan(bytes) == found);
  if (found != http::HeadScanner::Found::end) return;
  must_be(whole.end() == scanner.end());
  const auto parsed = http::parse_head(bytes.substr(0, scanner.end()));
  must_be(parsed.head.has_value() != (parsed.refusal.status >= 400));
  if (!parsed.head) return;
  must_be(parsed.head->target.starts_with('/') && parsed.head->headers.size() <= http::kHeadFieldsMax);
  http::Request request{.headers = parsed.head->headers};
  static_cast<void>(access::cookie_of(request, "pf_session"));
  static_cast<void>(percent_decode(parsed.head->path));
  static_cast<void>(gate::decode_pairs(parsed.head->query));
  for (const auto& [name, value] : parsed.head->headers) {
    static_cast<void>(http::takes_coding(value, "gzip"));
    static_cast<void>(http::names_etag(value, "\"a\""));
  }
  const std::string_view rest = bytes.substr(scanner.end());
  const auto body_of = [&](std::size_t piece) {
    http::BodyReader reader(*parsed.head);
    std::string out, waiting;
    for (std::size_t at = 0; at < rest.size() && !reader.done() && !reader.broken(); at += piece) {
      waiting += rest.substr(at, piece);
      waiting.erase(0, reader.feed(waiting, out));
    }
    return std::pair(out, reader.done());
  };
  must_be(body_of(rest.size() + 1) == body_of(step));
}

void read_form(std::string_view bytes, std::size_t step) {
  http::Request request;
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  request.headers.emplace_back("content-type", "multipart/form-data; boundary=" + std::string(bytes.substr(0, line)));
  std::string_view rest = bytes.substr(std::min(bytes.size(), line + 1));
  const auto parts_of = [&](std::size_t piece) {
    std::size_t at = 0;
    request.body_source = [&, piece]() -> Result<std::string> {
      std::string out(rest.substr(std::min(at, rest.size()), piece));
      at += out.size();
      return out;
    };
    std::string told;
    auto form = gate::Multipart::open(request);
    if (!form.ok()) return told;
    for (;;) {
      const auto part = form->next();
      if (!part.ok()) return told + "!";
      if (!*part) return told;
      told += (*part)->name + "\1" + (*part)->filename + "\1";
      const auto content = form->read_all(1'000);
      if (!content.ok()) return told + "?";
      told += *content + "\2";
    }
  };
  must_be(parts_of(step) == parts_of(rest.size() + 1));
}

void ask_list(std::string_view bytes) {
  const auto form = gate::decode_form(bytes);
  must_be(form.ok() || !form.error().message.empty());
  auto pairs = gate::decode_pairs(bytes);
  if (!pairs.ok()) return;
  const access::Actor nobody{};
  const http::Request request{};
  const gate::Call call{.actor = nobody, .request = request, .query = *std::move(pairs)};
  const auto asked = gate::list_question(call, {.columns = {"brand", "sku"}, .sortable = {"sku"}, .parameters = {"x"}});
  must_be(asked.ok() || !asked.error().faults.empty());
  if (!asked.ok()) return;
  must_be(asked->per_page >= 1 && asked->per_page <= gate::kPerPageMax && asked->page <= gate::kPageMax);
  must_be(asked->where.size() <= gate::kConditionsMax);
  for (const std::string& word : search::words_of(asked->text)) must_be(!word.empty());
}

}  // namespace

void request(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t step = 1 + data[1];
  switch (data[0] % 4) {
    case 0:
      return read_request(bytes, step);
    case 1:
      return read_form(bytes, step);
    case 2:
      return ask_list(bytes);
    default: {
      const auto to = webhooks::destination_of(bytes);
      if (to.ok()) must_be(!to->host.empty() && to->target.starts_with('/') && to->target.find(' ') == to->target.npos);
      const auto on = webhooks::redirected({"a.example", 8443, "/b/c?d"}, bytes);
      if (on.ok()) must_be(!on->host.empty() && on->target.starts_with('/') && on->target.find(' ') == on->target.npos);
      const auto place = webhooks::place_of(bytes);
      must_be(place.ok() || !place.error().faults.empty());
      must_be(!(http::is_public_address(bytes) && http::is_private_address(bytes)));
      static_cast<void>(parse_time(bytes));
    }
  }
}

// What is read is written so that it is read as the same.
void document(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto value = json::parse(bytes);
  must_be(value.ok() || !value.error().message.empty());
  if (!value.ok()) return;
  const std::string written = json::write(*value);
  const auto again = json::parse(written);
  must_be(again.ok() && *again == *value && json::write(*again) == written);
  must_be(!first_bad_utf8(written));
}

void authenticator(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  access::Cbor cbor(bytes);
  for (std::size_t left = bytes.size() + 1; left > 0 && !cbor.failed() && !cbor.rest().empty(); --left) cbor.skip();
  const access::PasskeyAsked asked{"Y2hhbGxlbmdl", "https://shop.local", "shop.local"};
  const auto client = [](std::string_view type) {
    return R"({"type":"webauthn.)" + std::string(type) +
           R"(","challenge":"Y2hhbGxlbmdl","origin":"https://shop.local","crossOrigin":false})";
  };
  const auto made = access::read_new_passkey(asked, data[0] % 2 == 0 ? client("create") : std::string(bytes), bytes);
  must_be(made.ok() || !made.error().message.empty());
  const std::string_view half = bytes.substr(0, bytes.size() / 2), rest = bytes.substr(bytes.size() / 2);
  must_be(!access::check_passkey(asked, half, 0, client("get"), rest, half).ok());
  static_cast<void>(crypto::expires_at(bytes));
  static_cast<void>(crypto::fingerprint_sha256(bytes));
}

}  // namespace pf::fuzz
