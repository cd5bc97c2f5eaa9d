// What a client says it has already, and in what coding it takes an answer. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pf::http {

// Whether an Accept-Encoding takes `coding`, such as "gzip" (RFC 9110 section 12.5.3).
bool takes_coding(std::string_view accept_encoding, std::string_view coding);
// Whether an If-None-Match names this ETag, which comes with its quotes; compared weakly (RFC 9110 section 13.1.2).
bool names_etag(std::string_view if_none_match, std::string_view etag);
// Where a download is to go on (RFC 9110 sections 13.1.5 and 14.2): of a Range "bytes=N-" whose If-Range is `etag`, a
// strong one with its quotes. Nothing for every other range, which may be answered whole: what names no ETag may have
// the first half of another file, unless the caller knows which one was broken off.
std::optional<std::uint64_t> resumes_at(std::string_view range, std::string_view if_range, std::string_view etag);

}  // namespace pf::http
