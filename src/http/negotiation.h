// What a client says it has already, and in what coding it takes an answer. Pure, any thread.
#pragma once

#include <string_view>

namespace pf::http {

// Whether an Accept-Encoding takes `coding`, such as "gzip" (RFC 9110 section 12.5.3).
bool takes_coding(std::string_view accept_encoding, std::string_view coding);
// Whether an If-None-Match names this ETag, which comes with its quotes; compared weakly (RFC 9110 section 13.1.2).
bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace pf::http
