// Errors as answers: RFC 9457.
#pragma once

#include <span>
#include <string_view>

#include "http/message.h"
#include "json/json.h"
#include "productflow/result.h"

namespace pf::gate {

// [{"field", "code", "message"}]
json::Value faults_value(std::span<const FieldFault> faults);
int status_of(const Error& error);
// application/problem+json with type, title, status, detail, message, errors and request_id.
http::Response problem(const Error& error, std::string_view request_id);
http::Response problem(int status, const Error& error, std::string_view request_id);

}  // namespace pf::gate
