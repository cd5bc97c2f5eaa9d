#include "http/message.h"

namespace pf::http {

const std::string* find_header(const Headers& headers, std::string_view lower_case_name) {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return &value;
  return nullptr;
}

}  // namespace pf::http
