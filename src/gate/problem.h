// Errors as answers: RFC 9457.
#pragma once

#include <string_view>

#include "http/message.h"
#include "productflow/result.h"

namespace pf::gate {

int status_of(const Error& error);
// application/problem+json with type, title, status, detail, message, errors and request_id.
http::Response problem(const Error& error, std::string_view request_id);
http::Response problem(int status, const Error& error, std::string_view request_id);

}  // namespace pf::gate
