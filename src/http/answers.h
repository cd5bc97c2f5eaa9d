// Answers that the door itself gives, and what stands on every answer.
#pragma once

#include "http/head.h"
#include "http/message.h"
#include "productflow/clock.h"

namespace pf::http {

// Security headers, request id and date; a handler's own value wins. Without HSTS on plain connections (RFC 6797 7.2).
void add_common_headers(Response& response, std::string_view request_id, Time now, bool secure);
// application/problem+json, in the shape of the gate's.
Response refusal_answer(const Refusal& refusal, std::string_view request_id);
// To the same address by https.
Response redirect_answer(const Head& head, const std::string& own_host);
std::string new_request_id();
std::string imf_fixdate(Time time);  // RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT"

}  // namespace pf::http
